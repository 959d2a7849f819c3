"""Why an item is recommended: parts that add up to its score."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

import numpy as np

from muse_graph.core.types import IntArray, Interactions, Scored
from muse_graph.errors import InvalidRequest

__all__ = ["Explanation", "FriendPart", "OtherFriends", "explain"]


class FriendPart(NamedTuple):
    """One friend's part in a score.

    Attributes:
        friend_index: position among the friends, from 0 (user_index - 1)
        trust, taste: what the friend adds by being one, and by being similar
        heard: share heard, 0..1; NaN if unknown
        plays: number of plays
    """

    friend_index: int
    trust: float
    taste: float
    heard: float
    plays: int


class OtherFriends(NamedTuple):
    """The friends that are not named, taken together: how many, and their parts."""

    n_friends: int
    trust: float
    taste: float


class Explanation(NamedTuple):
    """The parts of one score.

    Attributes:
        friends: the named friends, greatest trust + taste first, ties by friend_index
        others: the rest of the friends that add to the score
        taste: what the user's own taste adds, over all friends, named or not
    """

    item: int
    score: float
    friends: tuple[FriendPart, ...]
    others: OtherFriends
    taste: float
    genre: float
    radar: float

    @property
    def contributions(self) -> tuple[float, ...]:
        """Trust of each named friend, trust of the others, taste, genre, radar: their sum is the score."""
        named = (part.trust for part in self.friends)
        return (*named, self.others.trust, self.taste, self.genre, self.radar)


def explain(
    scored: Scored,
    positions: IntArray,
    interactions: Interactions,
    most_named: int,
    private: Collection[int] = (),
) -> list[Explanation]:
    """Take scores apart.

    Args:
        positions: (m,) int64, of items among the candidates, each once
        interactions: those that were scored (friend i is user_index i + 1)
        most_named: >= 0, friends named at most
        private: friend_index of those who keep their listens private and are not named

    Returns:
        one for each position, in their order

    Raises:
        InvalidRequest: If most_named < 0.
    """
    if most_named < 0:
        raise InvalidRequest(f"most_named must be >= 0, got {most_named}")
    friends = _friend_parts(scored, positions, interactions)
    columns = (
        array[positions].tolist() for array in (scored.items, scored.scores, scored.genre, scored.radar)
    )
    return [
        _explanation(item, score, genre, radar, parts, most_named, private)
        for item, score, genre, radar, parts in zip(*columns, friends, strict=True)
    ]


def _friend_parts(scored: Scored, wanted: IntArray, interactions: Interactions) -> list[list[FriendPart]]:
    """For each wanted candidate the friends that add to it, the greatest part first."""
    index = np.full(len(scored.items), -1)
    index[wanted] = np.arange(len(wanted))
    added = scored.friends.trust + scored.friends.taste
    rows = np.flatnonzero((index[scored.friends.candidate] >= 0) & (added > 0))
    rows = rows[np.lexsort((scored.friends.row[rows], -added[rows]))]
    played = scored.friends.row[rows]
    columns = (
        interactions.user_index[played] - 1,
        scored.friends.trust[rows],
        scored.friends.taste[rows],
        interactions.heard[played],
        interactions.plays[played],
    )
    found: list[list[FriendPart]] = [[] for _ in wanted]
    parts = map(FriendPart, *(column.tolist() for column in columns))
    for at, part in zip(index[scored.friends.candidate[rows]].tolist(), parts, strict=True):
        found[at].append(part)
    return found


def _explanation(
    item: int,
    score: float,
    genre: float,
    radar: float,
    friends: list[FriendPart],
    most_named: int,
    private: Collection[int],
) -> Explanation:
    named: list[FriendPart] = []
    rest: list[FriendPart] = []
    for part in friends:
        may = len(named) < most_named and part.friend_index not in private
        (named if may else rest).append(part)
    others = OtherFriends(len(rest), sum(part.trust for part in rest), sum(part.taste for part in rest))
    return Explanation(item, score, tuple(named), others, sum(part.taste for part in friends), genre, radar)
