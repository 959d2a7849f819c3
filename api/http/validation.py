"""Checks of every request before a view sees it: known parameters, a JSON body."""

from __future__ import annotations

import json
from functools import cache
from typing import Any, NoReturn, get_type_hints

from flask import current_app, g, request
from flask_openapi3.blueprint import APIBlueprint
from pydantic import BaseModel
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from muse_graph.api.http.errors import InvalidValue

__all__ = ["MAX_BODY_BYTES", "check_request", "json_body"]

MAX_BODY_BYTES = 10_000_000


def check_request() -> None:
    """Check parameters and body of a request to the API; pages and unknown routes pass."""
    if isinstance(current_app.blueprints.get(request.blueprint or ""), APIBlueprint):
        _check_parameters()
        if request.method in {"POST", "PUT", "PATCH"}:
            _read_body()


def _check_parameters() -> None:
    """Raise InvalidValue for query parameters that the route does not know, or that come twice."""
    known = _parameters(current_app.view_functions[request.endpoint or ""])
    fields = [
        (name, f"no such parameter; there are: {', '.join(sorted(known)) or 'none'}")
        if name not in known
        else (name, "must be given once")
        for name, values in request.args.lists()
        if name not in known or len(values) > 1
    ]
    if fields:
        raise InvalidValue("; ".join(f"{name}: {reason}" for name, reason in fields[:3]), tuple(fields))


@cache
def _parameters(view: Any) -> frozenset[str]:
    """The query parameters of a view, as they are spelt in a URL."""
    model: type[BaseModel] | None = get_type_hints(view).get("query")
    fields = model.model_fields if model else {}
    return frozenset(field.alias or name for name, field in fields.items())


def _read_body() -> None:
    """Raise 413, 415, 400 or 422 for a body that is too large, not JSON, or neither object nor array."""
    if not request.is_json:
        raise UnsupportedMediaType("the body must be application/json")
    g.json_body = _parse(request.get_data(cache=True))
    if not isinstance(g.json_body, (dict, list)):
        rule = f"must be an object, got {type(g.json_body).__name__}"
        raise InvalidValue(f"the body {rule}", (("", rule),))


def json_body() -> Any:
    """The body of this request: a dict or list of what JSON knows."""
    return g.json_body


def _parse(body: bytes) -> Any:
    try:
        return json.loads(body.decode("utf-8"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise BadRequest(f"the body is not JSON: {error}") from error


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON number")
