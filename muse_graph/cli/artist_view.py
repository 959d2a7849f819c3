"""An artist's figures as tables for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.text import Text

from muse_graph.answers import Analytics, Beside, Curve, CurvePoint, PeriodAudience
from muse_graph.cli.output import bar, clean, count, make_table
from muse_graph.cli.views import BAR, NARROW, Fitted, make_title, percent

__all__ = ["analytics_view"]

#: Weeks, months or years at most: the last ones.
_MOST_PERIODS = 12


def analytics_view(answer: Analytics) -> RenderableType:
    """How much of the tracks is heard, as bars; where, when, what brought listeners, and who they are."""
    return Fitted(lambda width: Group(*_parts(answer, BAR if width >= NARROW else BAR // 2)))


def _parts(answer: Analytics, wide: int) -> Iterator[RenderableType]:
    yield make_title(answer.name, _filters(answer))
    yield from (Text(clean(one.why), style="dim") for one in answer.left_out)
    if answer.suppressed or answer.curve is None:
        yield Text(answer.suppressed or "", style="dim")
        return
    yield from (Text(line, style="dim") for line in _figures(answer))
    yield from (Text(), _reach(answer, answer.curve, wide))
    if found := _found(answer.curve):
        yield Text(found, style="dim")
    for table in (_countries(answer), _tracks(answer), _periods(answer), _sources(answer), _segments(answer)):
        if table is not None:
            yield from (Text(), table)


def _filters(answer: Analytics) -> str:
    asked = answer.filters
    named = [f"track {_any_of(asked.tracks)}" if asked.tracks else ""]
    named += [f"in {_any_of(asked.countries)}" if asked.countries else ""]
    named += [f"by {_any_of([*asked.sources])}" if asked.sources else ""]
    named += [f"{_any_of([*asked.segments])} listeners" if asked.segments else ""]
    named += [
        f"from {answer.from_day}" if answer.from_day else "",
        f"to {answer.to_day}" if answer.to_day else "",
    ]
    return ", ".join(filter(None, named))


def _any_of(values: list[str]) -> str:
    return " or ".join(values)


def _figures(answer: Analytics) -> Iterator[str]:
    known = (
        ""
        if answer.plays is None or not answer.unknown
        else (f"; the share heard is known of {count(answer.plays - answer.unknown)}")
    )
    yield f"{count(answer.plays)} plays by {count(answer.listeners)} listeners{known}"
    if answer.new_listeners is not None:
        yield f"{count(answer.new_listeners)} new listeners, {count(answer.returning_listeners)} returning"
    if answer.savers is not None and answer.save_rate is not None:
        yield f"{count(answer.savers)} listeners have saved what they heard, {percent(answer.save_rate, 1)}"
    if before := answer.before:
        changes = [_change("plays", before.plays_change), _change("listeners", before.listeners_change)]
        told = ", ".join(filter(None, changes)) or "not shown, or none"
        yield f"compared with {before.from_day} to {before.to_day}: {told}"


def _change(name: str, change: float | None) -> str:
    return "" if change is None else f"{100 * change:+.1f} % {name}"


def _reach(answer: Analytics, curve: Curve, wide: int) -> RenderableType:
    estimated = [_estimate(point) for point in curve.points] if answer.unknown else []
    beside = [_share(point) for point in answer.beside.points] if answer.beside else []
    more = [*([">of all plays"] if estimated else []), *([f">{_name(answer.beside)}"] if beside else [])]
    table = make_table(">heard", " " * wide, ">plays", ">share", *more)
    for row, step in enumerate(answer.reach):
        share = _percent(step.share)
        drawn = Text(bar(step.share or 0.0, wide), style="#95bede")
        cells = [*estimated[row : row + 1], *beside[row : row + 1]]
        table.add_row(f"{step.percent} %", drawn, count(step.plays), share, *cells)
    if answer.beside and answer.beside.suppressed:
        return Group(table, Text(answer.beside.suppressed, style="dim"))
    return table


def _name(beside: Beside | None) -> str:
    return "" if beside is None else clean(beside.name or "")


def _estimate(point: CurvePoint) -> str:
    """The share of all plays and its 95 % interval."""
    if point.low is None or point.high is None:
        return _share(point)
    return f"{_share(point)} ({100 * point.low:.0f}–{100 * point.high:.0f})"


def _share(point: CurvePoint) -> str:
    return "–" if point.share is None else percent(point.share)


def _found(curve: Curve) -> str:
    """What the curve says in a sentence; empty without one."""
    drop, end = curve.biggest_drop, curve.completion
    lost = f"most are lost before {drop.percent} %: {percent(drop.share)} of plays" if drop else None
    return "; ".join(filter(None, [lost, None if end is None else f"{percent(end)} reach 90 %"]))


def _countries(answer: Analytics) -> RenderableType | None:
    table = make_table("", "country", ">plays", ">listeners", ">share", ">a listener")
    for place in answer.countries:
        each = "–" if place.plays_per_listener is None else f"{place.plays_per_listener:,.1f}"
        share = _percent(place.share)
        table.add_row(
            place.country, clean(place.name), _seen(place.plays), _seen(place.listeners), share, each
        )
    return table if answer.countries else None


def _tracks(answer: Analytics) -> RenderableType | None:
    table = make_table("", "track", ">plays", ">listeners", ">share", ">completion", ">saved")
    for one in answer.tracks:
        shares = (_percent(share) for share in (one.share, one.completion, one.save_rate))
        table.add_row(clean(one.track_id), clean(one.title), _seen(one.plays), _seen(one.listeners), *shares)
    return table if answer.tracks else None


def _periods(answer: Analytics) -> RenderableType | None:
    """By week; by month or year where that is the unit."""
    name, periods = next((found for found in _by_time(answer) if found[1]), ("week", []))
    table = make_table(f"{name} of", ">plays", ">listeners")
    for one in periods[-_MOST_PERIODS:]:
        table.add_row(one.day, _seen(one.plays), _seen(one.listeners))
    return table if periods else None


def _by_time(answer: Analytics) -> Iterator[tuple[str, list[PeriodAudience]]]:
    yield from (("week", answer.weeks), ("month", answer.months), ("year", answer.years))


def _sources(answer: Analytics) -> RenderableType | None:
    table = make_table("source", ">plays", ">listeners")
    for one in answer.sources:
        table.add_row(one.source, _seen(one.plays), _seen(one.listeners))
    return table if answer.sources else None


def _segments(answer: Analytics) -> RenderableType | None:
    table = make_table("segment", ">listeners", ">share")
    for one in answer.segments:
        table.add_row(one.segment, _seen(one.listeners), _percent(one.share))
    return table if answer.segments else None


def _seen(number: int | None) -> str:
    return "not shown" if number is None else count(number)


def _percent(share: float | None) -> str:
    return "–" if share is None else percent(share, 1)
