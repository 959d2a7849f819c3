"""Elements of SVG and HTML as escaped markup."""

from __future__ import annotations

import math
from collections.abc import Iterable

from markupsafe import Markup, escape

__all__ = ["Attribute", "line", "percent", "plot", "polyline", "tag", "text"]

Attribute = str | float | None


def tag(name: str, *children: str, **attributes: Attribute) -> Markup:
    """An element; children that are not markup are escaped.

    A name's trailing underscore is dropped, other underscores become hyphens; None leaves an attribute out.
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_written(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    inner = "".join(map(escape, children))
    # Every part is escaped above; joined as plain text, since a map has a thousand elements.
    return Markup(f"<{name}{written}>{inner}</{name}>" if inner else f"<{name}{written}/>")  # noqa: S704


def _written(value: str | float) -> str:
    """A text escaped, or a number with at most two decimals."""
    return escape(value) if isinstance(value, str) else f"{value:.2f}".rstrip("0").rstrip(".")


def percent(part: float) -> str:
    """A share of the width, 0..1; numbers outside are drawn at the edge."""
    inside = min(1.0, max(0.0, part)) if math.isfinite(part) else 0.0
    return f"{100 * inside:.2f}".rstrip("0").rstrip(".") + "%"


def text(words: str, x: float, y: float, **attributes: Attribute) -> Markup:
    """A line of text that begins at a share of the width, or ends or is centred there."""
    return tag("text", words, x=percent(x), y=y, **attributes)


def line(x1: float, y1: float, x2: float, y2: float, class_: str) -> Markup:
    """A straight line between two points, x as shares of the width."""
    return tag("line", x1=percent(x1), y1=y1, x2=percent(x2), y2=y2, class_=class_)


def polyline(points: Iterable[tuple[float, float]]) -> str:
    """Data of a path through points, x as shares of the width: for the inside of `plot`."""
    return "".join(f"{'L' if i else 'M'}{1000 * x:.1f} {y:.1f}" for i, (x, y) in enumerate(points))


def plot(height: float, *paths: Markup) -> Markup:
    """Room for paths, 1,000 units wide and stretched to the width; lines keep their thickness."""
    return tag(
        "svg",
        *paths,
        width="100%",
        height=height,
        viewBox=f"0 0 1000 {height:g}",
        preserveAspectRatio="none",
        aria_hidden="true",
    )
