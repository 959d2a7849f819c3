"""Who was present where: the table that the disclosure rule counts in, and boxes of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from muse_graph.core.artists.words import DIMENSIONS, Dimension
from muse_graph.core.types import BoolArray, IntArray, check_lengths
from muse_graph.errors import ShapeError

__all__ = [
    "COUNTRIES",
    "DIMENSIONS",
    "PERIOD",
    "TRACKS",
    "Box",
    "Codes",
    "Dimension",
    "Masks",
    "Presence",
    "Rows",
    "firsts",
    "masks_of",
    "presence",
    "rows_within",
]

PERIOD: Final = DIMENSIONS.index("period")
TRACKS: Final = DIMENSIONS.index("tracks")
COUNTRIES: Final = DIMENSIONS.index("countries")

#: For each dimension which codes belong to a box, (size + 1,) bool with code c at c + 1; None for all of
#: them.
Masks: TypeAlias = tuple[BoolArray | None, ...]
#: For each dimension (n,) uint16: code + 1, 0 for none.
Codes: TypeAlias = tuple[NDArray[np.uint16], ...]
Rows: TypeAlias = IntArray | BoolArray | slice

_MOST_CODES = np.iinfo(np.uint16).max - 1


@dataclass(frozen=True, slots=True)
class Box:
    """A filter: for each dimension the codes it names, or None for all.

    Attributes:
        period: first and last unit, both inclusive
    """

    tracks: frozenset[int] | None = None
    countries: frozenset[int] | None = None
    period: tuple[int, int] | None = None
    segments: frozenset[int] | None = None
    sources: frozenset[int] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Presence:
    """Which listener was present where; made by `presence`.

    Attributes:
        listener: (n,) int32 ascending, equal for rows of one listener
        sizes: for each dimension how many codes there are
    """

    listener: NDArray[np.int32]
    codes: Codes
    sizes: tuple[int, ...]

    def take(self, rows: Rows) -> Presence:
        """Some of the rows, in their order."""
        return Presence(self.listener[rows], tuple(code[rows] for code in self.codes), self.sizes)

    def within(self, masks: Masks, but: int | None = None) -> BoolArray:
        """(n,) bool, the rows in a box. but : a dimension that is freed"""
        return rows_within(self.codes, masks, but)

    def listeners(self, rows: Rows) -> int:
        """How many different listeners some rows have."""
        return int(np.count_nonzero(firsts(self.listener[rows])))

    def listeners_by_code(self, dimension: int, rows: BoolArray) -> IntArray:
        """(size + 1,) int64, the different listeners of each code at code + 1, of none at 0."""
        return self.listeners_by_group(self.codes[dimension], rows, self.sizes[dimension] + 1)

    def listeners_by_group(self, group: NDArray[np.uint16], rows: BoolArray, n_groups: int) -> IntArray:
        """(n_groups,) int64, the different listeners of each group. group : (n,), of each row"""
        found = np.flatnonzero(rows)
        code = group[found]
        # Sixteen bits are sorted by radix, and stable: within a group listeners still ascend.
        order = np.argsort(code, kind="stable")
        code = code[order]
        first = firsts(code) | firsts(self.listener[found[order]])
        return np.bincount(code[first], minlength=n_groups).astype(np.int64)

    def hull(self, rows: BoolArray) -> Masks:
        """The smallest box around some rows; a dimension where one of them has no code is left free."""
        return tuple(self._hull_of(dimension, rows) for dimension in range(len(DIMENSIONS)))

    def _hull_of(self, dimension: int, rows: BoolArray) -> BoolArray | None:
        seen = np.zeros(self.sizes[dimension] + 1, np.bool_)
        seen[self.codes[dimension][rows]] = True
        if seen[0]:
            return None
        if dimension == PERIOD and seen.any():
            units = np.flatnonzero(seen)
            seen[units[0] : units[-1] + 1] = True
        return seen


def presence(
    listener: IntArray,
    track: IntArray,
    country: IntArray,
    unit: IntArray,
    segment: IntArray,
    source: IntArray,
) -> Presence:
    """Sort the rows once, for all boxes.

    Args:
        listener: (n,) int64 keys, any order; rows may repeat
        track, country, unit, segment, source: (n,) int64 codes from 0; -1 for none: such a row is in no box
            that names this dimension

    Raises:
        ShapeError: If the arrays differ in length, or a code is below -1 or above 65,533.
    """
    names = ("track", "country", "unit", "segment", "source")
    columns = dict(zip(names, (track, country, unit, segment, source), strict=True))
    check_lengths(listener=listener, **columns)
    for name, column in columns.items():
        if len(column) and not -1 <= column.min() <= column.max() < _MOST_CODES:
            raise ShapeError(f"{name} must be -1..{_MOST_CODES - 1}, got {column.min()}..{column.max()}")
    order = np.argsort(listener, kind="stable")
    codes = tuple((column[order] + 1).astype(np.uint16) for column in columns.values())
    position = np.cumsum(firsts(listener[order]), dtype=np.int32)
    return Presence(position, codes, tuple(int(code.max(initial=0)) for code in codes))


def rows_within(codes: Codes, masks: Masks, but: int | None = None) -> BoolArray:
    """(n,) bool, the rows in a box. but : a dimension that is freed"""
    rows = np.ones(len(codes[0]), np.bool_)
    for dimension, mask in enumerate(masks):
        if mask is not None and dimension != but:
            rows &= mask[codes[dimension]]
    return rows


def masks_of(box: Box, sizes: tuple[int, ...]) -> Masks:
    """The masks of a box; codes that the table does not have are left out."""
    return tuple(_mask(getattr(box, name), size) for name, size in zip(DIMENSIONS, sizes, strict=True))


def _mask(named: frozenset[int] | tuple[int, int] | None, size: int) -> BoolArray | None:
    if named is None:
        return None
    mask = np.zeros(size + 1, np.bool_)
    if isinstance(named, tuple):
        mask[max(named[0], 0) + 1 : max(named[1], -1) + 2] = True
    else:
        mask[[code + 1 for code in named if 0 <= code < size]] = True
    return mask


def firsts(values: NDArray[np.integer]) -> BoolArray:
    """(n,) bool, where a value differs from the one before."""
    first = np.ones(len(values), np.bool_)
    np.not_equal(values[1:], values[:-1], out=first[1:])
    return first
