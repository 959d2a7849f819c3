"""What `listener_neighbourhood` answered before, and would answer again: for lists with other options."""

from __future__ import annotations

from muse_graph.graph.change_log import ChangeLog
from muse_graph.graph.connection import Graph, Row
from muse_graph.service.recommendations.context import ReadNeighbourhood, read_neighbourhood, users_of
from muse_graph.service.recommendations.unchanged import KeptUnchanged

__all__ = ["KeptNeighbourhoods"]

#: Memory for all neighbourhoods of a process; one takes some 150 kB with a model, 40 kB without.
_MOST_BYTES = 64_000_000
#: What a friend, a listener alike, a genre or a track takes besides a profile.
_ENTRY_BYTES = 300


class KeptNeighbourhoods:
    """The neighbourhoods of a process, for all its threads, kept while nobody in them has changed."""

    def __init__(self, most_bytes: int = _MOST_BYTES) -> None:
        self._rows = KeptUnchanged[Row](most_bytes)

    def __len__(self) -> int:
        return len(self._rows)

    def reader(self, changes: ChangeLog, moment: int) -> ReadNeighbourhood:
        """What reads neighbourhoods as they are at a moment.

        Args:
            moment: of these changes, got before anything is read
        """

        def read(graph: Graph, user_id: str, max_friends: int, *, trained: bool) -> Row | None:
            key = user_id, max_friends, trained
            kept = self._rows.get(key, changes, moment)
            if kept is not None:
                return kept.value
            row = read_neighbourhood(graph, user_id, max_friends, trained=trained)
            # With friends beyond those read, it depends on others than it names.
            if row is not None and row["n_friends"] == len(row["friends"]):
                users = users_of(user_id, row["friends"], row["similar"])
                self._rows.put(key, row, users, moment, n_bytes=_n_bytes(row))
            return row

        return read


def _n_bytes(row: Row) -> int:
    """About how much memory a neighbourhood takes."""
    profiles = [row["profile"], *(one.profile for one in (*row["friends"], *row["similar"]))]
    n_entries = sum(len(column) for column in row.values() if isinstance(column, list))
    return sum(len(profile) for profile in profiles if profile) + _ENTRY_BYTES * (n_entries + 5)
