"""What an artist's audience likes: genres, tracks, artists and languages, beside everybody."""

from __future__ import annotations

import numpy as np

from muse_graph.answers import AnalyticsFilters, Interests
from muse_graph.core.artists.sampling import sample_keys
from muse_graph.errors import invalid
from muse_graph.graph.connection import Graph
from muse_graph.service.artists.audiences import ArtistAudience, read_audience
from muse_graph.service.artists.compared import Comparison
from muse_graph.service.artists.everybody import MOST_READ, Everybody, Sample, read_heard, read_languages

__all__ = ["MAX_INTERESTS", "interests"]

#: Most tracks and artists of an answer.
MAX_INTERESTS = 100
#: Tracks compared, of those that most of the audience have heard.
_MOST_TRACKS = 1_000


def interests(
    graph: Graph,
    artist_id: str,
    filters: AnalyticsFilters,
    everybody: Everybody,
    *,
    k: int = 20,
    exact: bool = False,
) -> Interests:
    """Compare what an artist's audience has heard with what everybody has.

    The artist's own tracks are left out, also of the genres: a genre that a listener plays by these alone
    does not count for the audience. It does for everybody: so the artist's own genres are rather understated.
    Of an audience of more than 2,000 listeners as many are read, the same each time; of each the 500 tracks
    heard last. Five round trips, three more where the sample of everybody is old.

    Args:
        filters: from `muse_graph.service.artists.filters.filters_of`
        everybody: what to compare with
        k: most tracks, artists and bridges
        exact: for operators; else what fewer than 10 listeners are behind is left out, and counts are to the
            nearest ten

    Raises:
        UnknownArtist: If no artist has that id.
        UnknownTrack: If a track is not by the artist.
        InvalidRequest: For k out of range.
    """
    if not 1 <= k <= MAX_INTERESTS:
        raise invalid("k", f"must be 1..{MAX_INTERESTS}", k)
    audience = read_audience(graph, artist_id, filters, exact=exact)
    sample = everybody.sample(graph)
    if not len(audience.listeners):
        return _nothing(audience, sample)
    return _answer(graph, audience, sample, k, exact=exact)


def _nothing(audience: ArtistAudience, sample: Sample) -> Interests:
    """Where nothing may be shown, or nobody has heard the artist."""
    return Interests(
        artist_id=audience.artist_id,
        name=audience.name,
        filters=audience.filters,
        left_out=audience.left_out,
        suppressed=audience.suppressed,
        listeners=None if audience.suppressed else 0,
        compared=0,
        base_listeners=sample.listeners,
        base_compared=len(sample.heard.keys),
        genres=[],
        tracks=[],
        artists=[],
        bridges=[],
        languages=[],
    )


def _answer(graph: Graph, audience: ArtistAudience, sample: Sample, k: int, *, exact: bool) -> Interests:
    (own,) = graph.read("artist_keys", artist_id=audience.artist_id)
    own_tracks, own_genres = np.array(own["tracks"], np.int64), np.array(own["genres"], np.int64)
    heard = read_heard(graph, sample_keys(audience.listeners, MOST_READ), own_tracks)
    compared = Comparison(heard, sample, own_tracks, own_genres, exact)
    (row,) = graph.read(
        "favourites",
        tracks=compared.most_heard_tracks(_MOST_TRACKS).tolist(),
        genres=np.unique(heard.genre).tolist(),
        leave_out=own["tracks"],
    )
    genres = compared.genres(row)
    return Interests(
        artist_id=audience.artist_id,
        name=audience.name,
        filters=audience.filters,
        left_out=audience.left_out,
        suppressed=None,
        listeners=len(audience.listeners),
        compared=len(heard.keys),
        base_listeners=sample.listeners,
        base_compared=len(sample.heard.keys),
        genres=genres,
        tracks=compared.tracks(row)[:k],
        artists=compared.artists(row)[:k],
        bridges=compared.bridges(row, genres)[:k],
        languages=compared.languages(read_languages(graph, heard)),
    )
