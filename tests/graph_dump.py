"""A graph as plain values, so that two of them can be compared whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from muse_graph.graph.connection import Graph

__all__ = ["dump", "facts_of"]

#: What each kind of node is known by. Migrations and the write lock hold nothing of the graph's world.
_IDS = {
    "User": "user_id",
    "Track": "track_id",
    "Artist": "artist_id",
    "Genre": "genre_id",
    "Country": "code",
    "Influencer": "influencer_id",
    "Statistics": "name",
    "ImportJob": "run",
    "SentTrack": "sent_id",
}
_NODES = """
MATCH (n) WHERE NOT n:Migration AND NOT n:WriteLock
RETURN labels(n)[0] AS label, size(labels(n)) AS labels,
       n[$ids[labels(n)[0]]] AS id, properties(n) AS properties
"""
_RELATIONSHIPS = """
MATCH (a)-[r]->(b)
RETURN labels(a)[0] AS label, a[$ids[labels(a)[0]]] AS id, type(r) AS kind,
       labels(b)[0] AS other_label, b[$ids[labels(b)[0]]] AS other_id, properties(r) AS properties
"""

Element = tuple[Any, ...]


def dump(graph: Graph) -> Counter[Element]:
    """Every node and relationship with all properties: (label, id, properties) and
    (label, id, type, label, id, properties), each with how often it is there.
    """
    params: dict[str, object] = {"ids": _IDS}
    elements: Counter[Element] = Counter()
    for row in graph.run(_NODES, params, writes=False):
        assert row["labels"] == 1, row
        elements[row["label"], row["id"], facts_of(row["properties"])] += 1
    for row in graph.run(_RELATIONSHIPS, params, writes=False):
        ends = (row["label"], row["id"], row["kind"], row["other_label"], row["other_id"])
        elements[*ends, facts_of(row["properties"])] += 1
    assert not [element for element in elements if element[1] is None]
    return elements


def facts_of(properties: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    """Properties in the order of their names, as values that can be compared and hashed."""
    return tuple((name, _plain(value)) for name, value in sorted(properties.items()))


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(value)
    if isinstance(value, bytearray):
        return bytes(value)
    # Times are compared as what is stored, zone and all; floats bit by bit, as they are printed.
    return (type(value).__name__, repr(value)) if not isinstance(value, str | bytes) else value
