"""Textures that stand apart from every colour: a hatch for no data, dots for what may not be shown."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

from muse_graph.api.web.charts.markup import tag

__all__ = ["dots", "filled", "hatch"]


def hatch(name: str, size: float = 7) -> Markup:
    """Slanted lines, to be used as ``url(#name)``."""
    return _pattern(name, size, tag("path", d=f"M0 0V{size:g}", class_="hatch-line", stroke_width=size / 3.5))


def dots(name: str, size: float = 5) -> Markup:
    """Dots, to be used as ``url(#name)``."""
    ground = tag("rect", width=size, height=size, class_="dotted-ground")
    return _pattern(
        name, size, ground, tag("circle", cx=size / 2, cy=size / 2, r=size / 3.6, class_="dotted")
    )


def filled(name: str, texture: str, shapes: Iterable[str], width: float, height: float) -> list[Markup]:
    """A texture in all shapes at once; on paper a texture is a picture for each element that has it.

    Args:
        name: of what cuts it out
        texture: name of the texture
        shapes: ids
    """
    cut = tag("clipPath", *(tag("use", href=f"#{shape}") for shape in shapes), id=name)
    area = tag(
        "rect",
        width=width,
        height=height,
        class_="texture",
        fill=f"url(#{texture})",
        clip_path=f"url(#{name})",
    )
    return [cut, area]


def _pattern(name: str, size: float, *parts: Markup) -> Markup:
    pattern = tag(
        "pattern",
        *parts,
        id=name,
        width=size,
        height=size,
        patternUnits="userSpaceOnUse",
        patternTransform="rotate(45)",
    )
    return tag("defs", pattern)
