"""The charts of an audience: each with the sentence that says what it found, and its table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from muse_graph.answers import Analytics, Curve
from muse_graph.api.web import charts
from muse_graph.api.web.charts.wording import count, isolated, percentage, share
from muse_graph.api.web.pages.artists.blocks import Block, Choices, Column, Line, Table, suppressible
from muse_graph.api.web.pages.artists.state import State
from muse_graph.api.web.pages.artists.words import SOURCE_NAMES, day_words, plural

__all__ = ["LEAST_COVERAGE", "curve_block", "days_block", "sources_block", "weeks"]

#: Plays that say how far they went, below which there is no curve.
LEAST_COVERAGE = 0.2
_CURVE_NOTE = (
    "From and To bound the 95 % interval. A play that proves only that so much was heard counts so far "
    "and no further."
)


def _drawn(name: str, curve: Curve) -> charts.Curve:
    """The steps up to the last of which something is known."""
    known = [point for point in curve.points if point.share is not None]
    return charts.Curve(
        name,
        [point.percent / 100 for point in known],
        [point.share or 0.0 for point in known],
        [point.low or 0.0 for point in known],
        [point.high or 0.0 for point in known],
    )


def curve_block(
    found: Analytics, other: tuple[str, Curve] | None = None, reference: tuple[str, Curve] | None = None
) -> Block:
    """How far plays get, beside another track or the genre's median."""
    curve = _drawn("All tracks" if other is None else "These plays", found.curve)
    others = [pair for pair in (other, reference) if pair is not None]
    chart = charts.survival(
        "curve",
        _curve_title(found.curve),
        curve,
        other=_drawn(*other) if other else None,
        reference=_drawn(*reference) if reference else None,
        note=_coverage(found.curve) if curve.parts else "",
        nothing=_no_curve(found),
    )
    heads = [Column("Share of the track", percentage), Column("Plays that get there", share)]
    heads += [Column("From", share), Column("To", share)]
    heads += [Column(isolated(name), share) for name, _curve in others]
    beside = [{point.percent: point.share for point in one.points} for _name, one in others]
    lines = [
        Line(
            [
                point.percent / 100,
                point.share,
                point.low,
                point.high,
                *(one.get(point.percent) for one in beside),
            ]
        )
        for point in found.curve.points
    ]
    return Block(chart, Table(heads, lines, _CURVE_NOTE))


def _curve_title(curve: Curve) -> str:
    if not curve.points:
        return "How far plays get is not known"
    drop = curve.biggest_drop
    ends = (
        f"; more end between {drop.percent - 10} % and {drop.percent} % than in any other tenth"
        if drop
        else ""
    )
    if curve.completion is None:
        return f"How far plays get{ends}"
    return f"{percentage(curve.completion)} of plays reach the last tenth{ends}"


def _coverage(curve: Curve) -> str:
    said = f"{percentage(curve.coverage or 0)} of the plays say exactly how far they went. "
    return said + "The band is the 95 % interval."


def _no_curve(found: Analytics) -> str:
    if found.curve.coverage is None:
        return "There is nothing to draw: no plays, or fewer than 10 listeners."
    return (
        f"Only {share(found.curve.coverage)} of the plays say how far they went, and a curve needs "
        f"{percentage(LEAST_COVERAGE)}. Players and scrobblers can send `heard` or `heard_at_least` "
        "with each listen."
    )


def days_block(found: Analytics, state: State) -> Block:
    """Plays by day, or by week where there are many days; what lies between days with plays is none."""
    days = {date.fromisoformat(one.day): one.plays for one in found.days}
    by = state.get("by") or ("week" if len(days) > 1 and (max(days) - min(days)).days > 120 else "day")
    units = weeks(days) if by == "week" else _days(days, state)
    chart = charts.series(
        "days",
        _days_title(units, by),
        [charts.Unit(day_words(day), value) for day, value in units],
        of="plays",
        note=_undated(found),
        nothing="No play in this period has a time. Choose a longer period, or All.",
    )
    head = "Week from" if by == "week" else "Day"
    listeners = {date.fromisoformat(one.day): one.listeners for one in found.days}
    columns = [Column(head), Column("Plays", count)]
    columns += [] if by == "week" else [Column("Listeners", count)]
    lines = [
        Line(
            [
                day.isoformat(),
                suppressible(value),
                *([] if by == "week" else [suppressible(listeners.get(day, 0))]),
            ]
        )
        for day, value in units
    ]
    links = [(name.capitalize() + "s", state.address(by=name), by == name) for name in ("day", "week")]
    return Block(chart, Table(columns, lines), choices=[Choices("Plays by", links)])


def _days(days: dict[date, int], state: State) -> list[tuple[date, float | None]]:
    """Every day of the period that has an end on both sides; else from the first to the last with plays."""
    if not days:
        return []
    first = state.filters.from_day or min(days)
    last = state.filters.to_day or max(days)
    return [
        (day, float(days.get(day, 0)))
        for day in (first + timedelta(days=n) for n in range((last - first).days + 1))
    ]


def weeks(days: Mapping[date, int]) -> list[tuple[date, float | None]]:
    """Weeks from Monday on."""
    if not days:
        return []
    first = min(days) - timedelta(days=min(days).weekday())
    sums = [0.0] * ((max(days) - first).days // 7 + 1)
    for day, plays in days.items():
        sums[(day - first).days // 7] += plays
    return [(first + timedelta(weeks=n), value) for n, value in enumerate(sums)]


def _days_title(units: Sequence[tuple[date, float | None]], by: str) -> str:
    known = [(value, day) for day, value in units if value is not None]
    if not known:
        return "When it was played is not known"
    most, day = max(known, key=lambda one: (one[0], one[1]))
    when = f"in the week of {day_words(day)}" if by == "week" else f"on {day_words(day)}"
    return f"Most plays were {when}: {count(most)}"


def _undated(found: Analytics) -> str:
    return (
        f"{plural(found.undated, 'play')} without a time {'is' if found.undated == 1 else 'are'} in no day."
        if (found.undated)
        else ""
    )


def sources_block(found: Analytics) -> Block:
    """What brought listeners."""
    ranked = sorted(found.sources, key=lambda one: -(one.plays or 0))
    total = sum(one.plays or 0 for one in ranked)
    chart = charts.bars(
        "sources",
        _sources_title(found),
        [
            charts.Bar(
                SOURCE_NAMES[one.source],
                one.plays,
                (one.plays or 0) / total if total else None,
                n=one.listeners,
            )
            for one in ranked
        ],
        of="plays",
        note="n is how many listeners came that way; somebody may come in several ways.",
        nothing="No plays here say what brought them.",
    )
    columns = [
        Column("Source"),
        Column("Plays", count),
        Column("Listeners", count),
        Column("Share of plays", share),
    ]
    lines = [
        Line(
            [
                SOURCE_NAMES[one.source],
                suppressible(one.plays),
                suppressible(one.listeners),
                (one.plays or 0) / total if total else None,
            ]
        )
        for one in ranked
    ]
    return Block(chart, Table(columns, lines))


def _sources_title(found: Analytics) -> str:
    total = sum(one.plays or 0 for one in found.sources)
    if not total:
        return "What brought these plays is not known"
    best = max(found.sources, key=lambda one: one.plays or 0)
    part = share((best.plays or 0) / total)
    if best.source == "unknown":
        return f"What brought {part} of the plays is not known"
    brought = "A way without a name here" if best.source == "other" else SOURCE_NAMES[best.source]
    return f"{brought} brought {part} of the plays"
