"""Pages of what full-text indexes find.

A search goes through a thousand hits: to order all that begin with one letter would take seconds. The name
itself is always among them, and comes first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from muse_graph.answers import Page
from muse_graph.core.search_text import search_params
from muse_graph.errors import invalid
from muse_graph.graph.connection import Graph, Row
from muse_graph.service.field_rules import MAX_NAME
from muse_graph.service.pagination import check_limit, page_of, read_cursor

__all__ = ["page_of_hits"]

#: A query of hits finds no more.
_MOST_HITS = 2_000


def page_of_hits(
    graph: Graph,
    query: str,
    text: str,
    cards: Callable[[Sequence[Row]], list[Any]],
    *,
    limit: int,
    cursor: str | None,
    **params: object,
) -> Page | None:
    """A page of the hits of a query; None for a text without a letter or sign, which names nothing.

    Args:
        query: takes what `search_params` makes, `skip` and `limit`
        cards: makes the items of rows of the query
        params: what else the query takes

    Raises:
        InvalidRequest: For a bad limit or cursor, or a text that is too long.
    """
    check_limit(limit)
    if len(text) > MAX_NAME:
        raise invalid("q", f"must have at most {MAX_NAME} characters", len(text))
    # What UTF-8 cannot hold is in no name either.
    if not (text := text.encode(errors="ignore").decode().strip()):
        return None
    skip = _skip_of(cursor)
    rows = graph.read(query, **search_params(text), **params, skip=skip, limit=limit + 1)
    return page_of(rows, limit, lambda _: (skip + limit,), cards)


def _skip_of(cursor: str | None) -> int:
    """How many hits earlier pages had; their order has no place that a cursor could hold."""
    (skip,) = read_cursor(cursor, (0,))
    if not isinstance(skip, int) or not 0 <= skip <= _MOST_HITS:
        raise invalid("cursor", "must be the `next` of an earlier page of this list", cursor)
    return skip
