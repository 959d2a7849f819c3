"""The pages, rendered on the server; their forms work without JavaScript. One module a page."""

from muse_graph.api.web.pages import for_you, pictures, settings, signing_in
from muse_graph.api.web.pages.blueprint import pages

__all__ = ["for_you", "pages", "pictures", "settings", "signing_in"]
