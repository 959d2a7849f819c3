"""Which format a file has, by the ending of its name; compressed or not, it is opened in one way."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from muse_graph.errors import DataError

__all__ = ["ENDINGS", "format_of", "open_file", "plain_name", "table_of"]

_GZIP = ".gz"
_TEXTS = (".csv", ".tsv", ".jsonl", ".ndjson")

#: How the name of a file ends that can be read, each with its format.
ENDINGS = {
    **{kind: kind for kind in (*_TEXTS, ".parquet")},
    **{kind + _GZIP: kind for kind in _TEXTS},
}


def format_of(path: Path) -> str:
    """The format of a file; empty for another ending."""
    return ENDINGS.get(_ending(path), "")


def table_of(path: Path) -> str:
    """The name of a file without its ending."""
    return path.name[: len(path.name) - len(_ending(path))]


def plain_name(path: Path) -> str:
    """The name of a file's uncompressed copy."""
    return path.name[: -len(_GZIP)] if _is_packed(path) else path.name


@contextmanager
def open_file(path: Path) -> Iterator[BinaryIO]:
    """The bytes of a file, uncompressed; raises DataError if it cannot be read."""
    try:
        with gzip.open(path) if _is_packed(path) else path.open("rb") as file:
            yield cast("BinaryIO", file)
    except OSError as error:
        raise DataError(path.name, 1, f"cannot be read: {error.strerror or error}") from None


def _ending(path: Path) -> str:
    name = path.name.lower()
    return next((ending for ending in ENDINGS if name.endswith(ending)), "")


def _is_packed(path: Path) -> bool:
    return path.name.lower().endswith(_GZIP)
