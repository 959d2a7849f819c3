"""Bars to both sides of 1×, the base audience, on a scale of equal factors, with 95 % intervals."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from muse_graph.api.web.charts.figure import Chart, empty, picture
from muse_graph.api.web.charts.markup import line, percent, tag, text
from muse_graph.api.web.charts.rows import LINE, Column, Row, heading, lifted, numbers
from muse_graph.api.web.charts.wording import count, times

__all__ = ["Lift", "lift_bars"]

_HEAD, _BAR, _GAP = 22.0, 8.0, 14.0
_MOST_DOUBLINGS = 4
_FRACTIONS = {-1: "½×", -2: "¼×", -3: "⅛×", -4: "1/16×"}


@dataclass(frozen=True)
class Lift:
    """How many times as much the audience favours something as the base audience does.

    Attributes:
        low, high: the 95 % interval
        n: the listeners counted
    """

    label: str
    lift: float
    low: float | None = None
    high: float | None = None
    n: int | None = None

    @property
    def is_sure(self) -> bool:
        """Whether the interval lies on one side of 1."""
        return self.low is None or self.high is None or self.low > 1 or self.high < 1


def lift_bars(
    key: str,
    title: str,
    rows: Sequence[Lift],
    *,
    most: int = 12,
    note: str = "",
    nothing: str = "Too few listeners to compare with the base audience.",
) -> Chart:
    """The first rows as bars right of 1× for more and left of it for less; pale where 1× is possible."""
    if not rows:
        return empty(key, title, nothing)
    shown = rows[:most]
    scale = _Scale.of(shown)
    columns = [Column("lift", 52)]
    columns += [Column("95 %", 84)] if any(row.low is not None for row in shown) else []
    columns += [Column("n", 52)] if any(row.n is not None for row in shown) else []
    parts: list[Markup] = []
    y, freed = _HEAD, 0
    for item in shown:
        row = Row.of(item.label, columns, y)
        freed += row.is_beside_when_wide(columns)
        drawn = [*numbers(row, columns, _cells(item, columns)), *_drawn(item, scale, y + row.height)]
        parts.append(tag("g", *drawn, class_=lifted(freed) or None))
        y += row.height + _BAR + _GAP
    more = len(rows) - most
    words = [*scale.names(y)]
    words += [text(f"and {more:,} more in the table", 0, y + 38, class_="tick")] if more > 0 else []
    grid = tag("g", *scale.grid(y - _HEAD), class_=lifted(freed) or None)
    # What of the grid moves above the heads is cut off.
    back = [*heading(columns), tag("svg", grid, y=_HEAD, width="100%", height=y - _HEAD, class_="cut")]
    below = tag("g", *words, class_=lifted(freed) or None)
    height = y + (44 if more > 0 else 22)
    lines, said, slack = [*back, *parts, below], _in_words(rows), LINE * freed
    drawing = picture(key, title, said, height, *lines, class_=lifted(freed), slack=slack)
    return Chart(key, title, (drawing,), note)


@dataclass(frozen=True)
class _Scale:
    """Doublings to each side of the middle."""

    doublings: int

    @classmethod
    def of(cls, rows: Sequence[Lift]) -> _Scale:
        bounds = [
            value for row in rows for value in (row.lift, row.low, row.high) if value and math.isfinite(value)
        ]
        needed = max((abs(math.log2(value)) for value in bounds), default=1.0)
        return cls(min(_MOST_DOUBLINGS, max(1, math.ceil(needed - 1e-9))))

    def x(self, factor: float) -> float:
        """A share of the width; what is off the scale is at its edge."""
        if factor <= 0:
            return 0.0
        doublings = math.log2(factor) if math.isfinite(factor) else math.inf
        return 0.5 + min(1.0, max(-1.0, doublings / self.doublings)) / 2

    def grid(self, height: float) -> list[Markup]:
        """A line for each doubling."""
        powers = range(-self.doublings, self.doublings + 1)
        return [
            line(self.x(2.0**power), 0, self.x(2.0**power), height, "grid" if power else "axis")
            for power in powers
        ]

    def names(self, bottom: float) -> list[Markup]:
        """The name of each line, below it; on the narrowest phone there is room for seven."""
        parts = []
        for power in range(-self.doublings, self.doublings + 1):
            x = self.x(2.0**power)
            anchor = "start" if x == 0 else "end" if x == 1 else "middle"
            name = _FRACTIONS.get(power, f"{2 ** max(power, 0)}×")
            if self.doublings <= 3 or power % 2 == 0:
                parts.append(text(name, x, bottom + 15, class_="tick", text_anchor=anchor))
        return parts


def _drawn(item: Lift, scale: _Scale, y: float) -> list[Markup]:
    at = scale.x(item.lift)
    left, right = min(at, 0.5), max(at, 0.5)
    side = "over" if item.lift >= 1 else "under"
    parts = [
        tag(
            "rect",
            x=percent(left),
            y=y,
            width=percent(right - left),
            height=_BAR,
            class_=f"lift-{side}{'' if item.is_sure else ' unsure'}",
        )
    ]
    if item.low is not None and item.high is not None:
        parts += _whisker(scale, item.low, item.high, y + _BAR / 2)
    return parts


def _whisker(scale: _Scale, low: float, high: float, y: float) -> list[Markup]:
    """The interval; an end without a cap goes on beyond the edge."""
    ends = scale.x(low), scale.x(high)
    caps = [line(end, y - 4, end, y + 4, "whisker") for end in ends if 0 < end < 1]
    return [line(ends[0], y, ends[1], y, "whisker"), *caps]


def _cells(item: Lift, columns: Sequence[Column]) -> list[str]:
    interval = (
        f"{_bound(item.low)}–{_bound(item.high)}" if item.low is not None and item.high is not None else ""
    )
    written = {"lift": times(item.lift), "95 %": interval, "n": count(item.n) if item.n is not None else ""}
    return [written[column.head] for column in columns]


def _bound(value: float) -> str:
    return "∞" if math.isinf(value) else times(value).removesuffix("×")


def _in_words(rows: Sequence[Lift]) -> str:
    named = [f"{row.label}: {times(row.lift)}" for row in rows[:5]]
    return f"{len(rows):,} compared with the base audience, which is 1×. {'; '.join(named)}."
