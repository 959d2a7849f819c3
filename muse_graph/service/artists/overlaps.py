"""What the audiences of two artists share."""

from __future__ import annotations

from muse_graph.answers import AudienceOverlap
from muse_graph.core.artists.interests import overlap
from muse_graph.graph.connection import Graph
from muse_graph.service.artists.audiences import ArtistAudience, read_audience
from muse_graph.service.artists.filters import filters_of
from muse_graph.service.artists.shown_counts import LEAST

__all__ = ["audience_overlap"]

_FEW = f"fewer than {LEAST} listeners"


def audience_overlap(graph: Graph, artist_id: str, other_id: str, *, exact: bool = False) -> AudienceOverlap:
    """Compare the listeners of an artist with those of any other; two round trips.

    Unless exact, nothing is shown where the listeners of both, or of one and not of the other, are 1 to 9.
    Else those of both are to the nearest ten, and what follows from them to the nearest hundredth: of the
    other audience no more is told than these shares.

    Raises:
        UnknownArtist: If no artist has one of the ids.
    """
    everything = filters_of()
    first = read_audience(graph, artist_id, everything, exact=exact)
    second = read_audience(graph, other_id, everything, exact=True)
    sizes = len(first.listeners), len(second.listeners)
    shared = overlap(first.listeners, second.listeners).shared
    why = None if exact else _why(first, sizes, shared)
    if why is not None:
        return AudienceOverlap(artist_id, first.name, other_id, second.name, why, *[None] * 6)
    if not exact:
        shared = min((shared + LEAST // 2) // LEAST * LEAST, *sizes)
    return AudienceOverlap(
        artist_id=artist_id,
        name=first.name,
        other_id=other_id,
        other_name=second.name,
        suppressed=None,
        listeners=sizes[0],
        other_listeners=sizes[1] if exact else None,
        shared=shared,
        jaccard=_share(shared, sum(sizes) - shared, exact=exact),
        of_artist=_share(shared, sizes[0], exact=exact),
        of_other=_share(shared, sizes[1], exact=exact),
    )


def _why(first: ArtistAudience, sizes: tuple[int, int], shared: int) -> str | None:
    """Why an overlap is not shown, as a sentence; None if it is."""
    if first.suppressed:
        return first.suppressed
    if 0 < shared < LEAST:
        return f"The audiences share {_FEW}."
    if any(0 < size - shared < LEAST for size in sizes):
        return f"One audience has {_FEW} who are not in the other."
    return None


def _share(shared: int, n: int, *, exact: bool) -> float | None:
    if not n:
        return None
    return shared / n if exact else round(shared / n, 2)
