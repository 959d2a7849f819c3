"""Serve the application: granian and `Front` in front, one worker process with several threads by default."""

from __future__ import annotations

import atexit
import gc
import multiprocessing
import os
import signal
from functools import partial

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import Server
from threadpoolctl import threadpool_limits

from muse_graph.api import create_app
from muse_graph.api.cache_refresh import CacheRefresh
from muse_graph.api.front import Front
from muse_graph.api.http import logs
from muse_graph.api.http.context import AppContext
from muse_graph.api.http.sign_in import SignIn
from muse_graph.config import Settings

__all__ = ["serve", "tune_process"]

#: A list is thousands of small objects and hardly a cycle: looking for cycles every 700 of them, as Python
#: does by itself, takes a sixth of the time of a request.
_OBJECTS_BETWEEN_COLLECTIONS = 50_000
#: Headers and address of a request.
_MOST_HEADER_BYTES = 65_536
#: Connections of one worker, idle ones included.
_MOST_CONNECTIONS = 4_096


def serve(
    settings: Settings,
    host: str = "127.0.0.1",
    port: int = 8000,
    threads: int = 8,
    *,
    workers: int = 1,
    sign_in: SignIn = "required",
) -> None:
    """Answer HTTP until SIGTERM or SIGINT; requests under way are finished first.

    Args:
        threads: requests that one worker process answers at a time
        workers: processes; each has its own connections, and its own figures at /metrics
        sign_in: whether clients have to say who they are

    A worker process that dies is replaced.

    Raises:
        SystemExit: If workers die as soon as they begin.
    """
    # A fork of a process that has threads, as the one with the embedded Neo4j has, may hang.
    multiprocessing.set_start_method("spawn", force=True)
    # Else each thread of a worker keeps memory of its own for arrays: 500 MB instead of 360 under load.
    os.environ.setdefault("MALLOC_ARENA_MAX", "1")
    server = Server(
        "muse_graph.api",
        address=host,
        port=port,
        interface=Interfaces.ASGINL,
        websockets=False,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(
            header_read_timeout=round(1000 * settings.request_timeout_s), max_buffer_size=_MOST_HEADER_BYTES
        ),
        backpressure=_MOST_CONNECTIONS,
        workers=workers,
        respawn_failed_workers=True,
        log_level=LogLevels.warning,
        log_dictconfig=logs.CONFIGURATION,
        workers_kill_timeout=30,
    )
    server.serve(target_loader=partial(_application, settings, threads, sign_in), wrap_loader=False)


def tune_process() -> None:
    """Set up a process that makes lists, as each worker does: Python and numpy alone are slower at it."""
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    # Requests go side by side; threads of linear algebra inside each would only wait for each other.
    threadpool_limits(1, "blas")


def _application(settings: Settings, threads: int, sign_in: SignIn) -> Front:
    """The application of one worker process, with its background refresh."""
    # Ctrl-C reaches every process of a terminal, and the first then tells this one to end as well: told
    # twice, granian's worker hangs until it is killed.
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    tune_process()
    app = create_app(settings, sign_in=sign_in)
    joined: AppContext = app.extensions["muse_graph"]
    background = CacheRefresh(joined.database, joined.track_cache)
    background.start()
    # Registered after the application's own, it runs before: what is being read still has its connection.
    atexit.register(background.close)
    front = Front(
        app,
        threads=threads,
        timeout_s=settings.request_timeout_s,
        answers=lambda: joined.database.answers,
    )
    atexit.register(front.close)
    return front
