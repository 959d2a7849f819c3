"""Users: who they are, who their friends are, what they save and discard."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from typing import Literal

from muse_graph.answers import Listener, Page
from muse_graph.core.keys import key_of
from muse_graph.countries import country_name, is_country
from muse_graph.errors import InvalidRequest, UnknownTrack, UnknownUser
from muse_graph.graph import Graph, Transaction
from muse_graph.service.pagination import check_limit, page_of, read_cursor
from muse_graph.service.users.friendships import accept, ask, block, decline, end, friend_of, unblock

__all__ = [
    "MAX_ID",
    "Action",
    "accept",
    "ask",
    "block",
    "decline",
    "end",
    "get_user",
    "give_feedback",
    "list_friends",
    "list_users",
    "put_user",
    "unblock",
]

#: Longest id and longest name, in characters.
MAX_ID = 200

Action = Literal["save", "discard", "clear"]
_FEEDBACK = {"save": "save_tracks", "discard": "discard_tracks"}


def get_user(graph: Graph, user_id: str) -> Listener:
    """The user of that id; raises UnknownUser."""
    rows = graph.read("listener", user_id=user_id)
    if not rows:
        raise UnknownUser(user_id)
    return Listener(**rows[0])


def put_user(
    graph: Graph,
    user_id: str,
    *,
    name: str | None = None,
    country: str | None = None,
    private: bool | None = None,
) -> tuple[Listener, bool]:
    """Create or update a user; what is None stays as it is.

    Args:
        country: ISO 3166-1 alpha-2 code in upper case
        private: the user's listens count in friends' lists, and no reason there names the user

    Returns:
        the user, and whether it is new

    Raises:
        InvalidRequest: Naming the field and its rule.
    """
    _check_text("user_id", user_id)
    if name is not None:
        _check_text("name", name)
    if country is not None and not is_country(country):
        rule = "must be an ISO 3166-1 alpha-2 code in upper case"
        raise InvalidRequest(f"country {rule}, got {country!r}", (("country", rule),))

    def work(transaction: Transaction) -> tuple[Listener, bool]:
        known = transaction.run("listener", user_id=user_id)
        if country is not None:
            transaction.run("merge_countries", rows=[{"code": country, "name": country_name(country)}])
        row = {"user_id": user_id, "key": key_of(user_id), "name": name, "country": country}
        transaction.run("merge_users", rows=[row])
        if private is not None:
            transaction.run("set_private", user_id=user_id, private=private)
        return Listener(**transaction.run("listener", user_id=user_id)[0]), not known

    return graph.transact(work)


def list_users(graph: Graph, *, limit: int, cursor: str | None = None) -> Page:
    """`Listener`s in the order of their ids; raises InvalidRequest for a bad limit or cursor."""
    check_limit(limit)
    (after,) = read_cursor(cursor, ("",))
    rows = graph.read("listeners", after=after, limit=limit + 1)
    return page_of(
        rows, limit, lambda row: (row["user_id"],), lambda shown: [Listener(**row) for row in shown]
    )


def list_friends(graph: Graph, user_id: str, *, limit: int, cursor: str | None = None) -> Page:
    """`Friend`s of a user and those in any other state, in the order of their ids.

    Raises:
        UnknownUser: If no user has that id.
        InvalidRequest: For a bad limit or cursor.
    """
    check_limit(limit)
    (after,) = read_cursor(cursor, ("",))
    rows = graph.read("friendships", user_id=user_id, after=after, limit=limit + 1)
    if not rows:
        get_user(graph, user_id)
    return page_of(
        rows, limit, lambda row: (row["user_id"],), lambda shown: [friend_of(row) for row in shown]
    )


def give_feedback(graph: Graph, user_id: str, track_id: str, action: Action, at: datetime) -> None:
    """Save or discard a track, or take back either; the latest word counts, whatever comes in last.

    Args:
        at: when it was said, with a time zone

    Raises:
        UnknownUser: If no user has that id.
        UnknownTrack: If no track has that id.
        InvalidRequest: For another action or a time without a zone.
    """
    if action not in {*_FEEDBACK, "clear"}:
        rule = "must be save, discard or clear"
        raise InvalidRequest(f"action {rule}, got {action!r}", (("action", rule),))
    if at.tzinfo is None:
        rule = "must have a time zone"
        raise InvalidRequest(f"at {rule}, got {at.isoformat()}", (("at", rule),))

    def work(transaction: Transaction) -> None:
        known = transaction.run("feedback_context", user_id=user_id, track_id=track_id)[0]
        if not known["has_user"]:
            raise UnknownUser(user_id)
        if not known["has_track"]:
            raise UnknownTrack(track_id)
        if action == "clear":
            transaction.run("clear_feedback", user_id=user_id, track_id=track_id)
        else:
            row = {"user_id": user_id, "track_id": track_id, "at": at}
            transaction.run(_FEEDBACK[action], rows=[row])

    graph.transact(work)


def _check_text(field: str, text: str) -> None:
    """Raise InvalidRequest unless a text can be an id or a name."""
    # Cc are control characters, Cs are halves of characters that UTF-8 cannot hold.
    if not 1 <= len(text.strip()) <= len(text) <= MAX_ID or any(
        unicodedata.category(letter) in {"Cc", "Cs"} for letter in text
    ):
        rule = f"must have 1..{MAX_ID} characters, none of them a control character"
        raise InvalidRequest(f"{field} {rule}, got {text!r}", ((field, rule),))
