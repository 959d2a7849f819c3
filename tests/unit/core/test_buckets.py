"""Buckets beside plain dictionaries and sets of raw plays."""

from __future__ import annotations

import math
import struct
from collections import Counter
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from muse_graph.core.listening.buckets import Rows, add_up, pack, unpack, unpack_listeners
from muse_graph.core.listening.reports import STEPS, report_of, reports_of
from muse_graph.core.listening.sources import SOURCES, WAYS, source_of
from muse_graph.errors import InvalidRequest, ShapeError, Unstorable

#: Bucket, listener, day, source, report, plays.
Play = tuple[int, int, int, int, int, int]

N_BUCKETS = 3
listeners = st.integers(0, 4) | st.integers(-(2**63), 2**63 - 1)
a_play = st.tuples(
    st.integers(0, N_BUCKETS - 1),
    listeners,
    st.integers(0, 31),
    st.integers(0, len(SOURCES) - 1),
    st.integers(0, 19),
    st.integers(1, 5) | st.just(100_000_000),
)
some_plays = st.lists(a_play, max_size=25)


def rows_of(plays: list[Play], sign: int = 1) -> Rows:
    columns = np.array(plays, np.int64).reshape(-1, 6).T
    return Rows(*columns[:5], sign * columns[5])


def stored(*tables: Rows) -> list[dict[str, Any]]:
    return pack(add_up(N_BUCKETS, *tables), N_BUCKETS).properties()


def slow(plays: list[Play], bucket: int) -> dict[str, Any]:
    """What a bucket has to hold, from counters and sets."""
    own = [play[1:] for play in plays if play[0] == bucket]
    sums, cells, masks = Counter[Any](), Counter[Any](), Counter[Any]()
    for listener, day, source, report, n in own:
        sums[day, source, report] += n
        cells[listener, source, day, report] += n
        masks[listener, source] |= 1 << day
    people = sorted(masks)
    packed = [
        (people.index((who, source)), day, report, n) for (who, source, day, report), n in cells.items()
    ]
    days, sources, reports = zip(*sorted(sums), strict=True) if sums else ((), (), ())
    return {
        "plays": sum(play[4] for play in own),
        "days": list(days),
        "day_sources": list(sources),
        "day_reports": list(reports),
        "day_plays": [sums[key] for key in sorted(sums)],
        "listeners": b"".join(struct.pack("<qBI", *key, masks[key]) for key in people),
        "cells": b"".join(struct.pack("<IBBI", *cell) for cell in sorted(packed)),
    }


@given(plays=some_plays)
def test_a_bucket_agrees_with_the_slow_one(plays: list[Play]) -> None:
    assert stored(rows_of(plays)) == [slow(plays, bucket) for bucket in range(N_BUCKETS)]


@given(plays=some_plays)
def test_what_is_stored_is_read_again(plays: list[Play]) -> None:
    rows = add_up(N_BUCKETS, rows_of(plays))
    found = pack(rows, N_BUCKETS).properties()
    again = unpack([one["listeners"] for one in found], [one["cells"] for one in found])
    for column, expected in zip(again.columns, rows.columns, strict=True):
        assert column.dtype == np.int64
        assert column.tolist() == expected.tolist()


@given(a=some_plays, b=some_plays, c=some_plays)
def test_tables_add_up_in_any_order(a: list[Play], b: list[Play], c: list[Play]) -> None:
    one, two, three = map(rows_of, (a, b, c))
    union = stored(rows_of([*a, *b, *c]))
    assert stored(add_up(N_BUCKETS, one, two), three) == union
    assert stored(three, two, one) == union


