"""Answers of the service as JSON responses."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Response

__all__ = ["reply", "reply_all", "reply_json", "reply_nothing"]


def reply(answer: Any, status: int = 200) -> Response:
    """A response with one answer of `muse_graph.answers`."""
    return reply_json(orjson.dumps(answer), status)


def reply_json(body: bytes, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """A response with an answer that is JSON already."""
    return Response(body, status=status, mimetype="application/json", headers=headers)


def reply_all(answers: list[Any]) -> Response:
    """A response with all of a list that has no pages."""
    return reply({"items": answers})


def reply_nothing() -> Response:
    """The response without a body."""
    return Response(status=204)
