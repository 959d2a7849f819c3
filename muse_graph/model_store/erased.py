"""Users who are erased while models still hold them: hidden at once, gone with the next training.

A model holds of a user the key and, for comparison with others, what the user played. The file `erased` of a
models folder has the keys of those erased since; readers hide them, and a training forgets them once no
version is left that holds them.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np

from muse_graph.core.arrays import find
from muse_graph.core.models.types import Hiding
from muse_graph.core.types import IntArray
from muse_graph.errors import ModelError
from muse_graph.model_store.served import Content

__all__ = ["FILE", "erased_keys", "hide_erased", "hide_users", "put_erased_keys"]

FILE = "erased"


def erased_keys(folder: Path) -> frozenset[int]:
    """Keys of users whom models of a folder may hold and nobody may see any more."""
    try:
        return frozenset(map(int, (folder / FILE).read_text("ascii").split()))
    except FileNotFoundError:
        return frozenset()
    except (OSError, ValueError) as error:
        raise ModelError(f"{FILE} cannot be read: {error}") from error


def hide_users(folder: Path, keys: Iterable[int]) -> None:
    """Hide users from now on; services notice within a second. Nothing to do where there are no models.

    Raises:
        ModelError: If the folder cannot be written.
    """
    if folder.is_dir():
        put_erased_keys(folder, erased_keys(folder) | set(keys))


def put_erased_keys(folder: Path, keys: Iterable[int]) -> None:
    """Write the keys, in one step; raises ModelError."""
    path, lines = folder / FILE, "".join(f"{key}\n" for key in sorted(keys))
    try:
        if not lines:
            path.unlink(missing_ok=True)
            return
        new = path.with_name(f"{FILE}.{os.getpid()}.new")
        new.write_text(lines, "ascii")
        new.replace(path)
    except OSError as error:
        raise ModelError(f"cannot write {path}: {error.strerror}") from error


def hide_erased(content: Content, keys: frozenset[int]) -> Content:
    """The content without these users: nobody finds their keys, and nobody is compared with them."""
    position = find(content.user_keys, np.array(sorted(keys), np.int64))
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
