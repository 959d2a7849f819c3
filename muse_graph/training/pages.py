"""Reads in pages, so that neither side holds a whole table."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from muse_graph.graph import Graph, Row

__all__ = ["Advance", "each_page"]

#: Called with the name of a step and how many more things it has done.
Advance = Callable[[str, int], object]


def each_page(graph: Graph, query: str, column: str, limit: int) -> Iterator[list[Row]]:
    """Rows of a query in pages; it takes ``$after`` an id and `$limit`, and ends on the id in the column."""
    after = ""
    while page := graph.read(query, after=after, limit=limit):
        yield page
        after = page[-1][column]
