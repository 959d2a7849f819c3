"""Who asks, as the service sees it."""

from __future__ import annotations

from flask import Response

from muse_graph.answers import AccountCard, as_json
from muse_graph.api.http import identity
from muse_graph.api.http.access import needs
from muse_graph.api.http.openapi import answers_with, blueprint
from muse_graph.api.http.responses import reply
from muse_graph.api.schemas import examples
from muse_graph.service.accounts.rights import SCOPES

__all__ = ["routes"]

routes = blueprint("account", "Who asks")


@routes.get(
    "/account", summary="Show who asks", responses=answers_with("AccountCard", as_json(examples.ACCOUNT))
)
@needs()
def get_account() -> Response:
    """The account behind the token or the session, and what it may do."""
    who = identity.required()
    scopes = [scope for scope in SCOPES if scope in who.scopes]
    return reply(AccountCard(who.name, who.role, who.user_id, sorted(who.artist_ids), list(scopes)))
