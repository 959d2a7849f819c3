"""Tracks that friends play, ranked by the friends' similarity if no model is trained."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from muse_graph.answers import left_early
from muse_graph.core.discovery.genre_scores import genre_boosts, genre_scores
from muse_graph.core.discovery.twenty_percent_rule import Ledger
from muse_graph.core.listening.profiles import Profiles
from muse_graph.core.scoring import (
    FriendContribution,
    FriendWeights,
    NeighbourhoodScorer,
    ScoringOptions,
    friend_contributions,
    put_under_radar,
)
from muse_graph.core.types import BoolArray, Candidates, FloatArray, IntArray, Scored
from muse_graph.service.recommendations.candidates import (
    CandidateSet,
    ChosenTracks,
    allowed_genres,
    generate_candidates,
)
from muse_graph.service.recommendations.context import RecommendationContext
from muse_graph.service.recommendations.explanations import ScoreBreakdown, split_named
from muse_graph.service.recommendations.options import RecommendationOptions
from muse_graph.service.recommendations.track_cache import TrackInfo

__all__ = ["FriendRanker", "FriendRanking"]

_DEFAULTS = ScoringOptions()

#: Worth of a genre that every friend listens to, beside the share of their plays it has.
BREADTH = 0.2


@dataclass(frozen=True)
class FriendRanker:
    """Ranks tracks that others play for one listener.

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

    def generate(
        self, profiles: Profiles, genre: IntArray, allowed: BoolArray
    ) -> tuple[Candidates, IntArray]:
        """Tracks of these profiles that the listener does not know, and the genre of each.

        See `generate_candidates`.
        """
        boost = self.genre_boost
        items, genre = generate_candidates(profiles, genre, allowed, boost, self.context.known)
        return Candidates(items, np.append(boost, 0.0)[genre], np.zeros(len(items), np.bool_)), genre

    def ranking(self) -> FriendRanking:
        """What friends play, scored."""
        context = self.context
        unscored, genre = self.generate(context.profiles, context.profile_genre, self.allowed)
        scored = self.scorer.score(context.neighbourhood, unscored, self.friends)
        weight = self.scoring_options.radar_weight
        candidates = CandidateSet(scored.items, scored.scores, genre, radar_weight=weight)
        return FriendRanking(context, candidates, scored)


@dataclass(frozen=True)
class FriendRanking:
    """Tracks of friends, scored; `scored` has what each friend adds."""

    context: RecommendationContext
    candidates: CandidateSet
    scored: Scored

    def explain(self, chosen: ChosenTracks) -> list[ScoreBreakdown]:
        """What the scores of chosen candidates are made of."""
        index, weight = chosen.index, self.candidates.radar_weight
        under_radar = np.array([track.under_radar for track in chosen.tracks], np.bool_)
        scored = put_under_radar(self.scored, index[under_radar], weight)
        friends = friend_contributions(scored, index, self.context.neighbourhood.interactions)
        columns = (
            self.candidates.genre[index],
            scored.genre[index],
            scored.radar[index] + chosen.raised,
            scored.scores[index] + chosen.raised,
        )
        rows = zip(chosen.tracks, friends, *(column.tolist() for column in columns), strict=True)
        return [self._breakdown(*row) for row in rows]

    def _breakdown(
        self,
        track: TrackInfo,
        friends: list[FriendContribution],
        genre_index: int,
        genre: float,
        radar: float,
        score: float,
    ) -> ScoreBreakdown:
        # The similarity of a friend who left it early does not speak for it.
        friends = [
            friend._replace(contribution=friend.contribution + friend.taste, taste=0.0)
            if left_early(friend.heard)
            else friend
            for friend in friends
        ]
        named, others = split_named(friends, self.context.private)
        left = [friend.heard for friend in others if left_early(friend.heard)]
        return ScoreBreakdown(
            track,
            genre_index,
            genre,
            radar,
            score,
            friends=named,
            n_other_friends=len(others) - len(left),
            other_friends=sum(friend.contribution for friend in others),
            others_left=left,
            friend_similarity=sum(friend.taste for friend in friends),
        )
