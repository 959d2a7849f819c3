"""Scores of a trained model taken apart: by friends, by the listener's own tracks, and the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from muse_graph.core.arrays import find, positions
from muse_graph.core.discovery.item_scores import Discovery
from muse_graph.core.keys import keys_of
from muse_graph.core.types import FloatArray, IntArray
from muse_graph.service.recommendations.discards import ArtistPenalty
from muse_graph.service.recommendations.model_ranking import TrainedRanker

__all__ = ["FriendPlays", "ScoreBreakdown", "explain_scores"]


#: The lowest score a list shows; tracks of other sources come below it.
_LEAST_SCORE = 0.1


class FriendPlays(NamedTuple):
    """What a friend did with a track; heard is NaN where unknown."""

    friend_index: int
    plays: int
    heard: float


@dataclass(frozen=True)
class ScoreBreakdown:
    """n tracks; all parts of one add up to its score.

    Attributes:
        own: (n, n_own) float64, what each item of the profile adds
        friends: (n, n_friends) float64, what each friend of the surroundings adds
        strangers: (n,) float64, what friends beyond those that are looked at add
        rest: (n,) float64, near listeners and tags; all of a track that the model does not know
        genre: (n,) float64, below 0 for a genre less likely than most of those offered
        radar: (n,) float64 >= 0, what being under the radar adds
        against: (n,) float64 <= 0, what discards of the same artist take away; n_against (n,) int64 of them
        playing: friends who play each, those who play it most first
        n_near: (n,) int64, listeners with similar taste who play each
    """

    own: FloatArray
    friends: FloatArray
    strangers: FloatArray
    rest: FloatArray
    genre: FloatArray
    radar: FloatArray
    against: FloatArray
    n_against: IntArray
    playing: list[list[FriendPlays]]
    n_near: IntArray


def explain_scores(
    ranker: TrainedRanker,
    scored: Discovery,
    held: ArtistPenalty,
    index: IntArray,
    keys: IntArray,
    items: IntArray,
) -> ScoreBreakdown:
    """Take apart the scores of chosen candidates.

    rated, held : all candidates; place (n,) int64 where the chosen stand among them

    Args:
        keys: (n,) int64 of tracks; items (n,) int64 their positions in the model, -1 for unknown ones
    """
    known = items >= 0
    parts = ranker.scores.parts(np.maximum(items, 0))
    mean, deviation = ranker.stats.mean, ranker.stats.deviation
    own = np.where(known[:, None], parts.own, 0.0) / deviation
    friends = np.where(known[:, None], parts.friends, 0.0) / deviation
    # What all scores have in common is no reason for any: they are told from there on, and not from the mean.
    # A track that the model does not know is as good as the mean.
    rest = np.where(known, parts.rest, mean - parts.base) / deviation
    genre = scored.genre[index]
    radar = scored.radar[index]
    against = held.part[index]
    total = own.sum(axis=1) + friends.sum(axis=1) + rest + genre + radar + against
    # A list of poor tracks is measured from below its own lowest one: what comes after it has a score too.
    rest = rest + (_LEAST_SCORE - float(total.min(initial=_LEAST_SCORE)))
    by_friend = _by_friend(ranker, friends)
    playing, n_near = _players(ranker, keys)
    strangers = friends.sum(axis=1) - by_friend.sum(axis=1)
    n_against = held.discards[index]
    return ScoreBreakdown(own, by_friend, strangers, rest, genre, radar, against, n_against, playing, n_near)


def _by_friend(ranker: TrainedRanker, parts: FloatArray) -> FloatArray:
    """(n, n_friends) float64 in the order of the surroundings, 0 for friends that the model does not know."""
    users = find(ranker.served.content.user_keys, keys_of(f.user_id for f in ranker.context.friends))
    # A friend that is unknown, at -1, is not among the profile's friends and finds the column of zeros.
    column = find(ranker.profile.friends, users)
    return np.append(parts, np.zeros((len(parts), 1)), axis=1)[:, column]


def _players(ranker: TrainedRanker, keys: IntArray) -> tuple[list[list[FriendPlays]], IntArray]:
    """Friends who play each track, and how many near listeners do."""
    context, everybody = ranker.context, ranker.everybody
    played = everybody.interactions()
    at = positions(keys, played.item)
    n_friends = len(context.friends)
    by_friend = np.flatnonzero((at >= 0) & (played.user_index > 0) & (played.user_index <= n_friends))
    near = (at >= 0) & (played.user_index > n_friends)
    order = by_friend[np.lexsort((played.user_index[by_friend], -played.plays[by_friend]))]
    playing: list[list[FriendPlays]] = [[] for _ in keys]
    columns = (played.user_index[order] - 1, played.plays[order], played.heard[order])
    plays = map(FriendPlays, *(column.tolist() for column in columns))
    for row, one in zip(at[order].tolist(), plays, strict=True):
        playing[row].append(one)
    return playing, np.bincount(at[near], minlength=len(keys)).astype(np.int64)
