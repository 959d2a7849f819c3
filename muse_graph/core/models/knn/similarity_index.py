"""Rows of a sparse matrix that are similar: users by what they play, items by who plays them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from muse_graph.core.models.rows import rows_of
from muse_graph.core.similarity import check_similarity, confidence, cosine, jaccard, log_likelihood
from muse_graph.core.types import Float32Array, Float32Matrix, FloatArray, IntArray, SimilarityKind

__all__ = ["SimilarityIndex"]

# A weight this close to the row's mean is the mean: the rest is the rounding of float32.
_ROUNDING = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class SimilarityIndex:
    """Rows that others are compared with, by the measures of `core.similarity`, but many rows at a time.

    Attributes:
        kind, shrinkage: as in `core.similarity.similarities`
        values: (n_columns, n_rows) csr float32, the rows transposed: of length 1 for "cosine", less their
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
        """Prepare rows for comparison.

        Args:
            rows: (n_rows, n_columns) csr float32

        Raises:
            InvalidRequest: For another kind or a negative shrinkage.
        """
        check_similarity(kind, shrinkage)
        transposed, played = _values(rows, kind).T.tocsr(), _played(rows)
        return cls(kind, shrinkage, transposed, played.T.tocsr(), np.asarray(played.sum(axis=1), np.float64))

    def overlap(self, rows: Float32Matrix) -> Float32Matrix:
        """Columns played by both: (n, n_rows) csr float32."""
        return _played(rows) @ self.played

    def similarity(self, rows: Float32Matrix) -> Float32Matrix:
        """Compute the similarity of each row to each indexed row: (n, n_rows) csr float32."""
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
            found.data *= confidence(_cells(self.overlap(rows), found), self.shrinkage)
        return found

    def similarity_to_one(self, columns: IntArray, weights: Float32Array) -> Float32Array:
        """As `similarity`, of a single row: (n_rows,) float32.

        Args:
            columns: (n,) int64 ascending, those with a cell; weights : (n,) float32
        """
        if self.kind != "cosine" or self.shrinkage > 0:
            shape = (1, self.values.shape[0])
            row = sparse.csr_array((weights, columns, np.array([0, len(weights)])), shape=shape)
            return np.asarray(self.similarity(row).toarray()[0], np.float32)
        # A row of sums is filled faster than a sparse product is put together.
        length = max(math.sqrt(weights @ weights), _ROUNDING)
        sums = rows_of(self.values, columns).sums(weights.astype(np.float64) / length)
        return np.minimum(sums, 1.0, out=sums)

    def _pearson(self, rows: Float32Matrix) -> Float32Matrix:
        mine = _values(rows, "pearson")
        found = mine @ self.values
        # The cosine is over the columns both have, so that each pair has lengths of its own.
        theirs = _cells(_ones(mine) @ _squares(self.values), found)
        own = _cells(_squares(mine) @ _ones(self.values), found)
        found.data = cosine(found.data, np.sqrt(theirs * own)).astype(np.float32)
        return found

    def _jaccard(self, rows: Float32Matrix) -> Float32Matrix:
        both = self.overlap(rows)
        mine, theirs = self._margins(rows, both)
        both.data = jaccard(both.data, mine, theirs).astype(np.float32)
        return both

    def _log_likelihood(self, rows: Float32Matrix) -> Float32Matrix:
        overlap = self.overlap(rows)
        both = overlap.data.astype(np.float64)
        mine, theirs = self._margins(rows, overlap)
        active = float(np.count_nonzero(np.diff(self.values.indptr)))
        # A new row may have columns that no indexed row has.
        everything = np.maximum(active, mine + theirs - both)
        overlap.data = log_likelihood(both, mine, theirs, everything).astype(np.float32)
        return overlap

    def _margins(self, rows: Float32Matrix, found: Float32Matrix) -> tuple[FloatArray, FloatArray]:
        """Count the columns played by the row, and by the indexed row, for each cell found."""
        counts = np.asarray(_played(rows).sum(axis=1), np.float64)
        return np.repeat(counts, np.diff(found.indptr)), self.counts[found.indices]


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
