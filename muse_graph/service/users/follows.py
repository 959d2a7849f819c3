"""Influencers whom a user follows: only the user and an export of the user's things show them."""

from __future__ import annotations

from datetime import datetime

from muse_graph.answers import Follow, Page
from muse_graph.errors import UnknownInfluencer, UnknownUser
from muse_graph.graph.connection import Graph, Row, Transaction
from muse_graph.service.pagination import check_limit, page_of, read_cursor
from muse_graph.service.users.users import get_user
from muse_graph.timestamps import format_ms

__all__ = ["follow", "list_follows", "unfollow"]


def follow(graph: Graph, user_id: str, influencer_id: str, since: datetime | None) -> Follow:
    """Let a user follow an influencer; who does so already keeps the time.

    Args:
        since: with a time zone; None if not known

    Raises:
        UnknownUser: If no user has that id.
        UnknownInfluencer: If no influencer has that id.
    """

    def work(transaction: Transaction) -> Follow:
        _check(transaction, user_id, influencer_id)
        row = {"user_id": user_id, "influencer_id": influencer_id, "since": since}
        transaction.run("merge_follows", rows=[row])
        return _follow(transaction.run("follow", user_id=user_id, influencer_id=influencer_id)[0])

    return graph.transact(work)


def unfollow(graph: Graph, user_id: str, influencer_id: str) -> None:
    """Let a user follow an influencer no more; one who does not changes nothing.

    Raises:
        UnknownUser: If no user has that id.
        UnknownInfluencer: If no influencer has that id.
    """

    def work(transaction: Transaction) -> None:
        _check(transaction, user_id, influencer_id)
        transaction.run("end_follow", user_id=user_id, influencer_id=influencer_id)

    graph.transact(work)


def list_follows(graph: Graph, user_id: str, *, limit: int, cursor: str | None = None) -> Page:
    """`Follow`s of a user, in the order of the influencers' ids.

    Raises:
        UnknownUser: If no user has that id.
        InvalidRequest: For a bad limit or cursor.
    """
    check_limit(limit)
    (after,) = read_cursor(cursor, ("",))
    rows = graph.read("follows", user_id=user_id, after=after, limit=limit + 1)
    if not rows:
        get_user(graph, user_id)
    return page_of(
        rows, limit, lambda row: (row["influencer_id"],), lambda shown: [_follow(row) for row in shown]
    )


def _check(transaction: Transaction, user_id: str, influencer_id: str) -> None:
    """Raise unless both are there."""
    row = {"user_id": user_id, "influencer_id": influencer_id}
    known = transaction.run("follow_context", rows=[row])[0]
    if not known["user_known"]:
        raise UnknownUser(user_id)
    if not known["influencer_known"]:
        raise UnknownInfluencer(influencer_id)


def _follow(row: Row) -> Follow:
    since = row["since_ms"]
    return Follow(row["influencer_id"], row["handle"], None if since is None else format_ms(since))
