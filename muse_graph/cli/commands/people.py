"""`feed`, `suggest-friends`, `follow`, `unfollow` and `follows`: whom a listener goes by."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.text import Text

from muse_graph.cli.commands.catalogue import Part, print_page
from muse_graph.cli.connection import connect
from muse_graph.cli.option_groups import expand_options
from muse_graph.cli.options import Home, Json, UserId, checked, read_settings
from muse_graph.cli.output import clean, make_table, print_json, print_line, short, show

__all__ = ["feed", "follow", "follows", "suggest_friends", "unfollow"]

InfluencerId = Annotated[
    str,
    typer.Argument(metavar="INFLUENCER", help="Id of the influencer.", callback=checked("influencer_id")),
]


@expand_options
def feed(part: Part, user: UserId) -> None:
    """Show what the friends of a user play and save, the newest first."""
    from muse_graph.service.recommendations.track_cache import TrackCache
    from muse_graph.service.users.feed import read_feed

    def row(item: Any) -> tuple[str | Text, ...]:
        artists = ", ".join(artist.name for artist in item.track.artists)
        title = Text.assemble((short(item.track.title), "bold"), f"  {short(artists)}")
        return item.at, item.friend.name, item.action, title

    print_page(
        lambda graph: read_feed(graph, user, TrackCache(), limit=part.k, cursor=part.cursor),
        ("at", "friend", "", "track"),
        row,
        part,
    )


def suggest_friends(
    user: UserId,
    k: Annotated[int, typer.Option("-k", help="Most people to suggest.", min=1, max=100)] = 20,
    json: Json = False,
    home: Home = None,
) -> None:
    """Suggest people to a user: friends of friends, then listeners with similar taste, with the reason."""
    from muse_graph.answers import as_json
    from muse_graph.service.users import suggestions

    with connect(read_settings(home)) as graph:
        found = suggestions.suggest_friends(graph, user, k)
    if json:
        print_json([as_json(one) for one in found])
        return
    table = make_table(">", "user", "name", "country", "why")
    for one in found:
        name = Text(short(one.name or "–"), style="bold")
        why = Text(clean(one.reasons[0].text), style="dim")
        table.add_row(Text(str(one.rank), style="dim"), short(one.user_id), name, one.country or "–", why)
    show(table if found else Text("nobody to suggest", style="dim"))


def follow(user: UserId, influencer: InfluencerId, home: Home = None) -> None:
    """Follow an influencer; who follows already changes nothing."""
    from muse_graph.service.users import follows as service

    with connect(read_settings(home)) as graph:
        service.follow(graph, user, influencer, datetime.now(UTC))
    print_line("followed")


def unfollow(user: UserId, influencer: InfluencerId, home: Home = None) -> None:
    """Follow an influencer no more."""
    from muse_graph.service.users import follows as service

    with connect(read_settings(home)) as graph:
        service.unfollow(graph, user, influencer)
    print_line("not followed")


@expand_options
def follows(part: Part, user: UserId) -> None:
    """Show the influencers whom a user follows, in the order of their ids."""
    from muse_graph.service.users.follows import list_follows

    print_page(
        lambda graph: list_follows(graph, user, limit=part.k, cursor=part.cursor),
        ("influencer", "handle", "since"),
        lambda one: (one.influencer_id, Text(short(one.handle), style="bold"), one.since or "–"),
        part,
    )
