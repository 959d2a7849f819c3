"""Countries of an audience: a map and the table that says the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from muse_graph.answers import Analytics, CountryAudience
from muse_graph.api.web import charts
from muse_graph.api.web.charts import SUPPRESSED, Shown
from muse_graph.api.web.charts.wording import count, share
from muse_graph.api.web.pages.artists.blocks import Block, Cell, Choices, Column, Line, Table, suppressible
from muse_graph.api.web.pages.artists.state import State
from muse_graph.api.web.pages.artists.words import FEW, place
from muse_graph.countries import UNKNOWN

__all__ = ["MEASURES", "SORTS", "map_block"]


@dataclass(frozen=True)
class _Measure:
    """A figure of a country.

    Attributes:
        head: of its column
        of: what the map counts
    """

    head: str
    of: str
    value: Callable[[CountryAudience], float | None]
    written: Callable[[float], str] = count


_MEASURES = {
    "plays": _Measure("Plays", "plays", lambda one: one.plays),
    "listeners": _Measure("Listeners", "listeners", lambda one: one.listeners),
    "share": _Measure("Share of plays", "of the plays", lambda one: one.share, share),
    "per_listener": _Measure("Plays per listener", "plays per listener", lambda one: one.plays_per_listener),
}
#: What the map may be coloured by, and the table sorted by; the first are the defaults.
MEASURES = tuple(_MEASURES)
SORTS = (
    "plays",
    "-plays",
    *(f"{sign}{name}" for name in ("listeners", "share", "per_listener", "country") for sign in ("", "-")),
)


_WHOLE = "Choose a country, here or in the table, to see only its plays."
_ALL_MARKED = "All countries, those of the filter marked."
_FILTERED = (
    "All countries, those of the filter marked. Choose one to add it, or a marked one to take it away."
)


def map_block(found: Analytics, state: State) -> Block:
    """The map and its table: every country with data, those of the filter marked.

    Args:
        found: the figures without the filter by country
    """
    measure = state.get("map") or MEASURES[0]
    cells = {one.country: _cell(measure, one) for one in found.countries}
    is_filtered = bool(state.values("country"))

    def drawn(href: Callable[[str], str | None], note: str) -> charts.Chart:
        return charts.world_map(
            "countries",
            _title(found),
            cells,
            of=_MEASURES[measure].of,
            written=_MEASURES[measure].written,
            href=href,
            selected=state.values("country"),
            suppressed=FEW,
            note=note,
            nothing="No play here has a country yet.",
        )

    links = [(one.head, state.address(map=name), name == measure) for name, one in _MEASURES.items()]
    return Block(
        drawn(lambda code: state.toggled("country", code), _FILTERED if is_filtered else _WHOLE),
        _table(found.countries, state),
        lambda: drawn(lambda _code: None, _ALL_MARKED if is_filtered else ""),
        is_open=True,
        choices=[Choices("Colour by", links)],
    )


def _cell(measure: str, one: CountryAudience) -> Shown:
    return suppressible(_MEASURES[measure].value(one))


def _table(countries: Sequence[CountryAudience], state: State) -> Table:
    sort = state.get("sort") or SORTS[0]
    name, ascending = sort.removeprefix("-"), sort.startswith("-") != (sort.removeprefix("-") == "country")
    ranked = _sorted(countries, name, ascending=ascending)
    heads = {"country": "Country"} | {key: one.head for key, one in _MEASURES.items()}
    columns = [
        Column(
            head,
            None if key == "country" else _MEASURES[key].written,
            state.address(sort=f"-{key}" if sort == key else key),
            ("ascending" if ascending else "descending") if key == name else "",
        )
        for key, head in heads.items()
    ]
    lines = [
        Line(
            [one.name, *(_cell(key, one) for key in _MEASURES)],
            state.toggled("country", one.country),
            one.country in state.values("country"),
        )
        for one in ranked
    ]
    return Table(columns, lines)


def _sorted(countries: Sequence[CountryAudience], name: str, *, ascending: bool) -> list[CountryAudience]:
    """Sorted by a column; what is not shown comes last either way."""
    if name == "country":
        return sorted(countries, key=lambda one: one.name, reverse=not ascending)

    def key(one: CountryAudience) -> tuple[bool, float, str]:
        value: Cell = _cell(name, one)
        if value is SUPPRESSED or not isinstance(value, float):
            return True, 0.0, one.country
        return False, value if ascending else -value, one.country

    return sorted(countries, key=key)


def _title(found: Analytics) -> str:
    known = [(one.plays, one.country) for one in found.countries if one.plays and one.country != UNKNOWN]
    if not known or not found.plays:
        hides = any(one.plays is None for one in found.countries)
        return f"Where it is played is not {'shown' if hides else 'known'}"
    plays, country = max(known)
    others = len(known) - 1
    rest = f"; {others} other {'country has' if others == 1 else 'countries have'} the rest" if others else ""
    if any(one.plays is None for one in found.countries):
        # Some of those that are hidden may have none.
        rest = "; other countries have the rest"
    return f"{share(plays / found.plays)} of the plays are in {place(country)}{rest}"
