"""The buttons of tracks: play, save, not for me, and undo. Each leads back to the page it is on."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from muse_graph.answers import TrackCard
from muse_graph.api.http.access import needs
from muse_graph.api.http.context import context, graph, writer
from muse_graph.api.schemas import times
from muse_graph.api.web.pages.blueprint import pages
from muse_graph.api.web.pages.requests import Action, Choice, PageWay, Place, read_form
from muse_graph.api.web.pages.whose import check_listener
from muse_graph.errors import Conflict
from muse_graph.graph.deadline import remaining
from muse_graph.service.artists import influencer_names
from muse_graph.service.catalogue import search
from muse_graph.service.listens.record import Listen
from muse_graph.service.users import feedback, users

__all__ = ["Buttons", "Done", "act", "done_on_page"]

#: The name of the part of the address that says what a page shows.
_PATH_PART: dict[Place, str] = {
    "why": "track_id",
    "track": "track_id",
    "artist": "artist_id",
    "genre": "genre_id",
    "person": "other_id",
    "feed": "older",
    "inbox": "older",
}
#: Pages that show something without it.
_WHOLE = frozenset({"feed", "inbox"})


@dataclass(frozen=True)
class Buttons:
    """What the buttons of the tracks on one page have in common.

    Attributes:
        user_id: who acts
        place, of: the page, and the id of what it shows
        source: what brings the listener to the tracks; None where the page cannot know
        by: id of the influencer whose link led to the page; empty for none
    """

    choice: Choice
    user_id: str
    place: Place = "start"
    of: str = ""
    source: PageWay | None = None
    by: str = ""

    @property
    def fields(self) -> dict[str, str]:
        """The hidden fields of each form."""
        where = {} if self.place == "start" else {"place": self.place, "of": self.of}
        came = {name: said for name, said in (("source", self.source), ("by", self.by)) if said}
        return {"user": self.user_id, **self.choice.switches(), **where, **came}

    @property
    def press(self) -> str:
        """Another one for each button."""
        return uuid4().hex

    @property
    def page(self) -> str:
        """The address of the page."""
        return _page(self.place, self.of, self.user_id, self.choice, **_by(self.by))


@dataclass(frozen=True)
class Done:
    """What the listener has just done, to which track."""

    verb: str
    track: TrackCard


def done_on_page() -> Done | None:
    """What the address says has been done; None for nothing. Raises UnknownTrack."""
    verb, track_id = request.args.get("done"), request.args.get("track", "")
    if verb not in {"play", "save", "discard", "clear"} or not track_id:
        return None
    return Done(verb, search.get_track(graph(), track_id))


@pages.post("/actions")
@needs("feedback:write")
def act() -> AnyResponse:
    """Do the action of a button, and redirect to its page, which shows the effect."""
    action = read_form(Action)
    check_listener(action.user, "feedback:write")
    if action.verb == "play":
        _play(action)
    else:
        feedback.give_feedback(graph(), action.user, action.track, action.verb, times.now())
    done = {"done": action.verb, "track": action.track, **_by(action.by)}
    return redirect(_page(action.place, action.of, action.user, action, **done), HTTPStatus.SEE_OTHER)


def _by(influencer_id: str) -> dict[str, str]:
    return {"by": influencer_id} if influencer_id else {}


def _page(place: Place, of: str, user_id: str, choice: Choice, **more: str) -> str:
    path: dict[str, Any] = {_PATH_PART[place]: of} if place in _PATH_PART and of else {}
    view = place if path or place in _WHOLE or place not in _PATH_PART else "start"
    said: dict[str, Any] = {"user": user_id, **more, **choice.switches()}
    return url_for(f"pages.{view}", **path, **said)


def _is_brought(action: Action) -> bool:
    """Whether the link of an influencer led to the page; whatever else a form says, nobody unknown brings."""
    return bool(action.by) and influencer_names.find_influencer(graph(), action.by) is not None


def _play(action: Action) -> None:
    """Record one whole listen; sent again, it changes nothing. Raises UnknownUser, UnknownTrack, Conflict."""
    listen = Listen(
        action.press,
        action.user,
        action.track,
        times.now(),
        heard=1.0,
        source="influencer" if _is_brought(action) else action.source,
        stamped=True,
    )
    receipt = writer().record([listen], timeout=remaining())
    context().metrics.count_listens(receipt)
    if receipt.rejected:
        users.get_user(graph(), action.user)
        search.get_track(graph(), action.track)
        raise Conflict(receipt.rejected[0].reason)
