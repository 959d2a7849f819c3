"""Tracks on their way into a list, and the reasons that every way of finding them shares."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from muse_graph.answers import Reason, Recommendation
from muse_graph.service.recommendations.context import RecommendationContext
from muse_graph.service.recommendations.messages import sentence_for_genre
from muse_graph.service.recommendations.track_cache import TrackInfo

__all__ = ["MOST_NAMED", "RankedTrack", "genre_reason", "item_of", "radar_reason", "scale_below"]

# Sums of parts are rounded: what comes from further away is below by more than that, so that it stays below.
_BELOW = 1 - 1e-9

#: Friends, or tracks of the listener's own, that a reason names.
MOST_NAMED = 3


class RankedTrack(NamedTuple):
    """A track, its score, and reasons whose parts add up to it."""

    card: TrackInfo
    score: float
    reasons: list[Reason]


def scale_below(entries: Sequence[RankedTrack], best: float) -> float:
    """What scores of a further source, the best of them given, are taken times to rank below the entries."""
    lowest = min((entry.score for entry in entries), default=math.inf)
    return min(1.0, _BELOW * lowest / best) if best > 0 else 1.0


def genre_reason(
    context: RecommendationContext, card: TrackInfo, genre: int, part: float, *, home: bool
) -> list[Reason]:
    """What the genre a track is offered for is to the listener; nothing for a track without one.

    Args:
        home: whether it has always been the listener's own
    """
    if genre < 0:
        return []
    key, streams, listeners = context.genres.rows[genre]
    # A damaged graph may have a genre in a profile that its track is not in.
    named = card.genre(key)
    text = sentence_for_genre(named.name if named else "Its genre", streams, listeners, home=home)
    return [Reason("genre", text, part, n=listeners, genre_id=named.id if named else None)]


def radar_reason(card: TrackInfo, part: float) -> list[Reason]:
    """That nobody behind a track is among the most played."""
    if not card.under_radar:
        return []
    names = " and ".join(artist.name for artist in card.artists)
    return [Reason("radar", f"{names}: under the radar, outside the most played 20 % of artists", part)]


def item_of(rank: int, entry: RankedTrack) -> Recommendation:
    """The entry at its place in the list."""
    card = entry.card
    return Recommendation(
        rank=rank,
        track_id=card.track_id,
        title=card.title,
        artists=card.artists,
        genres=card.genres,
        score=entry.score,
        reasons=entry.reasons,
    )
