"""What figures are compared with: the period before, the curve of another track or of the genre."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from muse_graph.answers import Beside, CurvePoint, PeriodBefore
from muse_graph.core.artists.disclosure import Shown, shown
from muse_graph.core.artists.plays import PlayTable
from muse_graph.core.artists.presence import Box, masks_of
from muse_graph.core.artists.survival import median_reached
from muse_graph.core.artists.units import period_before
from muse_graph.core.listening.reports import N_REPORTS
from muse_graph.core.types import IntArray
from muse_graph.graph.connection import Graph
from muse_graph.service.artists.audiences import ArtistAudience
from muse_graph.service.artists.curves import LEAST_COVERAGE, curve_of, known
from muse_graph.service.artists.disclosed import suppressed_why
from muse_graph.service.artists.periods import ends_before_it_begins
from muse_graph.service.artists.shown_counts import LEAST

__all__ = ["beside_genre", "beside_track", "period_before_this"]

#: At most so many tracks of a genre, the most played, and for artists at least so many.
_MOST_TRACKS, _LEAST_TRACKS = 200, 10
#: No date is earlier.
_FIRST_DAY = np.datetime64("0001-01-01")
_FEW_TRACKS = f"Fewer than {_LEAST_TRACKS} tracks of the genre have {LEAST} listeners and a curve."
_LITTLE_KNOWN = f"The share heard is known exactly of less than {100 * LEAST_COVERAGE:.0f} % of the plays."
_LEFT_OUT = f"Of this track a part of the filter has fewer than {LEAST} listeners."
_NO_GENRE = "The artist has no track with a genre."


def period_before_this(
    audience: ArtistAudience, box: Box, plays: PlayTable, reports: IntArray, listeners: int
) -> PeriodBefore | None:
    """The period before what is shown, of equal length; None without a first day.

    Args:
        reports: (N_REPORTS,) int64, plays shown by report
        listeners: shown
    """
    units, (start, end) = audience.units, audience.period
    last = end or (str(units.last[-1]) if len(units.first) else None)
    if start is None or last is None or ends_before_it_begins((start, last)):
        return None
    days = period_before(np.datetime64(start), np.datetime64(last), units.unit)
    if days[0] < _FIRST_DAY:
        return None
    span = (str(days[0]), str(days[1]))
    earlier = replace(box, period=units.codes(span))
    found = shown(audience.table, earlier, audience.k)
    if not isinstance(found, Shown) or found.left_out:
        return PeriodBefore(*span, None, None, None, None, None, None)
    counts = plays.reports(masks_of(earlier, audience.table.sizes))
    n_before, n_now = int(counts.sum()), int(reports.sum())
    before, now = curve_of(counts).completion, curve_of(reports).completion
    return PeriodBefore(
        *span,
        plays=n_before,
        listeners=found.listeners,
        completion=before,
        plays_change=_change(n_before, n_now),
        listeners_change=_change(found.listeners, listeners),
        completion_change=None if before is None or now is None else now - before,
    )


def beside_track(audience: ArtistAudience, box: Box, plays: PlayTable, track_id: str) -> Beside:
    """The curve of another track under the same filters."""
    stored = audience.stored
    other = replace(box, tracks=frozenset([stored.tracks.index(track_id)]))
    found = shown(audience.table, other, audience.k)
    kept = isinstance(found, Shown) and not found.left_out
    counts = plays.reports(masks_of(other, audience.table.sizes)) if kept else np.zeros(N_REPORTS, np.int64)
    curve = curve_of(counts)
    why = None if curve.points else _LITTLE_KNOWN if kept else suppressed_why(found) or _LEFT_OUT
    return Beside("track", track_id, stored.titles[track_id], 1, curve.points, curve.completion, why)


def beside_genre(graph: Graph, artist_id: str, *, exact: bool) -> Beside:
    """The median curve of the artist's main genre; one round trip, of a cost that is bounded."""
    rows = graph.read("genre_reports", artist_id=artist_id, limit=_MOST_TRACKS)
    if not rows:
        return Beside("genre", None, None, 0, [], None, _NO_GENRE)
    ((genre_id, name, tracks),) = [(row["genre_id"], row["name"], row["tracks"]) for row in rows]
    counts = np.zeros((len(tracks), N_REPORTS), np.int64)
    for row, track in enumerate(tracks):
        for report, plays in track.by_report:
            counts[row, report] = plays
    least = 1 if exact else LEAST
    heard = np.array([track.listeners >= least for track in tracks], np.bool_)
    n, median = median_reached(counts[heard])
    if n < (1 if exact else _LEAST_TRACKS):
        return Beside("genre", genre_id, name, n, [], None, _FEW_TRACKS)
    points = [
        CurvePoint(10 * step, known(share), None, None) for step, share in enumerate(median.tolist(), 1)
    ]
    return Beside("genre", genre_id, name, n, points, points[-1].share, None)


def _change(before: int, now: int) -> float | None:
    return now / before - 1 if before else None
