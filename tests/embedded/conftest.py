"""Homes whose Neo4j keeps its ports, whatever else starts and stops beside these tests."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from muse_graph.embedded.home import Home
from muse_graph.embedded.ports import Ports, is_free

# Neither Neo4j's own numbers nor those that systems hand out to clients.
_PORTS = range(20_000, 32_000)


@pytest.fixture(scope="module")
def own_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new home; its ports stay free for its Neo4j while that is stopped."""
    path = tmp_path_factory.mktemp("neo4j")
    free = (port for port in random.sample(_PORTS, len(_PORTS)) if is_free(port))
    Home.at(path).remember_ports(Ports(bolt=next(free), http=next(free)))
    return path
