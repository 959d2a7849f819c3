"""Serve the application: granian in front, one worker process with several threads by default."""

from __future__ import annotations

import atexit
import gc
import multiprocessing
import signal
from functools import partial

from flask_openapi3.openapi import OpenAPI
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server
from threadpoolctl import threadpool_limits

from muse_graph.api import create_app
from muse_graph.api.cache_refresh import CacheRefresh
from muse_graph.api.http import logs
from muse_graph.api.http.context import AppContext
from muse_graph.config import Settings

__all__ = ["serve"]

#: A list is thousands of small objects and hardly a cycle: looking for cycles every 700 of them, as Python
#: does by itself, takes a sixth of the time of a request.
_OBJECTS_BETWEEN_COLLECTIONS = 50_000


def serve(
    settings: Settings, host: str = "127.0.0.1", port: int = 8000, threads: int = 8, *, workers: int = 1
) -> None:
    """Answer HTTP until SIGTERM or SIGINT; requests under way are finished first.

    Args:
        threads: requests that one worker process answers at a time
        workers: processes; each has its own connections, and its own figures at /metrics

    Raises:
        SystemExit: If a worker dies.
    """
    # A fork of a process that has threads, as the one with the embedded Neo4j has, may hang.
    multiprocessing.set_start_method("spawn", force=True)
    server = Server(
        "muse_graph.api",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        websockets=False,
        workers=workers,
        blocking_threads=threads,
        log_level=LogLevels.warning,
        log_dictconfig=logs.CONFIGURATION,
        workers_kill_timeout=30,
    )
    server.serve(target_loader=partial(_application, settings), wrap_loader=False)


def _application(settings: Settings) -> OpenAPI:
    """The application of one worker process, with its background refresh."""
    # Ctrl-C reaches every process of a terminal, and the first then tells this one to end as well: told
    # twice, granian's worker hangs until it is killed.
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    app = create_app(settings)
    # Requests go side by side; threads of linear algebra inside each would only wait for each other.
    threadpool_limits(1, "blas")
    joined: AppContext = app.extensions["muse_graph"]
    background = CacheRefresh(joined.database, joined.track_cache)
    background.start()
    # Registered after the application's own, it runs before: what is being read still has its connection.
    atexit.register(background.close)
    return app
