"""Counts as artists see them: what is hidden stays hidden, also from sums and differences."""

from __future__ import annotations

from itertools import product

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from muse_graph.answers import NewReach, ShownCount
from muse_graph.service.artists.shown_counts import LEAST, nearest_tens, shown_count, shown_reach, visible

counts = st.integers(0, 500)


def possible(shown: ShownCount) -> range:
    """The counts that are shown like this."""
    first = shown.count or 0
    return range(first, first + LEAST)


@given(count=counts)
def test_a_count_in_tens_and_none_below_ten(count: int) -> None:
    shown = shown_count(count, exact=False)
    assert count in possible(shown)
    assert shown.suppressed == (count < 10)
    assert shown.count is None or shown.count >= 10
    assert shown_count(count, exact=True) == ShownCount(count, False)


@given(listening=st.lists(st.integers(0, 100), min_size=1, max_size=6), followers=st.integers(100, 400))
def test_followers_of_one_influencer_for_several_artists(listening: list[int], followers: int) -> None:
    """New and present listeners of several artists add up to the same followers; which few remains open."""
    shown = [(shown_count(one, exact=False), shown_count(followers - one, exact=False)) for one in listening]
    totals = list(possible(shown_count(followers, exact=False)))
    for place, one in enumerate(listening):
        if one >= LEAST:
            continue
        left = {
            guess
            for guess, total in product(possible(shown[place][0]), totals)
            if all(any(total - heard in possible(new) for heard in possible(old)) for old, new in shown)
            and total - guess in possible(shown[place][1])
        }
        assert one in left
        assert len(left) >= LEAST - 1


def test_an_estimate_is_rounded_outwards() -> None:
    shown = shown_reach(37.6, 12.2, 81.0, known=False, exact=False)
    assert shown == NewReach(30, 10, 89, estimated=True, suppressed=False)
    assert shown_reach(37.6, 12.2, 80.1, known=False, exact=True) == NewReach(38, 12, 81, True, False)
    assert shown_reach(4, 4, 4, known=True, exact=False) == NewReach(None, 0, 9, False, True)


@given(first=st.integers(0, 9), second=st.integers(0, 9))
def test_all_that_is_hidden_looks_the_same(first: int, second: int) -> None:
    one, other = (shown_reach(n, n, n, known=True, exact=False) for n in (first, second))
    assert one == other
    assert visible(one) == visible(other) == 5


@given(st.lists(counts, max_size=20))
def test_counts_to_the_nearest_ten(found: list[int]) -> None:
    shown = nearest_tens(np.array(found, np.int64))
    for count, one in zip(found, shown.tolist(), strict=True):
        assert one % 10 == 0
        assert abs(count - one) <= 5 if count >= 10 else one == 0
