"""Users who are erased while models still hold them: hidden at once, gone with the next training.

A model holds of a user the key and, for comparison with others, what the user played. The file `erased` of a
models folder has the keys of those erased since, each with the last version that may hold it; readers hide
them, and a training forgets those whom no version is left to hold.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
from portalocker import Lock, LockException

from muse_graph.core.arrays import find
from muse_graph.core.models.types import Hiding
from muse_graph.core.types import IntArray
from muse_graph.errors import ModelError
from muse_graph.model_store.served import Content
from muse_graph.model_store.store import version_names

__all__ = ["FILE", "erased_users", "forget_erased", "hide_erased", "hide_users"]

FILE = "erased"
#: How long to wait for others who write.
_PATIENCE_S = 5.0


def erased_users(folder: Path) -> dict[int, int]:
    """Keys of users whom nobody may see any more, and the number of the last version that may hold each."""
    try:
        lines = (folder / FILE).read_text("ascii").splitlines()
        return {int(key): int(last) for key, last in (line.split() for line in lines)}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise ModelError(f"{FILE} cannot be read: {error}") from error


def hide_users(folder: Path, keys: Iterable[int]) -> None:
    """Hide users from now on; services notice within a second. Nothing to do where there are no models.

    Raises:
        ModelError: If the folder cannot be written.
    """
    if folder.is_dir():
        with _alone(folder):
            last = max(map(_number, version_names(folder)), default=0)
            _write(folder, erased_users(folder) | dict.fromkeys(keys, last))


def forget_erased(folder: Path, before: Mapping[int, int], version: str) -> None:
    """Forget users whom no version holds any more; to be called while `writing`.

    Args:
        before: the erased users when the training of the version began; others may be among those it read
        version: the version that was published
    """
    older = [_number(name) for name in version_names(folder) if name != version]
    with _alone(folder):
        found = erased_users(folder)
        held = {key: last if key in before else _number(version) for key, last in found.items()}
        left = {
            key: last
            for key, last in held.items()
            if key not in before or any(number <= last for number in older)
        }
        if left != found:
            _write(folder, left)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Be the only one, of all threads and processes, who changes the file. raises: ModelError"""
    try:
        with Lock(folder / f"{FILE}.lock", timeout=_PATIENCE_S):
            yield
    except (OSError, LockException) as error:
        raise ModelError(f"cannot write {folder / FILE}: {error}") from error


def _number(version: str) -> int:
    return int(version[1:])


def _write(folder: Path, erased: Mapping[int, int]) -> None:
    path, lines = folder / FILE, "".join(f"{key} {last}\n" for key, last in sorted(erased.items()))
    try:
        if not lines:
            path.unlink(missing_ok=True)
            return
        new = path.with_name(f"{FILE}.{os.getpid()}.new")
        new.write_text(lines, "ascii")
        new.replace(path)
    except OSError as error:
        raise ModelError(f"cannot write {path}: {error.strerror}") from error


def hide_erased(content: Content, erased: Mapping[int, int], version: str) -> Content:
    """The content of a version without these users: nobody finds their keys or is compared with them."""
    keys = sorted(key for key, last in erased.items() if _number(version) <= last)
    position = find(content.user_keys, np.array(keys, np.int64))
    position = position[position >= 0]
    if not len(position):
        return content
    model = content.model.without_users(position) if isinstance(content.model, Hiding) else content.model
    return replace(content, model=model, user_keys=_without(content.user_keys, position))


def _without(user_keys: IntArray, position: IntArray) -> IntArray:
    """The keys with those at some positions replaced by the one before, so that all others stay in place."""
    hidden = np.zeros(len(user_keys), np.bool_)
    hidden[position] = True
    # The last one that is seen, up to each position; -1 before the first.
    source = np.maximum.accumulate(np.where(hidden, -1, np.arange(len(user_keys))))
    return np.where(source >= 0, user_keys[source], np.iinfo(np.int64).min)
