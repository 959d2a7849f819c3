"""Plays over time: by day, week, month or year, as far as the audience allows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from muse_graph.answers import Analytics, PeriodAudience
from muse_graph.api.web import charts
from muse_graph.api.web.charts.wording import count
from muse_graph.api.web.pages.artists.blocks import Block, Choices, Column, Line, Table, suppressible
from muse_graph.api.web.pages.artists.state import State
from muse_graph.api.web.pages.artists.words import FEW, day_words, plural

__all__ = ["UNITS", "Period", "course", "is_whole", "last_day", "periods_block", "whole_period"]

UNITS = ("day", "week", "month", "year")
Period = tuple[date | None, date | None]
_DAY = timedelta(days=1)
#: More units than this are shown by the next coarser one at first.
_MANY = 100
#: A period is drawn at most so far beyond the first and the last play.
_BEYOND = timedelta(days=366)


def _lists(found: Analytics) -> dict[str, list[PeriodAudience]]:
    lists = {"day": found.days, "week": found.weeks, "month": found.months, "year": found.years}
    return {unit: units for unit, units in lists.items() if units}


def last_day(found: Analytics) -> date | None:
    """The last day of the last unit with plays."""
    units = _lists(found).get(found.unit, [])
    last = max((date.fromisoformat(one.day) for one in units), default=None)
    return None if last is None else _next(last, found.unit) - timedelta(days=1)


def _chosen(found: Analytics, by: str) -> str:
    """The unit to show; empty without any."""
    lists = _lists(found)
    fitting = [unit for unit, units in lists.items() if len(_filled(found, unit, units)) <= _MANY]
    return by if by in lists else next(iter([*fitting, *reversed(lists)]), "")


def course(found: Analytics) -> list[float | None]:
    """Plays of one unit after the other, for a small picture."""
    unit = _chosen(found, "")
    return [
        None if one.plays is None else float(one.plays)
        for one in _filled(found, unit, _lists(found).get(unit, []))
    ]


def periods_block(found: Analytics, state: State) -> Block:
    """Plays by the unit chosen; a unit without plays is none, one with few listeners a gap."""
    unit = _chosen(found, state.get("by"))
    units = _filled(found, unit, _lists(found).get(unit, []))
    chart = charts.series(
        "time",
        _title(units, unit),
        [charts.Unit(_label(one, unit, short=True), one.plays) for one in units],
        of="plays",
        note=_note(found, units),
        nothing="No play in this period has a time that can be shown. Choose a longer period, or All.",
    )
    columns = [Column("Day" if unit == "day" else f"{unit.capitalize()} from")]
    columns += [Column("Plays", count), Column("Listeners", count)]
    lines = [Line([one.day, suppressible(one.plays), suppressible(one.listeners)]) for one in units]
    links = [(f"{name.capitalize()}s", state.address(by=name), name == unit) for name in _lists(found)]
    return Block(chart, Table(columns, lines), choices=[Choices("Plays by", links)] if len(links) > 1 else ())


def _filled(found: Analytics, unit: str, units: Sequence[PeriodAudience]) -> list[PeriodAudience]:
    """All units of the period, or from the first to the last with plays: what is missing has none.

    Of a period that begins or ends years away from all plays only a year of it.
    """
    if not units:
        return []
    known = {date.fromisoformat(one.day): one for one in units}
    at, last = min(known), max(known)
    if found.filters.from_day and found.from_day:
        at = _begin(min(max(date.fromisoformat(found.from_day), at - _BEYOND), at), unit)
    if found.filters.to_day and found.to_day:
        last = max(min(date.fromisoformat(found.to_day), last + _BEYOND), last)
    filled = []
    while at <= last:
        filled.append(known.get(at) or PeriodAudience(at.isoformat(), 0, 0))
        at = _next(at, unit)
    return filled


def is_whole(found: Analytics, unit: str) -> bool:
    """Whether the period of the figures is of whole units of another kind, too."""
    first, last = _edges(found)
    units = (unit, found.unit)
    return (first is None or _begins(first, units)) and (last is None or _ends(last, units))


def whole_period(found: Analytics, unit: str, last_day: date | None) -> Period | None:
    """The period around that of the figures that has whole units of both kinds; None if there is none yet.

    Args:
        last_day: of the artist
    """
    first, last = _edges(found)
    units = (unit, found.unit)
    while first and not _begins(first, units):
        first = _begin(first, unit) if _begin(first, unit) < first else first - _DAY
    while last and not _ends(last, units):
        last += _DAY
    # The unit in which the last day is has begun, and later ones have not.
    is_begun = last is None or last_day is None or _begin(last, unit) <= last_day
    return (first, last) if is_begun else None


def _edges(found: Analytics) -> Period:
    first, last = (date.fromisoformat(day) if day else None for day in (found.from_day, found.to_day))
    return first, last


def _begins(day: date, units: Sequence[str]) -> bool:
    return all(_begin(day, unit) == day for unit in units)


def _ends(day: date, units: Sequence[str]) -> bool:
    """Whether all units end on a day; after the last there is no other."""
    return day == date.max or _begins(day + _DAY, units)


def _begin(day: date, unit: str) -> date:
    if unit == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if unit == "month" else day.replace(month=1, day=1) if unit == "year" else day


def _next(day: date, unit: str) -> date:
    if unit in {"day", "week"}:
        return day + timedelta(days=1 if unit == "day" else 7)
    # Both begin with the first of a month.
    return _begin(day.replace(day=1) + timedelta(days=32 if unit == "month" else 366), unit)


def _label(one: PeriodAudience, unit: str, *, short: bool = False) -> str:
    day = date.fromisoformat(one.day)
    if unit in {"month", "year"}:
        return f"{day:%B %Y}" if unit == "month" else f"{day.year}"
    return f"{day.day} {day:%b %Y}" if short else day_words(day)


def _title(units: Sequence[PeriodAudience], unit: str) -> str:
    known = [(one.plays, one.day, one) for one in units if one.plays]
    if not known:
        return f"When it was played is not {'shown' if units else 'known'}"
    plays, _day, most = max(known, key=lambda one: one[:2])
    where = {"day": "on ", "week": "in the week of ", "month": "in ", "year": "in "}[unit]
    return f"Most plays were {where}{_label(most, unit)}: {count(plays)}"


def _note(found: Analytics, units: Sequence[PeriodAudience]) -> str:
    words = []
    if any(one.plays is None for one in units):
        words.append(f"Hatched are times with {FEW}.")
    if found.undated:
        verb = "is" if found.undated == 1 else "are"
        words.append(f"{plural(found.undated, 'play')} without a time {verb} not in here.")
    return " ".join(words)
