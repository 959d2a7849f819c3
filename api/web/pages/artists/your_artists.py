"""The artists of an account, or for those who see everybody those that are played most."""

from __future__ import annotations

from http import HTTPStatus

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from muse_graph.answers import Page
from muse_graph.api.http import identity
from muse_graph.api.http.access import needs
from muse_graph.api.http.context import graph
from muse_graph.api.web.pages.blueprint import pages
from muse_graph.service.accounts.rights import acts_for_all
from muse_graph.service.catalogue import search

__all__ = ["your_artists"]

_MANY = 24


@pages.get("/your-artists")
@needs("artists:read")
def your_artists() -> str | AnyResponse:
    """List the artists whose figures the account may see; with one alone, go there."""
    who = identity.required()
    if acts_for_all(who):
        text = request.args.get("q", "").strip()
        found = search.search_artists(graph(), text, limit=_MANY, cursor=request.args.get("cursor"))
        return render_template("your_artists.html", found=found, q=text, sees_all=True)
    if len(who.artist_ids) == 1:
        return redirect(url_for(".artist_audience", artist_id=min(who.artist_ids)), HTTPStatus.SEE_OTHER)
    cards = search.artist_cards(graph(), sorted(who.artist_ids))
    cards.sort(key=lambda card: (-card.plays, card.artist_id))
    return render_template("your_artists.html", found=Page(cards, None), q="", sees_all=False)
