"""What waits for a user: tracks of friends not opened yet, and requests not answered."""

from __future__ import annotations

from dataclasses import dataclass

from muse_graph.graph.connection import Graph

__all__ = ["Waiting", "waiting_for"]


@dataclass(frozen=True)
class Waiting:
    """A user's name, the id where there is none, and how much waits."""

    name: str
    tracks: int
    requests: int


def waiting_for(graph: Graph, user_id: str) -> Waiting | None:
    """What waits for a user, in one round trip; None if there is no such user."""
    rows = graph.read("waiting", user_id=user_id)
    if not rows:
        return None
    (row,) = rows
    return Waiting(row["name"] or user_id, row["tracks"], row["requests"])
