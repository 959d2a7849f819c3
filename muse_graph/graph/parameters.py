"""Parameters of queries as they are handed to the driver."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["unspelled"]


def unspelled(params: Mapping[str, object]) -> dict[str, object]:
    """The same parameters, but lists and maps give their size where they are to be written as text.

    The driver writes all parameters as text with each query, for a log, whether or not there is one. Of a
    thousand listens with the profiles of their users this took half of the time that the driver took.
    """
    return {name: _unspelled(value) for name, value in params.items()}


def _unspelled(value: object) -> object:
    if isinstance(value, dict):
        return _Map(value)
    return _List(value) if isinstance(value, list) else value


class _Map(dict[str, Any]):
    def __repr__(self) -> str:
        return f"{{{len(self):,} keys}}"


class _List(list[Any]):
    def __repr__(self) -> str:
        return f"[{len(self):,} values]"
