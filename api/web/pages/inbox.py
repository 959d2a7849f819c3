"""Tracks that friends send one another: the inbox, what was sent, and the page that sends one."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated
from uuid import uuid4

from flask import redirect, render_template, request, url_for
from pydantic import BaseModel, StringConstraints
from werkzeug.wrappers import Response as AnyResponse

from muse_graph.answers import SentTrack
from muse_graph.api.http.access import needs
from muse_graph.api.http.context import context, graph
from muse_graph.api.schemas import Id
from muse_graph.api.web.pages.actions import Buttons, done_on_page
from muse_graph.api.web.pages.blueprint import pages
from muse_graph.api.web.pages.friends import name_key
from muse_graph.api.web.pages.requests import Choice, Text, read_form
from muse_graph.api.web.pages.whose import check_listener, shown_listener
from muse_graph.errors import Conflict, InvalidRequest
from muse_graph.service.catalogue import search
from muse_graph.service.field_rules import MAX_NOTE
from muse_graph.service.pagination import MAX_LIMIT
from muse_graph.service.users import friendships, sent_tracks
from muse_graph.service.users.sent_tracks import Side

__all__ = ["delete_sent", "inbox", "open_sent", "send", "send_form"]

_MOST = 20


class _Chosen(BaseModel):
    user: Id
    id: Text


class _Deleted(_Chosen):
    side: Side


class _Send(BaseModel):
    user: Id
    to: Id
    track: Id
    note: Text = ""
    press: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]


@pages.get("/inbox")
@needs("recommendations:read")
def inbox() -> str:
    """Show what was received and sent.

    Two round trips, one more for each of the two that is empty or has tracks not yet known, and one after an
    action on a track.
    """
    user_id, older = shown_listener(), request.args.get("older", "")
    sent_older = request.args.get("sent_older", "")

    def page(side: Side, cursor: str) -> tuple[list[SentTrack], str | None]:
        found = sent_tracks.list_sent_tracks(
            graph(), user_id, side, context().track_cache, limit=_MOST, cursor=cursor or None
        )
        return found.items, found.next

    received, received_next = page("received", older)
    sent, sent_next = page("sent", sent_older)
    done_id = request.args.get("id", "")
    return render_template(
        "inbox.html",
        user_id=user_id,
        older=older,
        sent_older=sent_older,
        received=received,
        received_next=received_next,
        sent=sent,
        sent_next=sent_next,
        opened=done_id if request.args.get("did") == "open" else "",
        just_sent=next((one for one in sent if one.sent_id == done_id), None),
        did=request.args.get("did", ""),
        done=done_on_page(),
        buttons=Buttons(Choice(), user_id, "inbox", older, source="sent_track"),
    )


@pages.post("/inbox/open")
@needs("friends:write")
def open_sent() -> AnyResponse:
    """Open what a friend has sent: its sender sees that it was seen."""
    form = read_form(_Chosen)
    check_listener(form.user, "friends:write")
    sent_tracks.set_seen(graph(), form.user, form.id, context().track_cache, seen=True)
    return _to_inbox(form.user, "open", form.id)


@pages.post("/inbox/delete")
@needs("friends:write")
def delete_sent() -> AnyResponse:
    """Delete what was received, or take back what was sent."""
    form = read_form(_Deleted)
    check_listener(form.user, "friends:write")
    sent_tracks.delete_sent_track(graph(), form.user, form.id, form.side)
    return _to_inbox(form.user, "take-back" if form.side == "sent" else "delete")


def _to_inbox(user_id: str, did: str, sent_id: str | None = None) -> AnyResponse:
    address = url_for(".inbox", user=user_id, did=did, id=sent_id, _anchor=sent_id)
    return redirect(address, HTTPStatus.SEE_OTHER)


@pages.get("/send")
@needs("recommendations:read")
def send_form() -> str:
    """Ask to which friend a track goes: two round trips, three without friends."""
    return _send_page(shown_listener(), request.args.get("track", ""), chosen=request.args.get("to", ""))


@pages.post("/send")
@needs("friends:write")
def send() -> str | AnyResponse | tuple[str, int]:
    """Send a track to a friend, and show it in the list of what was sent."""
    user_id = request.form.get("user", "")
    check_listener(user_id, "friends:write")
    try:
        form = read_form(_Send)
        sent, _ = sent_tracks.send_track(
            graph(),
            user_id,
            form.to,
            form.track,
            context().track_cache,
            # A line of text: what is typed on several is one.
            note=" ".join(form.note.split()) or None,
            request_id=form.press,
        )
    except (Conflict, InvalidRequest) as error:
        chosen, note = request.form.get("to", ""), request.form.get("note", "")
        page = _send_page(user_id, request.form.get("track", ""), chosen=chosen, note=note, error=error)
        return page, error.status
    return _to_inbox(user_id, "send", sent.sent_id)


def _send_page(
    user_id: str,
    track_id: str,
    *,
    chosen: str,
    note: str = "",
    error: Conflict | InvalidRequest | None = None,
) -> str:
    track = search.get_track(graph(), track_id)
    found = friendships.list_friends(graph(), user_id, limit=MAX_LIMIT)
    return render_template(
        "send.html",
        user_id=user_id,
        track=track,
        friends=sorted((one for one in found.items if one.state == "friends"), key=name_key),
        chosen=chosen,
        note=note,
        most=MAX_NOTE,
        press=uuid4().hex,
        error=error,
    )
