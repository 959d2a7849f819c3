"""Every error leaves as ``application/problem+json`` (RFC 9457), in one shape."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, request
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException

from muse_graph.api.schemas import InvalidValue
from muse_graph.errors import (
    AccountsUnavailable,
    DeadlineExceeded,
    GraphUnavailable,
    InvalidRequest,
    MuseError,
    NotSignedIn,
    SchemaError,
    TooBusy,
    TooManyRequests,
)

__all__ = [
    "CONTENT_TYPE",
    "MAX_ERRORS",
    "RETRY_AFTER_S",
    "Field",
    "InvalidValue",
    "fields_of",
    "headers_of",
    "http_problem",
    "log_error",
    "problem",
    "public_detail",
    "refuse",
    "register",
    "sentence",
    "shown",
]

CONTENT_TYPE = "application/problem+json"
RETRY_AFTER_S = 5
_DETAILS = {
    404: "there is nothing at this path",
    405: "this path does not support that method; see Allow for those it does",
    413: "the body must be at most 10 MB",
    500: "internal error; see the log under this response's X-Request-ID",
}
#: Errors that a problem names.
MAX_ERRORS = 20
_MOST_SHOWN = 80
Field = tuple[str, str]
_log = logging.getLogger(__name__)


def problem(
    status: int,
    detail: str,
    *,
    kind: str = "about:blank",
    title: str | None = None,
    fields: Iterable[Field] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """An error as a response.

    Args:
        kind: identifies the kind of problem; "about:blank" adds nothing to the status
        fields: (JSON pointer or parameter name, what is wrong with it); the first `MAX_ERRORS` are named
    """
    fields = list(fields)
    named = fields[:MAX_ERRORS]
    body: dict[str, Any] = {
        "type": kind,
        "title": title or HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "instance": request.path,
        "errors": [_located(where, reason) for where, reason in named],
    }
    if more := len(fields) - len(named):
        body["detail"] = f"{detail}; {more} more are not in `errors`"
    return Response(json.dumps(body), status, headers=headers, content_type=CONTENT_TYPE)


def _located(where: str, reason: str) -> dict[str, str]:
    """A pointer starts with a slash and leads into the body (RFC 6901); "" is the body as a whole."""
    place = "pointer" if where == "" or where.startswith("/") else "parameter"
    return {place: where, "detail": reason}


def fields_of(error: ValidationError, *, base: str | None) -> list[Field]:
    """Each wrong field of a model with the rule it breaks.

    Args:
        base: JSON pointer of the object checked; None for parameters, which are named as they are
    """
    return [(_place(item["loc"], base), _reason(item)) for item in error.errors(include_url=False)]


def _place(path: tuple[int | str, ...], base: str | None) -> str:
    if base is None:
        # Of a parameter that is repeated the name is told, the value is in the reason.
        return ".".join(_cut(step) for step in path if isinstance(step, str))
    steps = [_cut(str(step)) for step in path]
    return base + "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in steps)


def _reason(item: Any) -> str:
    if item["type"] == "value_error":
        rule = str(item["ctx"]["error"])
        if not item["loc"]:
            # Fields that do not go together: the rule has their values.
            return rule
    elif item["type"] == "model_type":
        rule = "must be an object"
    else:
        rule = item["msg"][:1].lower() + item["msg"][1:]
    if item["type"] in {"missing", "extra_forbidden"}:
        return rule
    return f"{rule}, got {shown(item['input'])}"


def shown(value: object) -> str:
    """A value of a request as an error names it: never long, however long or deep the value is."""
    match value:
        case dict():
            return "an object"
        case list() | tuple():
            return "an array"
        case str():
            return _cut(json.dumps(value[: 2 * _MOST_SHOWN]))
    return _cut(json.dumps(value, default=str))


def _cut(text: str) -> str:
    return text if len(text) <= _MOST_SHOWN else f"{text[: _MOST_SHOWN - 3]}..."


def refuse(error: ValidationError) -> Response:
    """Turn what flask-openapi3 found wrong into an error of ours; raises InvalidValue."""
    # The error knows of its model only the name: bodies are called so (see schemas/__init__.py).
    fields = fields_of(error, base="" if error.title.endswith("Body") else None)
    raise InvalidValue(sentence(fields), tuple(fields)) from error


def sentence(fields: list[Field]) -> str:
    """The first of the wrong fields in words."""
    return "; ".join(f"{where or 'the body'}: {reason}" for where, reason in fields[:3])


def register(app: Flask) -> None:
    """Answer every exception of an application with a problem."""
    app.register_error_handler(MuseError, _muse_problem)
    app.register_error_handler(HTTPException, http_problem)


def _muse_problem(error: MuseError) -> Response:
    log_error(error)
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", type(error).__name__).lower()
    return problem(
        error.status,
        public_detail(error),
        kind=f"urn:muse:problem:{name}",
        title=error.title,
        fields=error.fields if isinstance(error, InvalidRequest) else (),
        headers=headers_of(error),
    )


def headers_of(error: MuseError) -> dict[str, str]:
    """The headers that say what to do about an error."""
    if isinstance(error, TooManyRequests):
        return {"Retry-After": str(error.retry_after_s)}
    if isinstance(error, NotSignedIn):
        return {"WWW-Authenticate": "Bearer"}
    if error.status == HTTPStatus.SERVICE_UNAVAILABLE or isinstance(error, TooBusy):
        return {"Retry-After": str(RETRY_AFTER_S)}
    return {}


def log_error(error: MuseError) -> None:
    """Log an error of the service, with details that clients do not see."""
    if error.status == HTTPStatus.SERVICE_UNAVAILABLE:
        _log.warning("%s", error)
    elif error.status >= 500:
        _log.error("%s", error, exc_info=error)


def public_detail(error: MuseError) -> str:
    """What clients may read: internal causes may name hosts or queries, and are only in the log."""
    if isinstance(error, GraphUnavailable):
        return "no database answers at the moment"
    if isinstance(error, AccountsUnavailable):
        return "accounts can be neither read nor written at the moment"
    if error.status >= 500 and not isinstance(error, DeadlineExceeded | SchemaError):
        return _DETAILS[500]
    return str(error)


def http_problem(error: HTTPException) -> Response | HTTPException:
    """What the framework refuses, as a problem; a redirect as it is."""
    status = error.code or 500
    if status < 400:
        return error
    # 500 has been logged with its traceback by Flask before it comes here.
    headers = {name: value for name, value in error.get_headers() if name.lower() != "content-type"}
    detail = _DETAILS.get(status) or error.description or HTTPStatus(status).phrase
    return problem(status, detail, headers=headers)
