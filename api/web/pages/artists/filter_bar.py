"""The filter bar: what can be chosen, what is, and the address without each of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from muse_graph.answers import ArtistCatalogue, Unit
from muse_graph.api.http.context import graph
from muse_graph.api.schemas.artists import AnalyticsQuery
from muse_graph.api.web.pages.artists.state import State
from muse_graph.api.web.pages.artists.words import SEGMENTS, SOURCE_NAMES, period_words
from muse_graph.countries import country_choices, country_name
from muse_graph.service.artists import choices

__all__ = ["FilterBar", "Group", "Link", "Option", "chosen_words", "filter_bar", "whole_bar"]


@dataclass(frozen=True)
class Link:
    """A link, and whether it leads to what is shown now."""

    text: str
    href: str
    is_current: bool = False


@dataclass(frozen=True)
class Option:
    """A value that can be chosen, with a hint."""

    value: str
    text: str
    chosen: bool
    hint: str = ""


@dataclass(frozen=True)
class Group:
    """All values of one parameter.

    Attributes:
        more: further values, to be chosen one at a time
    """

    name: str
    title: str
    options: Sequence[Option]
    more: Sequence[tuple[str, str]] = ()

    @property
    def chosen(self) -> int:
        """How many are chosen."""
        return sum(option.chosen for option in self.options)


@dataclass(frozen=True)
class FilterBar:
    """What the bar shows.

    Attributes:
        chips: what is chosen, each with the address without it
        cleared: the address without any filter
        period: in words
    """

    groups: Sequence[Group]
    presets: Sequence[Link]
    chips: Sequence[Link]
    cleared: str
    period: str


def filter_bar(
    state: State, artist: ArtistCatalogue, countries: Sequence[str], unit: Unit, last_day: date | None
) -> FilterBar:
    """The bar of a page.

    Args:
        countries: codes with listeners, the most first
        unit: of time, which periods are whole ones of
        last_day: the last day with data, from which the presets of periods count back
    """
    names = _names(state, artist, countries)
    hints: dict[str, str] = {name: definition for name, (_title, definition) in SEGMENTS.items()}
    heads = {"track": "Tracks", "country": "Countries", "source": "Sources", "segment": "Segments"}
    groups = [
        Group(
            name,
            heads[name],
            [
                Option(value, text, value in state.values(name), hints.get(value, ""))
                for value, text in named.items()
            ],
            [choice for choice in country_choices() if choice[0] not in named] if name == "country" else (),
        )
        for name, named in names.items()
        if name in AnalyticsQuery.model_fields
    ]
    return FilterBar(
        groups,
        _presets(state, unit, last_day),
        _chips(state, {group.name: names[group.name] for group in groups}),
        state.address(track=None, country=None, source=None, segment=None, from_=None, to=None),
        period_words(state.filters.from_day, state.filters.to_day),
    )


def chosen_words(state: State, artist: ArtistCatalogue) -> list[str]:
    """What a filter chooses, each by its name."""
    return [chip.text for chip in _chips(state, _names(state, artist, ()))]


def _names(state: State, artist: ArtistCatalogue, countries: Sequence[str]) -> dict[str, dict[str, str]]:
    """The names of all values of each parameter."""
    return {
        "track": {track.track_id: track.title for track in artist.tracks},
        "country": {
            code: country_name(code) for code in dict.fromkeys([*state.values("country"), *countries])
        },
        "source": {name: text for name, text in SOURCE_NAMES.items()},  # noqa: C416 - its keys are literals
        "segment": {name: title for name, (title, _definition) in SEGMENTS.items()},
    }


def whole_bar(state: State, artist: ArtistCatalogue, *, exact: bool) -> FilterBar:
    """The bar of a page that does not show the figures of the audience; one round trip."""
    found = choices.read_choices(graph(), artist.artist_id, exact=exact)
    return filter_bar(state, artist, found.countries, found.unit, found.last_day)


def _presets(state: State, unit: Unit, last_day: date | None) -> list[Link]:
    filters = state.filters
    found = [Link("All", state.address(from_=None, to=None), not (filters.from_day or filters.to_day))]
    for text, first in _periods(unit, last_day) if last_day else ():
        is_current = (filters.from_day, filters.to_day) == (first, last_day)
        href = state.address(from_=first.isoformat(), to=str(last_day))
        found.append(Link(text, href, is_current))
    return found


def _periods(unit: Unit, last_day: date) -> list[tuple[str, date]]:
    """Periods of whole units up to the last one, each with its first day."""
    if unit in {"day", "week"}:
        days = (7, 28, 90) if unit == "day" else (7, 28, 91)
        return [(f"{n} days", last_day - timedelta(days=n - 1)) for n in days]
    if unit == "year":
        return [("1 year", last_day.replace(month=1, day=1))]
    months = [(n, 12 * last_day.year + last_day.month - n) for n in (3, 6, 12)]
    return [(f"{n} months", date(month // 12, month % 12 + 1, 1)) for n, month in months]


def _chips(state: State, names: dict[str, dict[str, str]]) -> list[Link]:
    chips = [
        Link(named.get(value, value), state.toggled(name, value))
        for name, named in names.items()
        for value in state.values(name)
    ]
    filters = state.filters
    if filters.from_day or filters.to_day:
        words = period_words(filters.from_day, filters.to_day)
        chips.append(Link(words[:1].upper() + words[1:], state.address(from_=None, to=None)))
    return chips
