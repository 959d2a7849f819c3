"""Other listeners: found by name, and each as one may see them."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from muse_graph.answers import Compatibility, Named, SharedTaste
from muse_graph.api.http.access import needs
from muse_graph.api.http.context import context, graph
from muse_graph.api.web.pages.actions import Buttons, done_on_page
from muse_graph.api.web.pages.blueprint import pages
from muse_graph.api.web.pages.friends import did_towards
from muse_graph.api.web.pages.requests import Choice
from muse_graph.api.web.pages.view import Chip, chip, percent
from muse_graph.api.web.pages.whose import shown_listener
from muse_graph.countries import UNKNOWN, country_name
from muse_graph.errors import UnknownUser
from muse_graph.service.users import people

__all__ = ["find_people", "person"]

_MOST = 20
_BARS = 6
#: What a compatibility of at least so much means.
_MEANINGS = (
    (60, "your tastes are close"),
    (35, "you share a good deal"),
    (15, "you share some of it"),
    (1, "you share a little"),
    (0, "nothing in common yet"),
)


@dataclass(frozen=True)
class SharedBar:
    """A genre that two listeners play, each side's bar in whole percent of its longest."""

    chip: Chip
    mine: int
    theirs: int
    mine_at: int
    theirs_at: int


@pages.app_template_filter()
def country(code: str | None) -> str:
    """The name of a country; empty where it is not known."""
    return country_name(code) if code not in {None, UNKNOWN} and code is not None else ""


@pages.get("/people")
@needs("recommendations:read")
def find_people() -> str:
    """Search people by name: two round trips, three where nobody is found; more as in `did_towards`."""
    user_id, text = shown_listener(), request.args.get("q", "")
    page = people.search_people(graph(), user_id, text, limit=_MOST, cursor=request.args.get("after") or None)
    return render_template(
        "people.html",
        user_id=user_id,
        q=text,
        found=page.items,
        following=page.next,
        did=did_towards(user_id, {one.user_id: one.name for one in page.items}),
    )


@pages.get("/people/<other_id>")
@needs("recommendations:read")
def person(other_id: str) -> str | AnyResponse | tuple[str, int]:
    """Show somebody as the listener may see them: one round trip, and one more for tracks not yet known."""
    user_id = shown_listener()
    if other_id == user_id:
        return redirect(url_for(".friends", user=user_id), HTTPStatus.SEE_OTHER)
    try:
        found = people.get_person(graph(), user_id, other_id, context().track_cache)
    except UnknownUser as error:
        if error.missing_id != other_id:
            raise
        return render_template("person_gone.html"), HTTPStatus.NOT_FOUND
    fit = found.compatibility
    return render_template(
        "person.html",
        user_id=user_id,
        other=found,
        fit=fit,
        meaning=_meaning(fit.score),
        bars=_bars(fit),
        did=did_towards(user_id, {other_id: found.name}),
        done=done_on_page(),
        buttons=Buttons(Choice(), user_id, "person", other_id),
    )


def _meaning(score: int | None) -> str:
    """What a compatibility means in words; empty where it is not to be seen."""
    return "" if score is None else next(text for least, text in _MEANINGS if score >= least)


def _bars(fit: Compatibility) -> list[SharedBar]:
    """The shared genres that matter most, each side by its own measure: shares are what is compared."""
    genres: list[SharedTaste] = (fit.genres or [])[:_BARS]
    most = max((one.plays for one in genres), default=0), max((one.their_plays for one in genres), default=0)
    return [
        SharedBar(
            chip(Named(one.id, one.name)),
            one.plays,
            one.their_plays,
            percent(one.plays, most[0]),
            percent(one.their_plays, most[1]),
        )
        for one in genres
    ]
