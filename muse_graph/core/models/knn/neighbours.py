"""Rows of a sparse matrix that are alike: users by what they play, items by who plays them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import get_args

import numpy as np
from scipy import sparse
from scipy.special import xlogy

from muse_graph.core.models.interaction_weights import item_factors, weight_matrix
from muse_graph.core.models.types import TrainingData
from muse_graph.core.types import Float32Array, Float32Matrix, FloatArray, IntArray, SimilarityKind
from muse_graph.errors import InvalidRequest

__all__ = ["SimilarityIndex", "nearest_listeners", "nearest_rows", "strongest"]

# A weight this close to the row's mean is the mean: the rest is the rounding of float32.
_ROUNDING = 1e-6
# Cells of a product held at once, at most: rows are compared in blocks, which take about 200 MB.
_BLOCK_CELLS = 1 << 24

_KINDS = get_args(SimilarityKind)


@dataclass(frozen=True, slots=True, eq=False)
class SimilarityIndex:
    """Rows that others are compared with, by the measures of `core.similarity`, but many rows at a time.

    Attributes:
        kind, shrinkage: as in `core.similarity.similarities`
        values: (n_columns, n_rows) csr float32, the rows turned over: of length 1 for "cosine", less their
            mean for "pearson"
        played: the same cells, 1 where the weight is >= 0 (a stored 0 was played), 0 where discarded
        counts: (n_rows,) float64, cells played
    """

    kind: SimilarityKind
    shrinkage: float
    values: Float32Matrix
    played: Float32Matrix
    counts: FloatArray

    @classmethod
    def of(cls, rows: Float32Matrix, kind: SimilarityKind, shrinkage: float) -> SimilarityIndex:
        """Make the rows ready for comparison.

        Args:
            rows: (n_rows, n_columns) csr float32

        Raises:
            InvalidRequest: For another kind or a negative shrinkage.
        """
        if kind not in _KINDS:
            raise InvalidRequest(f"similarity must be one of {', '.join(_KINDS)}, got {kind!r}")
        if not shrinkage >= 0:
            raise InvalidRequest(f"shrinkage must be >= 0, got {shrinkage}")
        turned, played = _values(rows, kind).T.tocsr(), _played(rows)
        return cls(kind, shrinkage, turned, played.T.tocsr(), np.asarray(played.sum(axis=1), np.float64))

    def overlap(self, rows: Float32Matrix) -> Float32Matrix:
        """Columns played by both: (n, n_rows) csr float32."""
        return _played(rows) @ self.played

    def similarity(self, rows: Float32Matrix) -> Float32Matrix:
        """Similarity of each row to each of the crowd: (n, n_rows) csr float32, what is alike at all."""
        if self.kind == "cosine":
            found = _values(rows, "cosine") @ self.values
            found.data = np.clip(found.data, -1, 1)
        else:
            measure = {
                "pearson": self._pearson,
                "jaccard": self._jaccard,
                "log-likelihood": self._log_likelihood,
            }
            found = measure[self.kind](rows)
        if self.shrinkage > 0:
            overlap = _cells(self.overlap(rows), found)
            found.data *= overlap / (overlap + np.float32(self.shrinkage))
        return found

    def _pearson(self, rows: Float32Matrix) -> Float32Matrix:
        mine = _values(rows, "pearson")
        found = mine @ self.values
        # The cosine is over the columns both have, so that each pair has lengths of its own.
        theirs = _cells(_ones(mine) @ _squares(self.values), found)
        own = _cells(_squares(mine) @ _ones(self.values), found)
        stats = np.sqrt(theirs * own)
        found.data = np.clip(np.divide(found.data, stats, out=np.zeros_like(stats), where=stats > 0), -1, 1)
        return found

    def _jaccard(self, rows: Float32Matrix) -> Float32Matrix:
        both = self.overlap(rows)
        mine, theirs = self._margins(rows, both)
        both.data = (both.data / (mine + theirs - both.data)).astype(np.float32)
        return both

    def _log_likelihood(self, rows: Float32Matrix) -> Float32Matrix:
        overlap = self.overlap(rows)
        both = overlap.data.astype(np.float64)
        mine, theirs = self._margins(rows, overlap)
        active = float(np.count_nonzero(np.diff(self.values.indptr)))
        # A new row may have columns that nobody in the crowd has.
        everything = np.maximum(active, mine + theirs - both)
        cells = (both, mine - both, theirs - both, everything - mine - theirs + both)
        margins = (mine, everything - mine, theirs, everything - theirs)
        g2 = 2 * (
            sum(xlogy(n, n) for n in cells)
            - sum(xlogy(n, n) for n in margins)
            + xlogy(everything, everything)
        )
        g2 = np.where(both * everything > mine * theirs, np.maximum(g2, 0.0), 0.0)
        overlap.data = (1 - 1 / (1 + g2)).astype(np.float32)
        return overlap

    def _margins(self, rows: Float32Matrix, found: Float32Matrix) -> tuple[FloatArray, FloatArray]:
        """Columns played by the row, and by the row of the crowd, for each cell found."""
        counts = np.asarray(_played(rows).sum(axis=1), np.float64)
        return np.repeat(counts, np.diff(found.indptr)), self.counts[found.indices]


def nearest_rows(
    similarity_index: SimilarityIndex, rows: Float32Matrix, k: int
) -> tuple[IntArray, IntArray, Float32Array]:
    """For each row the k most alike others, by blocks of rows.

    Args:
        rows: (n_rows, n_columns) csr float32, those the crowd was made of

    Returns:
        (n,) int64 row, (n,) int64 neighbour, (n,) float32 similarity > 0; at most k for each row, in order of
        row, falling similarity, neighbour

    Raises:
        InvalidRequest: If k < 1.
    """
    if k < 1:
        raise InvalidRequest(f"neighbours k must be >= 1, got {k}")
    n_rows = rows.shape[0]
    step = max(1, _BLOCK_CELLS // max(1, n_rows))
    triples = []
    for first in range(0, n_rows, step):
        found = similarity_index.similarity(rows[first : first + step])
        index, neighbour, weight = strongest(found, k, first)
        triples.append((index + first, neighbour, weight))
    if not triples:
        return np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.float32)
    index, neighbour, weight = (np.concatenate(column) for column in zip(*triples, strict=True))
    return index, neighbour, weight


def strongest(
    found: Float32Matrix, k: int, diagonal: int | None = None
) -> tuple[IntArray, IntArray, Float32Array]:
    """The k largest positive cells of each row, the leftmost where equal.

    Args:
        diagonal: row i leaves out column diagonal + i; None leaves out none

    Returns:
        (n,) row, (n,) column, (n,) value, in order of row, falling value, column
    """
    columns, values = [], []
    bounds = found.indptr.tolist()
    for row, (start, stop) in enumerate(pairwise(bounds)):
        column, value = found.indices[start:stop].astype(np.int64), found.data[start:stop]
        kept = _largest(column, value, k if diagonal is None else k + 1)
        if diagonal is not None:
            kept = kept[column[kept] != row + diagonal][:k]
        columns.append(column[kept])
        values.append(value[kept])
    lengths = [len(column) for column in columns]
    if not sum(lengths):
        return np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.float32)
    row_index = np.repeat(np.arange(len(lengths)), lengths)
    return row_index, np.concatenate(columns), np.concatenate(values)


def _largest(column: IntArray, value: Float32Array, k: int) -> IntArray:
    """Places of the k largest positive values, by falling value and then column."""
    least = np.float32(0)
    if len(value) > k:
        least = max(least, np.partition(value, len(value) - k)[len(value) - k])
    kept = np.flatnonzero((value >= least) & (value > 0))
    return kept[np.lexsort((column[kept], -value[kept]))][:k]


def nearest_listeners(data: TrainingData, k: int = 50) -> tuple[IntArray, IntArray, Float32Array]:
    """The k users whose listening is most like each user's: cosine of log plays times idf.

    Returns:
        (n,) int64 user, (n,) int64 neighbour, (n,) float32 in (0, 1], at most k for each user and only what
        is alike at all; in order of user, falling weight, neighbour

    Raises:
        InvalidRequest: If k < 1.
    """
    rows = weight_matrix(data, "tf-idf", item_factors(data, "tf-idf"), discard=0.0)
    return nearest_rows(SimilarityIndex.of(rows, "cosine", shrinkage=0.0), rows, k)


def _values(rows: Float32Matrix, kind: SimilarityKind) -> Float32Matrix:
    if kind == "cosine":
        lengths = np.sqrt(_squares(rows).sum(axis=1))
        return _with(rows, rows.data / _of_cells(rows, np.where(lengths > 0, lengths, 1)))
    if kind == "pearson":
        stored = np.maximum(np.diff(rows.indptr), 1)
        centred = rows.data - _of_cells(rows, rows.sum(axis=1, dtype=np.float64) / stored)
        return _with(rows, np.where(np.abs(centred) > _ROUNDING, centred, 0.0))
    return rows


def _of_cells(rows: Float32Matrix, by_row: FloatArray) -> FloatArray:
    """A value of each row, at each of its cells."""
    return np.repeat(by_row, np.diff(rows.indptr))


def _played(rows: Float32Matrix) -> Float32Matrix:
    return _with(rows, rows.data >= 0)


def _ones(rows: Float32Matrix) -> Float32Matrix:
    return _with(rows, np.ones_like(rows.data))


def _squares(rows: Float32Matrix) -> Float32Matrix:
    return _with(rows, rows.data**2)


def _with(rows: Float32Matrix, data: np.ndarray) -> Float32Matrix:
    return sparse.csr_array((data.astype(np.float32), rows.indices, rows.indptr), shape=rows.shape)


def _row_index(rows: Float32Matrix) -> IntArray:
    return np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))


def _cells(matrix: Float32Matrix, like: Float32Matrix) -> Float32Array:
    """The matrix at the cells stored in `like`, in their order; 0 where the matrix stores none."""
    # A product drops what happens to be 0, so that two of them do not store the same cells.
    return np.asarray(matrix.toarray()[_row_index(like), like.indices], np.float32)
