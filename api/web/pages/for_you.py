"""The start page: what one listener gets, and the buttons on its cards."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import uuid4

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from muse_graph.answers import Listener, TrackCard
from muse_graph.api.http import identity
from muse_graph.api.http.access import anybody, needs, refuse
from muse_graph.api.http.context import context, graph, model, writer
from muse_graph.api.schemas import times
from muse_graph.api.web.pages import signing_in
from muse_graph.api.web.pages.blueprint import pages
from muse_graph.api.web.pages.genre_chart import genre_chart
from muse_graph.api.web.pages.requests import Action, Choice, read_form
from muse_graph.api.web.pages.samples import samples
from muse_graph.api.web.pages.view import Avatar, avatar, card, lead_genres
from muse_graph.countries import UNKNOWN, country_name
from muse_graph.errors import Conflict, NotAllowed
from muse_graph.graph.deadline import remaining
from muse_graph.service.accounts.rights import Access, Identity, acts_for_all
from muse_graph.service.catalogue import search
from muse_graph.service.listens.record import Listen
from muse_graph.service.maintenance import health
from muse_graph.service.recommendations import lists
from muse_graph.service.recommendations.genres import discover_genres
from muse_graph.service.recommendations.options import ListOptions, RecommendationOptions
from muse_graph.service.users import feedback, users

__all__ = ["act", "start"]

_CARDS = 8


@pages.get("/")
@anybody
def start() -> str | AnyResponse:
    """Show what one listener gets: oneself, or whom the address names to those who see everybody."""
    who = identity.current()
    if who is None and context().sign_in == "required":
        return redirect(url_for(".sign_in"), HTTPStatus.SEE_OTHER)
    held = health.summary(graph())
    if not held["users"]:
        return render_template("empty.html", held=held)
    if who is None:
        return signing_in.welcome(held)
    choice = Choice.of_address()
    others = samples() if acts_for_all(who) else []
    listener = users.get_user(graph(), _shown(who, choice, others))
    return _render(choice, listener, others, held, is_own=listener.user_id == who.user_id)


def _shown(who: Identity, choice: Choice, others: list[Avatar]) -> str:
    """Whose list the page shows; raises NotAllowed for another's."""
    user_id = choice.user or who.user_id or (others[0].user_id if others else None)
    if user_id is None:
        raise NotAllowed("this account is no listener")
    if refusal := who.may(Access("recommendations:read", "user_id"), user_id):
        refuse(who, refusal)
    return user_id


def _render(
    choice: Choice, listener: Listener, others: list[Avatar], held: dict[str, int], *, is_own: bool
) -> str:
    settings = context().settings
    # A page of eight songs is a first look: as many artists.
    asked = ListOptions(
        k=_CARDS, new_only=choice.new_only, beyond_friends=choice.beyond_friends, max_per_artist=1
    )
    options = RecommendationOptions.under(settings, asked)
    found = lists.recommend(
        graph(), listener.user_id, options, track_cache=context().track_cache, model=model()
    )
    context().metrics.count_recommendations(found, model())
    ledger = discover_genres(graph(), listener.user_id, options, model=model())
    new = frozenset(g.genre_id for g in ledger.genres if g.state == "offered" and g.streams == 0)
    leads = lead_genres(found)
    done, track = _done()
    moved = {genre.id for genre in track.genres} if track and done == "play" else set()
    return render_template(
        "start.html",
        choice=choice,
        listener=listener,
        person=avatar(listener.user_id, listener.name),
        country=country_name(listener.country) if listener.country not in {None, UNKNOWN} else None,
        mode=found.mode,
        leads=leads,
        cards=[card(item, new) for item in found.items],
        sky=genre_chart(ledger, moved, [lead.genre_id for lead in leads]),
        samples=others,
        is_own=is_own,
        held=held,
        done=done,
        track=track,
        press=lambda: uuid4().hex,
    )


def _done() -> tuple[str | None, TrackCard | None]:
    """What the listener has just done, from the address after an action; raises UnknownTrack."""
    done, track_id = request.args.get("done"), request.args.get("track", "")
    if done not in {"play", "save", "discard", "clear"} or not track_id:
        return None, None
    return done, search.get_track(graph(), track_id)


@pages.post("/actions")
@needs("feedback:write")
def act() -> AnyResponse:
    """Do the action of a card's button, and redirect to the page, which shows its effect."""
    action = read_form(Action)
    who = identity.required()
    if refusal := who.may(Access("feedback:write", "user_id"), action.user):
        refuse(who, refusal)
    if action.verb == "play":
        _play(action)
    else:
        feedback.give_feedback(graph(), action.user, action.track, action.verb, times.now())
    done: dict[str, Any] = {"user": action.user, "done": action.verb, "track": action.track}
    return redirect(url_for(".start", **done, **action.switches()), HTTPStatus.SEE_OTHER)


def _play(action: Action) -> None:
    """Record one whole listen; sent again, it changes nothing. Raises UnknownUser, UnknownTrack, Conflict."""
    listen = Listen(
        action.press, action.user, action.track, times.now(), heard=1.0, source="start page", stamped=True
    )
    receipt = writer().record([listen], timeout=remaining())
    context().metrics.count_listens(receipt)
    if receipt.rejected:
        users.get_user(graph(), action.user)
        search.get_track(graph(), action.track)
        raise Conflict(receipt.rejected[0].reason)
