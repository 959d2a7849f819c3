"""Which lists are kept, and for how long."""

from __future__ import annotations

import orjson

from muse_graph.answers import Recommendation, Recommendations
from muse_graph.core.keys import key_of
from muse_graph.graph.change_log import ChangeLog
from muse_graph.service.recommendations.kept_lists import KeptLists
from muse_graph.service.recommendations.lists import RankedList
from tests.unit.change_logs import Server, Time, later
from tests.worlds import small


def ranked(
    user_id: str = "u1", *, of_neighbourhood: bool = True, users: tuple[int, ...] = (1, 2)
) -> RankedList:
    items = [Recommendation(1, "t1", "One", [], [], 0.5, [])]
    return RankedList(Recommendations(user_id, "discovery", items), [*users], of_neighbourhood)


def test_a_list_is_kept_as_it_was_sent(log: ChangeLog, time: Time) -> None:
    lists, moment = KeptLists(clock=time), log.moment()
    body = lists.keep("key", ranked(), moment)
    assert orjson.loads(body)["items"][0]["track_id"] == "t1"
    time.now += 3
    kept = lists.get("key", log, log.moment())
    assert kept is not None
    assert (kept.value.body, kept.value.mode, kept.value.track_keys.tolist()) == (
        body,
        "discovery",
        [key_of("t1")],
    )
    assert lists.age_s(kept) == 3
    assert lists.get("another", log, moment) is None


def test_a_list_ends_with_a_change_of_those_it_is_made_from(
    log: ChangeLog, server: Server, time: Time
) -> None:
    lists = KeptLists(clock=time)
    lists.keep("mine", ranked(users=(1, 2)), log.moment())
    lists.keep("other", ranked(users=(3, 4)), log.moment())
    server.commit(4)
    moment = later(log, time)
    assert lists.get("mine", log, moment)
    assert lists.get("other", log, moment) is None
    server.commit(1)
    assert lists.get("mine", log, later(log, time)) is None


def test_what_changes_while_a_list_is_made_ends_it(log: ChangeLog, server: Server, time: Time) -> None:
    lists, before = KeptLists(clock=time), log.moment()
    server.commit(2)
    moment = later(log, time)
    lists.keep("key", ranked(), before)
    assert lists.get("key", log, moment) is None


def test_what_depends_on_charts_is_kept_for_a_second(log: ChangeLog, time: Time) -> None:
    lists = KeptLists(clock=time)
    lists.keep("key", ranked(of_neighbourhood=False), log.moment())
    time.now += 0.9
    assert lists.get("key", log, log.moment())
    time.now += 0.2
    assert lists.get("key", log, log.moment()) is None


def test_another_model_or_new_names_have_other_lists() -> None:
    lists, model = KeptLists(), small.served()
    bases = [
        lists.basis(*one) for one in ((None, 0), (None, 0), (model, 0), (model, 1), (model, 1), (None, 1))
    ]
    assert bases == [bases[0], bases[0], bases[2], bases[3], bases[3], bases[5]]
    assert len(set(bases)) == 4


def test_memory_has_a_bound(log: ChangeLog) -> None:
    lists, moment = KeptLists(most_bytes=10_000), log.moment()
    for number in range(100):
        lists.keep(number, ranked(), moment)
    assert 5 < len(lists) < 20
    assert lists.get(99, log, moment)
    assert lists.get(0, log, moment) is None
