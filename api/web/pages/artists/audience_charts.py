"""The charts of an audience: each with the sentence that says what it found, and its table."""

from __future__ import annotations

from collections.abc import Sequence

from muse_graph.answers import Analytics, Beside, Curve, CurvePoint, SegmentAudience
from muse_graph.api.web import charts
from muse_graph.api.web.charts.wording import count, isolated, percentage, share
from muse_graph.api.web.pages.artists.blocks import Block, Column, Line, Table, suppressible
from muse_graph.api.web.pages.artists.words import FEW, SEGMENTS, SOURCE_NAMES
from muse_graph.service.artists.curves import LEAST_COVERAGE
from muse_graph.service.artists.shown_counts import LEAST

__all__ = ["curve_block", "segments_block", "sources_block"]

_SEGMENTS_NOTE = (
    "Counted are the days on which somebody heard the artist, of the last 28 up to the last play."
)
_HIDDEN = f" Not shown are fewer than {LEAST} listeners, and what would tell such a number."
_CURVE_NOTE = (
    "From and To bound the 95 % interval. A play that proves only that so much was heard counts so far "
    "and no further."
)


def curve_block(found: Analytics) -> Block:
    """How far plays get, beside another track or the genre's median."""
    points = found.curve.points if found.curve else []
    beside = found.beside if found.beside and found.beside.points else None
    drawn = _drawn(_name(found), points)
    other = _drawn(beside.name or "", beside.points) if beside else None
    is_track = beside is not None and beside.kind == "track"
    chart = charts.survival(
        "curve",
        _curve_title(found.curve),
        drawn,
        other=other if is_track else None,
        reference=None if is_track else other,
        note=_curve_words(found) if points else "",
        nothing=_no_curve(found),
    )
    columns = [Column("Share of the track", percentage), Column("Plays that get there", share)]
    columns += [Column("From", share), Column("To", share)]
    columns += [Column(isolated(_besides_name(beside)), share)] if beside else []
    others = {point.percent: point.share for point in beside.points} if beside else {}
    lines = [
        Line(
            [
                *(point.percent / 100, point.share, point.low, point.high),
                *([others.get(point.percent)] if beside else []),
            ]
        )
        for point in points
    ]
    return Block(chart, Table(columns, lines, _CURVE_NOTE))


def _drawn(name: str, points: Sequence[CurvePoint]) -> charts.Curve:
    """The steps up to the last of which something is known; a median has no interval."""
    known = [point for point in points if point.share is not None]
    has_band = all(point.low is not None for point in known)
    return charts.Curve(
        name,
        [point.percent / 100 for point in known],
        [point.share or 0.0 for point in known],
        [point.low or 0.0 for point in known] if has_band else (),
        [point.high or 0.0 for point in known] if has_band else (),
    )


def _name(found: Analytics) -> str:
    tracks = len(found.filters.tracks)
    return "All tracks" if not tracks else "This track" if tracks == 1 else f"These {tracks} tracks"


def _besides_name(beside: Beside) -> str:
    return beside.name or "" if beside.kind == "track" else f"Median of {beside.name}"


def _curve_title(curve: Curve | None) -> str:
    if curve is None or not curve.points:
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


def _curve_words(found: Analytics) -> str:
    coverage = found.curve.coverage if found.curve else None
    words = f"{percentage(coverage or 0)} of the plays say exactly how far they went."
    words += " The band is the 95 % interval."
    beside = found.beside
    if beside is None:
        return words
    if not beside.points:
        return f"{words} Nothing is beside it: {beside.suppressed or 'there is no curve'}"
    if beside.kind == "genre":
        return f"{words} Grey is the median of {beside.n_tracks} tracks of {beside.name}."
    return words


def _no_curve(found: Analytics) -> str:
    coverage = found.curve.coverage if found.curve else None
    if coverage is None:
        return "There is nothing to draw: no plays."
    return (
        f"Only {share(coverage)} of the plays say how far they went, and a curve needs "
        f"{percentage(LEAST_COVERAGE)}. Players and scrobblers can send heard or heard_at_least with each "
        "listen."
    )


def sources_block(found: Analytics) -> Block:
    """What brought listeners."""
    ranked = sorted(found.sources, key=lambda one: -(one.plays or 0))
    total = found.plays or 0
    rows = [
        charts.Bar(
            SOURCE_NAMES[one.source],
            one.plays,
            one.plays / total if one.plays is not None and total else None,
            n=one.listeners,
        )
        for one in ranked
    ]
    chart = charts.bars(
        "sources",
        _sources_title(found),
        rows,
        of="plays",
        note="n is how many listeners came that way; somebody may come in several ways.",
        suppressed=FEW,
        nothing="No plays here say what brought them.",
    )
    columns = [
        Column("Source"),
        Column("Plays", count),
        Column("Listeners", count),
        Column("Share of plays", share),
    ]
    lines = [
        Line([SOURCE_NAMES[one.source], suppressible(one.plays), suppressible(one.listeners), row.share])
        for one, row in zip(ranked, rows, strict=True)
    ]
    return Block(chart, Table(columns, lines))


def _sources_title(found: Analytics) -> str:
    known = [(one.plays, one.source) for one in found.sources if one.plays]
    if not known or not found.plays:
        what = "No source can be shown by itself"
        return what if found.sources else "What brought these plays is not known"
    plays, source = max(known)
    part = share(plays / found.plays)
    if source == "unknown":
        return f"What brought {part} of the plays is not known"
    brought = "A way without a name here" if source == "other" else SOURCE_NAMES[source]
    return f"{brought} brought {part} of the plays"


def segments_block(found: Analytics) -> Block:
    """How often listeners come back, with what each segment means."""
    there = {one.segment: one for one in found.segments}
    # What nobody is in is told by its absence.
    segments = [there.get(name, SegmentAudience(name, 0, 0.0)) for name in SEGMENTS] if there else []
    rows = [charts.Bar("{}: {}".format(*SEGMENTS[one.segment]), one.listeners, one.share) for one in segments]
    chart = charts.bars(
        "segments",
        _segments_title(found),
        rows,
        of="listeners",
        note=_SEGMENTS_NOTE + (_HIDDEN if any(one.listeners is None for one in segments) else ""),
        suppressed="not shown",
        nothing="Nobody is in a segment.",
    )
    columns = [
        Column("Segment"),
        Column("Heard the artist"),
        Column("Listeners", count),
        Column("Share", share),
    ]
    lines = [Line([*SEGMENTS[one.segment], suppressible(one.listeners), one.share]) for one in segments]
    return Block(chart, Table(columns, lines))


def _segments_title(found: Analytics) -> str:
    parts = {one.segment: one.share for one in found.segments}
    lapsed, loyal = parts.get("lapsed"), parts.get("super")
    if loyal:
        return f"{share(loyal)} of the listeners are super listeners"
    if lapsed:
        return f"{share(lapsed)} of the listeners have not come back for 28 days"
    return "How often listeners come back"
