"""Some rows of a sparse matrix, laid end to end: what scores of one listener are summed from."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from muse_graph.core.types import Float32Array, Float32Matrix, FloatArray, IntArray

__all__ = ["Rows", "gather", "rows_of"]

#: Rows of fewer cells than this are gathered cell by cell, longer ones are copied row by row.
_SHORT = 100


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Rows of a csr matrix: row i is `columns[start[i]:start[i + 1]]` and the values beside it.

    Attributes:
        start: (n_rows + 1,) int32 or int64, from 0
        columns: (n,) of the same type, ascending within a row
        values: (n,) float32
        n_columns: of the matrix
    """

    start: NDArray[Any]
    columns: NDArray[Any]
    values: Float32Array
    n_columns: int

    @property
    def lengths(self) -> NDArray[Any]:
        """(n_rows,) cells of each."""
        return np.diff(self.start)

    def sums(self, weights: FloatArray) -> Float32Array:
        """(n_columns,) float32: the rows times their weights, added up. weights : (n_rows,) float64"""
        shape = (self.n_columns, len(weights))
        transposed = sparse.csc_array((self.values, self.columns, self.start), shape=shape)
        return np.asarray(transposed @ weights.astype(np.float32), np.float32)

    def table(self, wanted: IntArray) -> FloatArray:
        """Some columns: (n_rows, n_wanted) float64. wanted : (n_wanted,) int64, any order, may repeat"""
        wanted = wanted.astype(self.columns.dtype)
        at = np.empty((len(self.start) - 1, len(wanted)), np.int64)
        for row, (first, last) in enumerate(pairwise(self.start.tolist())):
            at[row] = self.columns[first:last].searchsorted(wanted) + first
        # What is beyond the end of its row is not there, whatever stands at that place.
        there = at < self.start[1:, None]
        at[~there] = 0
        found = there & (self.columns[at] == wanted) if len(self.columns) else there
        table = np.zeros(at.shape)
        table[found] = self.values[at[found]]
        return table


def gather(
    start: NDArray[Any], columns: NDArray[Any], values: Float32Array, wanted: IntArray, n_columns: int
) -> Rows:
    """Take rows out of the three arrays of a csr matrix, as `Rows` has them."""
    first, last = start[wanted], start[wanted + 1]
    index = np.zeros(len(wanted) + 1, columns.dtype)
    np.cumsum(last - first, out=index[1:])
    if index[-1] < _SHORT * len(wanted):
        cells = np.repeat(first - index[:-1], last - first) + np.arange(index[-1])
        return Rows(index, columns[cells], values[cells], n_columns)
    spans = [slice(*span) for span in zip(first.tolist(), last.tolist(), strict=True)]
    return Rows(
        index,
        np.concatenate([columns[:0], *(columns[span] for span in spans)]),
        np.concatenate([values[:0], *(values[span] for span in spans)]),
        n_columns,
    )


def rows_of(matrix: Float32Matrix, wanted: NDArray[Any]) -> Rows:
    """Some rows of a matrix with sorted indices. wanted : (n_rows,) positions"""
    return gather(matrix.indptr, matrix.indices, matrix.data, wanted, matrix.shape[1])
