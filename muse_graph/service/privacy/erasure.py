"""A user erased without a trace: facts, all that is derived from them, and links to others.

In bounded transactions, each of which leaves every derived value right. First what links the user to others
goes. Then the user becomes an `ErasedUser`, whom no other query finds: from here on the id is unknown, and no
listen comes in any more. Last the listens go, page by page, and the node. Whatever interrupts it, the next
call goes on, as does `muse-graph doctor --repair`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import partial

from muse_graph.core.discovery.twenty_percent_rule import DEFAULT_THETA
from muse_graph.core.listening.reports import report_of
from muse_graph.core.listening.sources import source_of
from muse_graph.errors import UnknownUser
from muse_graph.graph.connection import Graph, Row, Transaction
from muse_graph.service.listens.monthly import Play, remove_plays
from muse_graph.service.listens.refresh import (
    acquire_write_lock,
    every_genre_of,
    refresh_radar,
    theta_params,
)

__all__ = ["erase_user", "finish_erasures", "unfinished_erasures"]

#: Other users, listens and other relationships that a transaction deletes, at most.
_OTHERS, _LISTENS, _REST = 200, 5_000, 10_000


def erase_user(graph: Graph, user_id: str, *, theta: float = DEFAULT_THETA) -> None:
    """Erase a user; goes on with an erasure that was interrupted.

    Genres that a friendship brought within reach stay in the discovery pools of friends.

    Args:
        theta: share of the favourite genre at which a genre rests

    Raises:
        UnknownUser: If no user has that id, and none is being erased.
    """
    # Of one who has got the id since an interruption, the erasure begins after that of the first.
    went_on = _finish(graph, user_id)
    began = _begin(graph, user_id, theta)
    if not began and not went_on:
        raise UnknownUser(user_id)
    if began:
        _finish(graph, user_id)


def unfinished_erasures(graph: Graph) -> list[str]:
    """Ids of users whose erasure is going on or was interrupted."""
    return [row["user_id"] for row in graph.read("erased_users")]


def finish_erasures(graph: Graph) -> None:
    """Go on with every erasure that was interrupted."""
    for user_id in unfinished_erasures(graph):
        _finish(graph, user_id)


def _begin(graph: Graph, user_id: str, theta: float) -> bool:
    """Take a user out of the graph of others, and away from all queries; False if there is no such user."""
    if not graph.transact(partial(_is_there, user_id)):
        return False
    while True:
        others = graph.read("erasure_others", user_id=user_id, limit=_OTHERS)
        if others:
            graph.transact(partial(_unlink, user_id, others, theta))
        elif graph.transact(partial(_mark, user_id)):
            return True


def _is_there(user_id: str, transaction: Transaction) -> bool:
    # The lock of all writers first: to look the user up locks the id, which `_mark` takes away.
    acquire_write_lock(transaction)
    return bool(transaction.run("lock_users", user_ids=[user_id]))


def _unlink(user_id: str, others: Sequence[Row], theta: float, transaction: Transaction) -> None:
    other_ids = [row["user_id"] for row in others]
    acquire_write_lock(transaction, {user_id, *other_ids})
    friends = [row["user_id"] for row in others if row["is_friend"]]
    # As at the end of a friendship.
    transaction.run("enter_discovery", rows=every_genre_of(friends), **theta_params(theta))
    transaction.run("erase_links", user_id=user_id, other_ids=other_ids)


def _mark(user_id: str, transaction: Transaction) -> bool:
    """Begin the erasure; False if somebody was linked to the user meanwhile."""
    acquire_write_lock(transaction, [user_id])
    begun = transaction.run("begin_erasure", user_id=user_id)
    # Another process may have been faster.
    return bool(begun) or not transaction.run("lock_users", user_ids=[user_id])


def _finish(graph: Graph, user_id: str) -> bool:
    """Delete all that is left of a user who is being erased; False if there is none."""
    rows = graph.read("erased_user", user_id=user_id)
    if not rows:
        return False
    ((key, home),) = ((row["key"], row["country"]) for row in rows)
    countries = {home} if home else set[str]()
    while codes := graph.transact(partial(_erase_page, user_id, key)):
        countries |= codes
    while graph.transact(partial(_erase_rest, user_id)):
        continue
    # Before the last trace of the erasure goes, so that no interruption leaves it out.
    refresh_radar(graph)
    graph.transact(partial(_delete, user_id, sorted(countries)))
    return True


def _erase_page(user_id: str, key: int, transaction: Transaction) -> set[str]:
    """Erase some listens; returns the countries they were heard in, none once all are gone."""
    acquire_write_lock(transaction)
    rows = transaction.run("erased_listens", user_id=user_id, limit=_LISTENS)
    plays = [_play(row, key) for row in rows]
    by_track: defaultdict[str, int] = defaultdict(int)
    for play in plays:
        by_track[play.track_id] += play.plays
    if plays:
        track_ids = sorted(by_track)
        listen_ids = [row["listen_id"] for row in rows]
        transaction.run("erase_listens", user_id=user_id, listen_ids=listen_ids, track_ids=track_ids)
        taken = [{"track_id": track, "plays": -by_track[track]} for track in track_ids]
        transaction.run("add_track_plays", rows=taken)
        remove_plays(transaction, plays)
    return {play.country for play in plays}


def _play(row: Row, key: int) -> Play:
    at = None if row["listened_at"] is None else row["listened_at"].to_native()
    report, source = report_of(row["heard"], row["heard_at_least"]), source_of(row["source"])
    return Play(row["track_id"], row["country"], at, report, source, row["plays"], key)


def _erase_rest(user_id: str, transaction: Transaction) -> bool:
    """Erase some of the other relationships; returns whether there may be more."""
    acquire_write_lock(transaction)
    return any(row["deleted"] == _REST for row in transaction.run("erase_rest", user_id=user_id, limit=_REST))


def _delete(user_id: str, countries: list[str], transaction: Transaction) -> None:
    acquire_write_lock(transaction)
    transaction.run("finish_erasure", user_id=user_id, countries=countries)
