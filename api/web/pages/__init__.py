"""The pages, rendered on the server; their forms work without JavaScript. One module a page."""

from muse_graph.api.web.pages import (
    actions,
    catalogue,
    feed,
    first_visit,
    for_you,
    friends,
    genres,
    inbox,
    leaving,
    people,
    pictures,
    settings,
    signing_in,
    what_if,
    why,
)
from muse_graph.api.web.pages.artists import audience, influencers, interests, report, spread, your_artists
from muse_graph.api.web.pages.blueprint import pages

__all__ = [
    "actions",
    "audience",
    "catalogue",
    "feed",
    "first_visit",
    "for_you",
    "friends",
    "genres",
    "inbox",
    "influencers",
    "interests",
    "leaving",
    "pages",
    "people",
    "pictures",
    "report",
    "settings",
    "signing_in",
    "spread",
    "what_if",
    "why",
    "your_artists",
]
