"""What names are found by, for nodes that are there: filled in once, and compared with the names."""

from __future__ import annotations

from collections.abc import Iterable

from muse_graph.core.search_text import search_text
from muse_graph.graph.connection import Graph, Row

__all__ = ["fill", "wrong_texts"]

_ROWS = 10_000


def fill(graph: Graph) -> None:
    """Give each track, artist and genre without one its search text."""
    while rows := wrong_texts(graph.read("names_without_text", limit=_ROWS)):
        graph.write("put_search_texts", rows=rows)


def wrong_texts(names: Iterable[Row]) -> list[Row]:
    """Those names whose search text is not what it should be, with the text that it should be."""
    rows = [
        row | {"stored": row.get("search_text"), "search_text": search_text(row["name"])} for row in names
    ]
    return [row for row in rows if row["search_text"] != row["stored"]]
