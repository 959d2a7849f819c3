"""What a load has taken on so far, for rows are judged by it and the graph together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from hashlib import blake2b

from muse_graph.graph.connection import Row
from muse_graph.service.listens.record import Facts

__all__ = ["LoadedRows"]

# How many of a table's first columns make two rows the same. Of feedback the latest counts, and listens may
# be too many to remember: both are known by what the graph has.
_KEYS: dict[str, int] = {
    "genres": 1,
    "artists": 1,
    "tracks": 1,
    "users": 1,
    "friendships": 2,
    "likes": 2,
    "tags": 3,
    "influencers": 1,
}


class LoadedRows:
    """Keys of the good rows of a load; and of one that writes nothing also what the graph would have by now.

    Attributes:
        feedback: (user, track) -> the latest row
        listens: listen_id -> facts
        plays: (user, track) -> plays
    """

    def __init__(self) -> None:
        self._keys: defaultdict[str, set[bytes]] = defaultdict(set)
        self.feedback: dict[tuple[str, str], Row] = {}
        self.listens: dict[str, Facts] = {}
        self.plays: defaultdict[tuple[str, str], int] = defaultdict(int)

    def add(self, table: str, values: Sequence[object]) -> bool:
        """Take on a row by its values in the order of its columns; False if the same was there before."""
        key = _key(table, values)
        if key is None:
            return True
        is_new = key not in self._keys[table]
        self._keys[table].add(key)
        return is_new

    def has(self, table: str, values: Sequence[object]) -> bool:
        """Whether the same row, or the thing of this id, was taken on before."""
        return _key(table, values) in self._keys[table]


def _key(table: str, values: Sequence[object]) -> bytes | None:
    width = _KEYS.get(table)
    if width is None:
        return None
    parts = [str(value) for value in values[:width]]
    if table == "friendships":
        parts.sort()
    # 16 bytes instead of the ids themselves: millions of friendships have to fit in memory.
    return blake2b("\0".join(parts).encode(), digest_size=16).digest()
