"""Some rows of a sparse matrix, where they stand in it: what scores of one listener are summed from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

# The array classes check again what is known here, which takes longer than a product for one listener.
from scipy.sparse._sparsetools import csc_matvec

from muse_graph.core.types import Float32Array, Float32Matrix, FloatArray, IntArray

__all__ = ["Rows", "rows_at", "rows_of"]


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Rows of a csr matrix: row i is `columns[first[i]:last[i]]` and the values beside it.

    Attributes:
        first, last: (n_rows,) int32 or int64
        columns: int32 or int64, of the whole matrix, ascending within a row
        values: float32, of the whole matrix
        n_columns: of the matrix
    """

    first: NDArray[Any]
    last: NDArray[Any]
    columns: NDArray[Any]
    values: Float32Array
    n_columns: int

    def sums(self, weights: FloatArray, onto: Float32Array | None = None) -> Float32Array:
        """(n_columns,) float32: the rows times their weights, added up.

        Args:
            weights: (n_rows,) float64
            onto: (n_columns,) float32 that they are added to, in place; None for zeros
        """
        sums = np.zeros(self.n_columns, np.float32) if onto is None else onto
        # A product with all that lies between bounds: the rows, from the last to the first, and between two
        # of them nothing, for what would end before it begins is empty. So no row is copied.
        order = np.argsort(self.first)[::-1]
        bounds = np.zeros(2 * len(order) + 1, self.columns.dtype)
        bounds[:-1:2], bounds[1::2] = self.first[order], self.last[order]
        factors = np.zeros(2 * len(order), np.float32)
        factors[::2] = weights[order]
        csc_matvec(self.n_columns, len(factors), bounds, self.columns, self.values, factors, sums)
        return sums

    def cells(self) -> tuple[IntArray, NDArray[Any], Float32Array]:
        """(n,) the row of each cell, its column and its value, row by row."""
        lengths = self.last - self.first
        ends = np.cumsum(lengths)
        row = np.repeat(np.arange(len(lengths)), lengths)
        at = np.arange(len(row)) + (self.last - ends)[row]
        return row, self.columns[at], self.values[at]

    def table(self, wanted: IntArray) -> FloatArray:
        """Some columns: (n_rows, n_wanted) float64. wanted : (n_wanted,) int64, any order, may repeat"""
        table = np.zeros((len(self.first), len(wanted)))
        if not (table.size and len(self.columns)):
            return table
        wanted = wanted.astype(self.columns.dtype)
        at = np.zeros(table.shape, np.int64)
        for row, (first, last) in enumerate(zip(self.first.tolist(), self.last.tolist(), strict=True)):
            # In a large world friends have no weights.
            if first < last:
                at[row] = self.columns[first:last].searchsorted(wanted)
        at += self.first[:, None]
        # What is beyond the end of its row is not there, whatever stands at that place.
        there = at < self.last[:, None]
        at[~there] = 0
        found = there & (self.columns[at] == wanted)
        table[found] = self.values[at[found]]
        return table


def rows_at(
    start: NDArray[Any], columns: NDArray[Any], values: Float32Array, wanted: IntArray, n_columns: int
) -> Rows:
    """Some rows of a matrix, given by the three arrays that csr has of it. wanted : (n_rows,) positions"""
    return Rows(start[wanted], start[wanted + 1], columns, values, n_columns)


def rows_of(matrix: Float32Matrix, wanted: NDArray[Any]) -> Rows:
    """Some rows of a matrix with sorted indices. wanted : (n_rows,) positions"""
    return rows_at(matrix.indptr, matrix.indices, matrix.data, wanted, matrix.shape[1])
