"""Round numbers for axes and for the steps of a map."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

__all__ = ["round_up", "spread", "steps", "ticks"]

_ROUND = (1.0, 2.0, 2.5, 5.0, 10.0)


def round_up(value: float) -> float:
    """The next number of 1, 2, 2.5 or 5 times a power of ten; 1 for nothing."""
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(size * power for size in _ROUND if size * power >= value * (1 - 1e-9))


def ticks(most: float, n: int = 3, *, whole: bool = False) -> list[float]:
    """0 and round numbers above it, about n of them, the last at or above most."""
    step = round_up(most / n)
    if whole:
        step = float(math.ceil(step))
    return [step * i for i in range(max(1, math.ceil(most / step - 1e-9)) + 1)]


def steps(values: Sequence[float], n: int = 5) -> list[float]:
    """The lower bounds of at most n classes for numbers above 0: round and ascending, none empty.

    Bounds grow by equal factors where the largest number is more than ten times the smallest, else by equal
    amounts: countries differ by powers of ten. The first bound is at or below the smallest number.
    """
    found = sorted(value for value in values if value > 0)
    if not found:
        return []
    least, most = found[0], found[-1]
    if most > 10 * least:
        inner = [least * (most / least) ** (i / n) for i in range(1, n)]
    else:
        inner = [least + (most - least) * i / n for i in range(1, n)]
    # What is nearly a round number is rounded to that one, which may be just above.
    first = min(_round_down(least), least)
    bounds = sorted({first, *(bound for bound in map(_nearest, inner) if first < bound <= most)})
    return [low for low, high in pairwise([*bounds, math.inf]) if any(low <= value < high for value in found)]


def _nearest(value: float) -> float:
    """The nearest of 1, 2, 3 and 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(value))
    return min((size * power for size in (1.0, 2.0, 3.0, 5.0, 10.0)), key=lambda size: abs(size - value))


def _round_down(value: float) -> float:
    """The largest number of one digit that is not above."""
    power = 10.0 ** math.floor(math.log10(value) + 1e-12)
    return float(f"{math.floor(value / power + 1e-9) * power:.6g}")


def spread(places: Sequence[float], gap: float, least: float, most: float) -> list[float]:
    """Places moved apart until they are a gap from each other, in their order; within bounds if they fit."""
    order = sorted(range(len(places)), key=lambda i: places[i])
    moved = list(places)
    floor = least
    for i in order:
        moved[i] = max(moved[i], floor)
        floor = moved[i] + gap
    ceiling = most
    for i in reversed(order):
        moved[i] = min(moved[i], ceiling)
        ceiling = moved[i] - gap
    return moved
