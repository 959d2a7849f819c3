"""A number for each day or week as a line, the period before it in grey behind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from muse_graph.api.web.charts.figure import Chart, empty, picture
from muse_graph.api.web.charts.markup import line, percent, plot, polyline, tag, text
from muse_graph.api.web.charts.scales import ticks
from muse_graph.api.web.charts.textures import patch
from muse_graph.api.web.charts.wording import count, lines

__all__ = ["Unit", "runs", "series", "thinned"]

_TOP, _PLOT, _AXIS = 24.0, 190.0, 26.0
#: As wide as a chart can be, in pixels.
_WIDEST = 1400.0
#: More points than this are drawn by the smallest and largest of their neighbours.
_MOST_POINTS = 600
#: A line of more points is thinner.
_MANY = 200
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
) -> Chart:
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
        *(_path(frame, run, f"curve first{' fine' if len(run) > _MANY else ''}") for run in runs(values)),
    ]
    parts = [
        *_grid(marks, frame),
        *_gaps(frame, values),
        *_dates(units, frame),
        tag("svg", plot(_PLOT + 4, *inner), y=_TOP, width="100%", height=_PLOT + 4, class_="over"),
        *_ticks(marks, of, frame),
        *_alone(frame, values),
        *_ends(frame, values, earlier, before_name),
    ]
    drawing = picture(key, title, _in_words(units, of), _TOP + _PLOT + _AXIS, *parts)
    return Chart(key, title, (drawing,), note)


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


def _grid(marks: Sequence[float], frame: _Frame) -> list[Markup]:
    heights = [(_TOP + frame.y(mark), "grid" if mark else "axis") for mark in marks]
    return [line(0, y, 1, y, class_) for y, class_ in heights]


def _ticks(marks: Sequence[float], of: str, frame: _Frame) -> list[Markup]:
    return [
        text(
            f"{count(mark)} {of}" if mark == marks[-1] else count(mark),
            0,
            _TOP + frame.y(mark) - 5,
            class_="tick halo",
        )
        for mark in marks[1:]
    ]


def _gaps(frame: _Frame, values: Sequence[float | None]) -> list[Markup]:
    """What is not known, hatched over the full height between the known neighbours."""
    parts: list[Markup] = []
    edges = [run[0][0] for run in runs(values)], [run[-1][0] for run in runs(values)]
    for begin, end in zip([0, *edges[1]], [*edges[0], len(values) - 1], strict=True):
        if end > begin or (begin == end and values[begin] is None):
            left, right = frame.x(begin), frame.x(end)
            part = max(right - left, 0.004)
            drawn = patch(
                *("hatch", 7),
                x=percent(left),
                y=_TOP,
                width=percent(part),
                height=_PLOT,
                reach=_WIDEST * part,
            )
            parts.append(drawn)
    return parts


def _dates(units: Sequence[Unit], frame: _Frame) -> list[Markup]:
    last = len(units) - 1
    shown = {0: "start", last: "end", last // 2: "middle"} if last > 3 else {0: "start", last: "end"}
    if last == 0:
        shown = {0: "middle"}
    return [
        text(
            lines(units[place].label, 15, 1)[0],
            frame.x(place),
            _TOP + _PLOT + 20,
            class_="tick",
            text_anchor=anchor,
        )
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
    is_near = abs(frame.x(peak[0]) - frame.x(last[0])) < 0.2
    marked = [last] if is_near or peak[1] == last[1] else [peak, last]
    parts = []
    for place, value in marked:
        x, y = frame.x(place), _TOP + frame.y(value)
        anchor = "end" if x > 0.9 else "start" if x < 0.1 else "middle"
        parts += [
            tag("circle", cx=percent(x), cy=y, r=3.5, class_="end first"),
            text(count(value), x, y - 9, class_="name first halo", text_anchor=anchor),
        ]
    return parts + _earlier_name(frame, values, earlier, before_name)


def _earlier_name(
    frame: _Frame, values: Sequence[float | None], earlier: Sequence[float | None], name: str
) -> list[Markup]:
    """The name of the grey line where it is farthest from the other, on the side away from it."""
    gaps = [
        (abs(frame.y(old) - frame.y(new)), place)
        for place, (new, old) in enumerate(zip(values, earlier, strict=False))
        if old is not None and new is not None and 0.15 <= frame.x(place) <= 0.85
    ] or [(0.0, place) for place, old in enumerate(earlier) if old is not None]
    if not gaps:
        return []
    place = max(gaps)[1]
    old, new = earlier[place] or 0.0, values[place] or 0.0
    x, y = frame.x(place), _TOP + frame.y(old)
    # Below its neighbours' lowest point, or above their highest.
    near = [
        value for value in earlier[max(0, place - len(values) // 8) : place + len(values) // 8 + 1] if value
    ]
    if old < new and frame.y(min([old, *near])) + 18 < _PLOT:
        y = _TOP + frame.y(min([old, *near])) + 16
    else:
        y = _TOP + frame.y(max([old, *near])) - 8
    anchor = "start" if x < 0.15 else "end" if x > 0.85 else "middle"
    return [text(name, x, y, class_="name reference halo", text_anchor=anchor)]


def _in_words(units: Sequence[Unit], of: str) -> str:
    known = [unit for unit in units if unit.value is not None]
    peak, last = max(known, key=lambda unit: unit.value or 0), known[-1]
    missing = len(units) - len(known)
    words = f"{last.label}: {count(last.value or 0)} {of}; most in {peak.label}: {count(peak.value or 0)}."
    return words + (f" {missing} of {len(units)} not shown." if missing else "")
