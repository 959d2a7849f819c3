"""A map of the world with a colour for each country's number; what is drawn is in ``world.json``."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from markupsafe import Markup

from muse_graph.api.web.charts.figure import Chart, Picture, empty, picture
from muse_graph.api.web.charts.map_legend import legend, step_class
from muse_graph.api.web.charts.markup import tag
from muse_graph.api.web.charts.scales import steps
from muse_graph.api.web.charts.textures import Texture, filled
from muse_graph.api.web.charts.wording import count
from muse_graph.countries import country_name

__all__ = ["SUPPRESSED", "Outlines", "Shown", "Suppressed", "outlines", "world_map"]


class Suppressed(Enum):
    """The kind of `SUPPRESSED`."""

    SUPPRESSED = "suppressed"


#: In place of a number that too few listeners are behind to be shown.
SUPPRESSED: Final = Suppressed.SUPPRESSED
Shown = float | Literal[Suppressed.SUPPRESSED]


@dataclass(frozen=True)
class Outlines:
    """What is drawn: a path or a dot for each code, in units of the page.

    Attributes:
        land: what belongs to no code
        not_drawn: codes without a place on the map
    """

    width: int
    height: int
    land: str
    paths: Mapping[str, str]
    dots: Mapping[str, Sequence[int]]
    not_drawn: Collection[str]


@cache
def outlines() -> Outlines:
    """The outlines that ship with the package."""
    stored: dict[str, Any] = json.loads((Path(__file__).parent / "world.json").read_text(encoding="utf-8"))
    del stored["source"]
    return Outlines(**stored)


def world_map(
    key: str,
    title: str,
    cells: Mapping[str, Shown],
    *,
    of: str,
    href: Callable[[str], str | None] = lambda _code: None,
    selected: Collection[str] = (),
    written: Callable[[float], str] = count,
    suppressed: str = "fewer than 10 listeners",
    note: str = "",
    nothing: str = "No listener has a country yet.",
) -> Chart:
    """Countries by their number; a code without a cell is one without data.

    Links are for the pointer and for readers of the page's structure; the keyboard has the table beside the
    map, which has the same links, instead of some hundred stops before it.

    Args:
        of: what is counted, such as ``listeners``
        href: the address that filters by a country; None for no link
        selected: codes to outline
    """
    if not cells:
        return empty(key, title, nothing)
    numbers = [value for value in cells.values() if not isinstance(value, Suppressed)]
    drawn = _Map(key, cells, steps(numbers), of, written, suppressed, href, selected)
    # Those outlined are drawn last, so that no neighbour covers their outline.
    codes = sorted([*outlines().paths, *outlines().dots], key=lambda code: code in selected)
    shapes = [drawn.country(code) for code in codes]
    linked = any(href(code) for code in cells)
    map_ = picture(
        key,
        title,
        drawn.in_words(),
        outlines().height,
        tag("path", d=outlines().land, class_="land"),
        *drawn.textures(),
        *shapes,
        class_="world",
        role="group" if linked else "img",
        view=outlines().width,
    )
    return Chart(key, title, (map_, drawn.legend()), note, drawn.beside(), class_="chart map")


#: The kinds of countries without a colour, and what they have instead.
_TEXTURES: dict[str, tuple[Texture, float]] = {"suppressed": ("mesh", 11), "no-data": ("hatch", 13)}


@dataclass(frozen=True)
class _Map:
    key: str
    cells: Mapping[str, Shown]
    bounds: Sequence[float]
    of: str
    written: Callable[[float], str]
    suppressed: str
    href: Callable[[str], str | None]
    selected: Collection[str]

    def textures(self) -> list[Markup]:
        """The insides of all countries that have no colour."""
        area, parts = (outlines().width, outlines().height), []
        for kind, (texture, gap) in _TEXTURES.items():
            shapes = [f"{self.key}-{code}" for code in outlines().paths if self._kind(code) == kind]
            if shapes:
                parts.append(filled(f"{self.key}-{kind}", texture, gap, shapes, *area))
        return parts

    def country(self, code: str) -> Markup:
        """One country with its number as a tooltip, and with its link if it has a number."""
        shape = self._shape(code, tag("title", self._named(code)))
        address = self.href(code) if code in self.cells else None
        if address is None:
            return tag("g", shape, aria_hidden="true")
        return tag("a", shape, href=address, tabindex="-1", aria_label=self._named(code))

    def _shape(self, code: str, tooltip: Markup) -> Markup:
        marked = " selected" if code in self.selected else ""
        kind = self._kind(code)
        dot = outlines().dots.get(code)
        if dot is None:
            textured = {"id": f"{self.key}-{code}", "fill": "none"} if kind in _TEXTURES else {}
            path = outlines().paths[code]
            return tag("path", tooltip, d=path, class_=f"country {kind}{marked}", **textured)
        place = f"M{dot[0]} {dot[1]}h0"
        ring = tag("path", d=place, class_=f"dot-ring{marked}")
        return tag("g", tooltip, ring, tag("path", d=place, class_=f"dot {kind}"))

    def _kind(self, code: str) -> str:
        """The class of a country."""
        value = self.cells.get(code)
        if value is None:
            return "no-data"
        if isinstance(value, Suppressed):
            return "suppressed"
        if value <= 0:
            return "zero"
        return step_class(bisect_right(self.bounds, value) - 1, len(self.bounds))

    def _named(self, code: str) -> str:
        return f"{_name(code)}: {self._number(code)}"

    def _number(self, code: str) -> str:
        value = self.cells.get(code)
        if value is None:
            return "no data"
        return self.suppressed if isinstance(value, Suppressed) else f"{self.written(value)} {self.of}"

    def legend(self) -> Picture:
        """The colours in use, each with what it stands for."""
        kinds = {self._kind(code) for code in [*outlines().paths, *outlines().dots]}
        names = {"zero": "none", "suppressed": self.suppressed, "no-data": "no data"}
        others = [(kind, name) for kind, name in names.items() if kind in kinds]
        return legend(self.of, [self.written(bound) for bound in self.bounds], others)

    def beside(self) -> str:
        """Those that have a number and no place on the map."""
        drawn = outlines().paths.keys() | outlines().dots.keys()
        absent = [code for code, value in self.cells.items() if code not in drawn and value != 0]
        return f"Not on the map: {'; '.join(map(self._named, absent))}." if absent else ""

    def in_words(self) -> str:
        """The largest, and how many there are of each kind."""
        ranked = sorted(
            (
                (value, code)
                for code, value in self.cells.items()
                if not isinstance(value, Suppressed) and value > 0
            ),
            reverse=True,
        )
        hidden = sum(isinstance(value, Suppressed) for value in self.cells.values())
        words = f"{len(ranked)} countries with {self.of}"
        words += f", {hidden} with {self.suppressed}" if hidden else ""
        return f"{words}. {'; '.join(self._named(code) for _value, code in ranked[:5])}"


def _name(code: str) -> str:
    try:
        return country_name(code)
    except KeyError:
        return code
