"""Answers of the service as JSON responses."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Response

__all__ = ["reply", "reply_all", "reply_nothing"]


def reply(answer: Any, status: int = 200) -> Response:
    """A response with one answer of `muse_graph.answers`."""
    return Response(orjson.dumps(answer), status=status, mimetype="application/json")


def reply_all(answers: list[Any]) -> Response:
    """A response with all of a list that has no pages."""
    return reply({"items": answers})


def reply_nothing() -> Response:
    """The response without a body."""
    return Response(status=204)
