"""How influencers fit an artist and whom they add, beside slow references."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from muse_graph.core.artists import influencers as core


def numbers(*values: float) -> np.ndarray:
    return np.array(values, np.float64)


def whole(*values: int) -> np.ndarray:
    return np.array(values, np.int64)


def test_genre_fit_counts_a_track_once_however_many_of_its_genres_fit() -> None:
    posts = np.array([[True, True], [False, True], [False, False]])
    kinds = np.array([[True, True], [True, False]])
    assert core.genre_fit(posts, kinds, whole(3, 1)).tolist() == [1.0, 0.75, 0.0]
    assert core.genre_fit(posts, kinds, whole(0, 0)).tolist() == [0.0, 0.0, 0.0]


def test_what_is_left_of_an_audience_goes_to_the_countries_without_a_share() -> None:
    home = np.array([[1.0, 0, 0], [0, 1.0, 0], [0, 0, 1.0], [0, 0, 0]])
    shares = core.audience_shares(
        whole(1, 1, 1, 2, 2, 2), whole(0, 1, 2, 0, 1, 2), numbers(0.5, np.nan, np.nan, 0.9, 0.9, np.nan), home
    )
    # All at home; half told; more told than there is; nothing known at all.
    assert shares.tolist() == [[1, 0, 0], [0.5, 0.25, 0.25], [0.9, 0.9, 0], [0, 0, 0]]
    assert core.country_fit(shares, whole(2, 0, 2), 8).tolist() == pytest.approx([0.25, 0.1875, 0.225, 0])
    assert core.country_fit(shares, whole(0, 0, 0), 0).tolist() == [0, 0, 0, 0]


@given(
    follows=st.sets(st.tuples(st.integers(0, 4), st.integers(0, 20)), max_size=60),
    listeners=st.sets(st.integers(0, 20)),
)
def test_known_followers_like_sets(follows: set[tuple[int, int]], listeners: set[int]) -> None:
    pairs = np.array(sorted(follows), np.int64).reshape(-1, 2)
    reach = core.known_reach(pairs[:, 0], pairs[:, 1], whole(*sorted(listeners)), 5)
    for one in range(5):
        followers = {user for who, user in follows if who == one}
        assert reach.known[one] == bool(followers)
        assert (reach.followers[one], reach.listening[one]) == (len(followers), len(followers & listeners))
        assert reach.new[one] == reach.low[one] == reach.high[one] == len(followers - listeners)


def test_potential_followers_play_the_genre_that_most_play_in_each_country() -> None:
    audience = whole(10, 2, 4, 8).reshape(2, 2)
    shares = np.array([[0.5, 0.5], [1.0, 0.0]])
    both, first = [True, True], [True, False]
    assert core.potential_followers(shares, np.array([both, first]), audience).tolist() == [9.0, 10.0]
    assert core.potential_followers(shares, np.array([[False, False], both]), audience).tolist() == [
        0.0,
        10.0,
    ]


def reach(*new: float) -> core.Reach:
    """Known followers, none of whom listens; NaN for an influencer whose followers are not known."""
    found = numbers(*new)
    counts = np.nan_to_num(found)
    followers = counts.astype(np.int64)
    return core.Reach(~np.isnan(found), followers, 0 * followers, counts, counts, counts)


class TestEstimates:
    def test_the_rate_is_that_of_all_known_ones_together(self) -> None:
        found = core.estimate_reach(reach(10, 50, np.nan), numbers(100, 100, 20))
        assert found.new.tolist() == [10, 50, 6]
        # Two say little of a third: from none to all of them.
        assert (found.low.tolist(), found.high.tolist()) == ([10, 50, 0], [10, 50, 20])

    def test_ten_known_ones_say_how_much_they_differ(self) -> None:
        new = [*range(10, 110, 10), np.nan]
        found = core.estimate_reach(reach(*new), numbers(*[200.0] * 10, 1000.0))
        assert found.new[-1] == pytest.approx(275)
        assert (found.low[-1], found.high[-1]) == pytest.approx(
            (1000 * np.quantile(np.arange(0.05, 0.51, 0.05), 0.1), 1000 * 0.455)
        )

    def test_where_none_is_known_a_tenth_is_assumed(self) -> None:
        found = core.estimate_reach(reach(np.nan), numbers(80))
        assert (found.new.tolist(), found.low.tolist(), found.high.tolist()) == ([8], [0], [80])

    def test_an_interval_holds_its_estimate(self) -> None:
        found = core.estimate_reach(reach(*[1.0] * 19, 1000, np.nan), numbers(*[100.0] * 20, 50.0))
        assert found.low[-1] <= found.new[-1] <= found.high[-1]

    def test_intervals_hold_eight_of_ten_that_were_hidden(self) -> None:
        """Follow rates differ between influencers as they do in the sample world, log-normally."""
        rng = np.random.default_rng(5)
        held = 0
        for _ in range(60):
            potential = rng.integers(50, 400, 40).astype(np.float64)
            rates = np.minimum(0.1 * np.exp(0.6 * rng.normal(size=40)), 1.0)
            new = rng.binomial(potential.astype(np.int64), rates).astype(np.float64)
            hidden = np.arange(40) < 10
            found = core.estimate_reach(reach(*np.where(hidden, np.nan, new)), potential)
            held += int(((found.low <= new) & (new <= found.high))[hidden].sum())
        assert 0.72 <= held / 600 <= 0.9


def test_scores_compare_with_the_best_and_unknown_is_nothing() -> None:
    parts = core.score_parts(numbers(100, 50, np.nan), numbers(0, 30, 60), numbers(np.nan, 0.1, 0.05))
    assert parts.tolist() == [[40, 0, 0], [20, 20, 20], [0, 40, 10]]
    assert core.score_parts(numbers(), numbers(), numbers()).shape == (0, 3)
    assert core.score_parts(numbers(0), numbers(0), numbers(np.nan)).tolist() == [[0, 0, 0]]
