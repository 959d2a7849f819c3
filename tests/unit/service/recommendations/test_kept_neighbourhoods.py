"""Which neighbourhoods are kept, and what ends them."""

from __future__ import annotations

import pytest

from muse_graph.core.keys import key_of
from muse_graph.graph.change_log import ChangeLog
from muse_graph.service.recommendations.kept_neighbourhoods import KeptNeighbourhoods
from muse_graph.service.recommendations.lists import rank, recommend
from muse_graph.service.recommendations.options import RecommendationOptions
from tests.fakes import FakeGraph
from tests.unit.change_logs import Server, Time, later
from tests.worlds import small

OPTIONS = RecommendationOptions()


def times_read(graph: FakeGraph) -> int:
    return [name for name, _ in graph.asked].count("listener_neighbourhood")


def test_lists_with_other_options_are_made_from_one_reading(log: ChangeLog) -> None:
    kept, graph = KeptNeighbourhoods(), small.small_graph()
    read = kept.reader(log, log.moment())
    for options in (OPTIONS, OPTIONS.model_copy(update={"mode": "for-you"}), OPTIONS):
        found = rank(graph, "u1", options, read=read).found
        assert found == recommend(small.small_graph(), "u1", options)
    assert times_read(graph) == 1
    rank(graph, "u1", OPTIONS, model=small.served(), read=read)
    rank(graph, "u1", OPTIONS.model_copy(update={"max_friends": 1}), read=read)
    assert times_read(graph) == 3


@pytest.mark.parametrize("who", ["u1", "u2", "u4"])
def test_a_neighbourhood_ends_with_a_change_of_anybody_in_it(
    log: ChangeLog, server: Server, time: Time, who: str
) -> None:
    kept, graph, model = KeptNeighbourhoods(), small.small_graph(), small.served()
    rank(graph, "u1", OPTIONS, model=model, read=kept.reader(log, log.moment()))
    server.commit(key_of("somebody else"))
    rank(graph, "u1", OPTIONS, model=model, read=kept.reader(log, later(log, time)))
    assert times_read(graph) == 1
    server.commit(key_of(who))
    rank(graph, "u1", OPTIONS, model=model, read=kept.reader(log, later(log, time)))
    assert times_read(graph) == 2


def test_with_friends_beyond_those_read_nothing_is_kept(log: ChangeLog) -> None:
    kept, graph = KeptNeighbourhoods(), small.small_graph()
    [row] = graph.rows["listener_neighbourhood"](user_id="u1", max_friends=200, max_similar=0, max_tags=0)
    graph.rows["listener_neighbourhood"] = [{**row, "n_friends": row["n_friends"] + 1}]
    for _ in range(2):
        rank(graph, "u1", OPTIONS, read=kept.reader(log, log.moment()))
    assert (times_read(graph), len(kept)) == (2, 0)


def test_memory_has_a_bound(log: ChangeLog) -> None:
    kept, graph = KeptNeighbourhoods(most_bytes=10_000), small.small_graph()
    for max_friends in range(5, 30):
        options = OPTIONS.model_copy(update={"max_friends": max_friends})
        rank(graph, "u1", options, read=kept.reader(log, log.moment()))
    assert 0 < len(kept) < 10
