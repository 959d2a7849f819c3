"""Tracks that friends send one another, with a line of text.

What was sent stays when a friendship ends; a block hides it from both, and unblocking shows it again. Either
of the two can delete it, for both.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Literal
from uuid import UUID, uuid4, uuid5

from muse_graph.answers import Named, Page, SentTrack
from muse_graph.errors import Conflict, UnknownSentTrack, UnknownTrack, UnknownUser, invalid
from muse_graph.graph.connection import Graph, Row, Transaction
from muse_graph.service import field_rules
from muse_graph.service.pagination import check_limit, read_cursor, write_cursor
from muse_graph.service.recommendations.track_cache import TrackCache
from muse_graph.service.users.track_lines import TrackLines
from muse_graph.service.users.users import get_user
from muse_graph.timestamps import format_ms

__all__ = ["Side", "delete_sent_track", "list_sent_tracks", "send_track", "set_seen"]

#: Which of the two asks.
Side = Literal["sent", "received"]

_SENT = UUID("0d6b1c0b-6d2f-5d0a-9a55-5b1f0c1de7a4")
_START = (2**63 - 1, "")


def send_track(
    graph: Graph,
    user_id: str,
    friend_id: str,
    track_id: str,
    track_cache: TrackCache,
    *,
    note: str | None = None,
    request_id: str | None = None,
) -> tuple[SentTrack, bool]:
    """Send a track to a friend.

    Args:
        request_id: identifies what is sent among all that this user sends; sent again, it is there once. None
            sends another one each time

    Returns:
        what was sent, and whether it is new

    Raises:
        UnknownUser, UnknownTrack: If there is none of that id.
        Conflict: If the two are not friends, or the id was used for something else.
        InvalidRequest: If a value breaks its rule.
    """
    note = None if note is None else field_rules.check("note", note)
    if user_id == friend_id:
        raise invalid("to", "must be another user", friend_id)
    # Of the sender's own: nobody can take an id from somebody else.
    sent_id = str(uuid5(_SENT, f"{user_id}\n{request_id}") if request_id else uuid4())
    facts = {"sender": user_id, "receiver": friend_id, "track_id": track_id, "note": note}

    def work(transaction: Transaction) -> bool:
        held = {row["user_id"] for row in transaction.run("lock_users", user_ids=[user_id, friend_id])}
        for wanted in (user_id, friend_id):
            if wanted not in held:
                raise UnknownUser(wanted)
        (context,) = transaction.run(
            "send_context", user_id=user_id, friend_id=friend_id, track_id=track_id, sent_id=sent_id
        )
        if known := context["known"]:
            if known._asdict() != facts:
                raise Conflict(f"id {request_id!r} was used for another track that user {user_id!r} sent")
            if not context["blocked"]:
                return False
        if not context["has_track"]:
            raise UnknownTrack(track_id)
        if not context["friends"]:
            raise Conflict(f"users {user_id!r} and {friend_id!r} are not friends")
        transaction.run(
            "create_sent_track",
            sent_id=sent_id,
            user_id=user_id,
            friend_id=friend_id,
            track_id=track_id,
            note=note,
            at=datetime.now(UTC),
        )
        return True

    is_new = graph.transact(work)
    return _get(graph, user_id, sent_id, "sent", track_cache), is_new


def list_sent_tracks(
    graph: Graph,
    user_id: str,
    side: Side,
    track_cache: TrackCache,
    *,
    limit: int,
    cursor: str | None = None,
) -> Page:
    """`SentTrack`s that a user sent or received, the newest first.

    One round trip, and one more each for tracks that the cache lacks and for a user without any.

    Raises:
        UnknownUser: If no user has that id.
        InvalidRequest: For a bad limit or cursor.
    """
    check_limit(limit)
    before_ms, after = read_cursor(cursor, _START)
    rows = graph.read(f"{side}_tracks", user_id=user_id, before_ms=before_ms, after=after, limit=limit + 1)
    if not rows:
        get_user(graph, user_id)
    shown = rows[:limit]
    following = write_cursor((shown[-1]["at_ms"], shown[-1]["sent_id"])) if len(rows) > limit else None
    return Page(_sent(graph, shown, track_cache), following)


def set_seen(graph: Graph, user_id: str, sent_id: str, track_cache: TrackCache, *, seen: bool) -> SentTrack:
    """Mark a received track as seen, or as not seen; raises UnknownSentTrack, for what is hidden too."""
    _get(graph, user_id, sent_id, "received", track_cache)
    graph.write("set_seen", user_id=user_id, sent_id=sent_id, at=datetime.now(UTC) if seen else None)
    return _get(graph, user_id, sent_id, "received", track_cache)


def delete_sent_track(graph: Graph, user_id: str, sent_id: str, side: Side) -> None:
    """Delete what a user sent or received; raises UnknownSentTrack, for what is hidden too."""
    row = _row(graph, user_id, sent_id, side)
    ends = {"user_id": row["sender"].id, "friend_id": row["receiver"].id}
    graph.write("delete_sent_track", **ends, sent_id=sent_id)


def _row(graph: Graph, user_id: str, sent_id: str, side: Side) -> Row:
    end = "sender" if side == "sent" else "receiver"
    for row in graph.read("sent_track", user_id=user_id, sent_id=sent_id):
        if row[end].id == user_id:
            return row
    raise UnknownSentTrack(sent_id)


def _get(graph: Graph, user_id: str, sent_id: str, side: Side, track_cache: TrackCache) -> SentTrack:
    found = _sent(graph, [_row(graph, user_id, sent_id, side)], track_cache)
    if not found:
        raise UnknownSentTrack(sent_id)
    return found[0]


def _sent(graph: Graph, rows: Sequence[Row], track_cache: TrackCache) -> list[SentTrack]:
    lines = TrackLines.read(graph, track_cache, [row["track_key"] for row in rows])
    return [
        SentTrack(
            row["sent_id"],
            Named(row["sender"].id, row["sender"].name or row["sender"].id),
            Named(row["receiver"].id, row["receiver"].name or row["receiver"].id),
            line,
            row["note"],
            format_ms(row["at_ms"]),
            row["seen"],
        )
        for row in rows
        if (line := lines.get(row["track_key"]))
    ]
