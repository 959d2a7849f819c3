"""The feed: what friends play and save, the newest first."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import groupby

from flask import render_template, request

from muse_graph.answers import FeedItem, Named, TrackLine
from muse_graph.api.http.access import needs
from muse_graph.api.http.context import context, graph
from muse_graph.api.web.pages.actions import Buttons, done_on_page
from muse_graph.api.web.pages.blueprint import pages
from muse_graph.api.web.pages.moments import day_heading
from muse_graph.api.web.pages.requests import Choice
from muse_graph.api.web.pages.view import Chip, chip, listed
from muse_graph.api.web.pages.whose import shown_listener
from muse_graph.service.users import feed as service

__all__ = ["feed"]

_MOST = 24


@dataclass(frozen=True)
class Event:
    """What a friend did with a track, the latest time of it."""

    friend: Named
    actions: str
    at: str
    track: TrackLine


@pages.get("/feed")
@needs("recommendations:read")
def feed() -> str:
    """Show a page of the feed: one round trip, one more for tracks not yet known, and one after an action."""
    user_id, older = shown_listener(), request.args.get("older", "")
    page = service.read_feed(graph(), user_id, context().track_cache, limit=_MOST, cursor=older or None)
    return render_template(
        "feed.html",
        older=older,
        days=[
            (day, list(found)) for day, found in groupby(_events(page.items), lambda one: day_heading(one.at))
        ],
        leads=_leads(page.items),
        following=page.next,
        done=done_on_page(),
        buttons=Buttons(Choice(), user_id, "feed", older, source="feed"),
    )


def _events(items: list[FeedItem]) -> list[Event]:
    """The items; what a friend did with one track on a day, nothing in between, is one event."""
    together = groupby(items, lambda item: (item.friend.id, item.track.track_id, item.at[:10]))
    return [_event(list(found)) for _, found in together]


def _event(found: list[FeedItem]) -> Event:
    actions = listed(sorted({item.action for item in found}))
    return Event(found[0].friend, actions, found[0].at, found[0].track)


def _leads(items: list[FeedItem]) -> list[Chip]:
    """The two genres that most of the tracks begin with."""
    first = [item.track.genres[0] for item in items if item.track.genres]
    return [chip(genre) for genre, _ in Counter(first).most_common(2)]
