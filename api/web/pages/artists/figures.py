"""The figures at the head of a page: a number, its change, and how many are behind it."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from muse_graph.answers import Analytics
from muse_graph.api.web.charts import sparkline
from muse_graph.api.web.charts.wording import change, count, share
from muse_graph.api.web.pages.artists.periods import course
from muse_graph.api.web.pages.artists.words import FEW, plural

__all__ = ["Figure", "figures"]


@dataclass(frozen=True)
class Figure:
    """A figure.

    Attributes:
        note: what is behind it
        change: against the period before, as it is written; empty where there is none to compare with
        spark: its course in small
    """

    label: str
    value: str
    note: str = ""
    change: str = ""
    spark: Markup | str = ""


def figures(found: Analytics) -> list[Figure]:
    """The figures of an audience that is shown."""
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
            sparkline(units, "Plays over time") if len(units) > 2 else "",
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
    return [*listeners, _saves(found), *_newcomers(found)]


def _saves(found: Analytics) -> Figure:
    if found.savers is None:
        return Figure("Saves", "Few", f"{FEW}, or too few who did not")
    part = share(found.save_rate) if found.save_rate is not None else "–"
    return Figure("Saves", part, f"{plural(found.savers, 'listener')} saved a track")


def _newcomers(found: Analytics) -> list[Figure]:
    """Listeners whose first day is in the period; nothing where it has no beginning."""
    if found.from_day is None:
        return []
    if found.new_listeners is None or found.returning_listeners is None:
        return [Figure("New listeners", "Few", f"{FEW} on one side")]
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
