"""What pages load besides their files: covers, and the classes of hues and shares."""

from __future__ import annotations

from flask import Response, request

from muse_graph.api.http.access import anybody
from muse_graph.api.web.pages import colours, covers
from muse_graph.api.web.pages.blueprint import pages

__all__ = ["cover", "steps"]

_KEPT = {"Cache-Control": "public, max-age=86400"}


@pages.get("/covers/<track_id>.svg")
@anybody
def cover(track_id: str) -> Response:
    """Draw a cover; all it needs is in its address, so that browsers may keep it."""
    drawn = covers.draw(track_id, request.args.get("artist", ""), request.args.getlist("genre")[:3])
    return Response(drawn, content_type="image/svg+xml", headers=_KEPT)


@pages.get("/steps.css")
@anybody
def steps() -> Response:
    """Send the classes that carry a hue or a share."""
    return Response(colours.steps(), content_type="text/css; charset=utf-8", headers=_KEPT)
