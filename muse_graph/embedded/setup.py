"""What a home needs before its server starts."""

from __future__ import annotations

from muse_graph.config import Settings
from muse_graph.embedded.conf import conf_text, jvm_options
from muse_graph.embedded.home import Home
from muse_graph.embedded.jars import fetch_jars
from muse_graph.embedded.java import find_java
from muse_graph.embedded.memory import machine_memory_mb, size_memory
from muse_graph.embedded.ports import Ports

__all__ = ["write_conf"]


def write_conf(settings: Settings, home: Home, ports: Ports) -> None:
    """Write neo4j.conf for these settings and ports."""
    memory = size_memory(settings, machine_memory_mb())
    text = conf_text(ports, memory, fetch_jars(settings), jvm_options(find_java()))
    (home.conf / "neo4j.conf").write_text(text, encoding="utf-8")
