"""`interests` and `spread`: what an audience likes, and how it grew."""

from __future__ import annotations

from typing import Annotated

import typer

from muse_graph.answers import as_json
from muse_graph.cli.audience_views import interests_view, overlap_view, spread_view
from muse_graph.cli.connection import connect
from muse_graph.cli.options import (
    ArtistId,
    FromDay,
    Home,
    Json,
    ToDay,
    TrackFilters,
    checked,
    read_filters,
    read_settings,
)
from muse_graph.cli.output import print_json, show
from muse_graph.core.artists.words import SEGMENTS
from muse_graph.core.listening.sources import SOURCES
from muse_graph.errors import InvalidRequest

__all__ = ["interests", "spread"]

_Countries = Annotated[
    list[str] | None,
    typer.Option(
        "--country", help="Only who heard it in this country, by its ISO 3166 code; may be repeated."
    ),
]
_Sources = Annotated[
    list[str] | None,
    typer.Option("--source", help=f"Only who was brought by this, of {', '.join(SOURCES)}; may be repeated."),
]
_Segments = Annotated[
    list[str] | None,
    typer.Option("--segment", help=f"Only this segment, of {', '.join(SEGMENTS)}; may be repeated."),
]


def interests(
    artist_id: ArtistId,
    track: TrackFilters = None,
    country: _Countries = None,
    source: _Sources = None,
    segment: _Segments = None,
    from_day: FromDay = None,
    to_day: ToDay = None,
    k: Annotated[int, typer.Option("-k", help="Most rows of a table.")] = 20,
    overlap: Annotated[
        str | None,
        typer.Option(
            metavar="ARTIST",
            help="Compare the whole audience with this artist's instead.",
            callback=checked("artist_id"),
            show_default=False,
        ),
    ] = None,
    json: Json = False,
    home: Home = None,
) -> None:
    """Show what an artist's audience likes more than everybody does, or what it shares with another's."""
    from muse_graph.service.artists.everybody import Everybody
    from muse_graph.service.artists.interests import interests as compare
    from muse_graph.service.artists.overlaps import audience_overlap

    filters = read_filters(track, country, source, segment, from_day, to_day)
    if overlap is not None and any((track, country, source, segment, from_day, to_day)):
        raise InvalidRequest("--overlap compares whole audiences: leave out the filters")
    with connect(read_settings(home)) as graph:
        if overlap is not None:
            shared = audience_overlap(graph, artist_id, overlap, exact=True)
        else:
            liked = compare(graph, artist_id, filters, Everybody(), k=k, exact=True)
    if json:
        print_json(as_json(liked if overlap is None else shared))
    else:
        show(interests_view(liked, k) if overlap is None else overlap_view(shared))


def spread(
    artist_id: ArtistId,
    track: TrackFilters = None,
    country: _Countries = None,
    source: _Sources = None,
    segment: _Segments = None,
    from_day: FromDay = None,
    to_day: ToDay = None,
    window: Annotated[int, typer.Option(help="Most days between a friend's first listen and one's own.")] = 7,
    json: Json = False,
    home: Home = None,
) -> None:
    """Show how an artist spread from friend to friend, and over which borders."""
    from muse_graph.service.artists.spread import artist_spread

    filters = read_filters(track, country, source, segment, from_day, to_day)
    with connect(read_settings(home)) as graph:
        answer = artist_spread(graph, artist_id, filters, window=window, exact=True)
    if json:
        print_json(as_json(answer))
    else:
        show(spread_view(answer))
