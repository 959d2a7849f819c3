"""The most similar rows of each row: nearest users and nearest items."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from muse_graph.core.models.interaction_weights import item_factors, weight_matrix
from muse_graph.core.models.knn.similarity_index import SimilarityIndex
from muse_graph.core.models.types import TrainingData
from muse_graph.core.types import Float32Array, Float32Matrix, IntArray
from muse_graph.errors import InvalidRequest

__all__ = ["largest_of", "listener_index", "nearest_listeners", "nearest_rows", "strongest"]

# Cells of a product held at once, at most: rows are compared in blocks, which take about 200 MB.
_BLOCK_CELLS = 1 << 24

# Values whose maximum is looked at first.
_PART = 32


def nearest_rows(
    similarity_index: SimilarityIndex, rows: Float32Matrix, k: int
) -> tuple[IntArray, IntArray, Float32Array]:
    """Find the k most similar others of each row, by blocks of rows.

    Args:
        rows: (n_rows, n_columns) csr float32, those the index was made of

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


def largest_of(values: Float32Array, k: int) -> IntArray:
    """Positions of the k largest positive values, by falling value and then position."""
    # The k-th largest of the maxima of disjoint parts is no larger than that of all values: few reach it.
    n_parts = len(values) // _PART
    least = np.float32(0)
    if n_parts > k:
        maxima = values[: n_parts * _PART].reshape(_PART, n_parts).max(axis=0)
        least = max(least, np.partition(maxima, n_parts - k)[n_parts - k])
    reached = np.flatnonzero(values >= least if least > 0 else values > 0)
    return reached[_largest(reached, values[reached], k)]


def nearest_listeners(data: TrainingData, k: int = 50) -> tuple[IntArray, IntArray, Float32Array]:
    """Find the k users whose listening is most similar to each user's: cosine of log plays times idf.

    Returns:
        (n,) int64 user, (n,) int64 neighbour, (n,) float32 in (0, 1], at most k for each user and only
        those with any similarity; in order of user, falling weight, neighbour

    Raises:
        InvalidRequest: If k < 1.
    """
    return nearest_rows(*listener_index(data), k)


def listener_index(data: TrainingData) -> tuple[SimilarityIndex, Float32Matrix]:
    """All listeners ready for comparison, and their rows: log plays times idf, (n_users, n_items)."""
    rows = weight_matrix(data, "tf-idf", item_factors(data, "tf-idf"), discard=0.0)
    return SimilarityIndex.of(rows, "cosine", shrinkage=0.0), rows
