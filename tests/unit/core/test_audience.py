"""Buckets and their sums beside plain dictionaries and sets of raw plays."""

from __future__ import annotations

import math
from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from muse_graph.core.listening.audience import Audience, audience
from muse_graph.core.listening.buckets import Bucket, Buckets, fold_many, merge_many, without
from muse_graph.errors import InvalidRequest, ShapeError

Play = tuple[int, float, int, int]

shares = st.integers(0, 100).map(lambda n: n / 100) | st.floats(0, 1) | st.just(math.nan)
a_play = st.tuples(
    st.integers(0, 31), shares, st.integers(1, 5), st.integers(0, 4) | st.integers(-(2**63), 2**63 - 1)
)
plays_of_a_bucket = st.lists(a_play, max_size=12)
PLACES = [(202401, "DE"), (202401, "PT"), (202402, "DE"), (0, "PT"), (0, "")]
placed = st.lists(st.tuples(st.integers(0, len(PLACES) - 1), a_play), max_size=25)


def columns(plays: list[Play]) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    day, heard, times, listener = zip(*plays, strict=True) if plays else ((), (), (), ())
    return (
        np.array(day, np.int64),
        np.array(heard, float),
        np.array(times, np.int64),
        np.array(listener, np.int64),
    )


def fold(plays: list[Play]) -> Bucket:
    """The one bucket of plays that share track, country and month."""
    return fold_many(np.zeros(len(plays), np.int64), 1, *columns(plays))[0]


def merge(a: Bucket, b: Bucket) -> Bucket:
    return merge_many(Buckets.of([a]), Buckets.of([b]))[0]


def listed(bucket: Bucket) -> tuple[object, ...]:
    rows = (bucket.days, bucket.plays, bucket.unknown, bucket.reached, bucket.listeners, bucket.listener_days)
    assert all(column.dtype == np.int64 for column in rows)
    return tuple(column.tolist() for column in rows)


def slow_reach(plays: list[Play]) -> list[int]:
    return [sum(times for _, heard, times, _ in plays if heard >= d / 10) for d in range(1, 10)]


def slow_fold(plays: list[Play]) -> tuple[object, ...]:
    by_day = defaultdict(list)
    for play in plays:
        by_day[play[0]].append(play)
    days = sorted(by_day)
    pairs = sorted({(day, listener) for day, _, _, listener in plays})
    return (
        days,
        [sum(play[2] for play in by_day[day]) for day in days],
        [sum(play[2] for play in by_day[day] if math.isnan(play[1])) for day in days],
        [slow_reach(by_day[day]) for day in days],
        [listener for _, listener in pairs],
        [day for day, _ in pairs],
    )


@given(plays=plays_of_a_bucket)
def test_fold_agrees_with_the_slow_one(plays: list[Play]) -> None:
    assert listed(fold(plays)) == slow_fold(plays)


def test_a_share_on_a_threshold_reaches_it() -> None:
    shares_heard = [0.1, 0.3, 0.6, 0.7, 0.9, 1.0, 0.0, math.nan, 0.1 * 3, float(np.nextafter(0.3, 0))]
    bucket = fold([(1, heard, 1, 1) for heard in shares_heard])
    assert bucket.reached.tolist() == [[8, 7, 6, 4, 4, 4, 3, 2, 2]]


@given(a=plays_of_a_bucket, b=plays_of_a_bucket, c=plays_of_a_bucket)
def test_merge_is_the_fold_of_the_union_in_any_order(a: list[Play], b: list[Play], c: list[Play]) -> None:
    one, two, three = (fold(plays) for plays in (a, b, c))
    union = listed(fold([*a, *b, *c]))
    assert listed(merge(merge(one, two), three)) == union
    assert listed(merge(one, merge(two, three))) == union
    assert listed(merge(merge(three, one), two)) == union
    assert listed(merge(one, two)) == listed(merge(two, one))


def fold_placed(plays: list[tuple[int, Play]]) -> Buckets:
    group = np.array([place for place, _ in plays], np.int64)
    return fold_many(group, len(PLACES), *columns([play for _, play in plays]))


@given(first=placed, second=placed)
def test_many_buckets_agree_with_one_at_a_time(
    first: list[tuple[int, Play]], second: list[tuple[int, Play]]
) -> None:
    many, more = fold_placed(first), fold_placed(second)
    both = merge_many(many, more)
    assert len(many) == len(both) == len(PLACES)
    for place in range(len(PLACES)):
        assert listed(many[place]) == slow_fold([play for at, play in first if at == place])
        assert listed(both[place]) == listed(merge(many[place], more[place]))
    again = Buckets.of(many[place] for place in range(len(PLACES)))
    assert [listed(again[i]) for i in range(len(again))] == [listed(many[i]) for i in range(len(many))]


