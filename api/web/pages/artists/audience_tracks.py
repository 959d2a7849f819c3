"""Tracks of an audience: bars, and a table of all that is said of each."""

from __future__ import annotations

from muse_graph.answers import Analytics, TrackAudience
from muse_graph.api.web import charts
from muse_graph.api.web.charts.wording import count, isolated, share
from muse_graph.api.web.pages.artists.blocks import Block, Cell, Column, Line, Table, suppressible
from muse_graph.api.web.pages.artists.state import State
from muse_graph.api.web.pages.artists.words import FEW
from muse_graph.service.artists.shown_counts import LEAST

__all__ = ["tracks_block"]

_NOTE = (
    "Completion is the share of plays that reach the last tenth, a dash where too few say how far they went; "
    "saved, the share of the listeners who have saved the track."
)
_NOT_SHOWN = f" Not shown: fewer than {LEAST} have, or have not, or the period is not of whole {{unit}}s."


def tracks_block(found: Analytics, state: State) -> Block:
    """Plays of each track; its name in the table filters by it."""
    chart = charts.bars(
        "tracks",
        _title(found),
        [charts.Bar(one.title, one.plays, one.share, n=one.listeners) for one in found.tracks],
        of="plays",
        most=10,
        note="n is listeners.",
        suppressed=FEW,
        nothing="No play here is of a track that can be shown.",
    )
    columns = [Column("Track"), Column("Plays", count), Column("Listeners", count)]
    columns += [Column("Share of plays", share), Column("Completion", share), Column("Saved", share)]
    lines = [
        Line(
            _cells(one),
            state.toggled("track", one.track_id),
            one.track_id in state.values("track"),
        )
        for one in found.tracks
    ]
    hides = any(one.plays is not None and one.save_rate is None for one in found.tracks)
    note = _NOTE + (_NOT_SHOWN.format(unit=found.savers_unit or found.unit) if hides else "")
    return Block(chart, Table(columns, lines, note), is_open=True)


def _cells(one: TrackAudience) -> list[Cell]:
    figures = [suppressible(one.plays), suppressible(one.listeners), suppressible(one.share)]
    if one.plays is None:
        return [one.title, *figures, suppressible(None), suppressible(None)]
    return [one.title, *figures, one.completion, "not shown" if one.save_rate is None else one.save_rate]


def _title(found: Analytics) -> str:
    known = [one for one in found.tracks if one.plays and one.share]
    if not known:
        return "No track can be shown by itself"
    best = known[0]
    if len(found.tracks) == 1:
        return f"All plays are of {isolated(best.title)}"
    first = f"{isolated(best.title)} has {share(best.share or 0)} of the plays"
    ended = [one for one in known if one.completion is not None]
    longest = max(ended, key=lambda one: one.completion or 0, default=None)
    if longest is None or len(ended) < 2:
        return first
    part = share(longest.completion or 0)
    if longest is best:
        return f"{first}, and is most often heard to its last tenth: {part}"
    return f"{first}; {isolated(longest.title)} is most often heard to its last tenth: {part}"
