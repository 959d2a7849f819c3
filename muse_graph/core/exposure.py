"""Who is shown: how evenly lists are spread over the catalogue, and over its popular and unpopular parts."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock

import numpy as np

from muse_graph.core.types import FloatArray, IntArray, check_lengths
from muse_graph.errors import ShapeError

__all__ = ["N_DECILES", "Exposure", "RunningExposure", "count_exposure", "gini", "popularity_deciles"]

N_DECILES = 10


@dataclass(frozen=True, slots=True, eq=False)
class Exposure:
    """How often each item of a catalogue has been shown; tallies of the same catalogue add up with `+`.

    Attributes:
        shown: (n_items,) int64 >= 0
        n_lists: >= 0, lists that were counted, empty ones too
        n_other: >= 0, times that something was shown that the catalogue does not have
    """

    shown: IntArray
    n_lists: int = 0
    n_other: int = 0

    def __add__(self, other: Exposure) -> Exposure:
        """Both tallies together. raises : ShapeError if they are of catalogues of different size"""
        check_lengths(shown=self.shown, other=other.shown)
        return Exposure(self.shown + other.shown, self.n_lists + other.n_lists, self.n_other + other.n_other)

    @property
    def gini(self) -> float:
        """See `gini`, over the whole catalogue, items never shown too."""
        return gini(self.shown)

    @property
    def coverage(self) -> float:
        """The share of the catalogue that was shown at least once, 0..1; NaN for an empty catalogue."""
        return float(np.count_nonzero(self.shown) / len(self.shown)) if len(self.shown) else np.nan

    def by_decile(self, decile: IntArray) -> IntArray:
        """(N_DECILES,) int64, how often items of each decile were shown. decile : of `popularity_deciles`"""
        check_lengths(shown=self.shown, decile=decile)
        totals = np.zeros(N_DECILES, np.int64)
        np.add.at(totals, decile, self.shown)
        return totals

    def shares(self, decile: IntArray) -> FloatArray:
        """(N_DECILES,) float64, the share of what was shown that each decile has; NaN if nothing was shown.

        The first two are the most played 20 %; the others together are the share under the radar.
        """
        totals = self.by_decile(decile)
        total = int(totals.sum())
        return totals / total if total else np.full(N_DECILES, np.nan)


class RunningExposure:
    """The exposure of one process while it serves lists; threads may count at the same time.

    Args:
        decile: (n_items,) int64 of `popularity_deciles`; a catalogue of other items needs a new tally
    """

    def __init__(self, decile: IntArray) -> None:
        self._decile = decile
        self._shown = np.zeros(len(decile), np.int64)
        self._n_lists = self._n_other = 0
        self._lock = Lock()

    def add(self, items: IntArray) -> IntArray:
        """Count one list.

        Args:
            items: (k,) int64 positions in the catalogue, below 0 for what it does not have

        Returns:
            (N_DECILES,) int64, how many of the list each decile has: what counters by decile grow by

        Raises:
            ShapeError: For a position past the end.
        """
        known = _known(items, len(self._decile))
        with self._lock:
            np.add.at(self._shown, known, 1)
            self._n_lists += 1
            self._n_other += len(items) - len(known)
        grown: IntArray = np.bincount(self._decile[known], minlength=N_DECILES).astype(np.int64)
        return grown

    def snapshot(self) -> Exposure:
        """What was counted so far."""
        with self._lock:
            return Exposure(self._shown.copy(), self._n_lists, self._n_other)


def count_exposure(items: IntArray, n_items: int, n_lists: int) -> Exposure:
    """Count what n_lists lists show.

    Args:
        items: any shape, int64 positions in the catalogue, the lists one after the other; below 0 what it
            does not have

    Raises:
        ShapeError: For a position past the end.
    """
    known = _known(items.ravel(), n_items)
    counts: IntArray = np.bincount(known, minlength=n_items).astype(np.int64)
    return Exposure(counts, n_lists, items.size - len(known))


def _known(items: IntArray, n_items: int) -> IntArray:
    """The positions that the catalogue has."""
    known = items[items >= 0]
    if len(known) and known.max() >= n_items:
        raise ShapeError(f"items must be below {n_items}, got {known.max()}")
    return known


def popularity_deciles(popularity: FloatArray | IntArray) -> IntArray:
    """Cut a catalogue into tenths: 0 for the most popular, 9 for the least.

    Args:
        popularity: (n_items,), plays or listeners; ties go to the first by position, so that every decile
            has the same number of items, give or take one

    Returns:
        (n_items,) int64
    """
    n_items = len(popularity)
    decile = np.empty(n_items, np.int64)
    decile[np.argsort(-popularity, kind="stable")] = np.arange(n_items) * N_DECILES // max(n_items, 1)
    return decile


def gini(counts: FloatArray | IntArray) -> float:
    """How unevenly something is spread: 0 if all have the same, (n - 1) / n if one has everything.

    Args:
        counts: (n,) >= 0

    Returns:
        the mean difference of two over twice the mean; NaN if there is nothing

    References:
        Gini, 1912; for recommenders Fleder and Hosanagar, Management Science 2009
    """
    n, total = len(counts), float(counts.sum())
    if total == 0:
        return np.nan
    rank = np.arange(1, n + 1)
    # Shares before the sum: ranks times counts of a large catalogue need not fit into an integer.
    return float(2 * (rank * (np.sort(counts) / total)).sum() / n - (n + 1) / n)
