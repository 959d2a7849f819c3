"""How an artist spreads from friend to friend, and over which borders."""

from __future__ import annotations

import re
from dataclasses import replace

from flask import Response, render_template, request

from muse_graph.answers import ArtistSpread, ShownCount
from muse_graph.api.http import identity
from muse_graph.api.http.access import needs
from muse_graph.api.http.context import graph
from muse_graph.api.web.charts.wording import count, share
from muse_graph.api.web.pages.artists.blocks import asked_file
from muse_graph.api.web.pages.artists.figures import Figure
from muse_graph.api.web.pages.artists.filter_bar import whole_bar
from muse_graph.api.web.pages.artists.spread_charts import spread_blocks
from muse_graph.api.web.pages.artists.state import State
from muse_graph.api.web.pages.artists.words import plural
from muse_graph.api.web.pages.blueprint import pages
from muse_graph.errors import invalid
from muse_graph.service.artists import catalogue
from muse_graph.service.artists import spread as service
from muse_graph.service.artists.shown_counts import LEAST

__all__ = ["artist_spread"]


@pages.get("/artists/<artist_id>/spread")
@needs("artists:read", "artist_id")
def artist_spread(artist_id: str) -> str | Response:
    """Show how the artist came to the listeners that the address filters."""
    state, window = _state(artist_id)
    exact = identity.sees_all()
    artist = catalogue.read_catalogue(graph(), artist_id)
    found = service.artist_spread(graph(), artist_id, state.filters.filters(), window=window, exact=exact)
    blocks = {block.key: block for block in spread_blocks(found)}
    if file := asked_file(blocks.values(), artist_id):
        return file
    return render_template(
        "artist_spread.html",
        artist=artist,
        state=state,
        bar=whole_bar(state, artist, exact=exact),
        title=_title(found),
        found=found,
        figures=_figures(found, exact=exact),
        blocks=blocks,
        window=window,
        longest=service.MAX_DAYS,
    )


def _state(artist_id: str) -> tuple[State, int]:
    """Filters, and the days within which a friend's first listen counts; raises InvalidRequest."""
    state, said = State.of_address("artist_spread", artist_id), request.args.get("window", "").strip()
    if not said:
        return state, service.DAYS
    if not (re.fullmatch("[0-9]{1,9}", said) and 1 <= int(said) <= service.MAX_DAYS):
        raise invalid("window", f"must be 1..{service.MAX_DAYS} days", said)
    return replace(state, said={**state.said, "window": [said]}), int(said)


def _title(found: ArtistSpread) -> str:
    """What the page says first, after the name of the artist."""
    if found.suppressed:
        return "has too few listeners to say how it spread"
    if not found.listeners:
        return "is not heard here"
    part = found.through_share
    if not part:
        n = "no listener" if part == 0 else "fewer than 10 listeners, perhaps none,"
        return f"reached {n} through friends"
    return f"came to {share(part)} of the listeners through a friend"


def _followed(found: ArtistSpread, *, exact: bool) -> str:
    """How many of the listeners the page is about; artists see it in tens."""
    if found.followed is None:
        return f"fewer than {LEAST} of them followed"
    if found.followed == found.listeners:
        return "all of them followed"
    return f"{count(found.followed)} {'' if exact else 'or more '}of them followed"


def _figures(found: ArtistSpread, *, exact: bool) -> list[Figure]:
    spread = found.reproduction
    number = "–" if spread.r is None else f"{spread.r:.2f}"
    chance = (
        ""
        if spread.shuffled is None or spread.low is None or spread.high is None
        else f"by chance {spread.shuffled:.2f}, 95 % in {spread.low:.2f}–{spread.high:.2f}"
    )
    return [
        Figure(
            "Through friends",
            _count(found.through_friends),
            f"first heard it within {found.window} days of one",
        ),
        Figure(
            "By themselves",
            _count(found.by_themselves),
            f"no friend heard it in the {plural(found.window, 'day')} before",
        ),
        Figure("Brought on by each", number, chance),
        Figure("Listeners", count(found.listeners or 0), _followed(found, exact=exact)),
    ]


def _count(found: ShownCount) -> str:
    return "Fewer than 10" if found.count is None else count(found.count)
