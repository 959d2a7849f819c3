"""`tracks`, `artists` and `users`: find and list what is in the graph."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from muse_graph.answers import as_json
from muse_graph.cli.connection import connect
from muse_graph.cli.option_groups import expand_options
from muse_graph.cli.options import Home, Json, read_settings
from muse_graph.cli.output import count, make_table, note, print_json, short, show

if TYPE_CHECKING:
    from muse_graph.answers import Page
    from muse_graph.graph.connection import Graph

__all__ = ["Part", "artists", "print_page", "tracks", "users"]


@dataclass(frozen=True)
class Part:
    """Which part of a long list, and how it is printed."""

    k: Annotated[int, typer.Option("-k", help="Most rows to return.", min=1, max=1000)] = 20
    cursor: Annotated[
        str | None, typer.Option(help="Go on after an earlier answer, with the cursor it ended with.")
    ] = None
    json: Json = False
    home: Home = None


@expand_options
def tracks(
    part: Part,
    text: Annotated[str, typer.Argument(help="Words of the title or an artist; none lists all.")] = "",
) -> None:
    """Find tracks by title or artist, best fit first; without words, those with the most listeners."""
    from muse_graph.service.catalogue.search import search_tracks

    def row(track: Any) -> tuple[str | Text, ...]:
        artists = ", ".join(artist.name for artist in track.artists)
        genres = ", ".join(genre.name for genre in track.genres)
        title = Text.assemble((short(track.title), "bold"), f"  {short(artists)}", (f"  {genres}", "dim"))
        return track.track_id, title, count(track.listeners), count(track.plays)

    print_page(
        lambda graph: search_tracks(graph, text, limit=part.k, cursor=part.cursor),
        ("track", "title", ">listeners", ">plays"),
        row,
        part,
    )


@expand_options
def artists(
    part: Part,
    text: Annotated[str, typer.Argument(help="Words of the name; none lists all.")] = "",
) -> None:
    """Find artists by name, best fit first; without words, those with the most plays."""
    from muse_graph.service.catalogue.search import search_artists

    def row(artist: Any) -> tuple[str | Text, ...]:
        radar = Text("under the radar" if artist.under_the_radar else "", style="dim")
        name = Text(short(artist.name), style="bold")
        return (
            artist.artist_id,
            name,
            artist.country or "–",
            count(artist.tracks),
            count(artist.plays),
            radar,
        )

    print_page(
        lambda graph: search_artists(graph, text, limit=part.k, cursor=part.cursor),
        ("artist", "name", "country", ">tracks", ">plays", ""),
        row,
        part,
    )


@expand_options
def users(
    part: Part,
    text: Annotated[str, typer.Argument(help="Words of the name; none lists all.")] = "",
) -> None:
    """Find users by name, best fit first; without words, in the order of their ids."""
    from muse_graph.service.users.users import list_users

    def row(user: Any) -> tuple[str | Text, ...]:
        name = Text(short(user.name or "–"), style="bold")
        seen = Text(f"seen by {user.listens_visible_to}", style="dim")
        counts = (count(user.friends), count(user.tracks), count(user.streams))
        return user.user_id, name, user.country or "–", *counts, seen

    print_page(
        lambda graph: list_users(graph, text, limit=part.k, cursor=part.cursor),
        ("user", "name", "country", ">friends", ">tracks", ">streams", ""),
        row,
        part,
    )


def print_page(
    ask: Callable[[Graph], Page],
    columns: tuple[str, ...],
    row: Callable[[Any], tuple[str | Text, ...]],
    part: Part,
) -> None:
    """Print a page, and how to go on."""
    with connect(read_settings(part.home)) as graph:
        page = ask(graph)
    if part.json:
        print_json(as_json(page))
        return
    table = make_table(*columns)
    for item in page.items:
        table.add_row(*(short(cell) if isinstance(cell, str) else cell for cell in row(item)))
    show(table if page.items else Text("nothing found", style="dim"))
    if page.next:
        note(f"there is more: --cursor {page.next}")
