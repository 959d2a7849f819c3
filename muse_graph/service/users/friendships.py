"""How two users become friends and stop being it.

    nothing ──ask──▶ asked ──accept──▶ friends ──end──▶ nothing
                       ├──────end────▶ nothing
                       └────decline──▶ declined: who declined may still ask, who asked may not
    block ends a friendship and open requests, from either side, and keeps both from asking

Each change locks both users to the end of its transaction, so two that cross see one another. A message that
comes twice changes nothing the second time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from muse_graph.answers import Friendship, FriendState, Page
from muse_graph.core.discovery.twenty_percent_rule import DEFAULT_THETA
from muse_graph.errors import Conflict, UnknownUser, invalid
from muse_graph.graph.connection import Graph, Row, Transaction
from muse_graph.graph.query_records import PeopleCardsLink, PersonLink
from muse_graph.service.listens.refresh import every_genre_of, theta_params
from muse_graph.service.pagination import check_limit, page_of, read_cursor
from muse_graph.service.users.users import get_user
from muse_graph.timestamps import format_ms

__all__ = ["Action", "accept", "ask", "block", "decline", "end", "list_friends", "seen_state", "unblock"]

#: What a user may do towards another, besides ending a friendship.
Action = Literal["ask", "accept", "decline", "block", "unblock"]

#: What a user sees of another, the first that is true; who was blocked sees nothing of it.
_SEEN: dict[str, FriendState] = {
    "blocked": "blocked",
    "friends": "friends",
    "asked": "asked",
    "was-asked": "was-asked",
    "declined": "declined",
    "was-declined": "was-declined",
}
#: A relationship between two users, as queries about people return it.
Link = PeopleCardsLink | PersonLink
#: What keeps a user from asking.
_CLOSED = frozenset({"blocked", "was-blocked", "was-declined"})


@dataclass(frozen=True)
class _Pair:
    """Two users locked in a transaction, and every state between them as the first one is concerned by it."""

    transaction: Transaction
    user_id: str
    friend_id: str
    name: str | None
    states: dict[str, int | None]

    def write(self, query: str, **params: object) -> None:
        """Run a write that takes the two ids."""
        self.transaction.run(query, user_id=self.user_id, friend_id=self.friend_id, **params)


def ask(graph: Graph, user_id: str, friend_id: str) -> Friendship:
    """Request a friendship; a request to a user who has asked accepts theirs.

    Raises:
        UnknownUser: If no user has that id.
        InvalidRequest: For oneself.
        Conflict: After being declined, or if one of the two has blocked the other; which one is not revealed.
    """
    return _change(graph, user_id, friend_id, _ask)


def accept(graph: Graph, user_id: str, friend_id: str) -> Friendship:
    """Accept what the friend asked; raises UnknownUser, InvalidRequest, Conflict without an open request."""
    return _change(graph, user_id, friend_id, _accept)


def decline(graph: Graph, user_id: str, friend_id: str) -> Friendship:
    """Decline what the friend asked; raises UnknownUser, InvalidRequest, Conflict without an open request."""
    return _change(graph, user_id, friend_id, _decline)


def end(graph: Graph, user_id: str, friend_id: str, *, theta: float = DEFAULT_THETA) -> Friendship:
    """End a friendship, or take one's own open request back.

    Genres that a friendship brought within reach stay in the discovery pools of both.

    Args:
        theta: share of the favourite genre at which a genre rests

    Raises:
        UnknownUser, InvalidRequest, Conflict: If there is neither.
    """
    return _change(graph, user_id, friend_id, lambda pair: _end(pair, theta))


def block(graph: Graph, user_id: str, friend_id: str, *, theta: float = DEFAULT_THETA) -> Friendship:
    """Block a user: friendship and open requests end, and neither can ask the other.

    Args:
        theta: share of the favourite genre at which a genre rests

    Raises:
        UnknownUser: If no user has that id.
        InvalidRequest: If a value breaks its rule.
    """
    return _change(graph, user_id, friend_id, lambda pair: _block(pair, theta))


def unblock(graph: Graph, user_id: str, friend_id: str) -> Friendship:
    """Take one's own block back; raises UnknownUser, InvalidRequest."""
    return _change(graph, user_id, friend_id, lambda pair: pair.write("unblock_user"))


