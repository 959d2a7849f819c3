"""How far listeners get into a track: the share of plays that reach each part of it, with a 95 % band."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup

from muse_graph.api.web.charts.figure import empty, figure, picture
from muse_graph.api.web.charts.markup import line, percent, plot, polyline, tag, text
from muse_graph.api.web.charts.scales import spread
from muse_graph.api.web.charts.wording import lines, share

__all__ = ["Curve", "biggest_drop", "survival"]

_TOP, _PLOT, _AXIS = 22.0, 250.0, 26.0
_LABEL_GAP = 17.0


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
        return [(0.0, _y(1.0)), *((part, _y(value)) for part, value in zip(self.parts, of, strict=True))]


def biggest_drop(curve: Curve) -> tuple[float, float, float] | None:
    """The part of the track in which most plays end: from, to, and the share lost; None if none is."""
    steps = list(zip((0.0, *curve.parts), (1.0, *curve.shares), strict=True))
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
) -> Markup:
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
    parts = [*_axes(), tag("svg", inner, y=_TOP, width="100%", height=_PLOT + 4, class_="over")]
    if drop:
        parts.append(_drop_label(curve, drop))
    description = " ".join(_in_words(drawn) for drawn, _kind in reversed(shown))
    drawing = picture(key, title, description, _TOP + _PLOT + _AXIS, *parts, *_names(shown))
    return figure(key, title, drawing, note)


def _y(value: float) -> float:
    return 2 + (1 - min(1.0, max(0.0, value))) * (_PLOT - 2)


def _axes() -> list[Markup]:
    parts = []
    for value in (0.0, 0.25, 0.5, 0.75, 1.0):
        y = _TOP + _y(value)
        parts.append(line(0, y, 1, y, "axis" if value == 0 else "grid"))
        if value:
            parts.append(
                text(
                    f"{value:.0%}".replace("%", " %") + (" of plays" if value == 1 else ""),
                    0,
                    y - 5,
                    class_="tick",
                )
            )
    for part in (0.0, 0.25, 0.5, 0.75, 1.0):
        anchor = "start" if part == 0 else "end" if part == 1 else "middle"
        words = (
            "start" if part == 0 else "end of the track" if part == 1 else f"{part:.0%}".replace("%", " %")
        )
        parts.append(text(words, part, _TOP + _PLOT + 20, class_="tick", text_anchor=anchor))
    return parts


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
    """Where most plays end, above the curve: the space there is free, since no curve rises."""
    begin, end, lost = drop
    values = dict(curve.points(curve.shares))
    y = _TOP + values[begin]
    left = begin < 0.5
    x = begin + 0.02 if left else end
    words = (f"{share(lost)} of plays end", f"between {begin:.0%} and {end:.0%}".replace("%", " %"))
    at = max(_TOP + 14, y - 22)
    label = [
        text(row, x, at + 15 * i, class_="note halo", text_anchor="start" if left else "end")
        for i, row in enumerate(words)
    ]
    return tag("g", *label, class_="marked")


def _names(shown: Sequence[tuple[Curve, str]]) -> list[Markup]:
    """Each curve's name and last share at the right, above its end, none over another."""
    ends = [_TOP + _y(curve.shares[-1]) - 9 for curve, _kind in shown]
    places = spread(ends, _LABEL_GAP, _TOP + 14, _TOP + _PLOT - 6)
    return [
        text(
            f"{lines(curve.name, 22, 1)[0]} {share(curve.shares[-1])}",
            1,
            y,
            class_=f"name halo {kind}",
            text_anchor="end",
        )
        for (curve, kind), y in zip(shown, places, strict=True)
    ] + [
        tag(
            "circle", cx=percent(curve.parts[-1]), cy=_TOP + _y(curve.shares[-1]), r=3.5, class_=f"end {kind}"
        )
        for curve, kind in shown
    ]


def _in_words(curve: Curve) -> str:
    reached = ", ".join(
        f"{share(value)} reach {part:.0%}".replace("%", " %").replace("  ", " ")
        for part, value in zip(curve.parts, curve.shares, strict=True)
    )
    return f"{curve.name}: {reached}."
