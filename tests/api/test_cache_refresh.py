"""What goes on beside the requests: the cards are read at the start, again later, and no more at the end."""

from __future__ import annotations

import logging
from threading import Event
from typing import Any

import pytest

from muse_graph.api import cache_refresh
from muse_graph.api.cache_refresh import CacheRefresh
from muse_graph.api.http.context import Database
from muse_graph.config import Settings
from muse_graph.errors import GraphUnavailable
from muse_graph.service.recommendations.track_cache import TrackCache
from tests.fakes import FakeGraph

WAIT_S = 10.0


class CountedCards(TrackCache):
    """Sets its event at the n-th refresh; the first `failing` ones find no graph."""

    def __init__(self, n: int, failing: int = 0) -> None:
        super().__init__()
        self.refreshed = 0
        self.enough = Event()
        self._n, self._failing = n, failing

    def refresh(self, graph: Any) -> None:
        self.refreshed += 1
        if self.refreshed >= self._n:
            self.enough.set()
        if self.refreshed <= self._failing:
            raise GraphUnavailable("nobody answers")


def database() -> Database:
    return Database(Settings(), FakeGraph())


def test_cards_are_read_at_the_start_and_then_left_alone() -> None:
    track_cache = CountedCards(1)
    kept = CacheRefresh(database(), track_cache)
    kept.start()
    assert track_cache.enough.wait(WAIT_S)
    # It ends at once, although the next time is ten minutes away.
    kept.close()
    assert track_cache.refreshed == 1


def test_cards_are_read_again_and_again_until_the_end() -> None:
    track_cache = CountedCards(3)
    kept = CacheRefresh(database(), track_cache, refresh_s=0.001)
    kept.start()
    assert track_cache.enough.wait(WAIT_S)
    kept.close()
    assert not kept._thread.is_alive()


def test_a_graph_that_does_not_answer_is_asked_again_soon(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(cache_refresh, "RETRY_S", 0.001)
    track_cache = CountedCards(3, failing=2)
    kept = CacheRefresh(database(), track_cache)
    with caplog.at_level(logging.WARNING):
        kept.start()
        assert track_cache.enough.wait(WAIT_S)
        kept.close()
    assert [record.getMessage() for record in caplog.records] == [
        "the track cache could not be refreshed: nobody answers"
    ] * 2
    assert track_cache.refreshed == 3
