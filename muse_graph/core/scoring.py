"""Collaborative filtering over a friend network, with what each friend adds to a score."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple, get_args

import numpy as np

from muse_graph.core.arrays import interaction_weights, positions
from muse_graph.core.checks import check_at_least, refusal
from muse_graph.core.similarity import similarities
from muse_graph.core.types import (
    Candidates,
    Contributions,
    FloatArray,
    IntArray,
    Interactions,
    Neighbourhood,
    Scored,
    SimilarityKind,
    WeightKind,
)

__all__ = [
    "FriendContribution",
    "FriendWeights",
    "NeighbourhoodScorer",
    "ScoringOptions",
    "friend_contributions",
    "put_under_radar",
]


@dataclass(frozen=True, slots=True)
class ScoringOptions:
    """What can be set about the scorer.

    Attributes:
        similarity: how friends are compared, see `similarities`
        shrinkage: >= 0, items in common at which half of a similarity counts
        weights: what a play is worth, see `interaction_weights`
        neighbours: >= 1, friends kept: the most similar, ties by position
        trust: >= 0, what a friend counts without any similarity
        damping: >= 0, pulls scores that rest on few friends towards 0
        genre_weight: >= 0, worth of the most appealing genre
        radar_weight: >= 0, worth of an artist under the radar

    Raises:
        InvalidRequest: Naming the option, its value and the rule.
    """

    similarity: SimilarityKind = "cosine"
    shrinkage: float = 5.0
    weights: WeightKind = "heard"
    neighbours: int = 50
    trust: float = 0.1
    damping: float = 1.0
    genre_weight: float = 0.2
    radar_weight: float = 0.05

    def __post_init__(self) -> None:
        _check_choice("similarity", self.similarity, get_args(SimilarityKind))
        _check_choice("weights", self.weights, get_args(WeightKind))
        if self.neighbours < 1:
            raise refusal("neighbours", "must be >= 1", self.neighbours)
        for name in ("shrinkage", "trust", "damping", "genre_weight", "radar_weight"):
            check_at_least(name, getattr(self, name), 0)


def _check_choice(name: str, value: str, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise refusal(name, f"must be one of {', '.join(choices)}", value)


@dataclass(frozen=True, slots=True, eq=False)
class FriendWeights:
    """How much each friend counts for the user, and how much each listener likes what they played.

    Attributes:
        weights: (n,) float64 in [0, 1], one for each interaction
        similarity: (n_friends,) float64 in [-1, 1]
        kept: (n_kept,) int64 ascending, the friends that count
        trust: (n_friends,) float64, the trust of the kept friends, 0 for the others
        taste: (n_friends,) float64, the similarity of the kept friends where positive, else 0
    """

    weights: FloatArray
    similarity: FloatArray
    kept: IntArray
    trust: FloatArray
    taste: FloatArray

    @property
    def total(self) -> FloatArray:
        """(n_friends,) float64, trust + taste: the `a_f` of the score and of `genre_scores`."""
        return self.trust + self.taste


@dataclass(frozen=True, slots=True)
class NeighbourhoodScorer:
    """The weighted mean of what friends play, plus genre and radar.

    score(t) = sum_f a_f w(f, t) / (sum_f a_f + damping) + genre_weight appeal(genre of t) + radar_weight r(t)
    over the kept friends f, with a_f = trust + max(similarity of f to the user, 0), and r(t) 1 for an artist
    under the radar, else 0.

    References:
        Herlocker et al., SIGIR 1999 (neighbourhood methods)
    """

    options: ScoringOptions = ScoringOptions()

    def weigh(self, neighbourhood: Neighbourhood) -> FriendWeights:
        """Compare the user with each friend and keep the most similar."""
        options, n_friends, played = self.options, neighbourhood.n_friends, neighbourhood.interactions
        weights = interaction_weights(played, options.weights)
        similarity = similarities(played, weights, 0, n_friends + 1, options.similarity, options.shrinkage)[
            1:
        ]
        kept = np.sort(np.argsort(-similarity, kind="stable")[: options.neighbours])
        trust, taste = np.zeros(n_friends), np.zeros(n_friends)
        trust[kept] = options.trust
        taste[kept] = np.maximum(similarity[kept], 0.0)
        return FriendWeights(weights, similarity, kept, trust, taste)

    def score(
        self, neighbourhood: Neighbourhood, candidates: Candidates, friends: FriendWeights | None = None
    ) -> Scored:
        """Score each candidate for the user.

        Args:
            friends: what `weigh` gave for this neighbourhood, to spare doing it again

        Returns:
            scores (n_candidates,) float64 >= 0 with their parts; friends that do not count have none
        """
        friends = self.weigh(neighbourhood) if friends is None else friends
        added = self._contributions(neighbourhood, candidates.items, friends)
        n = len(candidates)
        genre = self.options.genre_weight * candidates.genre
        radar = self.options.radar_weight * candidates.under_radar.astype(np.float64)
        by_friends = np.bincount(added.candidate, added.trust, n) + np.bincount(
            added.candidate, added.taste, n
        )
        return Scored(candidates.items, by_friends + genre + radar, added, genre, radar)

    def _contributions(
        self, neighbourhood: Neighbourhood, items: IntArray, friends: FriendWeights
    ) -> Contributions:
        played = neighbourhood.interactions
        # The user, at 0, counts for nothing.
        counts = np.append(0.0, friends.total)[played.user_index] > 0
        row = np.flatnonzero(counts)
        candidate = positions(items, played.item[row])
        found = candidate >= 0
        row, candidate = row[found], candidate[found]
        friend = played.user_index[row] - 1
        # Without counted friends there is no row to divide.
        share = friends.weights[row] / (float(friends.total.sum()) + self.options.damping)
        return Contributions(candidate, row, share * friends.trust[friend], share * friends.taste[friend])


def put_under_radar(scored: Scored, under_radar: IntArray, weight: float) -> Scored:
    """Add the radar part where it became known after scoring.

    Args:
        under_radar: (m,) int64, positions of candidates without a radar part so far
        weight: as `ScoringOptions.radar_weight`
    """
    added = np.zeros(len(scored.items))
    added[under_radar] = weight
    return replace(scored, scores=scored.scores + added, radar=scored.radar + added)


class FriendContribution(NamedTuple):
    """What one friend who plays an item adds to its score.

    Attributes:
        friend_index: position among the friends, from 0 (user_index - 1)
        plays: number of plays
        heard: share heard, 0..1; NaN if unknown
        contribution: what the friend adds by playing it
        taste: what the friend adds besides, by being similar to the user
    """

    friend_index: int
    plays: int
    heard: float
    contribution: float
    taste: float = 0.0


def friend_contributions(
    scored: Scored, index: IntArray, interactions: Interactions
) -> list[list[FriendContribution]]:
    """Split what friends add to scores.

    Args:
        index: (m,) int64, positions of candidates, each once
        interactions: those that were scored (friend i is user_index i + 1)

    Returns:
        for each position the friends that add to its score, who adds most first, ties by friend_index
    """
    wanted = np.full(len(scored.items), -1)
    wanted[index] = np.arange(len(index))
    added = scored.friends.trust + scored.friends.taste
    rows = np.flatnonzero((wanted[scored.friends.candidate] >= 0) & (added > 0))
    rows = rows[np.lexsort((scored.friends.row[rows], -added[rows]))]
    played = scored.friends.row[rows]
    columns = (
        interactions.user_index[played] - 1,
        interactions.plays[played],
        interactions.heard[played],
        scored.friends.trust[rows],
        scored.friends.taste[rows],
    )
    friends: list[list[FriendContribution]] = [[] for _ in index]
    contributions = map(FriendContribution, *(column.tolist() for column in columns))
    for row, one in zip(wanted[scored.friends.candidate[rows]].tolist(), contributions, strict=True):
        friends[row].append(one)
    return friends
