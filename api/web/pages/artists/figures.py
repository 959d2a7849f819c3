"""The figures at the head of a page: a number, its change, and how many are behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from muse_graph.answers import Analytics, Unit
from muse_graph.api.web.charts import sparkline
from muse_graph.api.web.charts.wording import change, count, share
from muse_graph.api.web.pages.artists.periods import course, is_whole, whole_period
from muse_graph.api.web.pages.artists.state import State
from muse_graph.api.web.pages.artists.words import period_words, plural
from muse_graph.service.artists.shown_counts import LEAST

__all__ = ["Figure", "figures"]


@dataclass(frozen=True)
class Figure:
    """A figure.

    Attributes:
        note: what is behind it
        change: against the period before, as it is written; empty where there is none to compare with
        spark: its course in small
        widened: what the period would have to be, in words, and its address
    """

    label: str
    value: str
    note: str = ""
    change: str = ""
    spark: Markup | str = ""
    widened: tuple[str, str] | None = None


def figures(found: Analytics, state: State, last_day: date | None) -> list[Figure]:
    """The figures of an audience that is shown.

    Args:
        last_day: of the artist, whatever the filter
    """
    before = found.before
    per_listener = count((found.plays or 0) / found.listeners) if found.listeners else ""
    known = (found.plays or 0) - (found.unknown or 0)
    completion = found.curve.completion if found.curve else None
    units = course(found)
    listeners = [
        Figure(
            "Listeners",
            count(found.listeners or 0),
            "different people",
            _change(before.listeners_change if before else None),
        ),
        Figure(
            "Plays",
            count(found.plays or 0),
            f"{per_listener} per listener" if per_listener else "",
            _change(before.plays_change if before else None),
            sparkline(units, "Plays over time") if sum(one is not None for one in units) > 2 else "",
        ),
        Figure(
            "Completion",
            "–" if completion is None else share(completion),
            f"reach the last tenth; {plural(known, 'play')} say so exactly"
            if completion is not None
            else "not known",
            _points(before.completion_change if before else None),
        ),
    ]
    asked = _Asked(found, state, last_day)
    return [*listeners, _saves(asked), *_newcomers(asked)]


@dataclass(frozen=True)
class _Asked:
    """What is shown, where, and the last day of the artist."""

    found: Analytics
    state: State
    last_day: date | None

    def hidden(self, label: str, what: str, few: str, unit: Unit | None) -> Figure:
        """Why a figure is not shown: for few listeners or for the period, and which one would show it."""
        if unit is None or is_whole(self.found, unit):
            return Figure(label, "Not shown", few)
        around = whole_period(self.found, unit, self.last_day)
        if around is None:
            why = f"{what} is counted by whole {unit}s, and periods here are of whole {self.found.unit}s."
            return Figure(label, "Not shown", why)
        first, last = (day.isoformat() if day else None for day in around)
        choice = f"Choose {period_words(*around)}", self.state.address(from_=first, to=last)
        return Figure(label, "Not shown", f"{what} is counted by whole {unit}s.", widened=choice)


def _saves(asked: _Asked) -> Figure:
    found = asked.found
    if found.savers is None:
        few = f"Fewer than {LEAST} have saved a track, or fewer than {LEAST} have not."
        return asked.hidden("Saves", "Who has saved a track", few, found.savers_unit)
    part = share(found.save_rate) if found.save_rate is not None else "–"
    return Figure("Saves", part, f"{plural(found.savers, 'listener')} saved a track")


def _newcomers(asked: _Asked) -> list[Figure]:
    """Listeners whose first day is in the period; nothing where it has no beginning."""
    found = asked.found
    if found.from_day is None:
        return []
    if found.new_listeners is None or found.returning_listeners is None:
        few = f"Fewer than {LEAST} are new, or fewer than {LEAST} heard it before."
        return [asked.hidden("New listeners", "Who is new", few, found.newcomers_unit)]
    return [
        Figure(
            "New listeners", count(found.new_listeners), f"{count(found.returning_listeners)} heard it before"
        )
    ]


def _change(part: float | None) -> str:
    return "" if part is None else change(part)


def _points(difference: float | None) -> str:
    """A difference of two shares, in points of a percent."""
    if difference is None:
        return ""
    points = round(100 * difference)
    sign = "+" if points > 0 else "−" if points < 0 else "±"
    return f"{sign}{abs(points)} pts"
