"""The start page: what one listener gets."""

from __future__ import annotations

from http import HTTPStatus

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from muse_graph.answers import Listener
from muse_graph.api.http import identity
from muse_graph.api.http.access import anybody
from muse_graph.api.http.context import changes, context, graph, model
from muse_graph.api.web.pages import header, signing_in, tuning
from muse_graph.api.web.pages.actions import Buttons, done_on_page
from muse_graph.api.web.pages.blueprint import pages
from muse_graph.api.web.pages.genre_chart import genre_chart
from muse_graph.api.web.pages.requests import Choice
from muse_graph.api.web.pages.view import Avatar, avatar, card, lead_genres
from muse_graph.api.web.pages.whose import others_for, shown_listener
from muse_graph.countries import UNKNOWN, country_name
from muse_graph.service.accounts.rights import acts_for_all
from muse_graph.service.recommendations import overview
from muse_graph.service.recommendations.exposure import track_keys
from muse_graph.service.users import users

__all__ = ["start"]


@pages.get("/")
@anybody
def start() -> str | AnyResponse:
    """Show what one listener gets: oneself, or whom the address names to those who see everybody."""
    who = identity.current()
    if who is None and context().sign_in == "required":
        return redirect(url_for(".sign_in"), HTTPStatus.SEE_OTHER)
    held = context().summaries.get(graph())
    if not held["users"]:
        return render_template("empty.html", held=held)
    if who is None:
        return signing_in.welcome(held)
    if who.user_id is None and who.artist_ids and not acts_for_all(who):
        return redirect(url_for(".your_artists"), HTTPStatus.SEE_OTHER)
    others = others_for(who)
    listener, waiting = users.get_user_with_waiting(graph(), shown_listener(others))
    header.know_waiting(waiting)
    return _render(Choice.of_address(), listener, others, held, is_own=listener.user_id == who.user_id)


def _render(
    choice: Choice, listener: Listener, others: list[Avatar], held: dict[str, int], *, is_own: bool
) -> str:
    options = tuning.options_of(choice, context().settings)
    found, ledger = overview.list_and_ledger(
        graph(),
        listener.user_id,
        options,
        track_cache=context().track_cache,
        model=model(),
        read=context().kept_neighbourhoods.reader(*changes()),
    )
    context().metrics.count_recommendations(found.mode, track_keys(found), model())
    new = frozenset(g.genre_id for g in ledger.genres if g.state == "offered" and g.streams == 0)
    leads = lead_genres(found)
    done = done_on_page()
    moved = {genre.id for genre in done.track.genres} if done and done.verb == "play" else set()
    return render_template(
        "start.html",
        choice=choice,
        tuning=tuning,
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
        buttons=Buttons(choice, listener.user_id, source="recommendation"),
    )
