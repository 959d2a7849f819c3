"""Why an item is recommended: parts that add up to its score."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from muse_graph.core.types import BoolArray, ColumnMatrix, FloatArray, IntArray, Interactions, Scored
from muse_graph.errors import InvalidRequest, ShapeError

__all__ = ["Explanation", "FriendPart", "OtherFriends", "explain"]


@dataclass(frozen=True, slots=True)
class FriendPart:
    """One friend's part in a score.

    friend_index : position among the friends, from 0 (user_index - 1)
    trust, taste : what the friend adds by being one, and by being similar
    heard        : share heard, 0..1; NaN if unknown
    plays        : number of plays
    """

    friend_index: int
    trust: float
    taste: float
    heard: float
    plays: int


@dataclass(frozen=True, slots=True)
class OtherFriends:
    """The friends that are not named, taken together: how many, and their parts."""

    n_friends: int
    trust: float
    taste: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """The parts of one score.

    friends : the named friends, greatest trust + taste first, ties by friend_index
    others  : the rest of the friends that add to the score
    taste   : what the user's own taste adds, over all friends, named or not
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
    position: int,
    interactions: Interactions,
    most_named: int,
    may_name: BoolArray | None = None,
) -> Explanation:
    """Take one score apart.

    position     : of the item among the candidates
    interactions : those that were scored (friend i is user_index i + 1)
    most_named   : >= 0, friends named at most
    may_name     : (n_friends,) bool, False for friends who keep their listens private; None if all may be
    raises       : InvalidRequest if most_named < 0; ShapeError if may_name is not (n_friends,)
    """
    if most_named < 0:
        raise InvalidRequest(f"most_named must be >= 0, got {most_named}")
    n_friends = scored.trust.shape[0]
    if may_name is not None and may_name.shape != (n_friends,):
        raise ShapeError(f"may_name must be ({n_friends},), got {may_name.shape}")
    trust, taste = _column(scored.trust, position), _column(scored.taste, position)
    order = np.argsort(-(trust + taste), kind="stable")
    adding = order[(trust + taste)[order] > 0]
    nameable = adding if may_name is None else adding[may_name[adding]]
    named = nameable[:most_named]
    rest = adding[~np.isin(adding, named)]
    item = int(scored.items[position])
    return Explanation(
        item=item,
        score=float(scored.scores[position]),
        friends=_friend_parts(named, trust, taste, item, interactions),
        others=OtherFriends(len(rest), float(trust[rest].sum()), float(taste[rest].sum())),
        taste=float(taste.sum()),
        genre=float(scored.genre[position]),
        radar=float(scored.radar[position]),
    )


def _column(matrix: ColumnMatrix, position: int) -> FloatArray:
    column = np.zeros(matrix.shape[0])
    stored = slice(matrix.indptr[position], matrix.indptr[position + 1])
    column[matrix.indices[stored]] = matrix.data[stored]
    return column


def _friend_parts(
    named: IntArray, trust: FloatArray, taste: FloatArray, item: int, interactions: Interactions
) -> tuple[FriendPart, ...]:
    rows = np.flatnonzero(interactions.item == item)
    row_of = dict(zip(interactions.user_index[rows].tolist(), rows.tolist(), strict=True))
    return tuple(
        FriendPart(
            friend_index=friend,
            trust=float(trust[friend]),
            taste=float(taste[friend]),
            heard=float(interactions.heard[row_of[friend + 1]]),
            plays=int(interactions.plays[row_of[friend + 1]]),
        )
        for friend in named.tolist()
    )
