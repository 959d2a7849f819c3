"""A chart as a file: its message, pictures and notes in one SVG with its own style, on light paper."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from markupsafe import Markup

from muse_graph.api.web.charts.figure import Chart, Picture
from muse_graph.api.web.charts.markup import tag
from muse_graph.api.web.charts.wording import lines

__all__ = ["document"]

_STATIC = Path(__file__).parents[1] / "static"
_EDGE, _GAP = 28.0, 18.0
_FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', sans-serif"
#: What a style sheet has for a dark page, for where a chart is wide, as a file is, and for other places.
_LIGHT = re.compile(r"light-dark\((oklch\([^)]*\)), oklch\([^)]*\)\)")
_WIDE = re.compile(r"@container \(min-width: 544px\) \{((?:[^{}]*\{[^{}]*\})*)[^{}]*\}")
_RULE_SETS = re.compile(r"@(?:container|media)[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")
_VARIABLES = re.compile(r"prefers-color-scheme: light\)[^{]*\{\s*:root \{([^}]*)\}")


def document(chart: Chart, width: int = 760) -> str:
    """An SVG file; a chart that has nothing to draw is its message and the reason."""
    inner = width - 2 * _EDGE
    parts: list[Markup] = []
    y = _EDGE
    for words, size, class_ in ((chart.title, 20.0, "message"), (chart.note, 13.0, "quiet")):
        rows, y = _rows(words, y, size, class_, inner)
        parts += rows
    for picture in chart.pictures:
        y += _GAP
        lower = picture.height - picture.slack
        height = picture.height * inner / picture.view if picture.view else lower
        parts.append(_placed(picture, y, inner, height))
        y += height
    rows, y = _rows(chart.beside, y + _GAP, 13.0, "quiet", inner)
    height = y + _EDGE
    drawn = tag(
        "svg",
        tag("style", _style()),
        tag("rect", width=width, height=height, class_="paper"),
        *parts,
        *rows,
        xmlns="http://www.w3.org/2000/svg",
        class_="drawing",
        width=width,
        height=height,
        viewBox=f"0 0 {width} {height:g}",
    )
    return str(drawn)


def _placed(picture: Picture, y: float, width: float, height: float) -> Markup:
    return tag("svg", picture.markup, x=_EDGE, y=y, width=width, height=height, class_="over")


def _rows(words: str, y: float, size: float, class_: str, width: float) -> tuple[list[Markup], float]:
    """A text in lines below y, and where it ends."""
    rows = lines(words, width / (size * 0.68), 6) if words else []
    step = size * 1.4
    drawn = [tag("text", row, x=_EDGE, y=y + step * i + size, class_=class_) for i, row in enumerate(rows)]
    return drawn, y + step * len(rows)


@cache
def _style() -> str:
    """The charts' style sheet with the colours of a light page."""
    light = _VARIABLES.search((_STATIC / "page.css").read_text(encoding="utf-8"))
    if light is None:
        raise ValueError("page.css has no colours for a light page")
    rules = (_STATIC / "charts.css").read_text(encoding="utf-8")
    rules = _RULE_SETS.sub("", _WIDE.sub(r"\1", _LIGHT.sub(r"\1", rules)))
    return (
        f":root {{{light[1]}font-family: {_FONT}; }}\n{rules}"
        ".paper { fill: var(--raised); }\n.drawing .message { font-size: 20px; font-weight: 650; }\n"
    )