def slow_audience(plays: list[tuple[int, Play]], start: int | None, end: int | None) -> tuple[object, ...]:
    kept = []
    for place, play in plays:
        month, country = PLACES[place]
        date = month * 100 + play[0] if month and play[0] else None
        if (start is None and end is None) or (
            date is not None and (start is None or date >= start) and (end is None or date <= end)
        ):
            kept.append((country, play))
    countries = sorted({country for country, _ in kept})
    everyone = [play for _, play in kept]
    return (
        sum(play[2] for play in everyone),
        sum(play[2] for play in everyone if math.isnan(play[1])),
        slow_reach(everyone),
        len({play[3] for play in everyone}),
        countries,
        [sum(play[2] for at, play in kept if at == country) for country in countries],
        [len({play[3] for at, play in kept if at == country}) for country in countries],
    )


def told(found: Audience) -> tuple[object, ...]:
    return (
        found.plays,
        found.unknown,
        found.reached.tolist(),
        found.listeners,
        found.countries.tolist(),
        found.country_plays.tolist(),
        found.country_listeners.tolist(),
    )


days = st.none() | st.integers(20240101, 20240131) | st.integers(20240201, 20240229)


@given(plays=placed, start=days, end=days)
def test_audience_agrees_with_the_raw_plays(
    plays: list[tuple[int, Play]], start: int | None, end: int | None
) -> None:
    months = np.array([month for month, _ in PLACES])
    countries = np.array([country for _, country in PLACES])
    found = audience(fold_placed(plays), months, countries, start, end)
    assert told(found) == slow_audience(plays, start, end)


def test_a_listener_in_two_countries_counts_once_in_all_and_once_in_each() -> None:
    plays = [(0, (1, 0.5, 1, 7)), (0, (2, 0.5, 1, 7)), (1, (1, math.nan, 2, 7)), (1, (3, 1.0, 1, 8))]
    months, countries = np.array([202401, 202401]), np.array(["DE", "PT"])
    group = np.array([place for place, _ in plays])
    buckets = fold_many(group, 2, *columns([play for _, play in plays]))
    found = audience(buckets, months, countries)
    assert (found.plays, found.unknown, found.listeners) == (5, 2, 2)
    assert found.reached.tolist() == [3, 3, 3, 3, 3, 1, 1, 1, 1]
    assert found.country_plays.tolist() == [2, 3]
    assert found.country_listeners.tolist() == [1, 2]
    first = audience(buckets, months, countries, from_day=20240101, to_day=20240101)
    assert (first.plays, first.listeners, first.country_listeners.tolist()) == (3, 1, [1, 1])


def test_nothing_at_all() -> None:
    found = audience(Buckets.of([]), np.empty(0, np.int64), np.empty(0, np.str_))
    assert told(found) == (0, 0, [0] * 9, 0, [], [], [])


def test_what_does_not_fit_is_refused() -> None:
    one = columns([(1, 0.5, 1, 1)])
    with pytest.raises(InvalidRequest, match=r"day of month must be 0\.\.31, got 32\.\.32"):
        fold([(32, 0.5, 1, 1)])
    with pytest.raises(ShapeError, match=r"group_index must be 0\.\.0, got 1\.\.1"):
        fold_many(np.array([1]), 1, *one)
    with pytest.raises(ShapeError, match=r"group_index \(2,\)"):
        fold_many(np.array([0, 0]), 1, *one)
    with pytest.raises(ShapeError, match="the same length, got 1 and 2"):
        merge_many(fold_many(np.array([0]), 1, *one), fold_many(np.array([0]), 2, *one))
    with pytest.raises(ShapeError, match=r"months and countries must be \(1,\)"):
        audience(fold_many(np.array([0]), 1, *one), np.array([202401, 202402]), np.array(["DE"]))
    with pytest.raises(IndexError, match=r"bucket must be 0\.\.0, got 1"):
        Buckets.of([fold([(1, 0.5, 1, 1)])])[1]


@given(
    rows=st.lists(
        st.tuples(
            st.integers(0, 4), st.sampled_from([0.05, 0.5, 1.0, np.nan]), st.integers(1, 9), st.integers(1, 3)
        ),
        min_size=1,
        max_size=30,
    ),
    taken=st.lists(st.booleans(), min_size=30, max_size=30),
)
def test_what_is_taken_out_was_never_in(rows: list[tuple[int, float, int, int]], taken: list[bool]) -> None:
    """Some plays of listener 1 on some days, beside others of the same day."""
    gone = [out and row[3] == 1 for row, out in zip(rows, taken, strict=False)]

    def folded(chosen: list[tuple[int, float, int, int]]) -> Bucket:
        day, heard, plays, listener = zip(*chosen, strict=True) if chosen else ((), (), (), ())
        columns = np.array(day, np.int64), np.array(heard, np.float64), np.array(plays, np.int64)
        return fold_many(np.zeros(len(chosen), np.int64), 1, *columns, np.array(listener, np.int64))[0]

    removed = [row for row, out in zip(rows, gone, strict=True) if out]
    left = [row for row, out in zip(rows, gone, strict=True) if not out]
    days_left = np.array([row[0] for row in left if row[3] == 1], np.int64)
    found, expected = without(folded(rows), folded(removed), 1, days_left), folded(left)
    for name in ("days", "plays", "unknown", "reached", "listeners", "listener_days"):
        np.testing.assert_array_equal(getattr(found, name), getattr(expected, name), name)
