"""Influencers by their ids, as the links that they hand out name them."""

from __future__ import annotations

from muse_graph.answers import Named
from muse_graph.graph.connection import Graph

__all__ = ["find_influencer"]


def find_influencer(graph: Graph, influencer_id: str) -> Named | None:
    """An influencer with the handle; None for an unknown one. One round trip."""
    rows = graph.read("influencer_name", influencer_id=influencer_id)
    return Named(rows[0]["influencer_id"], rows[0]["handle"]) if rows else None
