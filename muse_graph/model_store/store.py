"""Models on disk: a folder for each version, complete before it becomes current.

    models/
        train.lock       held by the one process that writes here
        current          name of the version in use and the SHA-256 of its manifest
        v000003/         manifest.json: what it is, its tree, size and SHA-256 of each file
                         model.….npy: the arrays, mapped into memory by readers

`current` is replaced in one step once everything else is on the disk, so that a reader finds the old version
or the new one, and a killed writer leaves nothing visible. A process with an open version holds a
lock on its manifest, and a version so held is not deleted.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from muse_graph.errors import ModelError
from muse_graph.locks import try_lock, try_share
from muse_graph.model_store.codec import ModelReader, ModelWriter

__all__ = [
    "Opened",
    "Stamp",
    "check_files",
    "current_version",
    "file_stamp",
    "forget_current",
    "lease_of",
    "manifest_of",
    "open_current",
    "open_version",
    "publish",
    "remove",
    "set_current",
    "stamp",
    "version_names",
    "writing",
]

FORMAT = 3
#: The current version and the one before, so that a worker in the middle of opening it still can.
KEPT = 2
_CURRENT, _LOCK, _MANIFEST, _PART = "current", "train.lock", "manifest.json", ".part"
_VERSION = re.compile(r"v\d{6,}")
#: As often a reader looks again when the version it was about to open has been replaced meanwhile.
_TRIES = 3

Stamp = tuple[int, int, int]


@dataclass(frozen=True)
class Opened:
    """A version that is open.

    Attributes:
        content: what was published
        about: values of JSON published with it, and created_at
        lease: keep it open for as long as the content is in use
    """

    version: str
    content: Any
    about: Mapping[str, Any]
    lease: IO[bytes]


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Be the only process that trains for this folder, which is made.

    Raises:
        ModelError: If another one does, or the folder cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / _LOCK).open("a+b")
    except OSError as error:
        raise ModelError(f"cannot write models to {folder}: {error.strerror}") from error
    with file:
        if not try_lock(file):
            raise ModelError(f"another process is training in {folder}")
        yield


def publish(folder: Path, content: object, about: Mapping[str, Any], *, keep: int = KEPT) -> tuple[str, int]:
    """Write a version, make it the current one, delete old ones; to be called while `writing`.

    Args:
        about: values of JSON to keep beside the content
        keep: versions to keep, with this one; those that are open stay in any case

    Returns:
        name of the version, and the bytes of its files

    Raises:
        ModelError: If it cannot be read as it was written.
    """
    number = max((int(name[1:]) for name in version_names(folder)), default=0) + 1
    version = f"v{number:06d}"
    part = folder / f"{version}{_PART}"
    try:
        for left in folder.glob(f"*{_PART}"):
            shutil.rmtree(left)
        part.mkdir()
        size, digest = _write(part, content, about)
        part.rename(folder / version)
        _sync(folder)
        set_current(folder, version, digest)
    except OSError as error:
        raise ModelError(f"cannot write a model to {folder}: {error.strerror}") from error
    _prune(folder, keep)
    return version, size


def stamp(folder: Path) -> Stamp | None:
    """What changes whenever another version becomes the current one; None where there is none."""
    return file_stamp(folder / _CURRENT)


def file_stamp(path: Path) -> Stamp | None:
    """What changes with a file that is replaced; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino, found.st_size


def open_current(folder: Path) -> Opened:
    """Open the current version.

    Raises:
        ModelError: If it is not there as it was published; the message names files of the folder.
    """
    for _ in range(_TRIES):
        version, digest = current_version(folder)
        if lease := lease_of(folder / version):
            try:
                return open_version(folder / version, digest, lease)
            except BaseException:
                lease.close()
                raise
    raise ModelError(f"the current version {version} is missing")


def current_version(folder: Path) -> tuple[str, str]:
    """Name of the current version and the SHA-256 of its manifest; raises ModelError if there is none."""
    try:
        words = (folder / _CURRENT).read_text("ascii").split()
    except OSError as error:
        raise ModelError(f"no current version: {_CURRENT}: {error.strerror}") from error
    except ValueError as error:
        raise ModelError(f"no current version: {_CURRENT}: {error}") from error
    if len(words) != 2 or not _VERSION.fullmatch(words[0]):
        raise ModelError(f"{_CURRENT} must name a version and a SHA-256")
    return words[0], words[1]


