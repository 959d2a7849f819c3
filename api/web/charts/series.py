"""A number for each day or week as a line, the period before it in grey behind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from muse_graph.api.web.charts.figure import empty, figure, picture
from muse_graph.api.web.charts.markup import line, percent, plot, polyline, tag, text
from muse_graph.api.web.charts.scales import ticks
from muse_graph.api.web.charts.textures import hatch
from muse_graph.api.web.charts.wording import count

__all__ = ["Unit", "runs", "series", "thinned"]

_TOP, _PLOT, _AXIS = 24.0, 190.0, 26.0
#: More points than this are drawn by the smallest and largest of their neighbours.
_MOST_POINTS = 600
_Points = list[tuple[int, float]]


@dataclass(frozen=True)
class Unit:
    """A day, a week or a month; the value is None where it is not known or not to be shown."""

    label: str
    value: float | None


def series(
    key: str,
    title: str,
    units: Sequence[Unit],
    *,
    of: str,
    before: Sequence[float | None] = (),
    before_name: str = "period before",
    note: str = "",
    nothing: str = "Nothing in this period.",
) -> Markup:
    """Units in their order; the period before begins at the left, and what is longer is left out.

    Args:
        of: what is counted, such as ``listeners``
    """
    values = [unit.value for unit in units]
    known = [value for value in values if value is not None]
    if not known:
        return empty(key, title, nothing)
    earlier = list(before[: len(units)])
    whole = all(float(value).is_integer() for value in known)
    marks = ticks(max([*known, *filter(None, earlier)]), whole=whole)
    frame = _Frame(len(units), marks[-1])
    inner = [
        *(_path(frame, run, "curve reference") for run in runs(earlier)),
        *(_path(frame, run, "curve first") for run in runs(values)),
    ]
    parts = [
        *_axis(marks, of, frame),
        *_gaps(frame, values, key),
        *_dates(units, frame),
        tag("svg", plot(_PLOT + 4, *inner), y=_TOP, width="100%", height=_PLOT + 4, class_="over"),
        *_alone(frame, values),
        *_ends(frame, values, earlier, before_name),
    ]
    drawing = picture(key, title, _in_words(units, of), _TOP + _PLOT + _AXIS, *parts)
    return figure(key, title, drawing, note)


@dataclass(frozen=True)
class _Frame:
    n: int
    most: float

    def x(self, place: int) -> float:
        return place / (self.n - 1) if self.n > 1 else 0.5

    def y(self, value: float) -> float:
        return 2 + (1 - value / self.most) * (_PLOT - 2)

    def points(self, run: _Points) -> list[tuple[float, float]]:
        return [(self.x(place), self.y(value)) for place, value in run]


def runs(values: Sequence[float | None]) -> list[_Points]:
    """Places and values without the gaps: one list for each stretch of known values."""
    found: list[_Points] = [[]]
    for place, value in enumerate(values):
        if value is not None:
            found[-1].append((place, value))
        elif found[-1]:
            found.append([])
    return [run for run in found if run]


def thinned(run: _Points, most: int = _MOST_POINTS) -> _Points:
    """The smallest and largest of each stretch of neighbours, so that no peak is lost; both ends stay."""
    if len(run) <= most:
        return run
    size = -(-len(run) * 2 // most)
    kept = {run[0], run[-1]}
    for begin in range(0, len(run), size):
        stretch = run[begin : begin + size]
        kept |= {min(stretch, key=lambda point: point[1]), max(stretch, key=lambda point: point[1])}
    return sorted(kept)


def _path(frame: _Frame, run: _Points, class_: str) -> Markup:
    return tag("path", d=polyline(frame.points(thinned(run))), class_=class_)


def _axis(marks: Sequence[float], of: str, frame: _Frame) -> list[Markup]:
    parts = []
    for mark in marks:
        y = _TOP + frame.y(mark)
        parts.append(line(0, y, 1, y, "grid" if mark else "axis"))
        if mark:
            words = f"{count(mark)} {of}" if mark == marks[-1] else count(mark)
            parts.append(text(words, 0, y - 5, class_="tick"))
    return parts


def _gaps(frame: _Frame, values: Sequence[float | None], key: str) -> list[Markup]:
    """What is not known, hatched over the full height between the known neighbours."""
    parts: list[Markup] = []
    edges = [run[0][0] for run in runs(values)], [run[-1][0] for run in runs(values)]
    for begin, end in zip([0, *edges[1]], [*edges[0], len(values) - 1], strict=True):
        if end > begin or (begin == end and values[begin] is None):
            left, right = frame.x(begin), frame.x(end)
            parts.append(
                tag(
                    "rect",
                    x=percent(left),
                    y=_TOP,
                    width=percent(max(right - left, 0.004)),
                    height=_PLOT,
                    fill=f"url(#{key}-hatch)",
                )
            )
    return [hatch(f"{key}-hatch"), *parts] if parts else []


def _dates(units: Sequence[Unit], frame: _Frame) -> list[Markup]:
    last = len(units) - 1
    shown = {0: "start", last: "end", last // 2: "middle"} if last > 3 else {0: "start", last: "end"}
    if last == 0:
        shown = {0: "middle"}
    return [
        text(units[place].label, frame.x(place), _TOP + _PLOT + 20, class_="tick", text_anchor=anchor)
        for place, anchor in shown.items()
    ]


def _alone(frame: _Frame, values: Sequence[float | None]) -> list[Markup]:
    """Points for values without a known neighbour, which no line shows."""
    return [
        tag("circle", cx=percent(frame.x(place)), cy=_TOP + frame.y(value), r=3.5, class_="end first")
        for run in runs(values)
        if len(run) == 1
        for place, value in run
    ]


def _ends(
    frame: _Frame, values: Sequence[float | None], earlier: Sequence[float | None], before_name: str
) -> list[Markup]:
    """The last value, the largest if it is elsewhere, and what the grey line is."""
    known = [(place, value) for place, value in enumerate(values) if value is not None]
    peak, last = max(known, key=lambda point: point[1]), known[-1]
    marked = [last] if abs(frame.x(peak[0]) - frame.x(last[0])) < 0.2 else [peak, last]
    parts = []
    for place, value in marked:
        x, y = frame.x(place), _TOP + frame.y(value)
        anchor = "end" if x > 0.9 else "start" if x < 0.1 else "middle"
        parts += [
            tag("circle", cx=percent(x), cy=y, r=3.5, class_="end first"),
            text(count(value), x, y - 9, class_="name first halo", text_anchor=anchor),
        ]
    grey = [(place, value) for place, value in enumerate(earlier) if value is not None]
    if grey:
        place, value = max(grey[len(grey) // 8 : max(len(grey) // 2, 1)] or grey, key=lambda point: point[1])
        x = frame.x(place)
        anchor = "start" if x < 0.3 else "end" if x > 0.7 else "middle"
        parts.append(
            text(before_name, x, _TOP + frame.y(value) - 8, class_="name reference halo", text_anchor=anchor)
        )
    return parts


def _in_words(units: Sequence[Unit], of: str) -> str:
    known = [unit for unit in units if unit.value is not None]
    peak, last = max(known, key=lambda unit: unit.value or 0), known[-1]
    missing = len(units) - len(known)
    words = f"{last.label}: {count(last.value or 0)} {of}; most in {peak.label}: {count(peak.value or 0)}."
    return words + (f" {missing} of {len(units)} not shown." if missing else "")
