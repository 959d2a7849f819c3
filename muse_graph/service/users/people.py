"""Other people as a user sees them: found by name, and each with what they allow to be seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from muse_graph.answers import Compatibility, Named, Page, Person, PersonProfile, PlayedTrack
from muse_graph.core.compatibility import Counts
from muse_graph.errors import UnknownUser, invalid
from muse_graph.graph.connection import Graph, Row
from muse_graph.service.recommendations.track_cache import TrackCache
from muse_graph.service.text_search import page_of_hits
from muse_graph.service.users.friendships import seen_state
from muse_graph.service.users.tastes import Listening, compare, listening
from muse_graph.service.users.track_lines import TrackLines
from muse_graph.service.users.users import get_user
from muse_graph.service.visibility import may_see_listens
from muse_graph.timestamps import format_ms

__all__ = ["get_compatibility", "get_person", "search_people"]

#: Friends in common, genres and tracks that a profile names.
_COMMON = 5
_MOST = 10


def search_people(graph: Graph, user_id: str, text: str, *, limit: int, cursor: str | None = None) -> Page:
    """`Person`s whose names have these words, as a user sees them; two round trips.

    Nobody who has blocked the user or was blocked is found. The name itself comes first, then friends, then
    those with the most friends in common. Without words nobody is found.

    Raises:
        UnknownUser: If no user has that id.
        InvalidRequest: For a bad limit or cursor, or a text that is too long.
    """

    def cards(found: Sequence[Row]) -> list[Any]:
        rows = graph.read("people_cards", user_id=user_id, ids=[row["id"] for row in found]) if found else []
        return [_person(row) for row in rows]

    page = page_of_hits(graph, "people_hits", text, cards, limit=limit, cursor=cursor, user_id=user_id)
    if page is None or not page.items:
        get_user(graph, user_id)
    return page or Page([], None)


def get_person(graph: Graph, user_id: str, other_id: str, track_cache: TrackCache) -> PersonProfile:
    """Another user as a user sees them; one round trip, and one more for tracks that the cache lacks.

    Raises:
        UnknownUser: If no user has one of the ids, or one of the two has blocked the other: which of these is
            not revealed.
        InvalidRequest: For oneself.
    """
    row, state, since = _read(graph, user_id, other_id)
    own, theirs, lines = _listening_of(graph, row, track_cache)
    visible = may_see_listens(row["listens_visible_to"], state)
    return PersonProfile(
        other_id,
        row["name"],
        row["country"],
        state,
        since,
        row["common_friends"],
        [Named(one.user_id, one.name or one.user_id) for one in row["some"]],
        compare(user_id, other_id, own, theirs, visible=visible),
        _favourites(theirs) if visible else None,
        _recent(row["recent"], lines) if visible else None,
        _most_played(theirs.taste.tracks, lines) if visible else None,
    )


def get_compatibility(graph: Graph, user_id: str, other_id: str, track_cache: TrackCache) -> Compatibility:
    """How well two users' tastes fit; round trips and errors as for `get_person`."""
    row, state, _ = _read(graph, user_id, other_id)
    own, theirs, _ = _listening_of(graph, row, track_cache)
    return compare(user_id, other_id, own, theirs, visible=may_see_listens(row["listens_visible_to"], state))


def _read(graph: Graph, user_id: str, other_id: str) -> tuple[Row, Any, str | None]:
    if user_id == other_id:
        raise invalid("other_id", "must be another user", other_id)
    rows = graph.read("person", user_id=user_id, other_id=other_id, max_common=_COMMON)
    if not rows:
        get_user(graph, user_id)
        raise UnknownUser(other_id)
    (row,) = rows
    if any(link.kind == "BLOCKED" for link in row["links"]):
        raise UnknownUser(other_id)
    return row, *seen_state(row["links"])


def _listening_of(graph: Graph, row: Row, track_cache: TrackCache) -> tuple[Listening, Listening, TrackLines]:
    """What both play, and the tracks of either, which are looked up at once."""
    pairs = listening([row["own_profile"], row["profile"]])
    recent = (row["recent"] or [])[: 2 * _MOST : 2]
    keys = np.unique(np.concatenate([*(one.track for one in pairs), np.array(recent, np.int64)]))
    lines = TrackLines.read(graph, track_cache, keys.tolist())
    own, theirs = (Listening.of(one, lines) for one in pairs)
    return own, theirs, lines


def _person(row: Row) -> Person:
    state, since = seen_state(row["links"])
    return Person(row["user_id"], row["name"], row["country"], state, since, row["common_friends"])


def _favourites(theirs: Listening) -> list[Named]:
    return [theirs.genre_names[key] for key, _ in _most(theirs.taste.genres) if key in theirs.genre_names]


def _recent(numbers: list[int] | None, lines: TrackLines) -> list[PlayedTrack]:
    pairs = zip((numbers or [])[::2], (numbers or [])[1::2], strict=True)
    known = [(lines.get(key), at_ms) for key, at_ms in list(pairs)[:_MOST]]
    return [PlayedTrack(line, None, format_ms(at_ms)) for line, at_ms in known if line]


def _most_played(tracks: Counts, lines: TrackLines) -> list[PlayedTrack]:
    known = [(lines.get(key), plays) for key, plays in _most(tracks)]
    return [PlayedTrack(line, plays, None) for line, plays in known if line]


def _most(counts: Counts) -> list[tuple[int, int]]:
    """Keys and plays of what was played most, of equal plays by key."""
    order = np.lexsort((counts.keys, -counts.plays))[:_MOST]
    return list(zip(counts.keys[order].tolist(), counts.plays[order].tolist(), strict=True))
