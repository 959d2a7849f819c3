"""Horizontal bars, largest first as given: a name, its bar, and its numbers aligned right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from muse_graph.api.web.charts.figure import Chart, empty, picture
from muse_graph.api.web.charts.markup import percent, tag, text
from muse_graph.api.web.charts.rows import LINE, Column, Row, heading, lifted, numbers
from muse_graph.api.web.charts.textures import patch
from muse_graph.api.web.charts.wording import change, count, share

__all__ = ["Bar", "bars"]

_HEAD, _BAR = 22.0, 7.0
_HIDDEN = "Each has {}, or would tell such a number. A longer period or fewer filters may show more."


@dataclass(frozen=True)
class Bar:
    """A value with what is known about it; a value of None is one with too few listeners to be shown.

    Attributes:
        share: of all, 0..1
        change: against the period before, 0.12 for 12 % more; infinite if there was nothing before
    """

    label: str
    value: float | None
    share: float | None = None
    change: float | None = None
    n: int | None = None


def bars(
    key: str,
    title: str,
    rows: Sequence[Bar],
    *,
    of: str,
    most: int = 12,
    note: str = "",
    suppressed: str = "fewer than 10",
    nothing: str = "Nothing in this period.",
) -> Chart:
    """The first rows as bars, and how many others there are.

    Args:
        of: what the value counts, such as ``listeners``; heads its column
    """
    if not rows:
        return empty(key, title, nothing)
    if all(bar.value is None for bar in rows):
        return empty(key, title, _HIDDEN.format(suppressed))
    shown = rows[:most]
    columns = _columns(shown, of)
    largest = max([bar.value or 0 for bar in rows])
    parts = heading(columns)
    y, freed = _HEAD, 0
    for bar in shown:
        row = Row.of(bar.label, columns, y)
        freed += row.is_beside_when_wide(columns)
        drawn = _row(bar, row, columns, largest, suppressed)
        parts.append(tag("g", *drawn, class_=lifted(freed) or None))
        y += row.height + _BAR + 12
    if len(rows) > most:
        words = text(f"and {len(rows) - most:,} more in the table", 0, y + 12, class_="tick")
        parts.append(tag("g", words, class_=lifted(freed) or None))
        y += 18
    said = _in_words(rows, of, suppressed)
    drawing = picture(key, title, said, y, *parts, class_=lifted(freed), slack=LINE * freed)
    return Chart(key, title, (drawing,), note)


def _columns(rows: Sequence[Bar], of: str) -> list[Column]:
    """The columns that any row has a number for."""
    found = [Column(of, 74)]
    found += [Column("share", 58)] if any(bar.share is not None for bar in rows) else []
    found += [Column("change", 62)] if any(bar.change is not None for bar in rows) else []
    return found + ([Column("n", 56)] if any(bar.n is not None for bar in rows) else [])


def _row(bar: Bar, row: Row, columns: Sequence[Column], largest: float, suppressed: str) -> list[Markup]:
    y = row.y + row.height
    track = tag("rect", y=y, width="100%", height=_BAR, rx=1, class_="track")
    if bar.value is None:
        drawn = patch("mesh", 5, y=y, width="6%", height=_BAR, reach=80)
        return [*numbers(row, columns, [suppressed], is_shown=False), track, drawn]
    # What is more than nothing is seen.
    part = max(bar.value / largest, 0.006) if bar.value > 0 else 0.0
    drawn = (
        tag("rect", y=y, width=percent(part), height=_BAR, rx=1, class_="mark") if part > 0 else Markup("")
    )
    written = {
        "share": share(bar.share) if bar.share is not None else "",
        "change": change(bar.change) if bar.change is not None else "",
        "n": count(bar.n) if bar.n is not None else "",
    }
    cells = [count(bar.value), *(written[column.head] for column in columns[1:])]
    return [*numbers(row, columns, cells), track, drawn]


def _in_words(rows: Sequence[Bar], of: str, suppressed: str) -> str:
    named = [f"{bar.label}: {suppressed if bar.value is None else count(bar.value)}" for bar in rows[:3]]
    return f"{len(rows):,} in all, by {of}. {'; '.join(named)}."
