"""The values the core takes and gives: array aliases and frozen dataclasses, checked for shape when made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from muse_graph.core.parameters import SimilarityKind, WeightKind
from muse_graph.errors import ShapeError

if TYPE_CHECKING:
    from scipy import sparse

__all__ = [
    "BoolArray",
    "Candidates",
    "Contributions",
    "Float32Array",
    "Float32Matrix",
    "FloatArray",
    "FloatMatrix",
    "IntArray",
    "Interactions",
    "Neighbourhood",
    "Scored",
    "SimilarityKind",
    "WeightKind",
    "check_lengths",
]

IntArray: TypeAlias = NDArray[np.int64]
FloatArray: TypeAlias = NDArray[np.float64]
BoolArray: TypeAlias = NDArray[np.bool_]
Float32Array: TypeAlias = NDArray[np.float32]
FloatMatrix: TypeAlias = "sparse.csr_array[np.float64]"
Float32Matrix: TypeAlias = "sparse.csr_array[np.float32]"


def check_lengths(**arrays: NDArray[Any]) -> int:
    """Return the length all the named one-dimensional arrays share.

    Raises:
        ShapeError: Naming each array and its shape, when they differ or one is not one-dimensional.
    """
    shape: tuple[int, ...] = next(iter(arrays.values())).shape
    if len(shape) != 1 or any(array.shape != shape for array in arrays.values()):
        found = ", ".join(f"{name} {array.shape}" for name, array in arrays.items())
        raise ShapeError(f"arrays must be one-dimensional and equally long, got {found}")
    return shape[0]


@dataclass(frozen=True, slots=True, eq=False)
class Interactions:
    """What users played, one row for each user and item, ordered by user_index and then item.

    Attributes:
        user_index: (n,) int64, position of the user, from 0
        item: (n,) int64, key of the track
        plays: (n,) int64, number of plays, >= 0
        heard: (n,) float64, mean share of the track heard, 0..1; NaN where unknown

    Raises:
        ShapeError: If the arrays are not all (n,), or rows are out of order or repeated.
    """

    user_index: IntArray
    item: IntArray
    plays: IntArray
    heard: FloatArray

    def __post_init__(self) -> None:
        check_lengths(user_index=self.user_index, item=self.item, plays=self.plays, heard=self.heard)
        user, item = self.user_index, self.item
        ordered = (user[1:] > user[:-1]) | ((user[1:] == user[:-1]) & (item[1:] > item[:-1]))
        if not ordered.all():
            row = int(np.argmin(ordered)) + 1
            raise ShapeError(
                f"rows must be ordered by user_index and item, each pair once; row {row} has "
                f"({user[row]}, {item[row]}) after ({user[row - 1]}, {item[row - 1]})"
            )

    def __len__(self) -> int:
        return len(self.item)


@dataclass(frozen=True, slots=True, eq=False)
class Neighbourhood:
    """A user and the friends around them.

    Attributes:
        interactions: user_index 0 is the user, friend i (from 0) is user_index i + 1
        n_friends: friends there are, also those without a single interaction

    Raises:
        ShapeError: If n_friends is negative or an interaction has another user.
    """

    interactions: Interactions
    n_friends: int

    def __post_init__(self) -> None:
        if self.n_friends < 0:
            raise ShapeError(f"n_friends must be >= 0, got {self.n_friends}")
        users = self.interactions.user_index
        # They are in order, so that checking the first and the last is enough.
        if len(users) and not 0 <= users[0] <= users[-1] <= self.n_friends:
            raise ShapeError(f"user_index must be 0..{self.n_friends}, got {users[0]}..{users[-1]}")


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """The items that may be recommended, each once.

    Attributes:
        items: (n_candidates,) int64, keys of the tracks; need not occur in any interaction
        genre: (n_candidates,) float64 in [0, 1], appeal of the genre each is offered for
        under_radar: (n_candidates,) bool, whether its artist is outside the most played 20 %

    Raises:
        ShapeError: If the arrays are not all (n_candidates,).
    """

    items: IntArray
    genre: FloatArray
    under_radar: BoolArray

    def __post_init__(self) -> None:
        check_lengths(items=self.items, genre=self.genre, under_radar=self.under_radar)

    def __len__(self) -> int:
        return len(self.items)


@dataclass(frozen=True, slots=True, eq=False)
class Contributions:
    """What friends add to scores: one row for each friend and candidate the friend plays, in any order.

    Attributes:
        candidate: (m,) int64, position among the candidates
        row: (m,) int64, position among the interactions of what the friend played
        trust: (m,) float64, "this friend plays it"
        taste: (m,) float64, "your taste agrees with this friend's"

    Raises:
        ShapeError: If the arrays are not all (m,).
    """

    candidate: IntArray
    row: IntArray
    trust: FloatArray
    taste: FloatArray

    def __post_init__(self) -> None:
        check_lengths(candidate=self.candidate, row=self.row, trust=self.trust, taste=self.taste)


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """Candidates with their scores, and the parts that add up to them.

    Attributes:
        items: (n_candidates,) int64, as given
        scores: (n_candidates,) float64 = trust and taste summed over friends + genre + radar
        friends: what each friend adds
        genre: (n_candidates,) float64
        radar: (n_candidates,) float64

    Raises:
        ShapeError: If they disagree on n_candidates.
    """

    items: IntArray
    scores: FloatArray
    friends: Contributions
    genre: FloatArray
    radar: FloatArray

    def __post_init__(self) -> None:
        check_lengths(items=self.items, scores=self.scores, genre=self.genre, radar=self.radar)
