"""Tracks ranked by a trained model: what friends and similar listeners play, or the whole catalogue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from muse_graph.answers import LEFT_EARLY
from muse_graph.core.arrays import find, positions
from muse_graph.core.discovery.item_scores import Discovery
from muse_graph.core.keys import keys_of
from muse_graph.core.scoring import FriendContribution
from muse_graph.core.types import BoolArray, FloatArray, IntArray
from muse_graph.service.recommendations.candidates import (
    CandidateSet,
    ChosenTracks,
    allowed_genres,
    generate_candidates,
)
from muse_graph.service.recommendations.discard_penalty import ArtistPenalty, artist_penalty
from muse_graph.service.recommendations.explanations import (
    NOTHING,
    OwnContribution,
    ScoreBreakdown,
    split_named,
)
from muse_graph.service.recommendations.model_scores import ModelScores
from muse_graph.service.recommendations.track_cache import TrackInfo

__all__ = ["ModelRanking", "rank_catalogue", "rank_neighbourhood"]

#: Scores below this one are drawn together, so that none falls to 0: what comes after has a score too.
_POOR = 0.1
#: Tracks of the listener's own that a reason names.
_MOST_OWN = 2


def rank_neighbourhood(model: ModelScores) -> ModelRanking:
    """Score what friends and listeners with similar taste play."""
    context = model.context
    keys, genre = generate_candidates(
        context.all_profiles,
        context.all_profile_genre,
        allowed_genres(model.ledger, model.options),
        model.genre_chances,
        context.known,
    )
    return _rank(model, keys, genre)


def rank_catalogue(model: ModelScores, allowed: BoolArray) -> ModelRanking:
    """Score all that has a listener.

    Args:
        allowed: (n_genres + 1,) bool, the last for tracks whose genre is none of the context
    """
    context, catalogue = model.context, model.served.catalogue
    genre = np.append(find(context.genres.keys, catalogue.genre_keys), -1)[catalogue.genre]
    known = np.isin(catalogue.track_keys, context.known)
    open_ = np.flatnonzero(allowed[genre] & (catalogue.listeners > 0) & ~known)
    return _rank(model, catalogue.track_keys[open_], genre[open_])


def _rank(model: ModelScores, keys: IntArray, genre: IntArray) -> ModelRanking:
    """Score tracks, given as `generate_candidates` gives them."""
    items = model.served.items(keys)
    under_radar = model.under_radar(items)
    if model.options.mode == "under-the-radar":
        keys, genre, items = keys[under_radar], genre[under_radar], items[under_radar]
        under_radar = under_radar[under_radar]
    standard = model.standard_of(keys, items)
    scored = model.score(standard, items, genre)
    penalty = artist_penalty(model.profile, model.served.catalogue, items)
    own = model.served.catalogue.track_keys[model.profile.items].tolist()
    candidates = CandidateSet(keys, scored.values + penalty.scores, genre, under_radar, named=own)
    return ModelRanking(model, candidates, items, standard, scored, penalty)


@dataclass(frozen=True)
class ModelRanking:
    """Candidates as the model scores them.

    Attributes:
        items: (n,) int64 their positions in the model, -1 for those it does not know
        standard: (n,) float64 their scores in deviations above the mean
        scored: what item, genre and radar add to each
        penalty: what discards take away from each
    """

    model: ModelScores
    candidates: CandidateSet
    items: IntArray
    standard: FloatArray
    scored: Discovery
    penalty: ArtistPenalty

    def explain(self, chosen: ChosenTracks) -> list[ScoreBreakdown]:
        """What the scores of chosen candidates are made of."""
        index = chosen.index
        radar = self.scored.radar[index] + chosen.raised
        own, friends, rest = self._split(index, radar)
        by_friend = self._by_friend(friends)
        playing, n_similar = self._players(self.candidates.items[index], by_friend)
        # Little heard at the training and not any more is no reason of its own.
        under_radar = np.array([track.under_radar for track in chosen.tracks], np.bool_)
        # Nor is a genre that the context does not know: what it takes away is part of the rest.
        genre = self.candidates.genre[index]
        similar = (
            rest + np.where(under_radar, 0.0, radar) + np.where(genre < 0, self.scored.genre[index], 0.0)
        )
        columns = {
            "genre_index": genre,
            "genre": self.scored.genre[index],
            "radar": radar,
            # Until those who are named are taken out: also of friends beyond those that the context has.
            "other_friends": friends.sum(axis=1),
            "own_total": own.sum(axis=1),
            "n_similar": n_similar,
            "similar": similar,
            "n_discards": self.penalty.discards[index],
            "penalty": self.penalty.scores[index],
        }
        numbers = zip(*(column.tolist() for column in columns.values()), strict=True)
        rows = zip(chosen.tracks, playing, self._strongest(own), numbers, strict=True)
        return [
            self._breakdown(track, friends_playing, strongest, dict(zip(columns, values, strict=True)))
            for track, friends_playing, strongest, values in rows
        ]

    def _breakdown(
        self,
        track: TrackInfo,
        playing: Sequence[FriendContribution],
        own: Sequence[OwnContribution],
        numbers: dict[str, Any],
    ) -> ScoreBreakdown:
        """The breakdown of one track. numbers : by their names in `ScoreBreakdown`"""
        named, others = split_named(playing, self.model.context.private)
        for friend in named:
            numbers["other_friends"] -= friend.contribution
        return ScoreBreakdown(track, friends=named, n_other_friends=len(others), own=own, **numbers)

    def _split(self, index: IntArray, radar: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Split the item's share of scores, in deviations.

        Args:
            radar: (n,) float64, what being under the radar adds

        Returns:
            (n, n_own) float64 what each item of the profile adds, (n, n_profile_friends) float64 what each
            friend of the profile adds, and (n,) float64 the rest; all of a track that the model does not know
        """
        stats, items = self.model.stats, self.items[index]
        known = items >= 0
        parts = self.model.scores.parts(np.maximum(items, 0))
        own = np.where(known[:, None], parts.own, 0.0) / stats.deviation
        friends = np.where(known[:, None], parts.friends, 0.0) / stats.deviation
        # What all scores have in common is no reason for any: they are told from there on, and not from the
        # mean. What a track is that the model does not know is all in the rest.
        content = stats.mean - parts.base + self.standard[index] * stats.deviation
        rest = np.where(known, parts.rest, content) / stats.deviation
        genre, penalty = self.scored.genre[index], self.penalty.scores[index]
        total = own.sum(axis=1) + friends.sum(axis=1) + rest + genre + radar + penalty
        return own, friends, rest + (_above_zero(total) - total)

    def _by_friend(self, contributions: FloatArray) -> FloatArray:
        """(n, n_friends) float64 in the order of the context, 0 for friends that the model does not know."""
        friend_ids = (friend.user_id for friend in self.model.context.friends)
        users = find(self.model.served.content.user_keys, keys_of(friend_ids))
        # A friend that is unknown, at -1, is not among the profile's friends and finds the column of zeros.
        column = find(self.model.profile.friends, users)
        return np.append(contributions, np.zeros((len(contributions), 1)), axis=1)[:, column]

    def _players(
        self, keys: IntArray, by_friend: FloatArray
    ) -> tuple[list[list[FriendContribution]], IntArray]:
        """Friends who play each track, those who play it most first; how many similar listeners do.

        Who left it early is not among them: what their taste adds is not for this track.
        """
        profiles, n_friends = self.model.context.all_profiles, by_friend.shape[1]
        listed = (positions(keys, profiles.track) >= 0) & ~(profiles.heard < LEFT_EARLY)
        played = profiles.take(np.flatnonzero(listed)).interactions()
        row = positions(keys, played.item)
        friends = np.flatnonzero((played.user_index > 0) & (played.user_index <= n_friends))
        similar = played.user_index > n_friends
        order = friends[np.lexsort((played.user_index[friends], -played.plays[friends]))]
        friend = played.user_index[order] - 1
        columns = (friend, played.plays[order], played.heard[order], by_friend[row[order], friend])
        playing: list[list[FriendContribution]] = [[] for _ in keys]
        contributions = map(FriendContribution, *(column.tolist() for column in columns))
        for at, one in zip(row[order].tolist(), contributions, strict=True):
            playing[at].append(one)
        return playing, np.bincount(row[similar], minlength=len(keys)).astype(np.int64)

    def _strongest(self, own: FloatArray) -> list[list[OwnContribution]]:
        """The items of the profile that add most to each track. own : (n, n_own) float64, what each adds"""
        profile, keys = self.model.profile, self.model.served.catalogue.track_keys
        best = np.argsort(-own, axis=1, kind="stable")[:, :_MOST_OWN]
        columns = (keys[profile.items[best]], profile.feedback[best], np.take_along_axis(own, best, axis=1))
        return [
            [one for one in map(OwnContribution, *row) if one.contribution > NOTHING]
            for row in zip(*(column.tolist() for column in columns), strict=True)
        ]


def _above_zero(total: FloatArray) -> FloatArray:
    """Scores in the same order, all above 0, and only poor ones changed."""
    return np.where(total < _POOR, _POOR**2 / (2 * _POOR - np.minimum(total, _POOR)), total)
