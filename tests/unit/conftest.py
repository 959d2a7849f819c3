"""A log of changes, its graph and its clock."""

from __future__ import annotations

import pytest

from muse_graph.graph.change_log import ChangeLog
from tests.unit.change_logs import Server, Time


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def log(server: Server, time: Time) -> ChangeLog:
    return ChangeLog(server, time)
