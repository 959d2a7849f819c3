"""The ASGI application in front of the WSGI one: every request is answered in time, whatever else goes on.

Bodies come in on the event loop, so a slow one takes no thread. Complete requests wait for a thread in a
queue that has an end. What needs no database is answered beside that queue.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from werkzeug.exceptions import HTTPException, RequestTimeout, ServiceUnavailable, TooManyRequests
from werkzeug.test import run_wsgi_app

from muse_graph.api.front.bodies import Bodies, Disconnected, Receive, Scope
from muse_graph.api.front.environ import environ_of
from muse_graph.api.front.lanes import Full, Lane
from muse_graph.api.http.errors import RETRY_AFTER_S
from muse_graph.api.http.ticket import KEY, Ticket
from muse_graph.graph.deadline import done_by

__all__ = ["Front"]

Send = Callable[[dict[str, Any]], Awaitable[None]]

#: Answered on the event loop: they take a fraction of a millisecond.
_AT_ONCE = frozenset({"/livez", "/version"})
#: Each has a thread of its own.
_APART = ("/metrics", "/readyz")
#: Its threads wait for the one writer, so that nothing else should have to wait for them.
_LISTENS = "/api/v1/listens"
#: Larger bodies are worked on one at a time, so that their memory adds up to little.
_LARGE_BYTES = 1_000_000
#: Requests that may wait for each thread.
_WAITING_PER_THREAD = 16


@dataclass(frozen=True)
class _Answer:
    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


class Front:
    """An ASGI application that answers by a WSGI application.

    Args:
        threads: requests worked on at once
        timeout_s: time from the headers of a request to its answer; the body has to come in it, too
        answers: whether the database answers, as far as is known
    """

    def __init__(
        self, application: Any, *, threads: int, timeout_s: float, answers: Callable[[], bool]
    ) -> None:
        self._application = application
        # The answer has to get out in time, so waiting ends a little before.
        self._timeout_s = timeout_s - min(0.5, timeout_s / 10)
        self._answers = answers
        self._bodies = Bodies()
        self._work = Lane("request", threads=threads, waiting=_WAITING_PER_THREAD * threads)
        self._listens = Lane("listens", threads=threads, waiting=_WAITING_PER_THREAD * threads)
        self._large = Lane("large", threads=1, waiting=_WAITING_PER_THREAD)
        self._apart = {path: Lane(path[1:], threads=1, waiting=_WAITING_PER_THREAD) for path in _APART}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        arrived = time.perf_counter()
        ticket = Ticket(arrived, arrived + self._timeout_s)
        body = bytearray()
        with self._bodies.held(body):
            try:
                answer = await self._answer(scope, receive, body, ticket)
            except HTTPException as refusal:
                answer = self._refuse(scope, ticket, refusal)
            except Disconnected:
                return
        await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
        await send({"type": "http.response.body", "body": answer.body})

    async def _answer(self, scope: Scope, receive: Receive, body: bytearray, ticket: Ticket) -> _Answer:
        """The application's answer; raises HTTPException if there is none in time."""
        try:
            async with asyncio.timeout(self._timeout_s):
                await self._bodies.receive(scope, receive, body)
        except TimeoutError:
            raise RequestTimeout("the body did not come in time") from None
        call = partial(self._call, environ_of(scope, body), ticket)
        if scope["path"] in _AT_ONCE:
            return call()
        lane = self._lane(scope, len(body))
        if lane.busy and not self._answers():
            # What is worked on waits for the database; so would this.
            raise ServiceUnavailable("no database answers at the moment", retry_after=RETRY_AFTER_S)
        try:
            return await lane.run(call, ticket.arrived + self._timeout_s - time.perf_counter())
        except Full:
            # Who sends listens faster than they are written is told to send them slower.
            refusal = TooManyRequests if lane is self._listens else ServiceUnavailable
            raise refusal("too many requests at once; try again later", retry_after=1) from None
        except TimeoutError:
            ticket.abandoned = True
            raise ServiceUnavailable(
                "the request took longer than it may", retry_after=RETRY_AFTER_S
            ) from None

    def _lane(self, scope: Scope, n_bytes: int) -> Lane:
        if n_bytes > _LARGE_BYTES:
            return self._large
        if scope["path"] == _LISTENS and scope["method"] == "POST":
            return self._listens
        return self._apart.get(scope["path"], self._work)

    def _refuse(self, scope: Scope, ticket: Ticket, refusal: HTTPException) -> _Answer:
        """The refusal as the application words it, in its logs and figures as well."""
        answer = self._call(environ_of(scope, b""), Ticket(ticket.arrived, refusal=refusal))
        # What may still come of the body is no further request.
        return _Answer(answer.status, [*answer.headers, (b"connection", b"close")], answer.body)

    def _call(self, environ: dict[str, Any], ticket: Ticket) -> _Answer:
        with done_by(ticket.end):
            chunks, status, headers = run_wsgi_app(self._application, environ | {KEY: ticket}, buffered=True)
        return _Answer(int(status.split(" ", 1)[0]), _encoded(headers), b"".join(chunks))

    def close(self) -> None:
        """Finish what has been taken on."""
        for lane in (self._work, self._listens, self._large, *self._apart.values()):
            lane.close()


def _encoded(headers: Iterable[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
