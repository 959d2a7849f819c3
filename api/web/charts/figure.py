"""What all charts share: a message, pictures under it, and what shows when there is nothing."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from muse_graph.api.web.charts.markup import tag

__all__ = ["Chart", "Picture", "empty", "picture"]


@dataclass(frozen=True)
class Picture:
    """An SVG as wide as its place.

    Attributes:
        height: in pixels, or in units of its width of ``view`` if it grows with its width
        view: its width in units; None for one of a fixed height
        slack: how much lower it is where it is wide
    """

    markup: Markup
    height: float
    view: int | None = None
    slack: float = 0.0


@dataclass(frozen=True)
class Chart:
    """A chart; a template shows it as a figure.

    Attributes:
        key: begins the ids inside, so it has to be unique in the page
        title: the sentence that says what it found
        note: what lines, bands and hatches mean
        beside: what has no place in the picture
    """

    key: str
    title: str
    pictures: tuple[Picture, ...]
    note: str = ""
    beside: str = ""
    class_: str = "chart"

    def __html__(self) -> str:
        """The figure as markup."""
        # No line ends between a number and its percent sign.
        heading = tag("h3", tag("bdi", self.title.replace(" %", "\u00a0%")))
        caption = tag("figcaption", heading, *([tag("p", self.note)] if self.note else []))
        beside = (
            [tag("p", self.beside, class_="beside" if self.pictures else "nothing")] if self.beside else []
        )
        drawn = [picture.markup for picture in self.pictures]
        return tag("figure", caption, *drawn, *beside, id=self.key, class_=self.class_)


def picture(
    key: str,
    title: str,
    description: str,
    height: float,
    *parts: Markup,
    class_: str = "",
    role: str = "img",
    view: int | None = None,
    slack: float = 0.0,
) -> Picture:
    """A picture named by its message and described by its figures.

    Args:
        role: ``group`` where it has links, which no one picture can have
        view, slack: as in `Picture`
    """
    drawn = tag(
        "svg",
        tag("title", title, id=f"{key}-title"),
        tag("desc", description, id=f"{key}-desc"),
        *parts,
        xmlns="http://www.w3.org/2000/svg",
        class_=f"drawing {class_}".strip(),
        width="100%",
        height=None if view else height,
        viewBox=f"0 0 {view} {height:g}" if view else None,
        role=role,
        aria_labelledby=f"{key}-title",
        aria_describedby=f"{key}-desc",
    )
    return Picture(drawn, height, view, slack)


def empty(key: str, title: str, words: str) -> Chart:
    """A chart that says why there is nothing to draw."""
    return Chart(key, title, (), beside=words)