@given(plays=some_plays, taken=st.lists(st.booleans(), min_size=25, max_size=25))
def test_what_is_taken_out_was_never_in(plays: list[Play], taken: list[bool]) -> None:
    """Some plays, beside others of the same listener and day."""
    gone = [play for play, out in zip(plays, taken, strict=False) if out]
    left = [play for play, out in zip(plays, taken, strict=False) if not out]
    assert stored(rows_of(plays), rows_of(gone, -1)) == stored(rows_of(left))
    # More than there is leaves nothing, rather than less than nothing.
    assert stored(rows_of(gone), rows_of(gone, -1), rows_of(gone, -1)) == stored(rows_of([]))


def test_what_does_not_fit_is_refused() -> None:
    good = (0, 7, 1, 0, 9, 1)
    for place, bad, error, message in (
        (0, 3, ShapeError, r"bucket must be 0\.\.2, got 3\.\.3"),
        (0, -1, ShapeError, r"bucket must be 0\.\.2, got -1\.\.-1"),
        (2, 32, InvalidRequest, r"day of month must be 0\.\.31, got 32\.\.32"),
        (3, 8, InvalidRequest, r"source must be 0\.\.7, got 8\.\.8"),
        (4, 20, InvalidRequest, r"report must be 0\.\.19, got 20\.\.20"),
        (5, 2**32, Unstorable, "at most 4,294,967,295, got 4294967296"),
    ):
        wrong = (*good[:place], bad, *good[place + 1 :])
        with pytest.raises(error, match=message):
            stored(rows_of([wrong]))
    uneven = Rows(*rows_of([good]).columns[:5], np.array([1, 1]))
    with pytest.raises(ShapeError, match=r"plays \(2,\)"):
        add_up(N_BUCKETS, uneven)


@pytest.mark.parametrize(
    ("people", "cells"),
    [
        (None, b""),
        ([1, 2], b""),
        (b"x", b""),
        (b"x" * 13, b"y"),
        (b"x" * 13, struct.pack("<IBBI", 1, 1, 1, 1)),
        (b"", struct.pack("<IBBI", 0, 1, 1, 1)),
    ],
)
def test_bytes_that_are_no_bucket_are_refused(people: Any, cells: Any) -> None:
    with pytest.raises(ShapeError, match="cannot be read; run `muse-graph doctor --repair`"):
        unpack([people], [cells])


def test_bytes_cut_at_odd_places_are_refused_though_they_add_up() -> None:
    with pytest.raises(ShapeError, match="cannot be read"):
        unpack_listeners([b"x" * 12, b"x" * 14])


def test_a_share_on_a_threshold_reaches_it() -> None:
    shares = [0.0, 0.1, 0.3, 0.6, 0.7, 0.9, 1.0, 0.1 * 3, float(np.nextafter(0.3, 0))]
    assert [report_of(share, None) for share in shares] == [0, 1, 3, 6, 7, 9, 9, 3, 2]
    assert [report_of(None, share) for share in shares] == [10, 11, 13, 16, 17, 19, 19, 13, 12]
    assert report_of(None, None) == 10


unit = st.none() | st.floats(0, 1) | st.integers(0, 100).map(lambda n: n / 100)


@given(plays=st.lists(st.tuples(unit, unit).map(lambda pair: pair if None in pair else (pair[0], None))))
def test_reports_of_many_are_those_of_each(plays: list[tuple[float | None, float | None]]) -> None:
    columns = np.array([[math.nan if x is None else x for x in play] for play in plays]).reshape(-1, 2).T
    found = reports_of(*columns)
    assert found.tolist() == [report_of(*play) for play in plays]
    slow = [
        sum((play[0] if play[0] is not None else play[1] or 0.0) >= step for step in STEPS) for play in plays
    ]
    assert (found % 10).tolist() == slow


def test_sources_have_fixed_places() -> None:
    names = ["unknown", "recommendation", "feed", "search", "sent_track", "influencer", "import", "other"]
    assert list(SOURCES) == names
    assert [source_of(way) for way in WAYS] == [1, 2, 3, 4, 5, 6]
    assert source_of(None) == 0
    assert {source_of(text) for text in ("", "app", "Feed", "unknown", "other")} == {7}
