"""Values in the graph, checked by the rule that each field has for every way in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from muse_graph.graph.connection import Row
from muse_graph.service.field_rules import FIELDS
from muse_graph.service.maintenance.doctor.paged_check import PagedCheck, Read

__all__ = ["FIELD_CHECKS"]

#: Times come from the graph in milliseconds; files have seconds.
_TIMES = frozenset({"since", "at"})
#: Earlier versions let in more texts, and answers show them.
_TEXTS = frozenset(
    {
        *("user_id", "track_id", "artist_id", "genre_id", "influencer_id"),
        *("name", "title", "handle", "tag", "language"),
    }
)


def _broken(query: str) -> Callable[[Read, list[str]], list[Row]]:
    """Find by a query whose first column is an id and whose columns are fields, each a value or several."""

    def find(read: Read, ids: list[str]) -> list[Row]:
        return [broken for row in read(query, ids=ids) for broken in _broken_fields(row)]

    return find


def _broken_fields(row: Row) -> Iterator[Row]:
    column = next(iter(row))
    for field, held in row.items():
        several = isinstance(held, list) and field != "features"
        if not all(value is None or _keeps(field, value) for value in (held if several else [held])):
            check = "older text" if field in _TEXTS else "field values"
            yield {"check": check, column: row[column], "field": field}


def _keeps(field: str, value: Any) -> bool:
    """Whether a stored value is one that the field's rule leaves as it is."""
    rule = FIELDS[field]
    if field in _TIMES:
        return bool(rule.normal(value / 1000) == value)
    if field == "audience":
        return rule.normal([value]) is not None
    found = rule.normal(value)
    return type(found) is type(value) and bool(found == value)


#: Fields of listens are checked by the query `listen_violations`, there are too many to read them all.
FIELD_CHECKS = tuple(
    PagedCheck(f"{kind.capitalize()} fields", f"{kind}_ids", _broken(f"{kind}_fields"))
    for kind in ("user", "track", "artist", "genre", "influencer")
)
