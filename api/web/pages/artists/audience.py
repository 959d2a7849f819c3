"""The audience of an artist: who listens, how far, where, when, and what brought them."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, render_template

from muse_graph.answers import Analytics
from muse_graph.api.http import identity
from muse_graph.api.http.access import needs
from muse_graph.api.http.context import graph
from muse_graph.api.schemas.artists import AnalyticsQuery
from muse_graph.api.web.charts.wording import count, share
from muse_graph.api.web.pages.artists.audience_charts import curve_block, segments_block, sources_block
from muse_graph.api.web.pages.artists.audience_map import MEASURES, SORTS, map_block
from muse_graph.api.web.pages.artists.blocks import asked_file
from muse_graph.api.web.pages.artists.figures import figures
from muse_graph.api.web.pages.artists.filter_bar import filter_bar
from muse_graph.api.web.pages.artists.periods import UNITS, last_day, periods_block
from muse_graph.api.web.pages.artists.state import State
from muse_graph.api.web.pages.artists.words import place
from muse_graph.api.web.pages.blueprint import pages
from muse_graph.countries import UNKNOWN
from muse_graph.service.accounts.rights import acts_for_all
from muse_graph.service.artists import analytics as service
from muse_graph.service.artists.catalogue import read_catalogue

__all__ = ["artist_audience"]

#: A share that is all but a rounding.
_ALL = 0.995


@dataclass(frozen=True)
class _Read:
    """The figures under the filter, without its countries, and without any filter."""

    shown: Analytics
    everywhere: Analytics
    whole: Analytics


@pages.get("/artists/<artist_id>/audience")
@needs("artists:read", "artist_id")
def artist_audience(artist_id: str) -> str | Response:
    """Show who listens, by what the address filters; at most four round trips, two without a filter."""
    artist = read_catalogue(graph(), artist_id)
    tracks = [track.track_id for track in artist.tracks]
    choices = {"map": MEASURES, "sort": SORTS, "by": ("", *UNITS), "beside": ("", "genre", *tracks)}
    state = State.of_address("artist_audience", artist_id, choices)
    read = _read(artist_id, state)
    shown = read.shown
    blocks = {
        block.key: block
        for block in (
            curve_block(shown),
            map_block(read.everywhere, state),
            periods_block(shown, state),
            sources_block(shown),
            segments_block(shown),
        )
    }
    if file := asked_file(blocks.values(), artist_id):
        return file
    countries = [one.country for one in read.whole.countries]
    return render_template(
        "artist_audience.html",
        artist=artist,
        state=state,
        bar=filter_bar(state, artist, countries, read.whole.unit, last_day(read.whole)),
        title=_title(shown),
        found=shown,
        is_heard=read.whole.plays != 0,
        figures=figures(shown),
        blocks=blocks,
    )


def _read(artist_id: str, state: State) -> _Read:
    """Each of the three read once, those that are the same are one."""
    nothing, filters, beside = AnalyticsQuery.model_validate({}), state.filters, state.get("beside") or None
    if not state.is_filtered:
        whole = _analytics(artist_id, nothing, beside)
        return _Read(whole, whole, whole)
    whole, shown = _analytics(artist_id, nothing), _analytics(artist_id, filters, beside)
    if not filters.country:
        return _Read(shown, shown, whole)
    elsewhere = filters.model_copy(update={"country": []})
    return _Read(shown, whole if elsewhere == nothing else _analytics(artist_id, elsewhere), whole)


def _analytics(artist_id: str, asked: AnalyticsQuery, beside: str | None = None) -> Analytics:
    return service.analytics(
        graph(),
        artist_id,
        track_id=asked.track,
        country=asked.country,
        source=asked.source,
        segment=asked.segment,
        from_day=asked.from_day,
        to_day=asked.to_day,
        beside=beside,
        exact=acts_for_all(identity.required()),
    )


def _title(found: Analytics) -> str:
    """What the page says first, after the name of the artist."""
    if found.plays is None or found.listeners is None:
        return "has few listeners here"
    if not found.plays:
        return "is not heard here"
    listeners = f"{count(found.listeners)} {'person' if found.listeners == 1 else 'people'}"
    known = [(one.plays, one.country) for one in found.countries if one.country != UNKNOWN and one.plays]
    if not known:
        return f"has reached {listeners}"
    plays, country = max(known)
    part = plays / found.plays
    if part >= _ALL:
        return f"has reached {listeners}, all in {place(country)}"
    if part >= 0.5:
        return f"has reached {listeners}; {share(part)} of the plays are in {place(country)}"
    return f"has reached {listeners}, more in {place(country)} than anywhere else"
