"""People whom a user may like to know."""

from __future__ import annotations

from muse_graph.answers import Named, Reason, SuggestedFriend
from muse_graph.errors import invalid
from muse_graph.graph.connection import Graph, Row
from muse_graph.graph.query_records import SuggestedFriendsSome
from muse_graph.service.users.users import get_user
from muse_graph.service.visibility import may_see_listens

__all__ = ["MAX_SUGGESTED", "suggest_friends"]

MAX_SUGGESTED = 100
#: Friends whose friends are looked at, and how many friends these have in all: bounds the work of a user who
#: knows everybody.
_MAX_FRIENDS, _BUDGET = 200, 10_000
_MAX_SIMILAR = 50


def suggest_friends(graph: Graph, user_id: str, k: int = 20) -> list[SuggestedFriend]:
    """Friends of friends, then listeners with similar taste; one round trip, two for a user without any.

    A friend in common counts 1 / ln(1 + n), where n is how many friends that one has (Adamic and Adar): who
    knows everybody tells little. Whom a block or a request, open or declined, links to the user is never
    suggested; who lets only friends or nobody see what they play is not for
    the sake of similar taste.

    Raises:
        UnknownUser: If no user has that id.
        InvalidRequest: For k out of 1..100.

    References:
        Adamic and Adar, Social Networks 25, 2003
    """
    if not 1 <= k <= MAX_SUGGESTED:
        raise invalid("k", f"must be 1..{MAX_SUGGESTED}", k)
    rows = graph.read(
        "suggested_friends",
        user_id=user_id,
        max_friends=_MAX_FRIENDS,
        budget=_BUDGET,
        limit=k,
        max_similar=_MAX_SIMILAR,
    )
    if not rows:
        get_user(graph, user_id)
    chosen: dict[str, Row] = {}
    for row in rows:
        if row["kind"] == "friends-of-friends" or may_see_listens(row["listens_visible_to"], "none"):
            chosen.setdefault(row["user_id"], row)
    return [_suggested(rank, row) for rank, row in enumerate(list(chosen.values())[:k], 1)]


def _suggested(rank: int, row: Row) -> SuggestedFriend:
    some: list[SuggestedFriendsSome] = row["some"]
    common = [Named(one.user_id, one.name or one.user_id) for one in some]
    is_near = row["kind"] == "friends-of-friends"
    text = _common_text(row["common_friends"], common) if is_near else "Listens to what you listen to"
    reason = Reason(row["kind"], text, row["weight"], n=row["common_friends"] if is_near else None)
    return SuggestedFriend(
        rank,
        row["user_id"],
        row["name"],
        row["country"],
        row["common_friends"],
        common,
        row["weight"],
        [reason],
    )


def _common_text(n: int, some: list[Named]) -> str:
    """How many friends in common, and who: "5 friends in common, Ana and Ben among them"."""
    names = " and ".join(one.name for one in some)
    counted = "One friend" if n == 1 else f"{n:,} friends"
    return f"{counted} in common: {names}" if n <= len(some) else f"{counted} in common, {names} among them"
