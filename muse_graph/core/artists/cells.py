"""The cells of a breakdown: which of them may be shown, by the rule of `disclosure`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from muse_graph.core.artists.disclosure import Shown, settle, shown, takes_apart
from muse_graph.core.artists.presence import DIMENSIONS, Box, Dimension, Masks, Presence, masks_of
from muse_graph.core.artists.standing import standing
from muse_graph.core.types import BoolArray, IntArray

__all__ = ["Cells", "cells"]

# Most cells are far from rule c: a small part of the rows, the same for all cells, is enough to see it.
_STRIDES = (64, 8, 1)


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """A box by the values of one dimension.

    Attributes:
        listeners: (size,) int64, different listeners of each value, 0 where it is not shown
        shown: (size,) bool; a value that is not shown may have any number of listeners, none too
    """

    listeners: IntArray
    shown: BoolArray


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
    by = DIMENSIONS.index(dimension)
    whole = shown(table, box, k)
    if not isinstance(whole, Shown):
        nothing = np.zeros(table.sizes[by], np.bool_)
        return Cells(nothing.astype(np.int64), nothing)
    masks = masks_of(whole.box, table.sizes)
    rows = table.within(masks)
    counts = table.listeners_by_code(by, rows)[1:]
    asked = np.ones(table.sizes[by], np.bool_) if (mask := masks[by]) is None else mask[1:]
    visible = asked.copy()
    if k > 1:
        visible &= standing(table, masks, by, k)[1:]
        _hide_cells(table, masks, by, visible, k)
        _hide_for_the_rest(table, rows, by, visible, counts, k)
    return Cells(np.where(visible, counts, 0), visible)


def _hide_cells(table: Presence, masks: Masks, by: int, visible: BoolArray, k: int) -> None:
    """Hide cells that break rule b in another dimension, or rule c."""
    rows_of = table.split(by)
    inside = table.take(table.within(masks))
    samples = [inside.take(slice(None, None, stride)) for stride in _STRIDES]
    for code in np.flatnonzero(visible):
        cell = _restricted(masks, by, int(code), table.sizes[by])
        # A wider box that keeps this value has its rows here, all others have more than these.
        part = table.take(rows_of[code])
        rows = part.within(cell)
        hull = part.hull(rows)
        visible[code] = (
            _settled(part, cell, by, k)
            and not takes_apart(part, rows, _without(hull, by), k)
            and (
                _far(samples, _without(hull, by), by, int(code), k)
                or not takes_apart(table, table.within(cell), hull, k)
            )
        )


def _hide_for_the_rest(
    table: Presence, rows: BoolArray, by: int, visible: BoolArray, counts: IntArray, k: int
) -> None:
    while visible.any():
        rest = rows & ~np.append(False, visible)[table.codes[by]]
        if not rest.any() or not takes_apart(table, rest, table.hull(rest), k):
            return
        codes = np.flatnonzero(visible)
        visible[codes[np.argmin(counts[codes])]] = False


def _settled(part: Presence, cell: Masks, by: int, k: int) -> bool:
    """Whether nothing is left out of a cell. part : all rows of its value"""
    others = _without(cell, by)
    return all(
        mask is None or bool((mask == left).all())
        for mask, left in zip(others, settle(part, others, k), strict=True)
    )


def _far(samples: list[Presence], hull: Masks, by: int, code: int, k: int) -> bool:
    """Whether at least k listeners are in the other cells and within the hull of this one."""
    for sample in samples:
        if sample.listeners(sample.within(hull) & (sample.codes[by] != code + 1)) >= k:
            return True
    return False


def _restricted(masks: Masks, by: int, code: int, size: int) -> Masks:
    alone = np.zeros(size + 1, np.bool_)
    alone[code + 1] = True
    return (*masks[:by], alone, *masks[by + 1 :])


def _without(masks: Masks, by: int) -> Masks:
    return (*masks[:by], None, *masks[by + 1 :])
