"""Receive the bodies of requests, without a thread that waits for them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

from werkzeug.exceptions import RequestEntityTooLarge, ServiceUnavailable

from muse_graph.api.http.validation import MAX_BODY_BYTES

__all__ = ["Bodies", "Disconnected", "Receive", "Scope"]

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]

#: A body of this size is always received; larger ones share `_MOST_BYTES`.
_SMALL_BYTES = 64_000
_MOST_BYTES = 8 * MAX_BODY_BYTES


class Disconnected(Exception):
    """The client has gone."""


class Bodies:
    """The bodies of a server's requests, which together take no more than so much memory."""

    def __init__(self) -> None:
        self._held = 0

    @contextmanager
    def held(self, body: bytearray) -> Iterator[None]:
        """Count a body, which `receive` fills, for as long as its request lasts."""
        try:
            yield
        finally:
            self._held -= len(body)

    async def receive(self, scope: Scope, receive: Receive, body: bytearray) -> None:
        """Fill a body; raises RequestEntityTooLarge, ServiceUnavailable or Disconnected."""
        # A body that says to be too large is not received at all.
        declared = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        if declared.isdigit() and len(declared) < 20 and int(declared) > MAX_BODY_BYTES:
            raise RequestEntityTooLarge
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise Disconnected
            chunk = message.get("body", b"")
            body += chunk
            self._held += len(chunk)
            if len(body) > MAX_BODY_BYTES:
                raise RequestEntityTooLarge
            if len(body) > _SMALL_BYTES and self._held > _MOST_BYTES:
                raise ServiceUnavailable("too many large bodies at once; try again later", retry_after=1)
            more = message.get("more_body", False)
