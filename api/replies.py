"""Answers of the service as JSON responses."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify

from muse_graph.answers import as_json

__all__ = ["reply", "reply_all", "reply_nothing"]


def reply(answer: Any, status: int = 200) -> Response:
    """A response with one answer of `muse_graph.answers`."""
    response = jsonify(as_json(answer))
    response.status_code = status
    return response


def reply_all(answers: list[Any]) -> Response:
    """A response with all of a list that has no pages."""
    return jsonify(items=[as_json(answer) for answer in answers])


def reply_nothing() -> Response:
    """The response of a request that leaves nothing to say."""
    return Response(status=204)
