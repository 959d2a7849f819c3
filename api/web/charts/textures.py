"""Textures that stand apart from every colour: a hatch for no data, a mesh for what may not be shown.

Their lines are drawn one by one: on paper an SVG pattern is a picture as large as the page for each element
that it fills.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Final, Literal, TypeAlias

from markupsafe import Markup

from muse_graph.api.web.charts.markup import Attribute, tag

__all__ = ["Texture", "filled", "patch"]

#: Slanted lines, or such lines both ways on a ground.
Texture: TypeAlias = Literal["hatch", "mesh"]

#: How much of the way to the next line a line is wide.
_WIDE: Final = {"hatch": 1 / 3.5, "mesh": 1 / 5}


def filled(
    name: str, texture: Texture, gap: float, shapes: Iterable[str], width: float, height: float
) -> Markup:
    """A texture in many shapes at once.

    Args:
        name: of what cuts it out
        gap: from line to line
        shapes: ids
        width, height: of all that is drawn
    """
    cut = tag("clipPath", *(tag("use", href=f"#{shape}") for shape in shapes), id=name)
    drawn = tag("g", *_lines(texture, gap, width, height), clip_path=f"url(#{name})")
    return tag("g", cut, drawn, class_="texture")


def patch(
    texture: Texture, gap: float, *, y: float, width: Attribute, height: float, reach: float, x: str = "0"
) -> Markup:
    """A texture in a rectangle.

    Args:
        x, width: also as percent
        reach: how wide it can be at most, in pixels
    """
    lines = _lines(texture, gap, reach, height)
    return tag("svg", *lines, x=x, y=y, width=width, height=height, class_=f"texture {texture}")


def _lines(texture: Texture, gap: float, width: float, height: float) -> list[Markup]:
    step = gap * math.sqrt(2)
    places = [step * i for i in range(math.ceil((width + height) / step) + 1)]
    lines = "".join(f"M{x:.0f} 0l{-height:.0f} {height:.0f}" for x in places)
    ground = []
    if texture == "mesh":
        lines += "".join(f"M{x - height:.0f} 0l{height:.0f} {height:.0f}" for x in places)
        ground = [tag("rect", width=width, height=height, class_="mesh-ground")]
    return [*ground, tag("path", d=lines, class_="texture-line", stroke_width=gap * _WIDE[texture])]
