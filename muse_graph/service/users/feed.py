"""What friends play and save, the newest first."""

from __future__ import annotations

from bisect import bisect_left
from typing import cast

import numpy as np

from muse_graph.answers import FeedAction, FeedItem, Named, Page
from muse_graph.core.listening.recent import MAX_RECENT, Events, newest
from muse_graph.errors import UnknownUser
from muse_graph.graph.connection import Graph
from muse_graph.graph.query_records import FeedFriendsFriend
from muse_graph.service.pagination import check_limit, read_cursor, write_cursor
from muse_graph.service.recommendations.track_cache import TrackCache
from muse_graph.service.users.track_lines import TrackLines
from muse_graph.service.visibility import may_see_listens
from muse_graph.timestamps import format_ms

__all__ = ["read_feed"]

#: Friends in a feed, by id: bounds the work of a user who knows everybody.
_MAX_FRIENDS = 500
_ACTIONS: tuple[FeedAction, ...] = ("played", "saved")
#: Before the first: no time is later.
_FIRST = (2**62, "", 0, 0)


def read_feed(
    graph: Graph, user_id: str, track_cache: TrackCache, *, limit: int, cursor: str | None = None
) -> Page:
    """`FeedItem`s, the newest first; one round trip, and one more for tracks that the cache lacks.

    The feed goes back to the 50 tracks that each friend heard last, and the 50 saved last; a track that a
    friend plays again moves to its latest time. The next page begins after the last item of this one,
    whatever has come in since: nothing is shown twice. Who may not be seen listening is not in it.

    Raises:
        UnknownUser: If no user has that id.
        InvalidRequest: For a bad limit or cursor.
    """
    check_limit(limit)
    # `read_cursor` sees to the types.
    at, after, kind, track = cast("tuple[int, str, int, int]", read_cursor(cursor, _FIRST))
    rows = graph.read("feed_friends", user_id=user_id, max_friends=_MAX_FRIENDS, max_saves=MAX_RECENT)
    if not rows:
        raise UnknownUser(user_id)
    friends = sorted(
        (one for one in rows[0]["friends"] if may_see_listens(one.listens_visible_to, "friends")),
        key=lambda one: one.user_id,
    )
    ids = [one.user_id for one in friends]
    place = bisect_left(ids, after)
    # Between the friends, where it is of one who is no longer a friend.
    rank = 2 * place + (place < len(ids) and ids[place] == after)
    found = newest(_events(friends), limit + 1, (at, rank, kind, track))
    lines = TrackLines.read(graph, track_cache, [key for _, _, _, key in found[:limit]])
    items = [
        FeedItem(_named(friends[rank // 2]), _ACTIONS[action], format_ms(at), line)
        for at, rank, action, key in found[:limit]
        if (line := lines.get(key))
    ]
    if len(found) <= limit:
        return Page(items, None)
    at, rank, kind, track = found[limit - 1]
    return Page(items, write_cursor((at, ids[rank // 2], kind, track)))


def _events(friends: list[FeedFriendsFriend]) -> Events:
    """What friends did; friend i has the rank 2 i + 1."""
    numbers, rank, kind = [], [], []
    for place, friend in enumerate(friends):
        for action, pairs in enumerate((friend.recent or [], friend.saved)):
            numbers += pairs
            rank += [2 * place + 1] * (len(pairs) // 2)
            kind += [action] * (len(pairs) // 2)
    pairs_of = np.array(numbers, np.int64).reshape(-1, 2)
    return pairs_of[:, 1], np.array(rank, np.int64), np.array(kind, np.int64), pairs_of[:, 0]


def _named(friend: FeedFriendsFriend) -> Named:
    return Named(friend.user_id, friend.name or friend.user_id)
