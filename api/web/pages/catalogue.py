"""Search, and the pages of a track and of an artist as a listener sees them."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template, request

from muse_graph.answers import Named, Page, TrackCard
from muse_graph.api.http.access import needs
from muse_graph.api.http.context import graph
from muse_graph.api.web.pages.actions import Buttons, done_on_page
from muse_graph.api.web.pages.blueprint import pages
from muse_graph.api.web.pages.influencer_links import brought_by
from muse_graph.api.web.pages.requests import Choice, PageWay, Place
from muse_graph.api.web.pages.view import first_hue
from muse_graph.api.web.pages.whose import shown_listener_if_any
from muse_graph.countries import UNKNOWN, country_name, language_name
from muse_graph.errors import invalid
from muse_graph.service.catalogue import listener_view
from muse_graph.service.catalogue import search as service

__all__ = ["artist", "search", "track"]

#: Of each kind where all are shown, and of one.
_FEW, _MANY = 6, 24


@dataclass(frozen=True)
class _Found:
    """What was found of one kind."""

    kind: str
    title: str
    page: Page


#: Kinds of things that can be found, in the order of the page; search.html has a macro for each.
_TITLES = {"tracks": "Tracks", "artists": "Artists", "genres": "Genres"}


pages.add_app_template_filter(language_name, "language")


@pages.get("/search")
@needs()
def search() -> str:
    """Show what has these words: a few of each kind, or all of one; without words what is heard most."""
    text, kind = request.args.get("q", "").strip(), request.args.get("kind", "")
    if kind and kind not in _TITLES:
        raise invalid("kind", f"must be one of {', '.join(_TITLES)}", kind)
    cursor = request.args.get("cursor") if kind else None
    limit = _MANY if kind else _FEW
    found = [_found(name, text, limit, cursor) for name in _TITLES if kind in {"", name}]
    return render_template(
        "search.html",
        q=text,
        kind=kind,
        kinds=_TITLES,
        found=[one for one in found if one.page.items],
        is_first=not cursor,
    )


def _found(kind: str, text: str, limit: int, cursor: str | None) -> _Found:
    searches = {
        "tracks": service.search_tracks,
        "artists": service.search_artists,
        "genres": service.search_genres,
    }
    return _Found(kind, _TITLES[kind], searches[kind](graph(), text, limit=limit, cursor=cursor))


@pages.get("/tracks/<track_id>")
@needs("recommendations:read")
def track(track_id: str) -> str:
    """Show a track: its facts, and what the listener and the friends have done with it."""
    user_id, brought = shown_listener_if_any(), brought_by()
    card = service.get_track(graph(), track_id)
    return render_template(
        "track.html",
        card=card,
        hue=first_hue([genre.id for genre in card.genres], track_id),
        relation=listener_view.track_relation(graph(), track_id, user_id),
        more=_more(card, user_id),
        brought=brought,
        buttons=_buttons(user_id, "track", track_id, brought),
        done=done_on_page(),
    )


def _buttons(user_id: str | None, place: Place, of: str, brought: Named | None) -> Buttons | None:
    """The buttons of a page that a search may have led to, or the link of an influencer; none for nobody."""
    if user_id is None:
        return None
    is_found = place == "track" and request.args.get("via") == "search"
    source: PageWay | None = "search" if is_found and not brought else None
    return Buttons(Choice.of_address(), user_id, place, of, source, brought.id if brought else "")


def _more(track: TrackCard, user_id: str | None) -> list[listener_view.KnownTrack]:
    """Other tracks of its first artist."""
    if not track.artists:
        return []
    tracks = listener_view.artist_tracks(graph(), track.artists[0].id, user_id, limit=_FEW + 1)
    return [known for known in tracks if known.card.track_id != track.track_id][:_FEW]


@pages.get("/artists/<artist_id>")
@needs("recommendations:read")
def artist(artist_id: str) -> str:
    """Show an artist: the tracks with the most listeners, and how much the listener plays of them."""
    user_id, brought = shown_listener_if_any(), brought_by()
    card = service.get_artist(graph(), artist_id)
    return render_template(
        "artist.html",
        card=card,
        country=country_name(card.country) if card.country not in {None, UNKNOWN} else None,
        relation=listener_view.artist_relation(graph(), artist_id, user_id),
        tracks=listener_view.artist_tracks(graph(), artist_id, user_id),
        brought=brought,
        buttons=_buttons(user_id, "artist", artist_id, brought),
        done=done_on_page(),
    )
