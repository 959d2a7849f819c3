"""The audience of an artist: who listens, how far, where, when, and what brought them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

from flask import Response, render_template, request
from werkzeug.datastructures import MultiDict

from muse_graph.answers import Analytics
from muse_graph.api.http import identity
from muse_graph.api.http.access import needs
from muse_graph.api.http.context import graph
from muse_graph.api.schemas.artists import AnalyticsQuery
from muse_graph.api.web.charts.wording import count, share
from muse_graph.api.web.pages.artists.audience_charts import curve_block, segments_block, sources_block
from muse_graph.api.web.pages.artists.audience_map import MEASURES, SORTS, map_block
from muse_graph.api.web.pages.artists.audience_tracks import tracks_block
from muse_graph.api.web.pages.artists.blocks import asked_file
from muse_graph.api.web.pages.artists.figures import figures
from muse_graph.api.web.pages.artists.filter_bar import filter_bar
from muse_graph.api.web.pages.artists.periods import UNITS, last_day, periods_block
from muse_graph.api.web.pages.artists.state import State
from muse_graph.api.web.pages.artists.words import period_words, place
from muse_graph.api.web.pages.blueprint import pages
from muse_graph.countries import UNKNOWN
from muse_graph.service.artists import analytics as service
from muse_graph.service.artists import catalogue

__all__ = ["artist_audience", "audience_page", "audience_state"]

#: A share that would be written as all.
_NEARLY_ALL = 0.995


@dataclass(frozen=True)
class _Read:
    """The figures under the filter, without its countries, and without any filter."""

    shown: Analytics
    everywhere: Analytics
    whole: Analytics


@pages.get("/artists/<artist_id>/audience")
@needs("artists:read", "artist_id")
def artist_audience(artist_id: str) -> str | Response:
    """Show who listens, by what the address filters."""
    state = audience_state(artist_id, request.args)
    page = audience_page(artist_id, state, exact=identity.sees_all())
    if file := asked_file(page["blocks"].values(), artist_id):
        return file
    return render_template("artist_audience.html", **page)


def audience_state(artist_id: str, values: MultiDict[str, str]) -> State:
    """The state of the page that parameters say; raises InvalidValue, InvalidRequest."""
    choices = {"map": MEASURES, "sort": SORTS, "by": ("", *UNITS)}
    state = State.of_values("artist_audience", artist_id, values, choices)
    beside = values.get("beside", "").strip()
    return replace(state, said={**state.said, "beside": [beside]}) if beside else state


def audience_page(artist_id: str, state: State, *, exact: bool) -> dict[str, Any]:
    """What the template shows; three round trips, eight at most with filters and a second curve.

    Args:
        exact: whether the reader may see how few listeners there are
    """
    artist = catalogue.read_catalogue(graph(), artist_id)
    read = _read(artist_id, state, exact=exact)
    shown = read.shown
    blocks = [
        curve_block(shown),
        periods_block(shown, state),
        map_block(read.everywhere, state),
        tracks_block(shown, state),
        sources_block(shown),
        segments_block(shown),
    ]
    countries = [one.country for one in read.whole.countries]
    return {
        "artist": artist,
        "state": state,
        "bar": filter_bar(state, artist, countries, read.whole.unit, last_day(read.whole)),
        "title": _title(shown),
        "found": shown,
        "before": _before(shown),
        "is_heard": read.whole.plays != 0,
        "figures": figures(shown, state, last_day(read.whole)),
        "blocks": {block.key: block for block in blocks},
    }


def _read(artist_id: str, state: State, *, exact: bool) -> _Read:
    """Each of the three read once, those that are the same are one."""
    analytics = partial(_analytics, artist_id, exact=exact)
    nothing, filters, beside = AnalyticsQuery.model_validate({}), state.filters, state.get("beside") or None
    if not state.is_filtered:
        whole = analytics(nothing, beside)
        return _Read(whole, whole, whole)
    whole, shown = analytics(nothing), analytics(filters, beside)
    if not filters.country:
        return _Read(shown, shown, whole)
    elsewhere = filters.model_copy(update={"country": []})
    return _Read(shown, whole if elsewhere == nothing else analytics(elsewhere), whole)


def _analytics(artist_id: str, asked: AnalyticsQuery, beside: str | None = None, *, exact: bool) -> Analytics:
    return service.analytics(graph(), artist_id, asked.filters(), beside=beside, exact=exact)


def _before(found: Analytics) -> str:
    """The period that changes are against, in words; empty without one."""
    if found.before is None or found.before.plays is None:
        return ""
    return period_words(date.fromisoformat(found.before.from_day), date.fromisoformat(found.before.to_day))


def _title(found: Analytics) -> str:
    """What the page says first, after the name of the artist."""
    if found.plays is None or found.listeners is None:
        return "has too few listeners for these figures"
    if not found.plays:
        return "is not heard here"
    listeners = f"{count(found.listeners)} {'person' if found.listeners == 1 else 'people'}"
    known = [(one.plays, one.country) for one in found.countries if one.country != UNKNOWN and one.plays]
    if not known:
        return f"has reached {listeners}"
    plays, country = max(known)
    part = plays / found.plays
    if part >= _NEARLY_ALL:
        nearly = "" if plays == found.plays else "nearly "
        return f"has reached {listeners}, {nearly}all in {place(country)}"
    if part >= 0.5:
        return f"has reached {listeners}; {share(part)} of the plays are in {place(country)}"
    return f"has reached {listeners}, more in {place(country)} than anywhere else"
