"""The cells of a breakdown: which of them may be shown, by the rule of `disclosure`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from muse_graph.core.artists.disclosure import Shown, settle, shown, takes_apart
from muse_graph.core.artists.presence import DIMENSIONS, PERIOD, Box, Dimension, Masks, Presence, masks_of
from muse_graph.core.artists.standing import standing
from muse_graph.core.types import BoolArray, IntArray

__all__ = ["Cells", "cells", "cells_within", "spans_within"]

# Most cells are far from rule c: a small part of the rows, the same for all cells, is enough to see it.
_STRIDES = (64, 8, 1)


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """A box by the values of one dimension, or by spans of time.

    Attributes:
        listeners: (n,) int64, different listeners of each cell, 0 where it is not shown
        shown: (n,) bool; a cell that is not shown may have any number of listeners, none too
    """

    listeners: IntArray
    shown: BoolArray


@dataclass(frozen=True, slots=True, eq=False)
class _Groups:
    """Cells as codes of one dimension.

    Attributes:
        of: (size + 1,) uint16, of code c at c + 1 its cell + 1, 0 for none
        first, last: (n,) int64, the codes of each
    """

    of: NDArray[np.uint16]
    first: IntArray
    last: IntArray


def cells(table: Presence, box: Box, dimension: Dimension, k: int) -> Cells:
    """Break a box down by one dimension.

    A cell is the box with that value alone, as a box shown without anything left out. If all that is not
    shown together, which is the box less its cells, would be taken apart by rule c, the cell with the fewest
    listeners is hidden as well (ties: the smaller code), until it is not.

    Args:
        box: nothing of it is shown if the box itself is not; else broken down is what `shown` leaves of it

    Raises:
        InvalidRequest: If k is below 1.
    """
    whole = shown(table, box, k)
    if isinstance(whole, Shown):
        return cells_within(table, whole.box, dimension, k)
    nothing = np.zeros(table.sizes[DIMENSIONS.index(dimension)], np.bool_)
    return Cells(nothing.astype(np.int64), nothing)


def cells_within(table: Presence, box: Box, dimension: Dimension, k: int) -> Cells:
    """As `cells`, of what `shown` left of a box; one cell for each code of the dimension."""
    by = DIMENSIONS.index(dimension)
    codes = np.arange(table.sizes[by])
    return _cells(table, masks_of(box, table.sizes), by, _groups(codes, codes, table.sizes[by]), k)


def spans_within(table: Presence, box: Box, spans: IntArray, k: int) -> Cells:
    """As `cells_within`, one cell for each span of time.

    A span is shown as a period is: its first and last unit stand.

    Args:
        spans: (n, 2) int64, first and last unit of each, ascending and within the box
    """
    first, last = spans.T
    groups = _groups(first, last, table.sizes[PERIOD])
    return _cells(table, masks_of(box, table.sizes), PERIOD, groups, k)


def _groups(first: IntArray, last: IntArray, size: int) -> _Groups:
    of = np.zeros(size + 1, np.uint16)
    for cell, (start, end) in enumerate(zip(first, last, strict=True), 1):
        of[start + 1 : end + 2] = cell
    return _Groups(of, first, last)


def _cells(table: Presence, masks: Masks, by: int, groups: _Groups, k: int) -> Cells:
    rows = table.within(masks)
    counts = table.listeners_by_group(groups.of[table.codes[by]], rows, len(groups.first) + 1)[1:]
    mask = masks[by]
    visible = np.ones(len(counts), np.bool_) if mask is None else mask[groups.first + 1]
    if k > 1:
        stands = standing(table, masks, by, k)
        visible &= stands[groups.first + 1] & stands[groups.last + 1]
        _hide_cells(table, masks, by, groups, visible, k)
        _hide_for_the_rest(table, rows, groups.of[table.codes[by]], visible, counts, k)
    return Cells(np.where(visible, counts, 0), visible)


def _hide_cells(table: Presence, masks: Masks, by: int, groups: _Groups, visible: BoolArray, k: int) -> None:
    """Hide cells that break rule b in another dimension, or rule c."""
    rows_of = _split(groups.of[table.codes[by]], len(visible))
    inside = table.take(table.within(masks))
    samples = [inside.take(slice(None, None, stride)) for stride in _STRIDES]
    for cell in np.flatnonzero(visible):
        named = _restricted(masks, by, groups.of == cell + 1)
        # A wider box that keeps this cell has its rows here, all others have more than these.
        part = table.take(rows_of[cell])
        rows = part.within(named)
        hull = part.hull(rows)
        visible[cell] = (
            _settled(part, named, by, k)
            and not takes_apart(part, rows, _without(hull, by), k)
            and (
                _far(samples, _without(hull, by), by, groups.of != cell + 1, k)
                or not takes_apart(table, table.within(named), hull, k)
            )
        )


def _split(group: NDArray[np.uint16], n: int) -> list[NDArray[np.intp]]:
    """For each cell its rows, ascending."""
    order = np.argsort(group, kind="stable")
    return np.split(order, np.cumsum(np.bincount(group, minlength=n + 1))[:-1])[1:]


def _hide_for_the_rest(
    table: Presence, rows: BoolArray, group: NDArray[np.uint16], visible: BoolArray, counts: IntArray, k: int
) -> None:
    while visible.any():
        rest = rows & ~np.append(False, visible)[group]
        if not rest.any() or not takes_apart(table, rest, table.hull(rest), k):
            return
        shown_ones = np.flatnonzero(visible)
        visible[shown_ones[np.argmin(counts[shown_ones])]] = False


def _settled(part: Presence, cell: Masks, by: int, k: int) -> bool:
    """Whether nothing is left out of a cell. part : all rows of its value"""
    others = _without(cell, by)
    return all(
        mask is None or bool((mask == left).all())
        for mask, left in zip(others, settle(part, others, k), strict=True)
    )


def _far(samples: list[Presence], hull: Masks, by: int, others: BoolArray, k: int) -> bool:
    """Whether at least k listeners are in the other cells and within the hull of this one."""
    return any(sample.listeners(sample.within(hull) & others[sample.codes[by]]) >= k for sample in samples)


def _restricted(masks: Masks, by: int, mask: BoolArray) -> Masks:
    return (*masks[:by], mask, *masks[by + 1 :])


def _without(masks: Masks, by: int) -> Masks:
    return (*masks[:by], None, *masks[by + 1 :])
