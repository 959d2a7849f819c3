"""What the colours of a map stand for, as a strip of steps with their bounds below."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from muse_graph.api.web.charts.markup import percent, tag, text

__all__ = ["legend"]


def legend(key: str, of: str, bounds: Sequence[str], others: Sequence[tuple[str, str]]) -> Markup:
    """A strip of steps, then a swatch for each other kind, in two columns.

    Args:
        bounds: the lower bound of each step, as text
        others: class and name of what is no step
    """
    parts: list[Markup] = []
    y = 0.0
    if bounds:
        parts.append(text(of, 0, 12, class_="tick"))
        parts += [part for place in range(len(bounds)) for part in _step(bounds, place)]
        y = 56
    fills = {"suppressed": f"url(#{key}-dots)", "no-data": f"url(#{key}-hatch)"}
    for place, (kind, name) in enumerate(others):
        x, top = 0.5 * (place % 2), y + 22 * (place // 2)
        parts.append(
            tag(
                "rect",
                x=percent(x),
                y=top,
                width=22,
                height=12,
                class_=f"country {kind}",
                fill=fills.get(kind),
            )
        )
        parts.append(text(name, x, top + 11, dx=30, class_="tick"))
    y += 22 * -(-len(others) // 2)
    return tag("svg", *parts, class_="drawing legend", width="100%", height=y, aria_hidden="true")


def _step(bounds: Sequence[str], place: int) -> list[Markup]:
    x, width = place / len(bounds), 1 / len(bounds)
    words = bounds[place] + (" and more" if place == len(bounds) - 1 else "")
    return [
        tag("rect", x=percent(x), y=20, width=percent(width), height=10, class_=f"step-{place + 1}"),
        text(words, x, 45, class_="tick"),
    ]
