"""What an artist may see: figures of at least k listeners that no other figure takes apart.

A box names some values of tracks, countries, segments and sources and a period, or leaves them free; its rows
are all presence rows with such values. For a box F and a set S of dimensions, F* is the smallest box around
the rows of F (it names in each dimension exactly the values that occur in F; of time the period from the
first to the last unit; a dimension where a row has no value stays free) and F*/S is F* with S freed. A figure
for F is shown if

a. F has at least k listeners;
b. each value that F names stands in F with that dimension freed (`standing`: at least k listeners there, and
   not hidden to hide others); of a period the first and the last unit do. Named values that do not stand are
   left out and the period is shortened inwards, until nothing changes;
c. for every set S of dimensions the rows of F*/S outside F have 0 or at least k listeners.

Theorem 1. If the rows of a shown box F are all rows of a shown box G, the rows of G outside F have 0 or at
least k listeners.

Proof. If G names a value v that does not occur in F, then G restricted to v lies outside F and has at least k
listeners, by b for G. The same holds for the first or last unit of G's period if it is outside that of F*.
Otherwise each dimension that G names has exactly F*'s values: those of F and no others, since F's rows are in
G. So G is F*/S, where S are the dimensions that G leaves free, and c for F says it.

It is not enough to ask c of the dimensions that F names. Let country A play only track t, with 20 listeners,
and country B play t with 3 and u with 20. F = {A} and G = {t} name nothing in common and each passes (A
against all, t against all), but F's rows are in G and 3 listeners apart. So F* names what F merely happens to
have.

Theorem 2. Of any number of shown boxes that differ in one dimension only, every sum and difference is made of
parts that each have 0 or at least k listeners.

Proof. They share the box with that dimension freed, and so the values that stand in it. Each box is a union
of standing values, of at least k listeners each, or all. What is left of all has 0 or at least k. In time
each box is a union of standing units and of whole runs between two of them, which have 0 or at least k
listeners each.

Not defended: sums of three and more figures that differ in two and more dimensions; listeners who are in both
of two figures, so that the counts say how many are in one alone; changes of the table from one day to the
next. One table has one segment for each listener: segments as of different days make different tables, and
the theorems compare figures of one table only.

References:
    Hundepool et al., Statistical Disclosure Control, Wiley 2012, chapter 4: threshold rule, secondary
    suppression, differencing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

import numpy as np

from muse_graph.core.artists.presence import DIMENSIONS, PERIOD, Box, Dimension, Masks, Presence, masks_of
from muse_graph.core.artists.standing import standing
from muse_graph.core.checks import check_at_least
from muse_graph.core.types import BoolArray

__all__ = ["Shown", "Suppressed", "box_of", "settle", "shown", "takes_apart"]

Reason: TypeAlias = Literal["few", "close"]

_N_SETS: Final = 1 << len(DIMENSIONS)
_NUMBERS = np.arange(_N_SETS)
#: For each set S of dimensions (bit d for dimension d) the sets within it, as bits: bit T where T is within
#: S.
_WITHIN = np.array([sum(1 << int(t) for t in _NUMBERS if t & ~s == 0) for s in _NUMBERS], np.uint32)


@dataclass(frozen=True, slots=True)
class Shown:
    """A box whose figures may be shown.

    Attributes:
        box: what the figures are of: the box asked for without what was left out, its period shortened
        listeners: different listeners in it
        left_out: for each dimension the codes asked for that are not in `box`, ascending; for the period the
            units cut off at its ends
    """

    box: Box
    listeners: int
    left_out: dict[Dimension, tuple[int, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Suppressed:
    """A box of which nothing may be shown.

    Attributes:
        reason: "few", fewer than k listeners, perhaps none; "close", all but a few of the listeners of a
            wider box
        left_out: as of `Shown`
    """

    reason: Reason
    left_out: dict[Dimension, tuple[int, ...]] = field(default_factory=dict)


def shown(table: Presence, box: Box, k: int) -> Shown | Suppressed:
    """Apply the rule to a box; with k = 1 everything is shown, boxes without a listener too.

    Raises:
        InvalidRequest: If k is below 1.
    """
    check_at_least("k", k, 1)
    if k == 1:
        return Shown(box, table.listeners(table.within(masks_of(box, table.sizes))))
    masks = settle(table, masks_of(box, table.sizes), k)
    left = box_of(masks)
    left_out = _left_out(box, left, table.sizes[PERIOD])
    rows = table.within(masks)
    listeners = table.listeners(rows)
    if listeners < k:
        return Suppressed("few", left_out)
    if takes_apart(table, rows, table.hull(rows), k):
        return Suppressed("close", left_out)
    return Shown(left, listeners, left_out)


def settle(table: Presence, masks: Masks, k: int) -> Masks:
    """Leave out named values that do not stand, one dimension after the other, until all that are left do."""
    settled = list(masks)
    changed = True
    while changed:
        changed = False
        for dimension, mask in enumerate(settled):
            if mask is None or not mask.any():
                continue
            stands = mask & standing(table, tuple(settled), dimension, k)
            left = _between(stands) & mask if dimension == PERIOD else stands
            changed |= bool((left != mask).any())
            settled[dimension] = left
    return tuple(settled)


def _between(stands: BoolArray) -> BoolArray:
    """From the first standing unit to the last."""
    units = np.flatnonzero(stands)
    span = np.zeros(len(stands), np.bool_)
    if len(units):
        span[units[0] : units[-1] + 1] = True
    return span


def takes_apart(table: Presence, rows: BoolArray, hull: Masks, k: int) -> bool:
    """Whether some box around the hull has 1..k-1 listeners outside these rows and could be shown: rule c."""
    outside = np.zeros(len(table.listener), np.uint8)
    for dimension, mask in enumerate(hull):
        if mask is not None:
            outside |= np.where(mask, 0, 1 << dimension).astype(np.uint8)[table.codes[dimension]]
    sets = _sets_by_listener(table, outside, rows)
    apart = np.array([np.count_nonzero(sets & within) for within in _WITHIN])
    return bool(((apart > 0) & (apart < k)).any())


def _sets_by_listener(table: Presence, outside: np.ndarray, rows: BoolArray) -> np.ndarray:
    """For each listener which sets of dimensions one of its rows beside the given ones is outside in: bit T
    for set T.

    Returns:
        (n_listeners,) uint32
    """
    if not len(outside):
        return np.zeros(0, np.uint32)
    bits = np.where(rows, np.uint32(0), np.uint32(1) << outside)
    first = np.flatnonzero(np.append(True, table.listener[1:] != table.listener[:-1]))
    return np.bitwise_or.reduceat(bits, first)


def box_of(masks: Masks) -> Box:
    """The box of masks; a dimension whose mask is empty names no value, a period none by (0, -1)."""
    named: dict[str, frozenset[int] | tuple[int, int] | None] = {}
    for dimension, (name, mask) in enumerate(zip(DIMENSIONS, masks, strict=True)):
        codes = [] if mask is None else [int(code) for code in np.flatnonzero(mask) - 1]
        if mask is None:
            named[name] = None
        elif dimension == PERIOD:
            named[name] = (codes[0], codes[-1]) if codes else (0, -1)
        else:
            named[name] = frozenset(codes)
    return Box(**named)  # type: ignore[arg-type]


def _left_out(asked: Box, left: Box, n_units: int) -> dict[Dimension, tuple[int, ...]]:
    gone: dict[Dimension, tuple[int, ...]] = {}
    for name in DIMENSIONS:
        codes = _codes(getattr(asked, name), n_units) - _codes(getattr(left, name), n_units)
        if codes:
            gone[name] = tuple(sorted(codes))
    return gone


def _codes(named: frozenset[int] | tuple[int, int] | None, n_units: int) -> frozenset[int]:
    if isinstance(named, tuple):
        return frozenset(range(max(named[0], 0), min(named[1] + 1, n_units)))
    return named or frozenset()
