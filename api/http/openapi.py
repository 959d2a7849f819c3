"""The OpenAPI document, made from the code, and the page that shows it."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from flask import Blueprint, Response, current_app, render_template_string
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.info import Info
from flask_openapi3.models.schema import Schema
from flask_openapi3.models.tag import Tag
from flask_openapi3.openapi import OpenAPI
from pydantic import BaseModel, Field, TypeAdapter, create_model
from pydantic.json_schema import JsonSchemaMode

from muse_graph import __version__, answers
from muse_graph.answers import as_json
from muse_graph.api.http.access import access_of, anybody
from muse_graph.api.http.bookmarks import COOKIE, HEADER
from muse_graph.api.http.errors import CONTENT_TYPE
from muse_graph.api.http.security import DOCS_POLICY
from muse_graph.api.schemas import Listen
from muse_graph.service.users.feedback import Feedback

__all__ = ["JsonObject", "answers_with", "blueprint", "description", "new_app", "page", "problems", "ref"]

JsonObject = dict[str, Any]
_REF = "#/components/schemas/"


class WrongField(BaseModel):
    """One wrong field: `pointer` leads into the body (RFC 6901), `parameter` names anything else."""

    pointer: str | None = None
    parameter: str | None = None
    detail: str


class Problem(BaseModel):
    """What went wrong (RFC 9457)."""

    type: str = Field(description='kind of problem; "about:blank" adds nothing to the status')
    title: str
    status: int
    detail: str
    instance: str = Field(description="path of the request")
    errors: list[WrongField]


class Version(BaseModel):
    """The running version."""

    name: str
    version: str
    openapi: str


class Liveness(BaseModel):
    """The process answers."""

    status: Literal["alive"]


class Readiness(BaseModel):
    """The database answers and has the required schema."""

    status: Literal["ready"]
    checks: dict[str, str]


def _several(name: str, kind: Any, *, paged: bool = True) -> type[BaseModel]:
    fields: JsonObject = {"items": (list[kind], ...)}
    if paged:
        fields["next"] = (str | None, Field(description="`cursor` of the following page, null at the end"))
    return create_model(name, **fields)


_SCHEMAS: tuple[Any, ...] = (
    answers.AccountCard,
    answers.Analytics,
    answers.ArtistCard,
    answers.ArtistSpread,
    answers.AudienceOverlap,
    answers.Compatibility,
    answers.Follow,
    answers.Friendship,
    answers.GenreCard,
    answers.InfluencerSet,
    answers.Interests,
    answers.Ledger,
    answers.Listener,
    answers.PersonProfile,
    answers.Receipt,
    answers.Recommendations,
    answers.SentTrack,
    answers.TrackCard,
    answers.WhatIf,
    Liveness,
    Problem,
    Readiness,
    Version,
    create_model("Feedback", user_id=(str, ...), track_id=(str, ...), action=(Feedback, ...), at=(str, ...)),
    _several("Matches", answers.Match, paged=False),
    _several("ArtistMatches", answers.ArtistMatch, paged=False),
    _several("Listeners", answers.Listener),
    _several("Friends", answers.Friendship),
    _several("Follows", answers.Follow),
    _several("People", answers.Person),
    _several("SuggestedFriends", answers.SuggestedFriend, paged=False),
    _several("Feed", answers.FeedItem),
    _several("SentTracks", answers.SentTrack),
    _several("Tracks", answers.TrackCard),
    _several("Artists", answers.ArtistCard),
    _several("Genres", answers.GenreCard),
)

_BOOKMARKS: JsonObject = {
    HEADER: {
        "description": f"send it (or the cookie {COOKIE}) with reads that must see this write",
        "schema": {"type": "string"},
    }
}
_WHY = {
    304: "the client's copy is still current",
    401: "nobody is signed in, or the token is not good",
    403: "whoever is signed in may not do this",
    400: "the body is not JSON, or a value cannot be read",
    404: "unknown id",
    409: "the request contradicts the graph",
    413: "more than 10 MB",
    415: "the body is not application/json",
    429: "too many requests; retry after Retry-After seconds",
    422: "a value breaks a rule; `errors` names each",
    500: "internal error",
    503: "no database answers; retry after Retry-After seconds",
}


def ref(name: str) -> JsonObject:
    """A reference to a schema of the document."""
    return {"$ref": _REF + name}


def answers_with(name: str, example: Any, *, status: int = 200, writes: bool = False) -> dict[Any, Any]:
    """The response of a route with this schema; writes return bookmarks."""
    content = {"application/json": {"schema": ref(name), "example": example}}
    response: JsonObject = {"description": name, "content": content}
    return {status: response | {"headers": _BOOKMARKS} if writes else response}


def nothing(*, writes: bool = False) -> dict[Any, Any]:
    """The response of a route without a body."""
    response: JsonObject = {"description": "done"}
    return {204: response | {"headers": _BOOKMARKS} if writes else response}


def page(item: Any) -> JsonObject:
    """The example of a page that is not the last."""
    return {"items": [as_json(item)], "next": "b3BhcXVl"}


def problems(*statuses: int) -> dict[Any, Any]:
    """The responses of a route that may return these problems."""
    return {status: _problem(status) for status in statuses}


def _problem(status: int) -> JsonObject:
    response: JsonObject = {
        "description": _WHY[status],
        "content": {CONTENT_TYPE: {"schema": ref("Problem")}},
    }
    if status in {429, 503}:
        response["headers"] = {"Retry-After": {"description": "seconds", "schema": {"type": "integer"}}}
    return response


def _operation_name(*, name: str, path: str, method: str) -> str:
    """The name of the view: each is unique."""
    del path, method
    return name


class _Routes(APIBlueprint):
    """Routes that say who may use them, which the document then tells."""

    def _collect_openapi_info(self, rule: str, func: Callable[..., Any], **kwargs: Any) -> Any:
        access = access_of(func)
        kwargs["responses"] = (problems() if access.is_public else problems(401, 403, 429)) | (
            kwargs.get("responses") or {}
        )
        if not access.is_public:
            scopes = [access.scope] if access.scope else []
            kwargs["security"] = [{"token": scopes}, {"session": scopes}]
            owner = {"x-owner": access.owner} if access.owner else {}
            kwargs["openapi_extensions"] = (kwargs.get("openapi_extensions") or {}) | owner
        return super()._collect_openapi_info(rule, func, **kwargs)


_SECURITY: dict[str, Any] = {
    "token": {
        "type": "http",
        "scheme": "bearer",
        "description": "an API token; the scopes of a route are those it must have",
    },
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "muse_session",
        "description": "the session of a browser that has signed in",
    },
}


def blueprint(name: str, text: str, *, prefix: str = "/api/v1") -> APIBlueprint:
    """A group of routes, described by a sentence."""
    return _Routes(
        name,
        f"{__package__}.{name}",
        url_prefix=prefix or None,
        abp_tags=[Tag(name=name, description=text)],
        abp_responses=problems(422, 500, 503),
        operation_id_callback=_operation_name,
    )


def new_app() -> OpenAPI:
    """An application without routes, whose document knows every schema."""
    app = OpenAPI(
        __package__ or "",
        info=Info(
            title="MUSE Graph",
            version=__version__,
            description="Songs from genres that listeners have not explored yet and their friends listen to.",
        ),
        doc_ui=False,
        validation_error_model=Problem,
        security_schemes=_SECURITY,
        static_folder=None,
    )
    app.components_schemas.update({name: Schema(**schema) for name, schema in _definitions().items()})
    return app


@cache
def _definitions() -> JsonObject:
    """Every schema by its name."""
    inputs: list[tuple[Any, JsonSchemaMode, TypeAdapter[Any]]] = [(Listen, "validation", TypeAdapter(Listen))]
    inputs += [(kind, "serialization", TypeAdapter(kind)) for kind in _SCHEMAS]
    _, schema = TypeAdapter.json_schemas(inputs, ref_template=_REF + "{model}")
    definitions: JsonObject = schema["$defs"]
    return definitions


_CONFIGURATION = {
    "withDefaultFonts": False,
    "telemetry": False,
    "hideClientButton": True,
    "showDeveloperTools": "never",
    "agent": {"disabled": True},
    "mcp": {"disabled": True},
}
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>MUSE Graph API</title>
<link rel="icon" href="data:,">
</head>
<body>
<script id="api-reference" data-url="{{ url_for('description.openapi_document') }}"
 data-configuration="{{ configuration }}"></script>
<script src="{{ url_for('description.static', filename='js/scalar.standalone.js') }}"></script>
</body>
</html>
"""

description = Blueprint(
    "description",
    __name__,
    static_folder=str(files("flask_openapi3_scalar") / "templates" / "scalar"),
    static_url_path="/docs/scalar",
)


@description.get("/openapi.json")
@anybody
def openapi_document() -> Response:
    """Show the OpenAPI document."""
    return Response(json.dumps(current_app.api_doc), content_type="application/json")  # type: ignore[attr-defined]


@description.get("/docs")
@anybody
def docs() -> Response:
    """Show the page that makes the document readable."""
    html = render_template_string(_PAGE, configuration=json.dumps(_CONFIGURATION))
    return Response(
        html, content_type="text/html; charset=utf-8", headers={"Content-Security-Policy": DOCS_POLICY}
    )
