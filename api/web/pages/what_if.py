"""What if: list and ledger as they are beside those that would be. Nothing of it is kept."""

from __future__ import annotations

from typing import Annotated

from flask import render_template, request
from pydantic import BaseModel, Field, ValidationError

from muse_graph.answers import Friendship, GenreCard, WhatIf
from muse_graph.api.http.access import needs
from muse_graph.api.http.context import context, graph, model
from muse_graph.api.http.errors import InvalidValue, fields_of, sentence
from muse_graph.api.web.pages.blueprint import pages
from muse_graph.api.web.pages.comparison import comparison, supposed_words
from muse_graph.api.web.pages.friends import name_key
from muse_graph.api.web.pages.whose import shown_listener
from muse_graph.errors import Conflict, InvalidRequest, NotFound
from muse_graph.service.catalogue import search
from muse_graph.service.pagination import MAX_LIMIT
from muse_graph.service.recommendations.options import ListOptions, RecommendationOptions
from muse_graph.service.users import friendships
from muse_graph.service.what_if import what_if as service
from muse_graph.service.what_if.what_if import MAX_CHANGES, Supposition

__all__ = ["what_if"]

_SONGS = 8
_GENRES = 500


class _Asked(BaseModel):
    """What the address supposes; the cap in whole percent of the favourite genre."""

    drop: Annotated[list[str], Field(max_length=MAX_CHANGES)] = []
    like: Annotated[list[str], Field(max_length=MAX_CHANGES)] = []
    theta: Annotated[int | None, Field(ge=1, le=100)] = None
    lift: bool = False

    def cap(self) -> int | None:
        """The cap that is supposed; None where it is lifted or what it is."""
        return None if self.lift or self.theta == _theta_now() else self.theta

    def supposition(self) -> Supposition | None:
        """The same for the service; None if nothing is supposed."""
        cap = self.cap()
        if not (self.drop or self.like or self.lift or cap):
            return None
        return Supposition(
            drop_friends=tuple(self.drop),
            like_genres=tuple(self.like),
            theta=None if cap is None else cap / 100,
            lift_cap=self.lift,
        )


@pages.get("/what-if")
@needs("recommendations:read")
def what_if() -> str | tuple[str, int]:
    """Show what may be supposed and, where the address says something, what would follow.

    Three round trips, one more for a listener without anybody. A comparison is one transaction: four queries
    beside those of two lists and two ledgers.
    """
    user_id = shown_listener()
    links = friendships.list_friends(graph(), user_id, limit=MAX_LIMIT).items
    friends = sorted((one for one in links if one.state == "friends"), key=name_key)
    genres = search.search_genres(graph(), "", limit=_GENRES).items
    asked = _Asked()
    try:
        asked = _read()
        supposed = asked.supposition()
        found = None if supposed is None else _compared(user_id, supposed)
    except (Conflict, InvalidRequest, NotFound) as error:
        return _page(user_id, friends, genres, asked, error=error), error.status
    return _page(user_id, friends, genres, asked, found)


def _read() -> _Asked:
    said = {
        "drop": _chosen("drop"),
        "like": _chosen("like"),
        "theta": request.args.get("theta") or None,
        "lift": bool(request.args.get("lift")),
    }
    try:
        return _Asked.model_validate(said)
    except ValidationError as error:
        fields = fields_of(error, base=None)
        raise InvalidValue(sentence(fields), tuple(fields)) from error


def _chosen(name: str) -> list[str]:
    """The ids of one name in the address; a form sends an empty one for no choice."""
    return [one for one in dict.fromkeys(request.args.getlist(name)) if one]


def _theta_now() -> int:
    return round(100 * context().settings.theta)


def _compared(user_id: str, supposed: Supposition) -> WhatIf:
    # As many songs as the start page has, and as many artists.
    options = RecommendationOptions.under(context().settings, ListOptions(k=_SONGS, max_per_artist=1))
    return service.what_if(
        graph(), user_id, supposed, options, track_cache=context().track_cache, model=model()
    )


def _page(
    user_id: str,
    friends: list[Friendship],
    genres: list[GenreCard],
    asked: _Asked,
    found: WhatIf | None = None,
    error: Conflict | InvalidRequest | NotFound | None = None,
) -> str:
    names = {one.user_id: one.name or one.user_id for one in friends}
    names |= {one.genre_id: one.name for one in genres if one.genre_id in asked.like}
    return render_template(
        "what_if.html",
        user_id=user_id,
        friends=friends,
        genres=genres,
        asked=asked,
        theta=asked.theta or _theta_now(),
        theta_now=_theta_now(),
        supposed=supposed_words(
            [names.get(one, one) for one in asked.drop],
            [names.get(one, one) for one in asked.like],
            asked.cap(),
            lifted=asked.lift,
        ),
        compared=comparison(found, asked.like) if found else None,
        error=error,
    )
