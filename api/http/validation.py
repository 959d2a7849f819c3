"""Checks of every request before a view sees it: known parameters, a JSON body."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from flask import current_app, g, request
from flask_openapi3.blueprint import APIBlueprint
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from muse_graph.api.http.errors import InvalidValue, sentence, shown
from muse_graph.api.http.strict import broken_form, parameters, repeatable

__all__ = ["MAX_BODY_BYTES", "check_request", "json_body"]

MAX_BODY_BYTES = 10_000_000
#: Fields of an object in a body: more than any has, and few enough to be read in no time.
_MOST_NAMES = 100


def check_request() -> None:
    """Check address, parameters and body of a request to the API; pages and unknown routes pass."""
    if isinstance(current_app.blueprints.get(request.blueprint or ""), APIBlueprint):
        _check_parameters()
        if request.method in {"POST", "PUT", "PATCH"}:
            _read_body()


def _check_parameters() -> None:
    """Raise InvalidValue for parameters that are unknown, come twice and may not, or are written loosely."""
    view = current_app.view_functions[request.endpoint or ""]
    known, several = parameters(view), repeatable(view)
    fields = [
        (name, rule)
        for name, values in request.args.lists()
        if (rule := _broken_rule(known, several, name, values))
    ]
    if fields:
        raise InvalidValue(sentence(fields), tuple(fields))


def _broken_rule(known: dict[str, Any], several: frozenset[str], name: str, values: list[str]) -> str | None:
    if name not in known:
        return f"no such parameter; there are: {', '.join(sorted(known)) or 'none'}"
    if len(values) > 1:
        return None if name in several else "must be given once"
    return broken_form(known[name], values[0])


def _read_body() -> None:
    """Raise 413, 415, 400 or 422 for a body that is too large, not JSON, or neither object nor array."""
    if not request.is_json:
        raise UnsupportedMediaType("the body must be application/json")
    if request.mimetype_params.get("charset", "utf-8").lower() not in {"utf-8", "utf8"}:
        raise UnsupportedMediaType("the body must be UTF-8")
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise UnsupportedMediaType("the body must not be compressed")
    g.json_body = _parse(request.get_data(cache=True))
    if not isinstance(g.json_body, (dict, list)):
        rule = f"must be an object, got {type(g.json_body).__name__}"
        raise InvalidValue(f"the body {rule}", (("", rule),))


def json_body() -> Any:
    """The body of this request: a dict or list of what JSON knows."""
    return g.json_body


def _parse(body: bytes) -> Any:
    try:
        return json.loads(body.decode("utf-8"), parse_constant=_refuse_constant, object_pairs_hook=_object)
    except (ValueError, RecursionError) as error:
        raise BadRequest(f"the body is not JSON: {error}") from error


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON number")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of the body; raises BadRequest for a name given twice, InvalidValue for too many names."""
    if len(pairs) > _MOST_NAMES:
        rule = f"must not have more than {_MOST_NAMES} fields in an object, got {len(pairs)}"
        raise InvalidValue(f"the body {rule}", (("", rule),))
    made = dict(pairs)
    if len(made) < len(pairs):
        name = next(name for i, (name, _) in enumerate(pairs) if name in dict(pairs[:i]))
        raise BadRequest(f"the body gives {shown(name)} twice in an object")
    return made
