"""What names are found by, for nodes that are there: filled in once, and compared with the names."""

from __future__ import annotations

from collections.abc import Iterable

from muse_graph.core.search_text import search_text
from muse_graph.graph.connection import Graph, Row

__all__ = ["fill", "right_texts", "wrong_texts"]

_ROWS = 5_000


def fill(graph: Graph) -> None:
    """Give each track, artist, genre and user without one its search text."""
    while names := graph.read("names_without_text", limit=_ROWS):
        graph.write("put_search_texts", rows=right_texts(names))


def right_texts(names: Iterable[Row]) -> list[Row]:
    """Rows of `put_search_texts` for these names."""
    return [{"node_id": row["node_id"], "search_text": search_text(row["name"])} for row in names]


def wrong_texts(names: Iterable[Row]) -> list[Row]:
    """Those names whose search text is not what it should be."""
    return [row for row in names if row["search_text"] != search_text(row["name"])]
