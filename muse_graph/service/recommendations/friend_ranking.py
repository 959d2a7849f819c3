"""From a neighbourhood to scored candidates: who counts, which genres, which tracks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from muse_graph.core.discovery.rule import Ledger, genre_boosts, genre_scores
from muse_graph.core.listening.profiles import Profiles
from muse_graph.core.scoring import FriendWeights, NeighbourhoodScorer, ScoringOptions
from muse_graph.core.types import BoolArray, Candidates, FloatArray, IntArray
from muse_graph.service.recommendations.candidates import generate_candidates
from muse_graph.service.recommendations.context import RecommendationContext
from muse_graph.service.recommendations.options import RecommendationOptions

__all__ = ["Ranker", "allowed_genres"]

_DEFAULTS = ScoringOptions()

#: Worth of a genre that every friend listens to, beside the share of their plays it has.
BREADTH = 0.2


@dataclass(frozen=True)
class Ranker:
    """Ranks tracks that neighbours play for one listener.

    Attributes:
        context: the listener, and the friends who speak for genres
        ledger: which genres may be offered
    """

    context: RecommendationContext
    ledger: Ledger
    options: RecommendationOptions

    @property
    def scoring_options(self) -> ScoringOptions:
        """How friends are weighed."""
        return self.options.scoring or _DEFAULTS

    @cached_property
    def scorer(self) -> NeighbourhoodScorer:
        """The scorer of neighbours."""
        return NeighbourhoodScorer(self.scoring_options)

    @cached_property
    def friends(self) -> FriendWeights:
        """How much each friend counts."""
        return self.scorer.weigh(self.context.neighbourhood)

    @cached_property
    def genre_share(self) -> FloatArray:
        """(n_genres,) float64: the share each genre has of what friends play, by the friends' weights."""
        profiles, genre = self.context.profiles, self.context.profile_genre
        rows = np.flatnonzero((profiles.user_index > 0) & (genre >= 0))
        return genre_scores(
            self.friends.total,
            profiles.user_index[rows] - 1,
            genre[rows],
            profiles.plays[rows],
            len(self.context.genres.keys),
            self.scoring_options.damping,
        )

    @cached_property
    def genre_scores(self) -> FloatArray:
        """(n_genres,) float64: share among friends, weighted by taste, and how many of them listen."""
        return self.genre_share + self.genre_breadth

    @cached_property
    def genre_breadth(self) -> FloatArray:
        """(n_genres,) float64: the part of the genre score that counts heads."""
        return BREADTH * self.context.genres.listeners / max(self.context.n_friends, 1)

    @cached_property
    def genre_boost(self) -> FloatArray:
        """(n_genres,) float64: how much each offered genre draws its tracks up, 0 for the others."""
        if self.options.mode != "discovery":
            return np.zeros(len(self.ledger.streams))
        return genre_boosts(self.ledger, self.genre_scores)

    @cached_property
    def allowed(self) -> BoolArray:
        """(n_genres + 1,) bool: genres that tracks may come from, the last for none of them."""
        return allowed_genres(self.ledger, self.options)

    def candidates(
        self, profiles: Profiles, genre: IntArray, allowed: BoolArray
    ) -> tuple[Candidates, IntArray]:
        """Tracks of these profiles that the listener does not know, and the genre of each.

        See `generate_candidates`.
        """
        boost = self.genre_boost
        items, genre = generate_candidates(profiles, genre, allowed, boost, self.context.known)
        return Candidates(items, np.append(boost, 0.0)[genre], np.zeros(len(items), np.bool_)), genre


def allowed_genres(ledger: Ledger, options: RecommendationOptions) -> BoolArray:
    """(n_genres + 1,) bool: genres that tracks may come from; the last says whether those without may."""
    if options.mode == "discovery":
        return np.append(ledger.offered, False)
    new = ledger.streams == 0 if options.new_only else np.ones(len(ledger.streams), np.bool_)
    return np.append(new & ~ledger.dismissed, not options.new_only)
