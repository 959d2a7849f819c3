"""Everything about a user as a zip of JSON lines, which `muse-graph load tables` reads once unpacked."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from itertools import chain
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

from muse_graph.answers import Friendship, FriendState, as_json
from muse_graph.graph.connection import Graph, Row
from muse_graph.service.accounts import accounts, sessions, tokens
from muse_graph.service.accounts.store import AccountStore
from muse_graph.service.pagination import MAX_LIMIT
from muse_graph.service.users.friendships import list_friends
from muse_graph.service.users.users import get_user
from muse_graph.timestamps import format_ms

__all__ = ["README", "write_export"]

README = """What MUSE Graph has about one listener.

Tables, one JSON object a line, in the format of docs/files.md. `muse-graph load tables FOLDER` reads them
into any graph, an empty one too:

  users.jsonl          the listener, and friends by the name they show
  friendships.jsonl    friends and since when
  genres.jsonl, artists.jsonl, tracks.jsonl    what the other tables refer to
  likes.jsonl          genres that the listener chose
  tags.jsonl           tags that the listener gave to artists
  listens.jsonl        every listen
  feedback.jsonl       tracks saved and discarded
  follows.jsonl, influencers.jsonl    influencers that the listener follows, and what is known of them

Files that a load ignores:

  sent_tracks.jsonl    tracks sent to friends and received from them; not whose, beside a block of theirs
  requests.jsonl       requests of friendships, open or declined
  blocks.jsonl         users whom the listener has blocked
  account.json         the account, its sessions and its tokens, without anything to sign in with

Not in it, because it is computed from the above: how often each track and genre was played, the profile that
recommendations are made from, listeners with similar taste.
"""

#: As many rows as there are, of a query that is read by pages elsewhere.
_ALL = 2**31 - 1
#: Columns in milliseconds since 1970, and what files call them.
_TIMES = {"listened_ms": "listened_at", "at_ms": "at", "seen_ms": "seen_at"}


def write_export(graph: Graph, user_id: str, file: IO[bytes], store: AccountStore | None = None) -> None:
    """Write everything about a user into a zip file, row by row: memory does not grow with it.

    Args:
        store: where the account of the user is looked for; None for no account

    Raises:
        UnknownUser: If no user has that id; nothing is written then.
    """
    user = get_user(graph, user_id)
    own = {"user_id": user_id, "name": user.name, "country": user.country}
    own["listens_visible_to"] = user.listens_visible_to
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", README)
        for table, rows in _tables(graph, own).items():
            with archive.open(f"{table}.jsonl", "w", force_zip64=True) as lines:
                for row in rows:
                    lines.write(_line(row))
        account = None if store is None else _account(store, user_id)
        archive.writestr("account.json", json.dumps(account, indent=1, ensure_ascii=False))


def _line(row: Row) -> bytes:
    """A row without what is unknown."""
    known = {name: value for name, value in row.items() if value is not None}
    return json.dumps(known, ensure_ascii=False).encode() + b"\n"


def _tables(graph: Graph, own: Row) -> dict[str, Iterable[Row]]:
    """Every file, in the order in which tables are loaded; nothing is read before its rows are taken."""
    user_id = own["user_id"]

    def rows_of(query: str, **page: object) -> Iterator[Row]:
        # Read only once its file is written.
        yield from graph.stream(query, user_id=user_id, **page)

    def others(*states: FriendState) -> Iterator[Friendship]:
        return (one for one in _each_friend(graph, user_id) if one.state in states)

    return {
        "genres": ({"genre_id": row["genre_id"], "name": row["name"]} for row in rows_of("export_genres")),
        "artists": rows_of("export_artists"),
        "tracks": rows_of("export_tracks"),
        "users": chain([own], ({"user_id": one.user_id, "name": one.name} for one in others("friends"))),
        "friendships": (
            {"user_id": user_id, "friend_id": one.user_id, "since": one.since} for one in others("friends")
        ),
        "likes": (
            {"user_id": user_id, "genre_id": row["genre_id"]}
            for row in rows_of("export_genres")
            if row["liked"]
        ),
        "tags": (
            {"user_id": user_id, "artist_id": row["artist_id"], "tag": tag}
            for row in rows_of("export_tags")
            for tag in row["tags"]
        ),
        "listens": ({"user_id": user_id} | _timed(row) for row in rows_of("export_listens")),
        "feedback": (_said(user_id, row) for row in rows_of("export_feedback")),
        "influencers": rows_of("export_influencers"),
        "follows": (_followed(user_id, row) for row in rows_of("follows", after="", limit=_ALL)),
        "sent_tracks": (_timed(row) for row in rows_of("export_sent")),
        "requests": map(as_json, others("asked", "was-asked", "declined", "was-declined")),
        "blocks": map(as_json, others("blocked")),
    }


def _said(user_id: str, row: Row) -> Row:
    """A row of feedback."""
    action = "save" if row["saved"] else "discard"
    return {"user_id": user_id, "track_id": row["track_id"], "action": action, "at": _time(row["at_ms"])}


def _followed(user_id: str, row: Row) -> Row:
    """A row of follows."""
    return {"user_id": user_id, "influencer_id": row["influencer_id"], "since": _time(row["since_ms"])}


def _each_friend(graph: Graph, user_id: str) -> Iterator[Friendship]:
    """Friends and users in any other state, page after page."""
    page = list_friends(graph, user_id, limit=MAX_LIMIT)
    yield from page.items
    while page.next:
        page = list_friends(graph, user_id, limit=MAX_LIMIT, cursor=page.next)
        yield from page.items


def _timed(row: Row) -> Row:
    """A row with times as files have them, in place of milliseconds."""
    times = {_TIMES[name]: _time(value) for name, value in row.items() if name in _TIMES}
    return {name: value for name, value in row.items() if name not in _TIMES} | times


def _time(ms: int | None) -> str | None:
    return None if ms is None else format_ms(ms)


def _account(store: AccountStore, user_id: str) -> dict[str, Any] | None:
    """The account of a user, with what it has signed in; secrets are not even known here."""
    account = accounts.of_user(store, user_id)
    if account is None:
        return None
    return asdict(account) | {
        "sessions": [asdict(one) for one in sessions.list_of(store, account.account_id)],
        "tokens": [asdict(one) for one in tokens.list_of(store, account.account_id)],
    }
