"""Friends: requests, friends, people whom one may like to know, and the buttons on all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Annotated, Any, Literal
from unicodedata import normalize

from flask import redirect, render_template, request, url_for
from pydantic import BaseModel, StringConstraints
from werkzeug.wrappers import Response as AnyResponse

from muse_graph.answers import Friendship
from muse_graph.api.http.access import needs
from muse_graph.api.http.context import context, graph
from muse_graph.api.schemas import Id
from muse_graph.api.web.pages.blueprint import pages
from muse_graph.api.web.pages.requests import read_form
from muse_graph.api.web.pages.view import Avatar, avatar
from muse_graph.api.web.pages.whose import check_listener, shown_listener
from muse_graph.errors import Conflict, UnknownUser
from muse_graph.service.pagination import MAX_LIMIT
from muse_graph.service.users import friendships, people, suggestions

__all__ = ["Did", "act_towards", "did_towards", "friends", "name_key"]

#: Friends drawn before "all".
_FIRST = 60
_SUGGESTED = 6

Verb = Literal["ask", "accept", "decline", "withdraw", "end", "block", "unblock"]
#: What takes an action back, or is as near to that as there is, and the words of its button.
_NEXT: dict[str, tuple[Verb, str]] = {
    "ask": ("withdraw", "Undo"),
    "withdraw": ("ask", "Undo"),
    "unblock": ("block", "Undo"),
    "block": ("unblock", "Unblock"),
    "end": ("ask", "Ask again"),
    "decline": ("ask", "Ask them instead"),
}

pages.add_app_template_global(avatar, "face")


class _Act(BaseModel):
    """A button about another listener; back is the page that it is on."""

    user: Id
    other: Id
    verb: Verb
    back: Literal["friends", "find_people", "person"] = "friends"
    q: Annotated[str, StringConstraints(max_length=1_000)] = ""


@dataclass(frozen=True)
class Did:
    """What was done towards whom, who is None where that is not seen any more, and what can be done next."""

    verb: str
    other: Avatar | None
    next: tuple[Verb, str] | None


@pages.get("/friends")
@needs("recommendations:read")
def friends() -> str:
    """Show requests, friends and suggestions.

    Two round trips, four for a user without any of them; one or two more for the message after an action on
    somebody who is in no list.
    """
    user_id = shown_listener()
    page = friendships.list_friends(
        graph(), user_id, limit=MAX_LIMIT, cursor=request.args.get("after") or None
    )
    by_state = _by_state(page.items)
    shown = by_state["friends"] if request.args.get("all") else by_state["friends"][:_FIRST]
    return render_template(
        "friends.html",
        user_id=user_id,
        by_state=by_state,
        shown=shown,
        following=page.next,
        suggested=suggestions.suggest_friends(graph(), user_id, _SUGGESTED),
        did=did_towards(user_id, {one.user_id: one.name for one in page.items}),
    )


def _by_state(found: Iterable[Friendship]) -> dict[str, list[Friendship]]:
    groups: dict[str, list[Friendship]] = {
        state: [] for state in ("friends", "was-asked", "asked", "declined", "was-declined", "blocked")
    }
    for one in sorted(found, key=name_key):
        groups[one.state].append(one)
    return groups


def name_key(one: Friendship) -> tuple[str, str]:
    """Where somebody stands among others by name."""
    # An accent comes after the letter that it is on.
    return normalize("NFKD", (one.name or one.user_id).casefold()), one.user_id


@pages.post("/friends/act")
@needs("friends:write")
def act_towards() -> AnyResponse:
    """Do what a button says towards another listener, and go back to its page, which says so."""
    form = read_form(_Act)
    check_listener(form.user, "friends:write")
    theta = context().settings.theta
    acts: dict[Verb, Callable[..., Friendship]] = {
        "ask": friendships.ask,
        "accept": friendships.accept,
        "decline": friendships.decline,
        "withdraw": partial(friendships.end, theta=theta),
        "end": partial(friendships.end, theta=theta),
        "block": partial(friendships.block, theta=theta),
        "unblock": friendships.unblock,
    }
    did: str = form.verb
    try:
        after = acts[form.verb](graph(), form.user, form.other)
        # To ask somebody who has asked is to accept.
        did = "accept" if did == "ask" and after.state == "friends" else did
    except Conflict:
        did = "late"
    return redirect(_back(form, did), HTTPStatus.SEE_OTHER)


def _back(form: _Act, did: str) -> str:
    said: dict[str, Any] = {"user": form.user, "did": did, "who": form.other}
    if form.back == "find_people":
        return url_for(".find_people", q=form.q, **said)
    # Who is blocked has no page any more.
    if form.back == "person" and form.verb != "block":
        return url_for(".person", other_id=form.other, **said)
    return url_for(".friends", **said)


def did_towards(user_id: str, names: Mapping[str, str | None]) -> Did | None:
    """What the address says was done; None for nothing.

    Args:
        names: of those on the page; anybody else is looked up, as far as the user may see them
    """
    verb, other_id = request.args.get("did", ""), request.args.get("who", "")
    if not other_id or (verb not in _NEXT and verb not in {"accept", "late"}):
        return None
    if other_id in names:
        return Did(verb, avatar(other_id, names[other_id]), _NEXT.get(verb))
    try:
        found = people.get_person(graph(), user_id, other_id, context().track_cache)
    except UnknownUser:
        return Did(verb, None, None)
    return Did(verb, avatar(other_id, found.name), _NEXT.get(verb))
