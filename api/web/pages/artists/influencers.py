"""Influencers for an artist: matched, compared side by side, kept on a shortlist, chosen together."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from http import HTTPStatus
from typing import Any, Literal, get_args

from flask import Response, redirect, render_template, request
from pydantic import BaseModel
from werkzeug.wrappers import Response as AnyResponse

from muse_graph.answers import ArtistCatalogue, ArtistMatch, InfluencerSet, Shortlisted, SortBy
from muse_graph.api.http import identity
from muse_graph.api.http.access import needs, refuse
from muse_graph.api.http.context import context, graph
from muse_graph.api.schemas import Id
from muse_graph.api.schemas.artists import TogetherQuery
from muse_graph.api.web.pages.artists import influencer_tables as tables
from muse_graph.api.web.pages.artists.blocks import Block, asked_file
from muse_graph.api.web.pages.artists.state import State
from muse_graph.api.web.pages.artists.words import plural
from muse_graph.api.web.pages.blueprint import pages
from muse_graph.api.web.pages.influencer_links import link_of
from muse_graph.api.web.pages.requests import read_form, validated
from muse_graph.countries import UNKNOWN, country_choices
from muse_graph.service.accounts.rights import Access, acts_for_all
from muse_graph.service.artists import catalogue, shortlist
from muse_graph.service.artists import influencers as matching

__all__ = ["artist_influencers", "change_shortlist"]

#: Matches that are compared, those listed at first, and those with the most likes.
_MATCHES, _LISTED, _TOP = 100, 15, 10
_MOST_COMPARED = 4
_SORTS: tuple[SortBy, ...] = get_args(SortBy)


class _Asked(TogetherQuery):
    """What the address says of influencers; empty fields are left out.

    Attributes:
        sort: what the matches are sorted by
        compare: ids of influencers to look at side by side
    """

    sort: SortBy = "score"
    compare: tuple[Id, ...] = ()

    @classmethod
    def of_address(cls) -> _Asked:
        """What the address of this request says; raises InvalidValue."""
        said: dict[str, Any] = {
            name: value
            for name in cls.model_fields
            if name not in {"compare", "country"} and (value := request.args.get(name, "").strip())
        }
        if based := request.args.get("based", "").strip():
            said["country"] = based
        return validated(cls, said | {"compare": request.args.getlist("compare")[:_MOST_COMPARED]})


class _Change(BaseModel):
    """A button that puts somebody on the shortlist of an artist, or takes somebody off."""

    artist: Id
    influencer: Id
    verb: Literal["add", "remove"]


@pages.get("/artists/<artist_id>/influencers")
@needs("artists:read", "artist_id")
def artist_influencers(artist_id: str) -> str | Response:
    """Show whom to ask; five round trips, one more for each genre whose listeners are not kept."""
    asked, state = _Asked.of_address(), _state(artist_id)
    artist = catalogue.read_catalogue(graph(), artist_id)
    target = next((one for one in artist.tracks if one.track_id == state.get("leads")), None)
    link = partial(link_of, artist_id=artist_id, track_id=target.track_id if target else "")
    matches, together = _matched(artist_id, asked, exact=identity.sees_all())
    kept = shortlist.read_shortlist(graph(), artist_id)
    blocks = [tables.together_block(together)]
    top = _top(artist, asked, matches)
    blocks += [top] if top else []
    plain = {"matches": tables.matches_table(matches), "shortlist": tables.shortlist_table(kept, link)}
    if file := asked_file(blocks, artist_id, plain):
        return file
    return render_template(
        "artist_influencers.html",
        artist=artist,
        state=state,
        asked=asked,
        countries=country_choices(),
        title=_title(matches),
        matches=matches,
        rows=matches if request.args.get("rows") == "all" else matches[:_LISTED],
        compared=[one for one in matches if one.influencer_id in asked.compare],
        together=together,
        blocks={block.key: block for block in blocks},
        kept=kept,
        kept_ids={one.influencer_id for one in kept},
        did=_did(kept, matches),
        reach=tables.reach_words,
        may_change=_may_change(artist_id),
        target=target,
        link=link,
    )


def _matched(artist_id: str, asked: _Asked, *, exact: bool) -> tuple[list[ArtistMatch], InfluencerSet]:
    """Who fits, and who would bring the most together."""
    return matching.matches_and_set(
        graph(),
        artist_id,
        context().everybody,
        country=asked.country,
        genre_id=asked.genre,
        k=_MATCHES,
        sort=asked.sort,
        together=asked.k,
        price=asked.price(),
        exact=exact,
    )


def _state(artist_id: str) -> State:
    """Filters of the other pages, and all that this one is asked."""
    found = State.of_address("artist_influencers", artist_id)
    names = (
        "based",
        "genre",
        "sort",
        "compare",
        "k",
        "cost_per_1000",
        "minimum_cost",
        "budget",
        "rows",
        "leads",
    )
    own = {
        name: values
        for name in names
        if (values := [one for one in request.args.getlist(name) if one.strip()])
    }
    return State(found.page, artist_id, found.filters, {**found.said, **own})


def _top(artist: ArtistCatalogue, asked: _Asked, matches: Sequence[ArtistMatch]) -> Block | None:
    """The most liked of the country and genre asked for, else of those of the best match."""
    best = next((one for one in matches if one.country), None)
    country = asked.country or (best.country if best else artist.country)
    genre_id = asked.genre or (best.genres[0] if best else next((one.id for one in artist.genres), None))
    if country is None or country == UNKNOWN or genre_id is None:
        return None
    name = next((one.name for one in artist.genres if one.id == genre_id), genre_id)
    found = matching.match_influencers(graph(), country=country, genre_id=genre_id, k=_TOP)
    return tables.top_block(found, country, name)


def _title(matches: Sequence[ArtistMatch]) -> str:
    if not matches:
        return "Nobody known here posts in genres of"
    best = max(matches, key=lambda one: one.new_reach.count or 0)
    new = best.new_reach.count
    if new is None:
        return f"{best.handle} fits best to"
    about = "about " if best.new_reach.estimated else ""
    return f"{best.handle} would bring {about}{plural(new, 'new listener')} to"


@pages.post("/shortlist")
@needs("artists:read")
def change_shortlist() -> AnyResponse:
    """Do what a button of the shortlist says, and go back to the page, which says so."""
    form = read_form(_Change)
    if not _may_change(form.artist):
        refuse(identity.required(), "this artist belongs to another account")
    if form.verb == "add":
        shortlist.add_to_shortlist(graph(), form.artist, [form.influencer])
    else:
        shortlist.remove_from_shortlist(graph(), form.artist, form.influencer)
    back = _state(form.artist).address(did=form.verb, who=form.influencer)
    return redirect(back, HTTPStatus.SEE_OTHER)


def _may_change(artist_id: str) -> bool:
    """Whether who asks owns the artist, or may change everything."""
    who = identity.required()
    if who.may(Access("artists:read", "artist_id"), artist_id) is not None:
        return False
    return acts_for_all(who, reads=False) or artist_id in who.artist_ids


def _did(kept: Sequence[Shortlisted], matches: Sequence[ArtistMatch]) -> tuple[str, str, str] | None:
    """What the address says was done: the verb, then id and handle of whom it was about; None for nothing."""
    verb, who = request.args.get("did", ""), request.args.get("who", "")
    handles = {one.influencer_id: one.handle for one in matches}
    handles |= {one.influencer_id: one.handle for one in kept}
    if verb not in {"add", "remove"} or who not in handles:
        return None
    return verb, who, handles[who]
