"""The front answers in time, whatever bodies, threads and the database do."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest
from flask import Flask, Response, request

from muse_graph.api.front import Front
from muse_graph.api.http.access import anybody
from muse_graph.api.http.ticket import KEY
from muse_graph.api.http.validation import MAX_BODY_BYTES
from muse_graph.graph.deadline import remaining

Answer = tuple[int, dict[str, str], bytes]
TIMEOUT_S = 0.6


@pytest.fixture
def release() -> Iterator[threading.Event]:
    """Work at /wait ends once this is set."""
    event = threading.Event()
    yield event
    event.set()


@pytest.fixture
def front(app: Flask, release: threading.Event) -> Iterator[Front]:
    @app.route("/wait", methods=["GET", "POST"])
    @anybody
    def wait() -> Response:
        assert (remaining() or 0) > 0
        release.wait(10)
        return Response(str(len(request.get_data())))

    front = Front(app, threads=2, timeout_s=TIMEOUT_S, answers=lambda: True)
    yield front
    release.set()
    front.close()


async def ask(
    front: Front,
    path: str,
    chunks: list[bytes] | None = None,
    *,
    method: str = "GET",
    headers: dict[str, str] | None = None,
    never_ends: bool = False,
) -> Answer:
    """One request; chunks are its body, which may never end."""
    waiting = list(chunks or [b""])

    async def receive() -> dict[str, Any]:
        if not waiting:
            await asyncio.sleep(60)
        return {"type": "http.request", "body": waiting.pop(0), "more_body": bool(waiting) or never_ends}

    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(name.lower().encode(), value.encode()) for name, value in (headers or {}).items()],
        "server": ("127.0.0.1", 8000),
        "client": ("127.0.0.1", 50000),
    }
    await front(scope, receive, send)
    start, body = sent
    return start["status"], {k.decode(): v.decode() for k, v in start["headers"]}, body["body"]


def run(work: Callable[[], Awaitable[Any]]) -> Any:
    async def both() -> Any:
        return await asyncio.wait_for(work(), 30)

    return asyncio.run(both())


def test_bodies_that_never_end_hold_up_nobody(front: Front, release: threading.Event) -> None:
    release.set()

    async def work() -> tuple[list[Answer], Answer, Answer]:
        slow = [
            asyncio.create_task(ask(front, "/wait", [b"x"], method="POST", never_ends=True))
            for _ in range(50)
        ]
        await asyncio.sleep(0)
        alive, worked = await ask(front, "/livez"), await ask(front, "/wait")
        assert not any(task.done() for task in slow)
        return list(await asyncio.gather(*slow)), alive, worked

    slow, alive, worked = run(work)
    assert (alive[0], worked[0]) == (200, 200)
    assert {answer[0] for answer in slow} == {408}
    assert slow[0][1]["connection"] == "close"
    assert slow[0][1]["content-type"] == "application/problem+json"


def test_work_that_takes_too_long_is_answered_in_time_and_makes_room(
    front: Front, release: threading.Event
) -> None:
    async def work() -> tuple[list[Answer], list[Answer], float]:
        begin = time.monotonic()
        stuck = [asyncio.create_task(ask(front, "/wait")) for _ in range(2)]
        await asyncio.sleep(0.05)
        beside = [await ask(front, path) for path in ("/livez", "/metrics", "/version")]
        late = list(await asyncio.gather(*stuck))
        took = time.monotonic() - begin
        beside.append(await ask(front, "/nowhere"))  # though both threads are still at it
        release.set()
        return late, beside, took

    late, beside, took = run(work)
    assert [answer[0] for answer in late] == [503, 503]
    assert all(int(answer[1]["retry-after"]) > 0 for answer in late)
    assert took >= 0.9 * TIMEOUT_S - 0.05
    assert [answer[0] for answer in beside] == [200, 200, 200, 404]


def test_each_answer_is_counted_once_with_its_wait(front: Front, release: threading.Event) -> None:
    async def work() -> str:
        await ask(front, "/wait")
        release.set()
        await asyncio.sleep(0.1)  # what was late ends, and is not counted again
        return (await ask(front, "/metrics"))[2].decode()

    lines = [line for line in run(work).splitlines() if 'route="/wait"' in line]
    counts = [line for line in lines if line.startswith("muse_http_request_duration_seconds_count")]
    assert counts == ['muse_http_request_duration_seconds_count{method="GET",route="/wait",status="503"} 1.0']
    (total,) = [line for line in lines if line.startswith("muse_http_request_duration_seconds_sum")]
    assert float(total.rsplit(" ", 1)[1]) >= 0.9 * TIMEOUT_S - 0.05


def test_the_queue_has_an_end(front: Front, release: threading.Event) -> None:
    async def work() -> list[Answer]:
        asked = [asyncio.create_task(ask(front, "/wait")) for _ in range(2 + 2 * 16 + 5)]
        await asyncio.sleep(0.1)
        full = [await task for task in asked if task.done()]
        release.set()
        await asyncio.gather(*asked)
        return full

    full = run(work)
    assert [answer[0] for answer in full] == [503] * 5
    assert "too many requests" in json.loads(full[0][2])["detail"]


def test_who_sends_more_listens_than_can_wait_is_told_to_send_them_later(
    app: Flask, release: threading.Event
) -> None:
    def listens(environ: dict[str, Any], start: Callable[..., Any]) -> Any:
        if environ["REQUEST_METHOD"] == "POST" and environ[KEY].refusal is None:
            release.wait(10)
        return app(environ, start)

    front = Front(listens, threads=2, timeout_s=30, answers=lambda: True)
    body = json.dumps({"user_id": "u1", "track_id": "t1"}).encode()

    async def work() -> tuple[list[Answer], Answer, list[Answer]]:
        asked = [
            asyncio.create_task(
                ask(
                    front,
                    "/api/v1/listens",
                    [body],
                    method="POST",
                    headers={"content-type": "application/json"},
                )
            )
            for _ in range(2 + 2 * 16 + 3)
        ]
        await asyncio.sleep(0.1)
        full = [await task for task in asked if task.done()]
        beside = await ask(front, "/version")
        release.set()
        return full, beside, list(await asyncio.gather(*asked))

    full, beside, _ = run(work)
    front.close()
    assert [answer[0] for answer in full] == [429] * 3
    assert all(int(answer[1]["retry-after"]) > 0 for answer in full)
    assert "too many requests" in json.loads(full[0][2])["detail"]
    assert beside[0] == 200


def test_a_dead_database_is_told_at_once_where_all_threads_wait_for_it(
    app: Flask, release: threading.Event
) -> None:
    @app.get("/stuck")
    @anybody
    def stuck() -> Response:
        release.wait(10)
        return Response("")

    front = Front(app, threads=1, timeout_s=30, answers=lambda: False)

    async def work() -> Answer:
        first = asyncio.create_task(ask(front, "/stuck"))
        await asyncio.sleep(0.05)
        told = await ask(front, "/stuck")
        release.set()
        await first
        return told

    told = run(work)
    assert (told[0], json.loads(told[2])["detail"]) == (503, "no database answers at the moment")
    front.close()


@pytest.mark.parametrize(
    ("chunks", "headers"),
    [
        ([b"x"], {"Content-Length": str(MAX_BODY_BYTES + 1)}),
        ([b"x" * 1_000_000] * 11, {}),
    ],
    ids=["as it says", "in chunks"],
)
def test_a_body_that_is_too_large_is_refused(
    front: Front, release: threading.Event, chunks: list[bytes], headers: dict[str, str]
) -> None:
    release.set()
    status, _, body = run(lambda: ask(front, "/wait", chunks, method="POST", headers=headers))
    assert (status, json.loads(body)["detail"]) == (413, "the body must be at most 10 MB")


def test_a_body_in_chunks_arrives_whole(front: Front, release: threading.Event) -> None:
    release.set()
    chunks = [b"x" * 600_000] * 3
    assert run(lambda: ask(front, "/wait", chunks, method="POST"))[2] == b"1800000"


def test_the_path_is_decoded_once(front: Front) -> None:
    status, _, body = run(lambda: ask(front, "/api/v1/users/%2525%FF"))
    assert (status, json.loads(body)["detail"]) == (
        400,
        "the path must be UTF-8, percent-encoded, got b'\\xff'",
    )
