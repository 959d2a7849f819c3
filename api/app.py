"""The application: `create_app` is the one place where the parts are joined."""

from __future__ import annotations

import atexit

from flask_openapi3.openapi import OpenAPI

from muse_graph.api.http import (
    access,
    bookmarks,
    errors,
    last_write,
    logs,
    origin,
    paths,
    security,
    validation,
)
from muse_graph.api.http.context import AppContext, Database
from muse_graph.api.http.last_write import LastWrite
from muse_graph.api.http.metrics import Metrics
from muse_graph.api.http.openapi import description, new_app
from muse_graph.api.http.proxies import TrustedProxies
from muse_graph.api.http.rate_limits import RateLimits
from muse_graph.api.http.sign_in import SignIn
from muse_graph.api.routes import (
    account,
    artists,
    catalogue,
    follows,
    friends,
    health,
    listens,
    people,
    recommendations,
    sent_tracks,
    users,
)
from muse_graph.api.web.pages import pages
from muse_graph.config import Settings
from muse_graph.graph.connection import Graph
from muse_graph.model_store import ModelSlot
from muse_graph.service.accounts.store import AccountStore
from muse_graph.service.artists.everybody import Everybody
from muse_graph.service.maintenance.health import Summaries
from muse_graph.service.recommendations.kept_lists import KeptLists
from muse_graph.service.recommendations.kept_neighbourhoods import KeptNeighbourhoods
from muse_graph.service.recommendations.track_cache import TrackCache

__all__ = ["create_app"]

#: In the order of the OpenAPI document.
_GROUPS = (
    recommendations,
    users,
    friends,
    follows,
    people,
    sent_tracks,
    catalogue,
    listens,
    artists,
    account,
    health,
)


def create_app(
    settings: Settings | None = None, graph: Graph | None = None, *, sign_in: SignIn = "required"
) -> OpenAPI:
    """An application over a graph.

    Args:
        settings: read from the environment if None
        graph: left open by the application; None opens the one that the settings name, at the first request
        sign_in: whether clients have to say who they are
    """
    settings = settings or Settings.from_environment()
    context = _context(settings, graph, sign_in)
    app = new_app()
    paths.register(app)
    app.extensions["muse_graph"] = context
    app.config.update(MAX_CONTENT_LENGTH=validation.MAX_BODY_BYTES, PROPAGATE_EXCEPTIONS=False)
    app.json.sort_keys = False  # type: ignore[attr-defined]  # answers keep the order of their fields
    app.validation_error_callback = errors.refuse
    for group in _GROUPS:
        app.register_api(group.routes)
    app.register_blueprint(description)
    app.register_blueprint(pages)
    access.check_declarations(app)
    errors.register(app)
    logs.register(app, context.metrics)
    app.before_request(paths.check_utf8)
    if sign_in != "required":
        app.before_request(origin.check_host)
    app.before_request(RateLimits(settings).check)
    app.before_request(access.check_access)
    app.before_request(validation.check_request)
    app.after_request(security.secure)
    app.after_request(lambda response: bookmarks.attach(response, context.signer, context.database.opened))
    app.after_request(lambda response: last_write.note(response, context.last_write))
    app.wsgi_app = TrustedProxies(app.wsgi_app, settings.proxies)  # type: ignore[method-assign]
    atexit.register(context.database.close)
    atexit.register(context.accounts.close)
    return app


def _context(settings: Settings, graph: Graph | None, sign_in: SignIn) -> AppContext:
    return AppContext(
        settings,
        Database(settings, graph),
        Metrics(),
        bookmarks.Signer(settings),
        TrackCache(),
        Summaries(),
        Everybody(),
        ModelSlot(settings.models_folder),
        AccountStore(settings.accounts_file),
        KeptLists(),
        KeptNeighbourhoods(),
        LastWrite(settings.accounts_file.with_name("last-write")),
        sign_in,
    )
