"""What all charts share: a figure with its message, the picture, and what shows when there is nothing."""

from __future__ import annotations

from markupsafe import Markup

from muse_graph.api.web.charts.markup import tag

__all__ = ["empty", "figure", "picture"]


def picture(
    key: str,
    title: str,
    description: str,
    height: float | None,
    *parts: Markup,
    class_: str = "",
    role: str = "img",
    view: tuple[int, int] | None = None,
) -> Markup:
    """An SVG as wide as its place, named by its message and described by its figures.

    Args:
        key: begins the ids inside, so it has to be unique in the page
        height: in pixels; None for one that grows with its width
        role: ``group`` where it has links, which no one picture can have
        view: width and height in units of the page, for one that grows
    """
    return tag(
        "svg",
        tag("title", title, id=f"{key}-title"),
        tag("desc", description, id=f"{key}-desc"),
        *parts,
        xmlns="http://www.w3.org/2000/svg",
        class_=f"drawing {class_}".strip(),
        width="100%",
        height=height,
        viewBox=f"0 0 {view[0]} {view[1]}" if view else None,
        role=role,
        aria_labelledby=f"{key}-title",
        aria_describedby=f"{key}-desc",
    )


def figure(key: str, title: str, drawing: Markup, note: str = "", *, class_: str = "") -> Markup:
    """A drawing under its message; the note says what lines, bands and hatches mean."""
    caption = tag("h3", tag("bdi", title)) + (tag("p", note) if note else Markup(""))
    return tag("figure", tag("figcaption", caption), drawing, id=key, class_=f"chart {class_}".strip())


def empty(key: str, title: str, words: str) -> Markup:
    """A figure that says why there is nothing to draw."""
    return tag(
        "figure",
        tag("figcaption", tag("h3", tag("bdi", title))),
        tag("p", words, class_="nothing"),
        id=key,
        class_="chart",
    )
