"""The values the core takes and gives: array aliases and frozen dataclasses, checked for shape when made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array

from muse_graph.errors import ShapeError

__all__ = [
    "BoolArray",
    "Candidates",
    "ColumnMatrix",
    "FloatArray",
    "IntArray",
    "Interactions",
    "Neighbourhood",
    "RowMatrix",
    "Scored",
    "SimilarityKind",
    "WeightKind",
    "check_lengths",
]

IntArray: TypeAlias = NDArray[np.int64]
FloatArray: TypeAlias = NDArray[np.float64]
BoolArray: TypeAlias = NDArray[np.bool_]
RowMatrix: TypeAlias = "csr_array[np.float64, tuple[int, int]]"
ColumnMatrix: TypeAlias = "csc_array[np.float64]"

WeightKind: TypeAlias = Literal["heard", "log-plays", "binary"]
SimilarityKind: TypeAlias = Literal["cosine", "pearson", "jaccard", "log-likelihood"]


def check_lengths(**arrays: NDArray[Any]) -> int:
    """Return the length all the named one-dimensional arrays share.

    raises : ShapeError naming each array and its shape, when they differ or one is not one-dimensional
    """
    shapes = {name: array.shape for name, array in arrays.items()}
    if len(set(shapes.values())) != 1 or any(len(shape) != 1 for shape in shapes.values()):
        found = ", ".join(f"{name} {shape}" for name, shape in shapes.items())
        raise ShapeError(f"arrays must be one-dimensional and equally long, got {found}")
    return len(next(iter(arrays.values())))


@dataclass(frozen=True, slots=True, eq=False)
class Interactions:
    """What users played, at most one row for each (user_index, item), in any order.

    user_index : (n,) int64, position of the user, from 0
    item       : (n,) int64, key of the track
    plays      : (n,) int64, number of plays, >= 0
    heard      : (n,) float64, mean share of the track heard, 0..1; NaN where unknown
    raises     : ShapeError if the arrays are not all (n,)
    """

    user_index: IntArray
    item: IntArray
    plays: IntArray
    heard: FloatArray

    def __post_init__(self) -> None:
        check_lengths(user_index=self.user_index, item=self.item, plays=self.plays, heard=self.heard)

    def __len__(self) -> int:
        return len(self.item)


@dataclass(frozen=True, slots=True, eq=False)
class Neighbourhood:
    """A user and the friends around them.

    interactions : user_index 0 is the user, friend i (from 0) is user_index i + 1
    n_friends    : friends there are, also those without a single interaction
    raises       : ShapeError if n_friends is negative
    """

    interactions: Interactions
    n_friends: int

    def __post_init__(self) -> None:
        if self.n_friends < 0:
            raise ShapeError(f"n_friends must be >= 0, got {self.n_friends}")


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """The items that may be recommended, each once.

    items       : (n_candidates,) int64, keys of the tracks; need not occur in any interaction
    genre       : (n_candidates,) float64 in [0, 1], probability of the genre each is offered for
    under_radar : (n_candidates,) bool, whether its artist is outside the most played 20 %
    raises      : ShapeError if the arrays are not all (n_candidates,)
    """

    items: IntArray
    genre: FloatArray
    under_radar: BoolArray

    def __post_init__(self) -> None:
        check_lengths(items=self.items, genre=self.genre, under_radar=self.under_radar)

    def __len__(self) -> int:
        return len(self.items)


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """Candidates with their scores, and the parts that add up to them.

    items  : (n_candidates,) int64, as given
    scores : (n_candidates,) float64 = trust summed over friends + taste summed over friends + genre + radar
    trust  : (n_friends, n_candidates) sparse, "this friend plays it"
    taste  : (n_friends, n_candidates) sparse, "your taste agrees with this friend's"
    genre  : (n_candidates,) float64
    radar  : (n_candidates,) float64
    raises : ShapeError if they disagree on n_candidates or n_friends
    """

    items: IntArray
    scores: FloatArray
    trust: ColumnMatrix
    taste: ColumnMatrix
    genre: FloatArray
    radar: FloatArray

    def __post_init__(self) -> None:
        n = check_lengths(items=self.items, scores=self.scores, genre=self.genre, radar=self.radar)
        if self.trust.shape != self.taste.shape or self.trust.shape[1] != n:
            shapes = f"trust {self.trust.shape}, taste {self.taste.shape}"
            raise ShapeError(f"trust and taste must be (n_friends, {n}), got {shapes}")
