"""One JSON object a line on stderr: an access line for each request, and all other log records."""

from __future__ import annotations

import logging
import logging.config
import re
import time
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from flask import Flask, Response, current_app, g, has_request_context, request
from pythonjsonlogger.json import JsonFormatter as BaseJsonFormatter

from muse_graph.api.http.metrics import Metrics, route
from muse_graph.api.http.ticket import ticket

__all__ = ["CONFIGURATION", "REQUEST_ID", "JsonFormatter", "register"]

REQUEST_ID = "X-Request-ID"
_ID = re.compile(r"[A-Za-z0-9._-]{1,128}")
#: Parameters of paths whose values no log has: who is erased shall be in none.
_UNNAMED = frozenset({"user_id", "other_id", "friend_id", "secret"})
_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
_access = logging.getLogger("muse_graph.access")


class JsonFormatter(BaseJsonFormatter):
    """A record as a line of JSON; whatever a client sends stays inside its string."""

    # The time in UTC, to the millisecond.
    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03d+00:00"

    def __init__(self) -> None:
        super().__init__(
            ["asctime", "levelname", "name", "message"],
            rename_fields={
                "asctime": "time",
                "levelname": "level",
                "name": "logger",
                "exc_info": "traceback",
            },
        )

    def add_fields(
        self, log_data: dict[str, Any], record: logging.LogRecord, message_dict: dict[str, Any]
    ) -> None:
        """Add the id of the request that a record belongs to."""
        super().add_fields(log_data, record, message_dict)
        if has_request_context() and "request_id" in g:
            log_data["request_id"] = g.request_id


CONFIGURATION: dict[str, object] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": f"{__name__}.JsonFormatter"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "json", "stream": "ext://sys.stderr"}
    },
    "loggers": {
        # Its level is an argument of granian's own (server.py).
        "_granian": {"handlers": ["stderr"], "propagate": False},
        "muse_graph": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}


def register(app: Flask, metrics: Metrics) -> None:
    """Give each request an id, and on its way out a line and a place in the figures."""

    def begin() -> None:
        given = request.headers.get(REQUEST_ID, "")
        g.request_id = given if _ID.fullmatch(given) else uuid4().hex
        if refusal := ticket().refusal:
            raise refusal
        metrics.observe_wait(time.perf_counter() - ticket().arrived)

    def end(response: Response) -> Response:
        response.headers[REQUEST_ID] = g.request_id
        if ticket().abandoned:  # its refusal is in the figures already
            return response
        seconds = time.perf_counter() - ticket().arrived
        metrics.observe(response, seconds)
        path = _path_without_users()
        access = {
            "method": request.method,
            "path": path,
            "route": route(),
            "status": response.status_code,
            "ms": round(seconds * 1000, 2),
        }
        _access.info("%s %s %s", request.method, path, response.status_code, extra=access)
        return response

    def log_exception(exc_info: Any) -> None:
        """As Flask does, without the path as it was sent."""
        app.logger.error("Exception on %s [%s]", _path_without_users(), request.method, exc_info=exc_info)

    app.before_request(begin)
    app.after_request(end)
    app.log_exception = log_exception  # type: ignore[method-assign]


def _path_without_users() -> str:
    """The path that was asked for, with the names of parameters in place of ids of users and of secrets."""
    rule, values = request.url_rule, request.view_args or {}
    if rule is None:
        # No route, or not by this method. Which of the steps are ids or secrets nobody knows.
        known = _steps()
        return "/".join(step if step in known else "..." for step in request.path.split("/"))
    return _PARAMETER.sub(lambda name: _shown(name[1], values), rule.rule)


def _steps() -> frozenset[str]:
    """The steps of paths that are the same for everybody."""
    rules = (rule.rule for rule in current_app.url_map.iter_rules())
    return frozenset(step for rule in rules for step in rule.split("/") if "<" not in step)


def _shown(name: str, values: Mapping[str, object]) -> str:
    return f"{{{name}}}" if name in _UNNAMED else str(values.get(name, name))
