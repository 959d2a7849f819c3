"""Users: who they are."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from muse_graph.answers import Listener, Page, Visibility
from muse_graph.core.keys import key_of
from muse_graph.core.search_text import search_text
from muse_graph.countries import country_rows
from muse_graph.errors import InvalidValue, UnknownUser
from muse_graph.graph.connection import Graph, Row, Transaction
from muse_graph.service import field_rules
from muse_graph.service.listens.refresh import acquire_write_lock
from muse_graph.service.pagination import page_of, read_cursor
from muse_graph.service.text_search import page_of_hits
from muse_graph.service.users.waiting import Waiting
from muse_graph.service.visibility import DEFAULT_LEVEL, is_private, level_of

__all__ = ["get_user", "get_user_with_waiting", "list_users", "put_user"]


def get_user(graph: Graph, user_id: str) -> Listener:
    """The user of that id; raises UnknownUser."""
    return get_user_with_waiting(graph, user_id)[0]


def get_user_with_waiting(graph: Graph, user_id: str) -> tuple[Listener, Waiting]:
    """The user of that id, and what waits for that user, in one round trip; raises UnknownUser."""
    rows = graph.read("listener", user_id=user_id)
    if not rows:
        raise UnknownUser(user_id)
    (row,) = rows
    return _listener(row), Waiting(row["name"] or user_id, row["waiting_tracks"], row["waiting_requests"])


def put_user(
    graph: Graph,
    user_id: str,
    *,
    name: str | None = None,
    country: str | None = None,
    listens_visible_to: Visibility | None = None,
    private: bool | None = None,
) -> tuple[Listener, bool]:
    """Create or update a user; what is None stays as it is.

    Args:
        country: ISO 3166-1 alpha-2 code
        listens_visible_to: who may see by name what the user plays and saves
        private: true for nobody; false for friends if it was nobody, else as it is

    Returns:
        the user, and whether it is new

    Raises:
        InvalidRequest: Naming the field and its rule.
    """
    user_id = field_rules.check("user_id", user_id)
    name = None if name is None else field_rules.check("name", name)
    country = None if country is None else field_rules.check("country", country)
    level = _asked_level(listens_visible_to, private)

    def work(transaction: Transaction) -> tuple[Listener, bool]:
        # Users are locked before all else but the write lock (docs/architecture.md). That comes first where a
        # country is used: an erasure deletes those that nobody uses, and who looks one up holds its code.
        if country is None:
            transaction.run("lock_users", user_ids=[user_id])
        else:
            acquire_write_lock(transaction, [user_id])
            transaction.run("merge_countries", rows=country_rows([country]))
        row = {
            "user_id": user_id,
            "key": key_of(user_id),
            "name": name,
            "search_text": name and search_text(name),
            "country": country,
            "listens_visible_to": level,
        }
        if private is False and _is_private(transaction, user_id):
            row["listens_visible_to"] = DEFAULT_LEVEL
        (merged,) = transaction.run("merge_users", rows=[row])
        return _listener(transaction.run("listener", user_id=user_id)[0]), merged["is_new"]

    return graph.transact(work)


def list_users(graph: Graph, text: str = "", *, limit: int, cursor: str | None = None) -> Page:
    """`Listener`s whose names have these words, the name itself first; without words all, by id.

    Raises:
        InvalidRequest: For a bad limit or cursor, or a text that is too long.
    """
    if found := page_of_hits(graph, "user_hits", text, partial(_cards, graph), limit=limit, cursor=cursor):
        return found
    (after,) = read_cursor(cursor, ("",))
    rows = graph.read("listeners", after=after, limit=limit + 1)
    return page_of(
        rows, limit, lambda row: (row["user_id"],), lambda shown: [_listener(row) for row in shown]
    )


def _cards(graph: Graph, found: Sequence[Row]) -> list[Listener]:
    return [_listener(row) for row in graph.read("user_cards", ids=[row["id"] for row in found])]


def _listener(row: Row) -> Listener:
    stored = row["listens_visible_to"]
    facts = {name: value for name, value in row.items() if not name.startswith("waiting_")}
    return Listener(**facts | {"listens_visible_to": level_of(stored), "private": is_private(stored)})


def _asked_level(level: Visibility | None, private: bool | None) -> Visibility | None:
    """The level that is asked for; None to leave it, or where it depends on what it was."""
    if level is None:
        return "nobody" if private else None
    if private is not None:
        rule = "must be left out beside listens_visible_to"
        raise InvalidValue(f"private {rule}, got {private!r}", (("/private", rule),))
    checked: Visibility = field_rules.check("listens_visible_to", level)
    return checked


def _is_private(transaction: Transaction, user_id: str) -> bool:
    rows = transaction.run("listener", user_id=user_id)
    return bool(rows) and is_private(rows[0]["listens_visible_to"])
