"""What the audience of an artist likes beside everybody, and what it shares with another artist's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Response, render_template, request

from muse_graph.answers import AudienceOverlap, Interests
from muse_graph.api.http import identity
from muse_graph.api.http.access import needs
from muse_graph.api.http.context import context, graph
from muse_graph.api.web.pages.artists.blocks import asked_file
from muse_graph.api.web.pages.artists.filter_bar import whole_bar
from muse_graph.api.web.pages.artists.interest_charts import interest_blocks
from muse_graph.api.web.pages.artists.state import State
from muse_graph.api.web.pages.blueprint import pages
from muse_graph.errors import UnknownArtist
from muse_graph.service.artists import catalogue, overlaps
from muse_graph.service.artists import interests as service
from muse_graph.service.catalogue import search

__all__ = ["artist_interests"]

_TRACKS = 30


@pages.get("/artists/<artist_id>/interests")
@needs("artists:read", "artist_id")
def artist_interests(artist_id: str) -> str | Response:
    """Show what the audience that the address filters favours, and the overlap with another artist."""
    state = _state(artist_id)
    exact = identity.sees_all()
    artist = catalogue.read_catalogue(graph(), artist_id)
    found = service.interests(
        graph(), artist_id, state.filters.filters(), context().everybody, k=_TRACKS, exact=exact
    )
    blocks = {block.key: block for block in interest_blocks(found)}
    if file := asked_file(blocks.values(), artist_id):
        return file
    overlap, problem = _overlap(artist_id, state, exact=exact)
    return render_template(
        "artist_interests.html",
        artist=artist,
        state=state,
        bar=whole_bar(state, artist, exact=exact),
        title=_title(found),
        found=found,
        blocks=blocks,
        overlap=overlap,
        problem=problem,
    )


def _state(artist_id: str) -> State:
    """Filters, and the artist to compare with, by id or by name."""
    found = State.of_address("artist_interests", artist_id)
    own: dict[str, Any] = {
        name: [value] for name in ("with", "name") if (value := request.args.get(name, "").strip())
    }
    return State(found.page, artist_id, found.filters, {**found.said, **own})


def _overlap(artist_id: str, state: State, *, exact: bool) -> tuple[AudienceOverlap | None, str]:
    """The overlap asked for, and why there is none."""
    name, other_id = state.get("name"), state.get("with")
    if name:
        cards: Sequence[Any] = search.search_artists(graph(), name, limit=2).items
        other_id = next((card.artist_id for card in cards if card.artist_id != artist_id), "")
        if not other_id:
            return None, f"No other artist here is called “{name}”. Try a part of the name."
    if not other_id or other_id == artist_id:
        return None, ""
    try:
        return overlaps.audience_overlap(graph(), artist_id, other_id, exact=exact), ""
    except UnknownArtist as error:
        return None, f"There is no artist {error.missing_id!r} here."


def _title(found: Interests) -> str:
    """What the page says first, after whose audience it is."""
    best = next((one for one in found.genres if one.low > 1), None)
    if found.suppressed:
        return "has too few listeners to say what they like"
    if not found.listeners:
        return "is not heard here"
    return f"is heard by people who love {best.name}" if best else "is heard by people like everybody"
