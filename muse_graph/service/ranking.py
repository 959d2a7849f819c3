"""From a neighbourhood to scored candidates: who counts, which genres, which tracks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from muse_graph.core.arrays import positions
from muse_graph.core.genres import Ledger, appeals, genre_scores
from muse_graph.core.profiles import Profiles
from muse_graph.core.scoring import FriendWeights, NeighbourhoodScorer, ScoringOptions
from muse_graph.core.types import BoolArray, Candidates, FloatArray, IntArray
from muse_graph.service.neighbourhood import Surroundings

__all__ = ["DEFAULTS", "Ranker"]

DEFAULTS = ScoringOptions()

#: Worth of a genre that every friend listens to, beside the share of their plays it has.
BREADTH = 0.2


@dataclass(frozen=True)
class Ranker:
    """Ranks tracks that neighbours play for one listener.

    surroundings : the listener, and the friends who speak for genres
    ledger       : which genres may be offered
    """

    surroundings: Surroundings
    ledger: Ledger
    options: ScoringOptions

    @cached_property
    def scorer(self) -> NeighbourhoodScorer:
        """The scorer of neighbours."""
        return NeighbourhoodScorer(self.options)

    @cached_property
    def friends(self) -> FriendWeights:
        """How much each friend counts."""
        return self.scorer.weigh(self.surroundings.neighbourhood)

    @cached_property
    def genre_share(self) -> FloatArray:
        """(n_genres,) float64: the share each genre has of what friends play, by the friends' weights."""
        profiles, genre = self.surroundings.profiles, self.surroundings.profile_genre
        rows = np.flatnonzero((profiles.user_index > 0) & (genre >= 0))
        return genre_scores(
            self.friends.total,
            profiles.user_index[rows] - 1,
            genre[rows],
            profiles.plays[rows],
            len(self.surroundings.genres.keys),
            self.options.damping,
        )

    @cached_property
    def genre_scores(self) -> FloatArray:
        """(n_genres,) float64: share among friends, weighted by taste, and how many of them listen."""
        return self.genre_share + self.genre_breadth

    @cached_property
    def genre_breadth(self) -> FloatArray:
        """(n_genres,) float64: the part of the genre score that counts heads."""
        return BREADTH * self.surroundings.genres.listeners / max(self.surroundings.n_friends, 1)

    @cached_property
    def genre_appeal(self) -> FloatArray:
        """(n_genres,) float64: how much each offered genre draws its tracks up, 0 for the others."""
        return appeals(self.ledger, self.genre_scores)

    def candidates(
        self, profiles: Profiles, genre: IntArray, allowed: BoolArray
    ) -> tuple[Candidates, IntArray]:
        """Tracks of these profiles in allowed genres that the listener has not heard or judged.

        genre   : (n,) int64 for each entry of the profiles the position of its genre, -1 for none
        allowed : (n_genres,) bool
        returns : the candidates, ascending, and (n_candidates,) int64 the genre of each that appeals most
        """
        # No genre, at -1, finds the False at the end.
        rows = np.flatnonzero(np.append(allowed, False)[genre] & (profiles.user_index > 0))
        rows = rows[np.argsort(profiles.track[rows])]
        track = profiles.track[rows]
        if not len(track):
            return Candidates(track, np.empty(0), np.empty(0, np.bool_)), track
        first = np.flatnonzero(np.append(True, track[1:] != track[:-1]))
        by_appeal = np.argsort(-self.genre_appeal, kind="stable")
        place = np.empty_like(by_appeal)
        place[by_appeal] = np.arange(len(by_appeal))
        genre = by_appeal[np.minimum.reduceat(place[genre[rows]], first)]
        track = track[first]
        new = positions(self.known_tracks, track) < 0
        track, genre = track[new], genre[new]
        return Candidates(track, self.genre_appeal[genre], np.zeros(len(track), np.bool_)), genre

    @cached_property
    def known_tracks(self) -> IntArray:
        """Keys of tracks that the listener has heard or judged; some stand there twice."""
        profiles = self.surroundings.profiles
        return np.concatenate([profiles.track[profiles.user_index == 0], self.surroundings.judged])
