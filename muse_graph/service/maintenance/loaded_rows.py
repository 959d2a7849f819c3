"""What a load has taken on so far, for rows are judged by it and the graph together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from hashlib import blake2b

from muse_graph.graph.connection import Row
from muse_graph.service.listens.record import Facts

__all__ = ["KEYS", "LoadedRows", "key_values"]

#: The columns, a table's first, whose values together make two rows the same. Of feedback the latest counts,
#: and listens may be too many to remember: both are known by what the graph has.
KEYS: dict[str, tuple[str, ...]] = {
    "genres": ("genre_id",),
    "artists": ("artist_id",),
    "tracks": ("track_id",),
    "users": ("user_id",),
    "friendships": ("user_id", "friend_id"),
    "likes": ("user_id", "genre_id"),
    "tags": ("user_id", "artist_id", "tag"),
    "influencers": ("influencer_id",),
    "follows": ("user_id", "influencer_id"),
}


def key_values(table: str, row: Row) -> list[object]:
    """The values of a row that make it the same as another."""
    return [row[column] for column in KEYS.get(table, ())]


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
        """Take on a row by its values, the key first; False if the same was there before."""
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
    if table not in KEYS:
        return None
    parts = [str(value) for value in values[: len(KEYS[table])]]
    if table == "friendships":
        parts.sort()
    # 16 bytes instead of the ids themselves: millions of friendships have to fit in memory.
    return blake2b("\0".join(parts).encode(), digest_size=16).digest()
