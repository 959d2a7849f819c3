"""The 20 % rule: its worked table, its exactness, a slow twin, and what always holds."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from muse_graph.core.discovery.genre_scores import genre_boosts, genre_scores
from muse_graph.core.discovery.twenty_percent_rule import Ledger, blocked_by, make_ledger, streams_to_resume
from muse_graph.errors import InvalidRequest, ShapeError

GENRES = ["pop", "rock", "jazz", "cumbia", "fado", "polka"]
Genre = tuple[int, bool, bool, bool]

genres = st.lists(st.tuples(st.integers(0, 60), st.booleans(), st.booleans(), st.booleans()), max_size=8)
thetas = st.sampled_from([0.2, 0.1, 0.3, 0.07, 0.5, 1.0]) | st.floats(0.001, 1)


def ledger_of(rows: list[Genre], **options: Any) -> Ledger:
    streams, *flags = zip(*rows, strict=True) if rows else ((), (), (), ())
    return make_ledger(np.array(streams, np.int64), *(np.array(flag, bool) for flag in flags), **options)


def named(mask: np.ndarray) -> set[str]:
    return {genre for genre, there in zip(GENRES, mask, strict=True) if there}


def worked(pop: int = 50, jazz: int = 10, cumbia: int = 10, fado: int = 9, recorded: str = "") -> Ledger:
    streams = np.array([pop, 20, jazz, cumbia, fado, 0])
    friends_play = np.array([True, False, True, True, True, False])
    pool = np.array([genre in recorded.split() for genre in GENRES])
    return make_ledger(streams, friends_play, pool, np.zeros(6, bool))


@pytest.mark.parametrize(
    ("ledger", "cap", "resting"),
    [
        (worked(jazz=4, cumbia=0, fado=0), 10, set()),
        (worked(jazz=10, cumbia=0, fado=0, recorded="jazz cumbia fado"), 10, {"jazz"}),
        (worked(jazz=10, cumbia=10, fado=9, recorded="jazz cumbia fado"), 10, {"jazz", "cumbia"}),
        (worked(jazz=10, cumbia=10, fado=10, recorded="jazz cumbia fado"), 10, set()),
        (worked(pop=60, jazz=10, cumbia=0, fado=0, recorded="jazz cumbia fado"), 12, set()),
    ],
)
def test_the_worked_table(ledger: Ledger, cap: float, resting: set[str]) -> None:
    assert ledger.cap == cap
    assert named(ledger.pool) == {"jazz", "cumbia", "fado"}
    assert named(ledger.resting) == resting
    assert named(ledger.offered) == {"jazz", "cumbia", "fado"} - resting
    assert named(ledger.home) == {"pop", "rock"}
    assert not ledger.outside_network.any()


def test_without_a_cap_nothing_rests() -> None:
    streams, friends_play = np.array([50, 20, 60, 10, 9, 0]), np.array([True, False, True, True, True, False])
    pool = np.array([False, False, True, True, True, False])
    capped = make_ledger(streams, friends_play, pool, np.zeros(6, bool), theta=1.0)
    assert named(capped.resting) == {"jazz"}  # the favourite itself
    lifted = make_ledger(streams, friends_play, pool, np.zeros(6, bool), theta=1.0, is_lifted=True)
    assert not lifted.resting.any()
    assert named(lifted.offered) == named(lifted.pool) == {"pop", "jazz", "cumbia", "fado"}


def test_what_enters_and_what_a_resting_genre_waits_for() -> None:
    assert named(worked(jazz=4, cumbia=0, fado=0).entered) == {"jazz", "cumbia", "fado"}
    ledger = worked(jazz=12, cumbia=10, fado=9, recorded="jazz cumbia fado")
    assert not ledger.entered.any()
    assert blocked_by(ledger, 2).tolist() == [3, 4]
    assert blocked_by(ledger, 3).tolist() == [4]
    assert blocked_by(ledger, 4).tolist() == []
    assert blocked_by(ledger, 0).tolist() == []
    assert streams_to_resume(ledger, 3) == 51
    assert streams_to_resume(ledger, 2) == 61


def test_a_genre_turned_away_is_not_offered_and_holds_nobody_back() -> None:
    # jazz 10 of cap 10; cumbia 0 would hold it back, were it not turned away.
    ledger = ledger_of([(50, True, False, False), (10, True, True, False), (0, True, True, True)])
    assert ledger.pool.tolist() == [False, True, True]
    assert ledger.offered.tolist() == [False, True, False]


def test_new_only_and_beyond_friends() -> None:
    # favourite, heard a little, friends' new, nobody's new, turned away, heard without friends
    rows = [
        (50, True, False, False),
        (4, True, False, False),
        (0, True, False, False),
        (0, False, False, False),
        (0, False, False, True),
        (3, False, False, False),
    ]
    assert ledger_of(rows).offered.tolist() == [False, True, True, False, False, False]
    assert ledger_of(rows, new_only=True).offered.tolist() == [False, False, True, False, False, False]
    wide = ledger_of(rows, beyond_friends=True)
    assert wide.offered.tolist() == [False, True, True, True, False, False]
    assert wide.outside_network.tolist() == [False, False, False, True, False, False]
    assert wide.home.tolist() == [True, False, False, False, False, True]


def test_a_newcomer_is_offered_what_friends_play() -> None:
    ledger = ledger_of([(0, True, False, False), (0, False, False, False)])
    assert (ledger.cap, ledger.favourite) == (0.0, 0)
    assert ledger.offered.tolist() == [True, False]
    assert ledger_of([]).offered.tolist() == []


@given(percent=st.integers(1, 100), favourite=st.integers(1, 10**12))
def test_the_cap_is_compared_as_the_decimal_it_prints_as(percent: int, favourite: int) -> None:
    exact = Fraction(percent, 100) * favourite
    at = -(-exact.numerator // exact.denominator)  # the least whole number not below the cap
    rows = [(favourite, False, False, False), (at, True, False, False), (at - 1, True, False, False)]
    ledger = ledger_of(rows, theta=percent / 100)
    assert ledger.pool.tolist() == [False, False, True]
    assert ledger.cap == float(exact)
    woken = streams_to_resume(ledger, 2)
    assert Fraction(percent, 100) * woken > at - 1 >= Fraction(percent, 100) * (woken - 1)


@pytest.mark.parametrize("favourite", [100, 300, 700, 10**15])
def test_every_per_cent_of_a_round_favourite_is_exact(favourite: int) -> None:
    # In floating point 0.07 * 100 is above 7, and 0.29 * 100 below 29.
    for percent in range(1, 101):
        at = percent * favourite // 100
        rows = [(favourite, False, False, False), (at, True, False, False), (at - 1, True, False, False)]
        assert ledger_of(rows, theta=percent / 100).pool.tolist() == [False, False, True]


def test_a_fifth_of_fifteen_is_three() -> None:
    assert worked(pop=15).cap == 4.0  # rock has 20
    assert ledger_of([(15, False, False, False), (3, True, False, False)]).cap == 3.0
    assert not ledger_of([(15, False, False, False), (3, True, False, False)]).pool.any()


def slow_ledger(
    rows: list[Genre], theta: float, new_only: bool, outside_network: bool
) -> list[tuple[bool, ...]]:
    """The rule as product.md words it, one genre at a time: pool, resting, offered, beyond, home."""
    most = max((row[0] for row in rows), default=0)
    cap = Fraction(str(theta)) * most
    pool = [kept or (friends and (f < cap or most == 0)) for f, friends, kept, _ in rows]
    answer = []
    for g, (f, friends, _, away) in enumerate(rows):
        rests = (
            pool[g]
            and most > 0
            and f >= cap
            and any(
                pool[d] and d != g and not other_away and f_d < f
                for d, (f_d, _, _, other_away) in enumerate(rows)
            )
        )
        outside = outside_network and f == 0 and not friends and not pool[g] and not away
        offered = (pool[g] and not rests and not away and (f == 0 or not new_only)) or outside
        answer.append((pool[g], rests, offered, outside, f > 0 and not pool[g]))
    return answer


@given(rows=genres, theta=thetas, new_only=st.booleans(), outside_network=st.booleans())
def test_agrees_with_the_rule_word_for_word(
    rows: list[Genre], theta: float, new_only: bool, outside_network: bool
) -> None:
    ledger = ledger_of(rows, theta=theta, new_only=new_only, beyond_friends=outside_network)
    masks = (ledger.pool, ledger.resting, ledger.offered, ledger.outside_network, ledger.home)
    fast = list(zip(*(mask.tolist() for mask in masks), strict=True))
    assert fast == slow_ledger(rows, theta, new_only, outside_network)
    assert ledger.entered.tolist() == [
        p and not row[2] for p, row in zip(ledger.pool.tolist(), rows, strict=True)
    ]


@given(rows=genres, theta=thetas)
def test_something_is_always_offered_and_the_least_heard_never_rests(rows: list[Genre], theta: float) -> None:
    ledger = ledger_of(rows, theta=theta)
    waiting = ledger.pool & ~ledger.dismissed
    assert ledger.offered.any() == waiting.any()
    if waiting.any():
        least = ledger.streams[waiting].min()
        assert not ledger.resting[waiting & (ledger.streams == least)].any()
    recorded = np.array([row[2] for row in rows], bool)
    assert ledger.pool[recorded].all()
    for genre in range(len(rows)):
        assert bool(len(blocked_by(ledger, genre))) == ledger.resting[genre]


@given(rows=genres, theta=thetas, more=st.integers(1, 500), data=st.data())
def test_more_of_a_resting_genre_never_wakes_it(
    rows: list[Genre], theta: float, more: int, data: st.DataObject
) -> None:
    """Its own streams can lift the cap only by making it the favourite, and the cap is never above that."""
    before = ledger_of(rows, theta=theta)
    assume(before.resting.any())
    genre = data.draw(st.sampled_from(np.flatnonzero(before.resting).tolist()))
    later = [
        (f + more * (g == genre), friends, bool(before.pool[g]), away)
        for g, (f, friends, _, away) in enumerate(rows)
    ]
    assert ledger_of(later, theta=theta).resting[genre]


@given(rows=genres, theta=thetas, data=st.data())
def test_a_resting_genre_wakes_when_the_favourite_has_grown_enough(
    rows: list[Genre], theta: float, data: st.DataObject
) -> None:
    before = ledger_of(rows, theta=theta)
    assume(before.resting.any())
    genre = data.draw(st.sampled_from(np.flatnonzero(before.resting).tolist()))
    grown = streams_to_resume(before, genre)
    assert grown > before.favourite
    assert not ledger_of([*rows, (grown, False, False, False)], theta=theta).resting[genre]
    assert before.cap <= before.streams[genre]


@pytest.mark.parametrize("theta", [0, -0.2, 1.01, float("nan")])
def test_theta_out_of_range_is_refused(theta: float) -> None:
    with pytest.raises(InvalidRequest, match="theta must be > 0 and <= 1, got"):
        ledger_of([], theta=theta)


def test_arrays_of_different_length_are_refused() -> None:
    with pytest.raises(ShapeError, match="recorded"):
        make_ledger(np.zeros(2, np.int64), np.zeros(2, bool), np.zeros(3, bool), np.zeros(2, bool))


friends_of_genres = st.lists(
    st.tuples(
        st.integers(0, 200).map(lambda n: n / 100),
        st.lists(st.tuples(st.integers(0, 2), st.integers(0, 50)), max_size=5),
    ),
    max_size=5,
)


@given(friends=friends_of_genres, damping=st.sampled_from([0.0, 1.0]))
def test_genre_scores_agree_with_a_loop(
    friends: list[tuple[float, list[tuple[int, int]]]], damping: float
) -> None:
    total = sum(weight for weight, _ in friends) + damping
    slow = np.zeros(3)
    for weight, played in friends:
        for genre, plays in played:
            if plays:
                slow[genre] += weight / total * plays / sum(n for _, n in played) if total else 0
    rows = [(friend, *pair) for friend, (_, played) in enumerate(friends) for pair in played]
    friend, genre, plays = np.array(rows, np.int64).reshape(-1, 3).T
    weights = np.array([weight for weight, _ in friends])
    assert genre_scores(weights, friend, genre, plays, 3, damping) == pytest.approx(slow, abs=1e-9)


def test_genre_scores_refuse_what_does_not_fit() -> None:
    one, two = np.zeros(1, np.int64), np.zeros(2, np.int64)
    with pytest.raises(ShapeError, match=r"genre \(2,\)"):
        genre_scores(np.ones(2), one, two, one, 4, 1.0)
    with pytest.raises(InvalidRequest, match="damping must be >= 0, got -1"):
        genre_scores(np.ones(2), one, one, one, 4, -1)


def test_a_genre_never_heard_appeals_most_and_one_at_the_cap_not_at_all() -> None:
    # pop is home with a cap of 10: jazz has 6 of its 10 streams left, fado is at the cap, cumbia is new.
    streams = np.array([50, 4, 10, 0])
    friends = np.array([False, True, True, True])
    pool = np.array([False, True, True, False])
    ledger = make_ledger(streams, friends, pool, np.zeros(4, np.bool_))
    found = genre_boosts(ledger, np.array([0.9, 0.5, 0.9, 0.4]))
    assert found.tolist() == pytest.approx([0.0, 0.3 / 0.4, 0.0, 1.0])


def test_with_no_word_of_friends_the_room_alone_appeals() -> None:
    everything = np.ones(2, np.bool_)
    ledger = make_ledger(np.array([0, 0]), everything, everything, ~everything)
    assert genre_boosts(ledger, np.zeros(2)).tolist() == [1.0, 1.0]


@given(st.lists(st.tuples(st.integers(0, 60), st.booleans(), st.booleans(), st.floats(0, 1)), max_size=8))
def test_appeals_are_shares_of_the_best_and_only_of_what_is_offered(
    genres: list[tuple[int, bool, bool, float]],
) -> None:
    streams = np.array([streams for streams, *_ in genres], np.int64)
    friends = np.array([friends for _, friends, *_ in genres], np.bool_)
    pool = np.array([pool for _, _, pool, _ in genres], np.bool_)
    scores = np.array([score for *_, score in genres], np.float64)
    ledger = make_ledger(streams, friends, pool, np.zeros(len(genres), np.bool_))
    found = genre_boosts(ledger, scores)
    assert ((found >= 0) & (found <= 1)).all()
    assert not found[~ledger.offered].any()
