"""A line as small as a word, for the side of a figure."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from muse_graph.api.web.charts.markup import percent, plot, polyline, tag
from muse_graph.api.web.charts.series import runs, thinned

__all__ = ["sparkline"]

_HEIGHT, _PAD = 32.0, 4.0
_MOST_POINTS = 120


def sparkline(values: Sequence[float | None], label: str) -> Markup:
    """Values in their order from their smallest to their largest; empty without any."""
    known = [(place, value) for place, value in enumerate(values) if value is not None]
    if not known:
        return Markup("")
    least, most = min(value for _place, value in known), max(value for _place, value in known)

    def x(place: int) -> float:
        # Room for the last point at the right edge.
        return 0.97 * place / (len(values) - 1) if len(values) > 1 else 0.5

    def y(value: float) -> float:
        height = _HEIGHT - 2 * _PAD
        return _PAD + height * (1 - (value - least) / (most - least) if most > least else 0.5)

    paths = [
        tag(
            "path",
            d=polyline((x(place), y(value)) for place, value in thinned(run, _MOST_POINTS)),
            class_="curve first",
        )
        for run in runs(values)
    ]
    end = known[-1]
    dot = tag("circle", cx=percent(x(end[0])), cy=y(end[1]), r=3, class_="end first")
    return tag(
        "svg",
        plot(_HEIGHT, *paths),
        dot,
        xmlns="http://www.w3.org/2000/svg",
        class_="drawing spark",
        width="100%",
        height=_HEIGHT,
        role="img",
        aria_label=label,
    )
