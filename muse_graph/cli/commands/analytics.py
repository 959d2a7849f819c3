"""`artist` and `influencers`: the commands for artists."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import RenderableType

from muse_graph.answers import ArtistMatch, Match, SortBy, as_json
from muse_graph.cli.artist_view import analytics_view
from muse_graph.cli.connection import connect
from muse_graph.cli.options import (
    ArtistId,
    FromDay,
    GenreFilter,
    Home,
    Json,
    ToDay,
    TrackFilters,
    checked,
    read_filters,
    read_settings,
)
from muse_graph.cli.output import print_json, show
from muse_graph.cli.views import influencer_set_view, matches_view
from muse_graph.config import Settings
from muse_graph.core.artists.words import SEGMENTS
from muse_graph.core.listening.sources import SOURCES
from muse_graph.errors import InvalidRequest

__all__ = ["artist", "influencers"]


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
    segment: Annotated[
        list[str] | None,
        typer.Option(help=f"Only listeners of this segment, of {', '.join(SEGMENTS)}; may be repeated."),
    ] = None,
    from_day: FromDay = None,
    to_day: ToDay = None,
    beside: Annotated[
        str | None,
        typer.Option(
            help="A second curve: another track of the artist by its id, or `genre` for its genre's median."
        ),
    ] = None,
    report: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the audience page here, as one HTML file.")
    ] = None,
    tables: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write all its tables here, as a zip of CSV files.")
    ] = None,
    json: Json = False,
    home: Home = None,
) -> None:
    """Show how much of an artist's tracks is heard, where, when, by whom, and what brought them."""
    from muse_graph.service.artists.analytics import analytics

    filters = read_filters(track, country, source, segment, from_day, to_day)
    settings = read_settings(home)
    with connect(settings) as graph:
        answer = analytics(graph, artist_id, filters, beside=beside, exact=True)
        files = {name: path for name, path in (("report", report), ("tables", tables)) if path is not None}
        if files:
            from muse_graph.cli.report_files import write_files

            said = [
                *(("track", one) for one in track or ()),
                *(("country", one) for one in country or ()),
                *(("source", one) for one in source or ()),
                *(("segment", one) for one in segment or ()),
                *((("from", from_day.date().isoformat()),) if from_day else ()),
                *((("to", to_day.date().isoformat()),) if to_day else ()),
                *((("beside", beside),) if beside else ()),
            ]
            write_files(settings, graph, artist_id, said, files)
    if json:
        print_json(as_json(answer))
    else:
        show(analytics_view(answer))


def influencers(
    artist: Annotated[
        str | None,
        typer.Argument(
            metavar="[ARTIST]",
            help="Id of the artist; none for a country and a genre.",
            callback=checked("artist_id"),
            show_default=False,
        ),
    ] = None,
    country: Annotated[str | None, typer.Option(help="Based in this country, by its ISO 3166 code.")] = None,
    genre: GenreFilter = None,
    k: Annotated[int | None, typer.Option("-k", help="Most rows to return; default 20, together 5.")] = None,
    sort: Annotated[SortBy, typer.Option(help="For an artist: what comes first.")] = "score",
    together: Annotated[
        bool, typer.Option("--together", help="For an artist: those who add the most listeners together.")
    ] = False,
    cost_per_1000: Annotated[
        float | None, typer.Option(help="Together: cost of an influencer for 1,000 followers.")
    ] = None,
    minimum_cost: Annotated[float, typer.Option(help="Together: the least that each costs.")] = 0.0,
    budget: Annotated[
        float | None, typer.Option(help="Together: most for all; needs --cost-per-1000.")
    ] = None,
    json: Json = False,
    home: Home = None,
) -> None:
    """Find influencers for an artist, also as a set chosen together, or for a country and a genre."""
    if artist is None and (together or country is None or genre is None):
        raise InvalidRequest("give an ARTIST, or both --country and --genre without --together")
    if cost_per_1000 is None and (budget is not None or minimum_cost):
        raise InvalidRequest("--budget and --minimum-cost need --cost-per-1000")
    if cost_per_1000 is not None and not together:
        raise InvalidRequest("--cost-per-1000 needs --together")
    most = k if k is not None else 5 if together else 20
    settings = read_settings(home)
    if artist is not None and together:
        from muse_graph.service.artists.influencer_sets import Price, influencers_together

        price = None if cost_per_1000 is None else Price(cost_per_1000, minimum_cost, budget)
        with connect(settings) as graph:
            found = influencers_together(
                graph, artist, country=country, genre_id=genre, k=most, price=price, exact=True
            )
        _print(found, json, influencer_set_view)
    else:
        _print(_matches(settings, artist, country, genre, most, sort), json, matches_view)


def _matches(
    settings: Settings, artist: str | None, country: str | None, genre: str | None, k: int, sort: SortBy
) -> Sequence[Match | ArtistMatch]:
    from muse_graph.service.artists.everybody import Everybody
    from muse_graph.service.artists.influencers import artist_influencers, match_influencers

    with connect(settings) as graph:
        if artist is not None:
            return artist_influencers(
                graph, artist, Everybody(), country=country, genre_id=genre, k=k, sort=sort, exact=True
            )
        return match_influencers(graph, country=country or "", genre_id=genre or "", k=k)


def _print(answer: Any, json: bool, view: Callable[[Any], RenderableType]) -> None:
    if json:
        print_json([as_json(one) for one in answer] if isinstance(answer, list) else as_json(answer))
    else:
        show(view(answer))
