"""A trained model asked about one listener: scores of all tracks, and of the genres."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from muse_graph.core.arrays import find
from muse_graph.core.discovery.item_scores import (
    Discovery,
    discover,
    genre_chances,
)
from muse_graph.core.discovery.twenty_percent_rule import Ledger, headroom
from muse_graph.core.models.score_stats import ScoreStats, score_stats
from muse_graph.core.models.types import Profile, Scores
from muse_graph.core.types import BoolArray, Float32Array, FloatArray, IntArray
from muse_graph.model_store import ServedModel
from muse_graph.service.recommendations.context import RecommendationContext
from muse_graph.service.recommendations.new_tracks import scores_of_new
from muse_graph.service.recommendations.options import RecommendationOptions
from muse_graph.service.recommendations.track_cache import TrackReader

__all__ = ["ModelScores"]

#: A list with this share under the radar comes of the knob of `discover` at 1.
_SHARE_AT_ONE = 0.25


@dataclass(frozen=True)
class ModelScores:
    """What the model makes of the listener at this moment.

    Attributes:
        ledger: which genres may be offered
        tracks: what tracks are that came after the training; without it they are as good as the mean
    """

    context: RecommendationContext
    ledger: Ledger
    options: RecommendationOptions
    served: ServedModel
    tracks: TrackReader | None = None

    @cached_property
    def profile(self) -> Profile:
        """The listener as the model sees them, with everything done up to now."""
        context = self.context
        played = context.own.interactions()
        return self.served.profile(
            track_keys=played.item,
            plays=played.plays,
            heard=played.heard,
            saved_keys=context.saved,
            discarded_keys=context.discarded,
            friends=self.friends,
            tags=context.tags,
        )

    @cached_property
    def friends(self) -> IntArray:
        """(n_friends,) int64: positions among the users of the model, -1 for those it does not know."""
        return self.served.users(self.context.user_keys[1:])

    @cached_property
    def scores(self) -> Scores:
        """Scores of the whole catalogue."""
        return self.served.model.score(self.profile)

    @cached_property
    def stats(self) -> ScoreStats:
        """Where the scores of tracks with a listener lie."""
        heard, values = self.served.heard, self.scores.values
        return score_stats(values if heard is None else values[heard])

    @cached_property
    def standard(self) -> Float32Array:
        """(n_items,) float32: the scores in deviations above their mean."""
        return self.stats.standardise(self.scores.values)

    @cached_property
    def genre_index(self) -> IntArray:
        """(n_genres,) int64: position of each genre of the context among the model's, -1 for none."""
        return find(self.served.catalogue.genre_keys, self.context.genres.keys)

    @cached_property
    def genre_scores(self) -> FloatArray:
        """(n_genres,) float64 >= 0: what the best new tracks of each have above the mean, times its headroom.

        A genre never heard has all its headroom, one at the cap none: a listener is pushed on to what is new.
        """
        new = self.standard.copy()
        new[self.profile.items] = -np.inf
        scores = self.served.genre_items.scores(new)
        left: FloatArray = headroom(self.ledger) * np.append(scores, 0.0)[self.genre_index]
        return left

    @cached_property
    def genre_chances(self) -> FloatArray:
        """(n_genres,) float64: how likely the listener takes to each genre offered next."""
        return genre_chances(self.genre_scores, self.ledger.offered)

    @property
    def knows_listener(self) -> bool:
        """Whether there is anything to rank the whole catalogue by: a friend, a listen, a save or a tag."""
        profile = self.profile
        return bool((profile.feedback >= 0).any() or len(profile.friends) or len(profile.tags))

    def standard_of(self, keys: IntArray, items: IntArray) -> FloatArray:
        """(n,) float64: the standard score of tracks, of those the model does not know by `new_tracks`.

        Args:
            keys: (n,) int64 keys of the tracks
            items: (n,) int64 their positions, -1 for those the model does not know
        """
        standard, new = self.standard[items].astype(np.float64), np.flatnonzero(items < 0)
        standard[new] = 0.0
        if len(new) and self.tracks is not None:
            tracks = self.tracks.get(keys[new].tolist())
            standard[new] = scores_of_new(self.served.catalogue, self.standard, tracks)
        return standard

    def score(self, standard: FloatArray, items: IntArray, genre: IntArray) -> Discovery:
        """Score candidates; one that came after the training is under the radar.

        Args:
            standard: (n,) float64 of `standard_of`
            items: (n,) int64 positions of items, -1 for those the model does not know
            genre: (n,) int64 the genre each is offered for, -1 for none
        """
        if self.options.mode == "discovery":
            chances = self.genre_chances
        else:
            genre, chances = np.zeros(len(items), np.int64), np.ones(1)
        radar = min(self.options.radar_share / _SHARE_AT_ONE, 1.0)
        under_radar = self.under_radar(items)
        return discover(standard, genre, chances, under_radar, focus=self.options.focus, radar=radar)

    def under_radar(self, items: IntArray) -> BoolArray:
        """(n,) bool, as it was at the training; True for those the model does not know."""
        return (items < 0) | self.served.catalogue.under_radar[items]
