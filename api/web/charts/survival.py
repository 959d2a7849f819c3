"""How far listeners get into a track: the share of plays that reach each part of it, with a 95 % band."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup

from muse_graph.api.web.charts.figure import Chart, empty, picture
from muse_graph.api.web.charts.markup import line, percent, plot, polyline, tag, text
from muse_graph.api.web.charts.scales import spread
from muse_graph.api.web.charts.wording import isolated, lines, percentage, share

__all__ = ["Curve", "biggest_drop", "survival"]

_TOP, _PLOT, _AXIS = 22.0, 250.0, 26.0
_LABEL_GAP, _LINE = 17.0, 15.0
_QUARTERS = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True)
class Curve:
    """The shares of plays that reach parts of a track, all 0..1; every play reaches its beginning.

    Attributes:
        parts: ascending, above 0
        low, high: the 95 % band; empty for a curve without one
    """

    name: str
    parts: Sequence[float]
    shares: Sequence[float]
    low: Sequence[float] = ()
    high: Sequence[float] = ()

    def points(self, of: Sequence[float]) -> list[tuple[float, float]]:
        """Points on the page, from the beginning of the track."""
        return [(part, _y(value)) for part, value in _from_start(self.parts, of)]


def _from_start(parts: Sequence[float], shares: Sequence[float]) -> list[tuple[float, float]]:
    """Parts and shares from the beginning, which every play reaches."""
    return [(0.0, 1.0), *zip(parts, shares, strict=True)]


def biggest_drop(curve: Curve) -> tuple[float, float, float] | None:
    """The part of the track in which most plays end: from, to, and the share lost; None if none is."""
    steps = _from_start(curve.parts, curve.shares)
    begin, end, lost = max(
        ((a, b, high - low) for (a, high), (b, low) in pairwise(steps)), key=lambda drop: drop[2]
    )
    return (begin, end, lost) if lost > 0 else None


def survival(
    key: str,
    title: str,
    curve: Curve | None,
    *,
    other: Curve | None = None,
    reference: Curve | None = None,
    note: str = "",
    nothing: str = "No plays say yet how far they went.",
) -> Chart:
    """The curve of a track or of several, beside a second one and a thin grey reference."""
    if curve is None or not curve.parts:
        return empty(key, title, nothing)
    shown = [
        (drawn, kind)
        for drawn, kind in ((reference, "reference"), (other, "second"), (curve, "first"))
        if drawn is not None and drawn.parts
    ]
    paths = [path for drawn, kind in shown for path in _paths(drawn, kind)]
    drop = biggest_drop(curve)
    inner = plot(_PLOT + 4, *paths, *([_drop_path(curve, drop)] if drop else []))
    over = tag("svg", inner, y=_TOP, width="100%", height=_PLOT + 4, class_="over")
    parts = [*_grid(), over, *_ticks()]
    if drop:
        parts.append(_drop_label(curve, drop))
    description = " ".join(_in_words(drawn) for drawn, _kind in reversed(shown))
    drawing = picture(key, title, description, _TOP + _PLOT + _AXIS, *parts, *_names(shown))
    return Chart(key, title, (drawing,), note)


def _y(value: float) -> float:
    return 2 + (1 - min(1.0, max(0.0, value))) * (_PLOT - 2)


def _grid() -> list[Markup]:
    return [
        line(0, _TOP + _y(value), 1, _TOP + _y(value), "grid" if value else "axis") for value in _QUARTERS
    ]


def _ticks() -> list[Markup]:
    shares = [
        text(
            percentage(value) + (" of plays" if value == 1 else ""),
            0,
            _TOP + _y(value) - 5,
            class_="tick halo",
        )
        for value in _QUARTERS[1:]
    ]
    anchors = ("start", "middle", "middle", "middle", "end")
    names = ("start", *map(percentage, _QUARTERS[1:-1]), "end")
    return shares + [
        text(name, part, _TOP + _PLOT + 20, class_="tick", text_anchor=anchor)
        for part, name, anchor in zip(_QUARTERS, names, anchors, strict=True)
    ]


def _paths(curve: Curve, kind: str) -> list[Markup]:
    paths = []
    if curve.low and curve.high and kind != "reference":
        there, back = curve.points(curve.high), curve.points(curve.low)[::-1]
        paths.append(tag("path", d=polyline([*there, *back]) + "Z", class_=f"band {kind}"))
    return [*paths, tag("path", d=polyline(curve.points(curve.shares)), class_=f"curve {kind}")]


def _drop_path(curve: Curve, drop: tuple[float, float, float]) -> Markup:
    on_it = [point for point in curve.points(curve.shares) if drop[0] <= point[0] <= drop[1]]
    return tag("path", d=polyline(on_it), class_="curve first drop")


def _drop_label(curve: Curve, drop: tuple[float, float, float]) -> Markup:
    """Where most plays end, in free space: above the drop, right of it, or below; left of a late one."""
    begin, end, lost = drop
    high = _y(dict(_from_start(curve.parts, curve.shares))[begin])
    low = _y(dict(_from_start(curve.parts, curve.low or curve.shares))[end])
    if end > 0.6:
        x, y, anchor = begin - 0.01, high + 26, "end"
    elif high > 2 * _LINE + 4:
        x, y, anchor = begin + 0.02, max(high - 26, 14.0), "start"
    elif low - high >= 2 * _LINE + 4:
        x, y, anchor = end + 0.015, max(high + 4, 14.0), "start"
    else:
        # Right of the names of the shares, and below what the curve comes down to beside it.
        x, anchor = max(begin, 0.12), "start"
        y = max(low, _y(_at(curve, x + 0.45, curve.low or curve.shares))) + 22
    words = (f"{share(lost)} of plays end", f"between {percentage(begin)} and {percentage(end)}")
    rows = [
        text(row, max(x, 0.0), _TOP + y + _LINE * i, class_="halo", text_anchor=anchor)
        for i, row in enumerate(words)
    ]
    return tag("g", *rows, class_="marked")


def _names(shown: Sequence[tuple[Curve, str]]) -> list[Markup]:
    """Each curve's name and last share at the right: the highest above its curve, the others below theirs."""
    ends = [_y(curve.shares[-1]) for curve, _kind in shown]
    highest = ends.index(min(ends)) if len(ends) > 1 or ends[0] > _PLOT - 24 else None
    wanted = [
        _y(_at(curve, 0.65)) - 9 if place == highest else end + 18
        for place, ((curve, _kind), end) in enumerate(zip(shown, ends, strict=True))
    ]
    places = spread(wanted, _LABEL_GAP, 12, _PLOT - 6)
    return [
        tag("circle", cx=percent(curve.parts[-1]), cy=_TOP + end, r=3.5, class_=f"end {kind}")
        for (curve, kind), end in zip(shown, ends, strict=True)
    ] + [
        text(
            f"{isolated(lines(curve.name, 22, 1)[0])} {share(curve.shares[-1])}",
            1,
            _TOP + y,
            class_=f"name halo {kind}",
            text_anchor="end",
        )
        for (curve, kind), y in zip(shown, places, strict=True)
    ]


def _at(curve: Curve, part: float, shares: Sequence[float] = ()) -> float:
    """The share that reaches a part of the track, by the nearest point before it."""
    points = _from_start(curve.parts, shares or curve.shares)
    return next((value for at, value in reversed(points) if at <= part), 1.0)


def _in_words(curve: Curve) -> str:
    reached = ", ".join(
        f"{share(value)} reach {percentage(part)}"
        for part, value in zip(curve.parts, curve.shares, strict=True)
    )
    return f"{curve.name}: {reached}."
