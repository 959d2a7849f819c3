"""The newest events: any pages, joined, are all events in their order."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from muse_graph.core.listening.recent import Events, newest

Event = tuple[int, int, int, int]

EVENTS = st.sets(
    st.tuples(st.integers(0, 4), st.integers(0, 3), st.integers(0, 1), st.integers(-2, 2)), max_size=40
)


def arrays(events: set[Event]) -> Events:
    columns = np.array(sorted(events, key=hash), np.int64).reshape(-1, 4).T
    return columns[0], columns[1], columns[2], columns[3]


def in_order(events: set[Event]) -> list[Event]:
    return sorted(events, key=lambda event: (-event[0], *event[1:]))


@given(events=EVENTS, limit=st.integers(1, 9))
def test_pages_join(events: set[Event], limit: int) -> None:
    found: list[Event] = []
    before = None
    while page := newest(arrays(events), limit, before):
        assert len(page) <= limit
        found += page
        before = page[-1]
    assert found == in_order(events)


@given(events=EVENTS, limit=st.integers(1, 9), before=st.tuples(*[st.integers(0, 4)] * 4))
def test_a_page_begins_after_an_event_that_may_be_gone(events: set[Event], limit: int, before: Event) -> None:
    after = [one for one in in_order(events) if (-one[0], *one[1:]) > (-before[0], *before[1:])]
    assert newest(arrays(events), limit, before) == after[:limit]


@given(events=EVENTS, more=EVENTS, limit=st.integers(1, 9))
def test_what_arrives_later_is_on_no_later_page(events: set[Event], more: set[Event], limit: int) -> None:
    if page := newest(arrays(events), limit):
        newer = {(at + 10, *rest) for at, *rest in more}
        assert newest(arrays(events | newer), 99, page[-1]) == newest(arrays(events), 99, page[-1])  # type: ignore[arg-type]
