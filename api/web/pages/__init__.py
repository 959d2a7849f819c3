"""The pages, rendered on the server; their forms work without JavaScript. One module a page."""

from muse_graph.api.web.pages import (
    actions,
    catalogue,
    first_visit,
    for_you,
    genres,
    pictures,
    settings,
    signing_in,
    why,
)
from muse_graph.api.web.pages.blueprint import pages

__all__ = [
    "actions",
    "catalogue",
    "first_visit",
    "for_you",
    "genres",
    "pages",
    "pictures",
    "settings",
    "signing_in",
    "why",
]
