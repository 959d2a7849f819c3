"""Why a track is recommended: the path to it, the parts of its score, and the query that proves it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import render_template

from muse_graph.answers import Reason, Recommendation
from muse_graph.api.http.access import needs
from muse_graph.api.http.context import context, graph, model
from muse_graph.api.web.pages import tuning
from muse_graph.api.web.pages.actions import Buttons, done_on_page
from muse_graph.api.web.pages.blueprint import pages
from muse_graph.api.web.pages.colours import hue
from muse_graph.api.web.pages.requests import Choice
from muse_graph.api.web.pages.view import Avatar, avatar, card
from muse_graph.api.web.pages.whose import shown_listener
from muse_graph.graph import queries
from muse_graph.service.recommendations.placement import Path, place_track, proof_of

__all__ = ["Proof", "Step", "proof", "steps_of", "steps_to", "why"]

#: Steps between the listener and the track that are drawn: more would be a hairball.
_MOST_STEPS = 5
_BETWEEN = frozenset(
    {
        "friend",
        "friends",
        "own",
        "similar-listeners",
        "friends-of-friends",
        "popular-in-country",
        "popular-everywhere",
    }
)


@dataclass(frozen=True)
class Step:
    """What lies between the listener and the track: a friend, other listeners, or an own track.

    Attributes:
        kind: that of the reason
        avatar: of a friend who is named
        n: how many listeners are meant, where they are not named
    """

    kind: str
    text: str
    avatar: Avatar | None
    n: int | None


@dataclass(frozen=True)
class Proof:
    """A query as it is pasted into Neo4j Browser.

    Attributes:
        address: of Neo4j Browser with the query in its editor; None where it is not known
    """

    text: str
    address: str | None


@pages.get("/why/<track_id>")
@needs("recommendations:read")
def why(track_id: str) -> str:
    """Show the path to a track, what its score is made of, and what the graph holds of it."""
    user_id, choice = shown_listener(), Choice.of_address()
    options = tuning.options_of(choice, context().settings)
    place = place_track(graph(), user_id, track_id, options, model=model(), track_cache=context().track_cache)
    paths = proof_of(graph(), user_id, track_id)
    genres = [(genre, hue(genre.id)) for genre in place.genres]
    return render_template(
        "why.html",
        place=place,
        genres=genres,
        hue=genres[0][1] if genres else avatar(track_id, None).hue,
        card=card(place.item, frozenset()) if place.item else None,
        steps=steps_to(place.item) if place.item else steps_of(paths),
        rows=paths,
        proof=proof(context().settings.neo4j_browser, user_id=user_id, track_id=track_id),
        buttons=Buttons(choice, user_id, "why", track_id),
        done=done_on_page(),
    )


def steps_to(item: Recommendation) -> list[Step]:
    """What leads from the listener to a track, the strongest first."""
    between = [reason for reason in item.reasons if reason.kind in _BETWEEN and reason.part >= 0]
    return [step for reason in between for step in _steps(reason)][:_MOST_STEPS]


def steps_of(paths: Sequence[Path]) -> list[Step]:
    """The friends who play a track that is not in the list."""
    return [
        Step("friend", path.text, avatar(path.user_id, path.friend), None) for path in paths[:_MOST_STEPS]
    ]


def _steps(reason: Reason) -> Iterator[Step]:
    named = avatar(reason.user_id, reason.name) if reason.kind == "friend" and reason.user_id else None
    # "What your friends like" is about nobody that could be drawn.
    if reason.kind != "friends" or reason.n:
        yield Step(reason.kind, reason.text, named, reason.n)


def proof(browser: str | None, **params: str) -> Proof:
    """The query of the paths, after its parameters; and Neo4j Browser's address with both, if known."""
    # A text of JSON is one of Cypher too, so that no id is taken for a part of the query.
    literals = ", ".join(f"{name}: {json.dumps(value)}" for name, value in params.items())
    text = f":params {{{literals}}};\n{queries.load('why_track').body}"
    if browser is None:
        return Proof(text, None)
    join = "&" if "?" in browser else "?"
    return Proof(text, f"{browser}{join}{urlencode({'cmd': 'edit', 'arg': text})}")
