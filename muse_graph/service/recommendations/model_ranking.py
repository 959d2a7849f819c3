"""Tracks ranked by a trained model: what friends and similar listeners play, or the whole catalogue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from muse_graph.answers import LEFT_EARLY
from muse_graph.core.arrays import find, others, run_starts
from muse_graph.core.discovery.item_scores import Discovery
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
    MOST_NAMED,
    NOTHING,
    OwnContribution,
    ScoreBreakdown,
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
    return _rank(model, keys, model.served.items(keys), genre)


def rank_catalogue(model: ModelScores, allowed: BoolArray) -> ModelRanking:
    """Score all that has a listener.

    Args:
        allowed: (n_genres + 1,) bool, the last for tracks whose genre is none of the context
    """
    context, catalogue = model.context, model.served.catalogue
    genre = np.append(find(context.genres.keys, catalogue.genre_keys), -1)
    open_ = allowed[genre][catalogue.genre]
    open_ &= catalogue.listeners > 0
    open_ &= others(catalogue.track_keys, context.known)
    items = np.flatnonzero(open_)
    return _rank(model, catalogue.track_keys[items], items, genre[catalogue.genre[items]])


def _rank(model: ModelScores, keys: IntArray, items: IntArray, genre: IntArray) -> ModelRanking:
    """Score tracks.

    Args:
        keys: (n,) int64 ascending
        items: (n,) int64 their positions in the model, -1 for those it does not know
        genre: (n,) int64 the genre each is offered for, -1 for none
    """
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


@dataclass(frozen=True, slots=True, eq=False)
class _Players:
    """Who plays some tracks.

    Attributes:
        row: (n,) int64 ascending, the track of each friend who plays one, those who play it most first
        entry: (n,) int64 position among the profiles of what the friend played
        n_similar: (n_tracks,) int64 listeners with similar taste who play it
    """

    row: IntArray
    entry: IntArray
    n_similar: IntArray


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
        players = self._players(index)
        playing, n_others = self._named(players, self._by_friend(friends))
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
            "n_other_friends": n_others,
            "n_similar": players.n_similar,
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
        named: Sequence[FriendContribution],
        own: Sequence[OwnContribution],
        numbers: dict[str, Any],
    ) -> ScoreBreakdown:
        """The breakdown of one track. numbers : by their names in `ScoreBreakdown`"""
        for friend in named:
            numbers["other_friends"] -= friend.contribution
        return ScoreBreakdown(track, friends=named, own=own, **numbers)

    def _split(self, index: IntArray, radar: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Split the item's share of scores, in deviations.

        Args:
            radar: (n,) float64, what being under the radar adds

        Returns:
            (n, n_own) float64 what each item of the profile adds, (n, n_profile_friends) float64 what each
            friend of the profile adds, and (n,) float64 the rest; all of a track that the model does not know
        """
        stats, items = self.model.stats, self.items[index]
        new = np.flatnonzero(items < 0)
        parts = self.model.scores.parts(np.maximum(items, 0))
        # What all scores have in common is no reason for any: they are told from there on, and not from the
        # mean. What a track is that the model does not know is all in the rest.
        parts.own[new], parts.friends[new] = 0.0, 0.0
        parts.rest[new] = stats.mean - parts.base + self.standard[index[new]] * stats.deviation
        # In one order of memory: it decides how a sum over a row is rounded, and a single row has only one.
        own, friends, rest = (
            np.ascontiguousarray(part) / stats.deviation for part in (parts.own, parts.friends, parts.rest)
        )
        genre, penalty = self.scored.genre[index], self.penalty.scores[index]
        total = own.sum(axis=1) + friends.sum(axis=1) + rest + genre + radar + penalty
        return own, friends, rest + (_above_zero(total) - total)

    def _by_friend(self, contributions: FloatArray) -> FloatArray:
        """(n, n_friends) float64 in the order of the context, 0 for friends that the model does not know."""
        # A friend that is unknown, at -1, is not among the profile's friends and finds the column of zeros.
        column = find(self.model.profile.friends, self.model.friends)
        padded = np.zeros((contributions.shape[0], contributions.shape[1] + 1))
        padded[:, :-1] = contributions
        return padded[:, column]

    def _players(self, index: IntArray) -> _Players:
        """Who plays some of the candidates.

        Who left a track early is not among them: what their taste adds is not for this track.
        """
        profiles, keys = self.model.context.all_profiles, self.candidates.items[index]
        first = np.searchsorted(profiles.tracks, keys)
        n_entries = np.searchsorted(profiles.tracks, keys, side="right") - first
        row = np.repeat(np.arange(len(keys)), n_entries)
        at = np.arange(len(row)) + (first - np.cumsum(n_entries) + n_entries)[row]
        entry = profiles.by_track[at]
        order = np.lexsort((entry, row))
        row, entry = row[order], entry[order]
        # Each user and track once, whatever number of genres the track has.
        once = run_starts(row, profiles.user_index[entry])
        once = once[~(profiles.heard[entry[once]] < LEFT_EARLY)]
        row, entry = row[once], entry[once]
        user, n_friends = profiles.user_index[entry], len(self.model.context.friends)
        n_similar = np.bincount(row[user > n_friends], minlength=len(keys))
        friends = np.flatnonzero((user > 0) & (user <= n_friends))
        row, entry = row[friends], entry[friends]
        order = np.lexsort((-profiles.plays[entry], row))
        return _Players(row[order], entry[order], n_similar)

    def _named(
        self, players: _Players, by_friend: FloatArray
    ) -> tuple[list[list[FriendContribution]], IntArray]:
        """The friends to name of each track, and how many more play it. by_friend : of `_by_friend`"""
        profiles, private = self.model.context.all_profiles, self.model.context.private
        row, entry = players.row, players.entry
        friend = profiles.user_index[entry] - 1
        columns = (row, friend, profiles.plays[entry], profiles.heard[entry], by_friend[row, friend])
        named: list[list[FriendContribution]] = [[] for _ in by_friend]
        for at, index, *rest in zip(*(column.tolist() for column in columns), strict=True):
            if len(named[at]) < MOST_NAMED and index not in private:
                named[at].append(FriendContribution(index, *rest))
        n_named = np.array([len(one) for one in named], np.int64)
        return named, np.bincount(row, minlength=len(named)) - n_named

    def _strongest(self, own: FloatArray) -> list[list[OwnContribution]]:
        """The items of the profile that add most to each track. own : (n, n_own) float64, what each adds"""
        profile, keys = self.model.profile, self.model.served.catalogue.track_keys
        best = np.argsort(-own, axis=1, kind="stable")[:, :_MOST_OWN]
        added = own[np.arange(len(own))[:, None], best]
        columns = (keys[profile.items[best]], profile.feedback[best], added)
        return [
            [one for one in map(OwnContribution, *row) if one.contribution > NOTHING]
            for row in zip(*(column.tolist() for column in columns), strict=True)
        ]


def _above_zero(total: FloatArray) -> FloatArray:
    """Scores in the same order, all above 0, and only poor ones changed."""
    return np.where(total < _POOR, _POOR**2 / (2 * _POOR - np.minimum(total, _POOR)), total)
