"""The versions of a folder: which there are, which is current, and going back to an earlier one."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from muse_graph.errors import InvalidRequest, ModelError
from muse_graph.model_store.store import (
    check_files,
    current_version,
    forget_current,
    lease_of,
    manifest_of,
    remove,
    set_current,
    version_names,
    writing,
)

__all__ = ["Version", "delete_all", "delete_version", "list_versions", "use_version"]


@dataclass(frozen=True)
class Version:
    """One version of a folder.

    Attributes:
        current: whether it is the one that is served
        bytes: size of its files
        about: what was published with it; empty if it cannot be read, and then `damage` says why
    """

    version: str
    current: bool
    bytes: int
    about: Mapping[str, Any]
    damage: str | None = None


def list_versions(folder: Path) -> list[Version]:
    """Every version of a folder, the newest first; none where there is no folder."""
    if not folder.is_dir():
        return []
    current = _current(folder)
    return [_describe(folder / name, name == current) for name in reversed(version_names(folder))]


def use_version(folder: Path, version: str) -> None:
    """Make a version the current one; services take it up by themselves.

    Raises:
        InvalidRequest: If there is no such version.
        ModelError: If it is damaged, or if a training is under way.
    """
    path = _existing(folder, version)
    with writing(folder), _held(path) as lease:
        check_files(path, manifest_of(path, None, lease))
        lease.seek(0)
        set_current(folder, version, hashlib.sha256(lease.read()).hexdigest())


def delete_version(folder: Path, version: str) -> None:
    """Delete a version.

    Raises:
        InvalidRequest: If there is no such version, or if it is the current one.
        ModelError: If a service has it open, or if a training is under way.
    """
    path = _existing(folder, version)
    with writing(folder):
        if version == _current(folder):
            raise InvalidRequest(f"version {version} is the current one; use another one first")
        if not remove(path):
            raise ModelError(f"version {version} is open in a service, or not yours to delete")


def delete_all(folder: Path) -> int:
    """Delete every version, the current one first; return how many there were.

    Raises:
        ModelError: If a service has one open, or if a training is under way.
    """
    if not folder.is_dir():
        return 0
    with writing(folder):
        names, current = version_names(folder), _current(folder)
        for version in sorted(names, key=lambda name: name != current):
            if not remove(folder / version):
                raise ModelError(f"version {version} is open in a service, or not yours to delete")
        forget_current(folder)
    return len(names)


def _existing(folder: Path, version: str) -> Path:
    names = version_names(folder) if folder.is_dir() else []
    if version not in names:
        raise InvalidRequest(f"{folder} has the versions {', '.join(names) or 'none'}, got {version!r}")
    return folder / version


def _current(folder: Path) -> str | None:
    try:
        return current_version(folder)[0]
    except ModelError:
        return None


def _held(path: Path) -> IO[bytes]:
    lease = lease_of(path)
    if lease is None:
        raise ModelError(f"version {path.name} has no manifest, or is being deleted")
    return lease


def _describe(path: Path, current: bool) -> Version:
    size = sum(file.stat().st_size for file in path.iterdir())
    try:
        with _held(path) as lease:
            return Version(path.name, current, size, manifest_of(path, None, lease)["about"])
    except ModelError as error:
        return Version(path.name, current, size, {}, str(error))
