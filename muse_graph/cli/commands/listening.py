"""`listen`, `save`, `discard`, `clear` and `why`: what a listener does, and what comes of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from muse_graph.answers import as_json
from muse_graph.cli.connection import connect
from muse_graph.cli.option_groups import expand_options
from muse_graph.cli.options import Home, Json, TrackId, UserId, checked, read_settings
from muse_graph.cli.output import print_json, print_line, show
from muse_graph.cli.views import placement_view
from muse_graph.errors import InvalidRequest, MuseError
from muse_graph.service.recommendations.options import ListOptions, RecommendationOptions

if TYPE_CHECKING:
    from muse_graph.service.users.feedback import Action

__all__ = ["clear", "discard", "listen", "save", "why"]

_SOURCE = "command line"


def listen(
    user: UserId,
    track: TrackId,
    at: Annotated[
        str | None, typer.Option(help="When, as 2024-05-01T18:30:00Z; now if left out.", show_default=False)
    ] = None,
    heard: Annotated[float | None, typer.Option(help="Share of the track heard, 0 to 1.")] = None,
    heard_at_least: Annotated[
        float | None, typer.Option(help="Share heard for certain, 0 to 1; not together with --heard.")
    ] = None,
    country: Annotated[
        str | None, typer.Option(help="Where; the user's country if left out.", callback=checked("country"))
    ] = None,
    json: Json = False,
    home: Home = None,
) -> None:
    """Record one listen; the same again, with its time, changes nothing."""
    from muse_graph.service.field_rules import ONE_SHARE, check
    from muse_graph.service.listens.record import Listen, listen_id_of, record_listens
    from muse_graph.timestamps import from_ms, to_ms

    at_ms = to_ms(datetime.now(UTC)) if at is None else check("listened_at", at)
    share = None if heard is None else check("heard", heard)
    least = None if heard_at_least is None else check("heard_at_least", heard_at_least)
    if share is not None and least is not None:
        raise InvalidRequest(ONE_SHARE)
    made_id = listen_id_of(user, track, at_ms, _SOURCE)
    settings = read_settings(home)
    with connect(settings) as graph:
        at_time = from_ms(at_ms)
        sent = Listen(
            made_id, user, track, at_time, share, country=country, source=_SOURCE, heard_at_least=least
        )
        receipt = record_listens(graph, [sent], theta=settings.theta)
    if receipt.rejected:
        raise MuseError(receipt.rejected[0].reason)
    if json:
        print_json(as_json(receipt))
    else:
        print_line("recorded" if receipt.recorded else "known already")


def save(user: UserId, track: TrackId, home: Home = None) -> None:
    """Save a track: more like it, and its genres come back if they were discarded."""
    _give(user, track, "save", home)


def discard(user: UserId, track: TrackId, home: Home = None) -> None:
    """Discard a track: it is not recommended again, and its artist less."""
    _give(user, track, "discard", home)


def clear(user: UserId, track: TrackId, home: Home = None) -> None:
    """Take back a save or a discard."""
    _give(user, track, "clear", home)


def _give(user: str, track: str, action: Action, home: Home) -> None:
    from muse_graph.service.users.feedback import give_feedback

    with connect(read_settings(home)) as graph:
        give_feedback(graph, user, track, action, datetime.now(UTC))
    print_line({"save": "saved", "discard": "discarded", "clear": "neither saved nor discarded"}[action])


@expand_options
def why(user: UserId, track: TrackId, asked: ListOptions, json: Json = False, home: Home = None) -> None:
    """Show where a track stands in a listener's list and why, or what keeps it out."""
    from muse_graph.model_store import ModelSlot
    from muse_graph.service.recommendations.placement import place_track

    settings = read_settings(home)
    options = RecommendationOptions.under(settings, asked)
    with connect(settings) as graph:
        model = ModelSlot(settings.models_folder).get()[0]
        placement = place_track(graph, user, track, options, model=model)
    if json:
        print_json(as_json(placement))
    else:
        show(placement_view(placement))
