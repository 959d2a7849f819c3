"""What the colours of a map stand for, as a strip of steps with their bounds below."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from muse_graph.api.web.charts.figure import Picture
from muse_graph.api.web.charts.markup import percent, tag, text
from muse_graph.api.web.charts.textures import Texture, patch

__all__ = ["legend", "step_class"]

#: Which of the five colours are used when there are fewer steps: always far apart.
_COLOURS = {1: (4,), 2: (2, 5), 3: (1, 3, 5), 4: (1, 2, 4, 5), 5: (1, 2, 3, 4, 5)}
_ROW = 21.0
_TEXTURES: dict[str, Texture] = {"suppressed": "mesh", "no-data": "hatch"}


def step_class(place: int, n: int) -> str:
    """The class of a step by its place, 0..n - 1."""
    return f"step-{_COLOURS[n][place]}"


def legend(of: str, bounds: Sequence[str], others: Sequence[tuple[str, str]]) -> Picture:
    """A strip of steps, then a swatch for each other kind.

    Args:
        bounds: the lower bound of each step, as text
        others: class and name of what is no step
    """
    parts: list[Markup] = []
    y = 0.0
    if bounds:
        parts.append(text(of, 0, 12, class_="tick"))
        parts += [part for place in range(len(bounds)) for part in _step(bounds, place)]
        y = 58
    for kind, name in others:
        if texture := _TEXTURES.get(kind):
            parts.append(patch(texture, 5, x="0.5", y=y + 0.5, width=24, height=12, reach=24))
        fill = "none" if texture else None
        swatch = tag("rect", x="0.5", y=y + 0.5, width=24, height=12, class_=f"country {kind}", fill=fill)
        parts += [swatch, text(name, 0, y + 11, dx=33, class_="tick")]
        y += _ROW
    drawn = tag("svg", *parts, class_="drawing legend", width="100%", height=y, aria_hidden="true")
    return Picture(drawn, y)


def _step(bounds: Sequence[str], place: int) -> list[Markup]:
    n = len(bounds)
    words = bounds[place] + ("+" if place == n - 1 else "")
    return [
        tag("rect", x=percent(place / n), y=20, width=percent(1 / n), height=10, class_=step_class(place, n)),
        text(words, place / n, 46, class_="tick"),
    ]
