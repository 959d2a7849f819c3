"""Bookmarks as numbers, and what a look at the log of changes tells."""

from __future__ import annotations

import pytest

from muse_graph.graph.change_log import LOOK_S, ChangeLog, transaction_number
from tests.unit.change_logs import Server, Time, bookmark, later


@pytest.mark.parametrize("number", [0, 5, 127, 128, 7_410, 32_767, 32_768, 1 << 31, 1 << 40])
def test_the_number_of_a_transaction_is_in_its_bookmark(number: int) -> None:
    assert transaction_number(bookmark(number)) == number


def test_a_bookmark_as_a_server_gave_it() -> None:
    assert transaction_number("FB:kcwQFL832rWaSa6IoD47ETnNSskc8pA=") == 0x1CF2


@pytest.mark.parametrize(
    "unknown",
    [
        "",
        "FB:",
        "SYS:kcwQ",
        "no base64!",
        "FB:kcwQ",
        bookmark(7)[:-4],
        bookmark(300) + "AAAA",
        "FB:" + "A" * 40,
    ],
)
def test_a_bookmark_of_another_form_stays_as_it_is(unknown: str) -> None:
    assert transaction_number(unknown) == unknown


def test_nothing_has_changed_while_nobody_writes(log: ChangeLog, time: Time) -> None:
    since = log.moment()
    later(log, time)
    assert log.unchanged([1, 2], since)


def test_one_of_those_who_ask_looks_before_all_have_to(log: ChangeLog, server: Server, time: Time) -> None:
    before = log.moment()
    time.now += LOOK_S / 2 + 0.01
    with log._lock:  # Another thread is looking.
        assert (log.moment(), server.looks) == (before, 1)
    assert log.moment() > before
    assert (log.moment(), server.looks) == (before + 1, 2)


def test_only_those_changed_whom_all_writers_named(log: ChangeLog, server: Server, time: Time) -> None:
    since = log.moment()
    server.commit(1, 5)
    server.commit(7)
    now = later(log, time)
    assert [log.unchanged([user], since) for user in (1, 2, 5, 7, 8)] == [False, True, False, False, True]
    assert log.unchanged([1, 5, 7], now)


def test_who_does_not_say_has_changed_everybody(log: ChangeLog, server: Server, time: Time) -> None:
    since = log.moment()
    server.commit(1)
    server.commit(is_logged=False)
    now = later(log, time)
    assert not log.unchanged([2], since)
    assert log.unchanged([2], now)


def test_what_the_log_no_longer_holds_has_changed_everybody(
    log: ChangeLog, server: Server, time: Time
) -> None:
    since = log.moment()
    for user in range(300):
        server.commit(user)
    later(log, time)
    assert not log.unchanged([1_000], since)


def test_too_many_at_once_are_everybody(log: ChangeLog, server: Server, time: Time) -> None:
    since = log.moment()
    server.commit(1)
    server.logged[:2] = [-1]
    later(log, time)
    assert not log.unchanged([2], since)


def test_a_number_that_goes_back_has_changed_everybody(log: ChangeLog, server: Server, time: Time) -> None:
    server.commit(1)
    since = later(log, time)
    server.number, server.logged = 0, []
    later(log, time)
    assert not log.unchanged([2], since)


def test_there_is_one_look_for_a_time(log: ChangeLog, server: Server, time: Time) -> None:
    for _ in range(5):
        time.now += LOOK_S / 10
        log.moment()
    assert server.looks == 1
    later(log, time)
    assert server.looks == 2


def test_what_a_client_wrote_is_looked_for_at_once_and_once(log: ChangeLog, server: Server) -> None:
    since = log.moment()
    server.commit(3)
    log.moment(written=5)
    assert not log.unchanged([3], since)
    server.commit(4)
    log.moment(frozenset({"a"}), written=4)
    assert not log.unchanged([4], since)
    log.moment(frozenset({"a"}), written=5)
    assert server.looks == 3
