"""Influencers that those who look after an artist keep in mind: one list for each artist.

It says nothing of listeners, and not who put whom on it.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime

from muse_graph.answers import Shortlisted
from muse_graph.errors import UnknownInfluencer
from muse_graph.graph.connection import Graph, Transaction
from muse_graph.timestamps import format_ms

__all__ = ["add_to_shortlist", "read_shortlist", "remove_from_shortlist"]


def read_shortlist(graph: Graph, artist_id: str) -> list[Shortlisted]:
    """Who is on the shortlist of an artist, in the order in which they were put there; one round trip."""
    return [
        Shortlisted(
            row["influencer_id"],
            row["handle"],
            row["country"],
            row["avg_likes"],
            row["followers"],
            format_ms(row["since_ms"]),
        )
        for row in graph.read("shortlist", artist_id=artist_id)
    ]


def add_to_shortlist(graph: Graph, artist_id: str, influencer_ids: Collection[str]) -> None:
    """Put influencers on the shortlist of an artist; who is on it already stays as before.

    Raises:
        UnknownInfluencer: If no influencer has one of the ids, or no artist the artist's; nothing is changed.
    """

    def work(transaction: Transaction) -> None:
        ids = sorted(set(influencer_ids))
        rows = transaction.run(
            "add_to_shortlist", artist_id=artist_id, influencer_ids=ids, at=datetime.now(UTC)
        )
        known = {row["influencer_id"] for row in rows}
        for unknown in (one for one in ids if one not in known):
            raise UnknownInfluencer(unknown)

    graph.transact(work)


def remove_from_shortlist(graph: Graph, artist_id: str, influencer_id: str) -> None:
    """Take an influencer off the shortlist of an artist; one who is not on it changes nothing."""
    graph.write("remove_from_shortlist", artist_id=artist_id, influencer_id=influencer_id)
