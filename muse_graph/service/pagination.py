"""Long lists in parts: each begins where the one before ended, so nothing is skipped or shown twice.

Clients carry a cursor from part to part; iterating over all items reads page after page.
"""

from __future__ import annotations

import base64
import binascii
import json
import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from muse_graph.answers import Page
from muse_graph.errors import InvalidValue, invalid
from muse_graph.graph.connection import Graph, Row
from muse_graph.service.field_kinds import is_utf8

__all__ = [
    "MAX_LIMIT",
    "Advance",
    "Position",
    "check_limit",
    "each_id_page",
    "each_page",
    "page_of",
    "read_cursor",
    "write_cursor",
]

MAX_LIMIT = 1000

#: What a list is ordered by, the last being an id: (score, id), (plays, id), (id,).
Position = tuple[str | int | float, ...]

#: Called with the name of a step and how many more things it has done.
Advance = Callable[[str, int], object]


def check_limit(limit: int) -> None:
    """Raise InvalidRequest unless limit is 1..`MAX_LIMIT`."""
    if not 1 <= limit <= MAX_LIMIT:
        raise invalid("limit", f"must be 1..{MAX_LIMIT}", limit)


def write_cursor(position: Position) -> str:
    """Text that is safe in a URL and that only `read_cursor` has to understand."""
    return base64.urlsafe_b64encode(json.dumps(position).encode()).decode().rstrip("=")


def read_cursor(cursor: str | None, start: Position) -> Position:
    """Where to go on: the place in the cursor, or start without one.

    Args:
        start: the place before the first item; a cursor has to hold the same types

    Raises:
        InvalidValue: For anything `write_cursor` did not write.
    """
    if cursor is None:
        return start
    try:
        position = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        fits = isinstance(position, list) and [type(x) for x in position] == [type(x) for x in start]
        # Decoding passes over letters that are none of its own, and there are several spellings of a number.
        fits = fits and write_cursor(tuple(position)) == cursor.rstrip("=")
    except (ValueError, binascii.Error, RecursionError):
        fits = False
    if not fits or not all(_is_storable(part) for part in position):
        rule = "must be the `next` of an earlier page of this list"
        raise InvalidValue(f"cursor {rule}, got {cursor[:80]!r}", (("cursor", rule),))
    return tuple(position)


def _is_storable(value: str | int | float) -> bool:
    """Whether the database can compare with this value: no lone surrogates, integers of 64 bits."""
    if isinstance(value, str):
        return is_utf8(value)
    return (isinstance(value, float) and math.isfinite(value)) or -(2**63) <= value < 2**63


def page_of(
    rows: Sequence[Row],
    limit: int,
    position: Callable[[Row], Position],
    make: Callable[[Sequence[Row]], list[Any]],
) -> Page:
    """A page of limit items of rows, of which there is one more than limit if the list goes on."""
    shown = rows[:limit]
    following = write_cursor(position(shown[-1])) if len(rows) > limit else None
    return Page(make(shown), following)


def each_page(graph: Graph, query: str, column: str, limit: int) -> Iterator[list[Row]]:
    """Rows of a query in pages; it takes ``$after`` an id and `$limit`, and ends on the id in the column."""
    after = ""
    while page := graph.read(query, after=after, limit=limit):
        yield page
        after = page[-1][column]


def each_id_page(graph: Graph, query: str, limit: int = 500) -> Iterator[list[str]]:
    """Ids in their order, a page at a time; the query `user_ids` returns them as `user_id`, and so on."""
    column = query.removesuffix("s")
    for page in each_page(graph, query, column, limit):
        yield [row[column] for row in page]