def list_friends(graph: Graph, user_id: str, *, limit: int, cursor: str | None = None) -> Page:
    """`Friendship`s of a user and those in any other state, in the order of their ids.

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
        rows, limit, lambda row: (row["user_id"],), lambda shown: [_friend_of(row) for row in shown]
    )


def _change(graph: Graph, user_id: str, friend_id: str, act: Callable[[_Pair], None]) -> Friendship:
    if user_id == friend_id:
        raise invalid("friend_id", "must be another user", friend_id)

    def work(transaction: Transaction) -> Friendship:
        names = {
            row["user_id"]: row["name"]
            for row in transaction.run("lock_users", user_ids=[user_id, friend_id])
        }
        for wanted in (user_id, friend_id):
            if wanted not in names:
                raise UnknownUser(wanted)
        before = _states(transaction, user_id, friend_id)
        act(_Pair(transaction, user_id, friend_id, names[friend_id], before))
        return _friend(friend_id, names[friend_id], _states(transaction, user_id, friend_id))

    return graph.transact(work)


def _ask(pair: _Pair) -> None:
    if pair.states.keys() & {"friends", "asked"}:
        return
    if pair.states.keys() & _CLOSED:
        raise Conflict(
            f"user {pair.user_id!r} cannot ask user {pair.friend_id!r}: "
            "one of them has declined or blocked the other"
        )
    if "was-asked" in pair.states:
        _befriend(pair)
    else:
        pair.write("delete_requests", declined=True)
        row = {"user_id": pair.user_id, "friend_id": pair.friend_id, "at": _now()}
        pair.transaction.run("open_requests", rows=[row])


def _accept(pair: _Pair) -> None:
    if "friends" not in pair.states:
        _need_request(pair)
        _befriend(pair)


def _decline(pair: _Pair) -> None:
    if "declined" not in pair.states:
        _need_request(pair)
        pair.write("decline_request", at=_now())


def _end(pair: _Pair, theta: float) -> None:
    if "friends" in pair.states:
        _keep_reach(pair, theta)
        pair.write("end_friendship")
    elif "asked" in pair.states:
        pair.write("delete_requests", declined=False)
    else:
        raise Conflict(f"users {pair.user_id!r} and {pair.friend_id!r} are not friends")


def _block(pair: _Pair, theta: float) -> None:
    if "friends" in pair.states:
        _keep_reach(pair, theta)
    # A request once declined stays so, or blocking and unblocking would open the way to ask again.
    pair.write("delete_requests", declined=False)
    row = {"user_id": pair.user_id, "friend_id": pair.friend_id, "at": _now()}
    pair.transaction.run("block_users", rows=[row])


def _need_request(pair: _Pair) -> None:
    if "was-asked" not in pair.states:
        raise Conflict(f"user {pair.friend_id!r} has no open request to user {pair.user_id!r}")


def _befriend(pair: _Pair) -> None:
    pair.write("delete_requests", declined=True)
    row = {"user_id": pair.user_id, "friend_id": pair.friend_id, "since": _now()}
    pair.transaction.run("merge_friendships", rows=[row])


def _keep_reach(pair: _Pair, theta: float) -> None:
    """Record which genres a friendship brought within reach, before it ends."""
    rows = every_genre_of(sorted([pair.user_id, pair.friend_id]))
    pair.transaction.run("enter_discovery", rows=rows, **theta_params(theta))


def _states(transaction: Transaction, user_id: str, friend_id: str) -> dict[str, int | None]:
    """Every state between two users and since when, in ms; empty for strangers."""
    rows = transaction.run("friendship", user_id=user_id, friend_id=friend_id)
    return {_state(row): row["since_ms"] for row in rows}


def seen_state(links: Iterable[Link]) -> tuple[FriendState, str | None]:
    """What a user sees of another, and since when, given all relationships between the two."""
    return _seen({_state(link._asdict()): link.since_ms for link in links})


def _state(row: Row) -> str:
    """What one relationship means to the user who looks."""
    outgoing = row["outgoing"]
    if row["kind"] == "FRIENDS_WITH":
        return "friends"
    if row["kind"] == "BLOCKED":
        return "blocked" if outgoing else "was-blocked"
    if row["declined"]:
        return "was-declined" if outgoing else "declined"
    return "asked" if outgoing else "was-asked"


def _friend_of(row: Row) -> Friendship:
    """A row of `friendships` as its user sees it."""
    return _friend(row["user_id"], row["name"], {_state(row): row["since_ms"]})


def _friend(friend_id: str, name: str | None, states: dict[str, int | None]) -> Friendship:
    # Who has blocked the user is known by the id alone.
    return Friendship(friend_id, None if "was-blocked" in states else name, *_seen(states))


def _seen(states: dict[str, int | None]) -> tuple[FriendState, str | None]:
    for state, seen in _SEEN.items():
        if state in states:
            return seen, _since(states[state])
    return "none", None


def _since(ms: int | None) -> str | None:
    return None if ms is None else format_ms(ms)


def _now() -> datetime:
    return datetime.now(UTC)
