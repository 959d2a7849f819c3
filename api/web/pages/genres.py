"""The ledger as a page of its own, and the page of one genre."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from flask import render_template, request

from muse_graph.answers import GenreState, Ledger
from muse_graph.api.http.access import needs
from muse_graph.api.http.context import context, graph, model
from muse_graph.api.web.pages import tuning
from muse_graph.api.web.pages.actions import Buttons, done_on_page
from muse_graph.api.web.pages.blueprint import pages
from muse_graph.api.web.pages.colours import hue
from muse_graph.api.web.pages.genre_chart import Bar, genre_bar, genre_chart
from muse_graph.api.web.pages.requests import Choice
from muse_graph.api.web.pages.whose import shown_listener, shown_listener_if_any
from muse_graph.service.catalogue import listener_view, search
from muse_graph.service.recommendations.genres import discover_genres

__all__ = ["genre", "genres"]

_STATES: tuple[GenreState, ...] = ("offered", "resting", "home")


@dataclass(frozen=True)
class _Section:
    """The genres in one state, each with whether it was looked for: the others are there and hidden."""

    state: GenreState
    bars: list[tuple[Bar, bool]]

    @property
    def found(self) -> int:
        """How many were looked for."""
        return sum(is_found for _, is_found in self.bars)


@pages.get("/genres")
@needs("recommendations:read")
def genres() -> str:
    """Show the whole ledger: what is offered, what rests and until when, what is home."""
    user_id, wanted = shown_listener(), request.args.get("q", "").strip()
    ledger = _ledger(user_id, Choice.of_address())
    sections = [_section(ledger, state, wanted) for state in _STATES]
    return render_template(
        "genres.html",
        sections=[section for section in sections if section.bars],
        q=wanted,
        n_found=sum(section.found for section in sections),
        chart=genre_chart(ledger),
        counts={section.state: len(section.bars) for section in sections},
        first=[bar for bar, _ in sections[0].bars[:2]],
    )


@pages.get("/genres/<genre_id>")
@needs("recommendations:read")
def genre(genre_id: str) -> str:
    """Show one genre: where it stands in the listener's ledger, and its tracks with the most listeners."""
    user_id, choice = shown_listener_if_any(), Choice.of_address()
    card = search.get_genre(graph(), genre_id)
    ledger = None if user_id is None else _ledger(user_id, choice)
    entry = None if ledger is None else next((one for one in ledger.genres if one.genre_id == genre_id), None)
    return render_template(
        "genre.html",
        card=card,
        hue=hue(genre_id),
        entry=entry,
        bar=None if entry is None or ledger is None else genre_bar(entry, ledger.cap),
        cap=ledger.cap if ledger else 0,
        tracks=listener_view.genre_tracks(graph(), genre_id, user_id),
        buttons=None if user_id is None else Buttons(choice, user_id, "genre", genre_id),
        done=done_on_page(),
    )


def _ledger(user_id: str, choice: Choice) -> Ledger:
    options = tuning.options_of(choice, context().settings)
    return discover_genres(graph(), user_id, options, model=model())


def _section(ledger: Ledger, state: GenreState, wanted: str) -> _Section:
    members = [one for one in ledger.genres if one.state == state]
    bars = [(genre_bar(one, ledger.cap), _folded(wanted) in _folded(one.name)) for one in members]
    return _Section(state, bars)


def _folded(text: str) -> str:
    """Without case and accents, as page.js compares too."""
    decomposed = unicodedata.normalize("NFD", text.casefold())
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))
