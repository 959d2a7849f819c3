"""Interactions to weights, sums of groups, and the one place where keys become positions."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import get_args

import numpy as np

from muse_graph.core.types import BoolArray, FloatArray, IntArray, Interactions, WeightKind
from muse_graph.errors import InvalidRequest

__all__ = [
    "find",
    "group_sums",
    "interaction_weights",
    "joined",
    "others",
    "positions",
    "run_starts",
    "run_sums",
]

_KINDS = get_args(WeightKind)

#: So few searches, or among so few keys, are faster than sorting what is looked for.
_FEW_WANTED, _FEW_KEYS = 500, 64


def interaction_weights(interactions: Interactions, kind: WeightKind) -> FloatArray:
    """How much each user likes each item they played.

    Args:
        kind: "heard", the mean share heard, and where that is unknown the log-plays weight; "log-plays",
            log(1 + plays) over log(1 + the most plays of that user); "binary", 1 where plays > 0

    Returns:
        (n,) float64 in (0, 1] where plays > 0, except that a share heard of 0 stays 0

    Raises:
        InvalidRequest: For another kind.
    """
    if kind not in _KINDS:
        raise InvalidRequest(f"weights must be one of {', '.join(_KINDS)}, got {kind!r}")
    if kind == "binary":
        return (interactions.plays > 0).astype(np.float64)
    if kind == "log-plays":
        return _log_plays(interactions)
    unknown = np.isnan(interactions.heard)
    if not unknown.any():
        return interactions.heard
    return np.where(unknown, _log_plays(interactions), interactions.heard)


def _log_plays(interactions: Interactions) -> FloatArray:
    n_users = int(interactions.user_index.max(initial=-1)) + 1
    most = np.zeros(n_users, np.int64)
    np.maximum.at(most, interactions.user_index, interactions.plays)
    # A user whose rows all have no play keeps weights of 0 instead of 0 / 0.
    scale = np.log1p(np.maximum(most, 1).astype(np.float64))[interactions.user_index]
    return np.asarray(np.log1p(interactions.plays.astype(np.float64)) / scale)


def positions(keys: IntArray, wanted: IntArray) -> IntArray:
    """Find keys.

    Args:
        keys: (n_keys,) int64, any order; of a repeated key either position is returned
        wanted: (n,) int64, any order, may repeat

    Returns:
        (n,) int64, the position of each among the keys, -1 where it is none of them
    """
    order = np.argsort(keys)
    found = find(keys[order], wanted)
    return np.append(order, -1)[found]


def find(ascending: IntArray, wanted: IntArray) -> IntArray:
    """Find keys among ascending keys; as `positions`, which sorts them first."""
    if not len(ascending):
        return np.full(len(wanted), -1)
    if len(wanted) <= _FEW_WANTED or len(ascending) <= _FEW_KEYS:
        return _search(ascending, wanted)
    # Each search begins where the one for a smaller key ended: of many, twice as fast as without sorting.
    places = np.empty(len(wanted), np.int64)
    order = np.argsort(wanted)
    places[order] = _search(ascending, wanted[order])
    return places


def others(ascending: IntArray, unwanted: IntArray) -> BoolArray:
    """(n,) bool: which of ascending keys, each once, are none of some others, (m,) int64 in any order."""
    found = find(ascending, unwanted)
    kept = np.ones(len(ascending), np.bool_)
    kept[found[found >= 0]] = False
    return kept


def _search(ascending: IntArray, wanted: IntArray) -> IntArray:
    found = np.minimum(np.searchsorted(ascending, wanted), len(ascending) - 1)
    return np.where(ascending[found] == wanted, found, -1)


def joined(lists: Iterable[Iterable[int]]) -> IntArray:
    """Lay lists end to end, in one pass: there may be thousands of them."""
    return np.fromiter(chain.from_iterable(lists), np.int64)


def group_sums(positions: IntArray, values: IntArray, n: int) -> IntArray:
    """(n,) int64 sum of values by position, exact."""
    total = np.zeros(n, np.int64)
    np.add.at(total, positions, values)
    return total


def run_starts(*columns: IntArray) -> IntArray:
    """Positions where a row of columns of one length differs from the one before it."""
    differs = np.zeros(len(columns[0]), np.bool_)
    differs[:1] = True
    for column in columns:
        differs[1:] |= column[1:] != column[:-1]
    return np.flatnonzero(differs)


def run_sums(values: IntArray, starts: IntArray) -> IntArray:
    """The sum of the values of each run, by where runs start."""
    return np.add.reduceat(values, starts) if len(starts) else np.empty(0, np.int64)