def lease_of(path: Path) -> IO[bytes] | None:
    """The manifest, open and held; None if the version is gone or going."""
    try:
        file = (path / _MANIFEST).open("rb")
    except OSError:
        return None
    if try_share(file) and (path / _MANIFEST).exists():
        return file
    file.close()
    return None


def open_version(path: Path, digest: str, lease: IO[bytes]) -> Opened:
    """Open a version whose manifest is held; raises ModelError if it is not as it was published."""
    manifest = manifest_of(path, digest, lease)
    check_files(path, manifest)
    return Opened(path.name, ModelReader(path).read(manifest["content"]), manifest["about"], lease)


def manifest_of(path: Path, digest: str | None, lease: IO[bytes]) -> dict[str, Any]:
    """The manifest of a version that this version of the program reads.

    Args:
        digest: SHA-256 that the manifest itself must have; None for any
    """
    try:
        text = lease.read()
    except OSError as error:
        # On Windows a version that is being deleted cannot be read.
        raise ModelError(f"{path / _MANIFEST} cannot be read: {error.strerror}") from error
    if digest is not None and hashlib.sha256(text).hexdigest() != digest:
        raise ModelError(f"{path.name}/{_MANIFEST} was changed after it was written")
    manifest: dict[str, Any] = json.loads(text)
    if manifest["format"] != FORMAT:
        raise ModelError(f"{path.name} has format {manifest['format']}, this version reads {FORMAT}")
    return manifest


def check_files(path: Path, manifest: Mapping[str, Any]) -> None:
    """Raise ModelError unless each file of a version is as its manifest has it."""
    for name, expected in manifest["files"].items():
        if _digest(path / name) != expected:
            raise ModelError(f"{path.name}/{name} was changed after it was written")


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelError(f"{path.parent.name}/{path.name} cannot be read: {error.strerror}") from error


def _write(part: Path, content: object, about: Mapping[str, Any]) -> tuple[int, str]:
    """Write arrays and manifest; returns their bytes, and the SHA-256 of the manifest."""
    writer = ModelWriter(part)
    tree = writer.write(content, "model")
    manifest = {
        "format": FORMAT,
        "about": {"created_at": datetime.now(UTC).isoformat(timespec="seconds"), **about},
        "files": {name: _digest(part / name) for name in writer.files},
        "content": tree,
    }
    text = json.dumps(manifest, indent=1).encode()
    _put(part / _MANIFEST, text)
    _sync(part)
    size = sum(path.stat().st_size for path in part.iterdir())
    return size, hashlib.sha256(text).hexdigest()


def _put(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def set_current(folder: Path, version: str, digest: str) -> None:
    """Make a version the current one, in one step."""
    _replace(folder / _CURRENT, f"{version} {digest}\n")


def forget_current(folder: Path) -> None:
    """Have no current version."""
    (folder / _CURRENT).unlink(missing_ok=True)
    _sync(folder)


def _replace(path: Path, text: str) -> None:
    new = path.with_name(f"{path.name}.new")
    _put(new, text.encode("ascii"))
    new.replace(path)
    _sync(path.parent)


def _sync(folder: Path) -> None:
    """Bring the names in a folder to the disk, where folders can be opened for that."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def version_names(folder: Path) -> list[str]:
    """Names of the versions, the oldest first."""
    return sorted(
        (path.name for path in folder.iterdir() if _VERSION.fullmatch(path.name)), key=lambda v: int(v[1:])
    )


def _prune(folder: Path, keep: int) -> None:
    """Delete old versions, except those that are open."""
    for version in version_names(folder)[:-keep]:
        remove(folder / version)


def remove(path: Path) -> bool:
    """Delete a version; returns whether it is gone, for one that is open stays."""
    try:
        with (path / _MANIFEST).open("rb") as file:
            if not try_lock(file):
                return False
            # Arrays first: where what is open cannot be deleted, the lock's own file is the last to go.
            for array in path.glob("*.npy"):
                array.unlink()
        shutil.rmtree(path)
    except FileNotFoundError:
        shutil.rmtree(path, ignore_errors=True)
    except PermissionError:
        # Mapped elsewhere, on a system that does not delete what is open; or not ours to delete.
        return False
    return True
