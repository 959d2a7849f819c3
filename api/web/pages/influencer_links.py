"""Links for influencers to hand out: what is played where such a link leads to has come by it.

A link is the address of a track or of an artist, with the influencer's id: ``/artists/a1?by=i1``. Pages of
tracks and artists pass it on to each other, so that it holds for the visit and no longer.
"""

from __future__ import annotations

from flask import g, request, url_for

from muse_graph.answers import Named
from muse_graph.api.http.context import graph
from muse_graph.api.web.pages.blueprint import pages
from muse_graph.service.artists import influencer_names

__all__ = ["brought_by", "link_of", "same_link"]


def brought_by() -> Named | None:
    """The influencer whose link led here; None without one, or for one whom nobody here knows."""
    asked = request.args.get("by", "").strip()
    found = influencer_names.find_influencer(graph(), asked) if asked else None
    g.brought_by = found
    return found


@pages.app_template_global()
def same_link() -> dict[str, str]:
    """What a link to another track or artist needs so that the visit is still one by the same link."""
    found: Named | None = g.get("brought_by")
    return {} if found is None else {"by": found.id}


def link_of(influencer_id: str, artist_id: str, track_id: str = "") -> str:
    """The whole address for an influencer to hand out: of a track, or without one of the artist."""
    if track_id:
        return url_for("pages.track", track_id=track_id, by=influencer_id, _external=True)
    return url_for("pages.artist", artist_id=artist_id, by=influencer_id, _external=True)
