"""`artist` and `influencers`: the commands for artists."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from muse_graph.answers import as_json
from muse_graph.cli.connection import connect
from muse_graph.cli.options import (
    ArtistId,
    AtMost,
    GenreFilter,
    Home,
    Json,
    TrackFilters,
    checked,
    read_settings,
)
from muse_graph.cli.output import print_json, show
from muse_graph.cli.views import analytics_view, matches_view
from muse_graph.core.listening.sources import SOURCES
from muse_graph.errors import InvalidRequest

__all__ = ["artist", "influencers"]

_DAY = ["%Y-%m-%d"]


def artist(
    artist_id: ArtistId,
    track: TrackFilters = None,
    country: Annotated[
        list[str] | None,
        typer.Option(help="Only this country, by its ISO 3166 code; ZZ for unknown; may be repeated."),
    ] = None,
    source: Annotated[
        list[str] | None,
        typer.Option(help=f"Only plays brought by this, of {', '.join(SOURCES)}; may be repeated."),
    ] = None,
    from_day: Annotated[
        datetime | None, typer.Option("--from", formats=_DAY, help="First day (UTC), included.")
    ] = None,
    to_day: Annotated[
        datetime | None, typer.Option("--to", formats=_DAY, help="Last day (UTC), included.")
    ] = None,
    json: Json = False,
    home: Home = None,
) -> None:
    """Show how much of an artist's tracks is heard, and where."""
    from muse_graph.service.artists.analytics import analytics

    with connect(read_settings(home)) as graph:
        answer = analytics(
            graph,
            artist_id,
            track_id=track,
            country=country,
            source=source,
            from_day=from_day.date() if from_day else None,
            to_day=to_day.date() if to_day else None,
        )
    if json:
        print_json(as_json(answer))
    else:
        show(analytics_view(answer))


def influencers(
    artist: Annotated[
        str | None,
        typer.Option(help="Find influencers for this artist, by id.", callback=checked("artist_id")),
    ] = None,
    country: Annotated[str | None, typer.Option(help="Based in this country, by its ISO 3166 code.")] = None,
    genre: GenreFilter = None,
    k: AtMost = 20,
    json: Json = False,
    home: Home = None,
) -> None:
    """Find influencers for a country and a genre, or for an artist."""
    from muse_graph.service.artists.influencers import artist_influencers, match_influencers

    settings = read_settings(home)
    if artist is not None:
        with connect(settings) as graph:
            matches = artist_influencers(graph, artist, country=country, genre_id=genre, k=k)
    elif country is not None and genre is not None:
        with connect(settings) as graph:
            matches = match_influencers(graph, country=country, genre_id=genre, k=k)
    else:
        raise InvalidRequest("give --artist, or both --country and --genre")
    if json:
        print_json([as_json(match) for match in matches])
    else:
        show(matches_view(matches))
