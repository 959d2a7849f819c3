"""Each choice beside one worked out from the definition; what the knobs promise; ties; refusals."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from muse_graph.core.rerank.diversity import OFF, DiversityOptions, Unseen, places_under_radar, rerank
from muse_graph.core.rerank.ranking import top_k
from muse_graph.core.rerank.track_similarity import Traits, name_key, traits_of
from muse_graph.core.types import IntArray
from muse_graph.errors import InvalidRequest, ShapeError

NEAR = 1e-9


@dataclass(frozen=True)
class Track:
    """A candidate in plain values."""

    item: int
    score: float
    artists: tuple[str, ...]
    language: str | None = None
    features: tuple[float, ...] | None = None
    radar: bool = False


tracks = st.lists(
    st.builds(
        Track,
        item=st.integers(-(2**40), 2**40),
        score=st.sampled_from([0.0, 0.25, 1.0, 2.0]) | st.floats(-5, 5, width=32),
        artists=st.lists(st.sampled_from("abcdefgh"), max_size=3, unique=True).map(tuple),
        language=st.sampled_from(["es", "en", None]),
        features=st.none() | st.tuples(*[st.sampled_from([0.0, 1.0, 2.5]) | st.floats(-3, 3, width=32)] * 2),
        radar=st.booleans(),
    ),
    max_size=16,
    unique_by=lambda track: track.item,
)
knobs = st.builds(
    DiversityOptions,
    max_per_artist=st.none() | st.integers(1, 3),
    diversity=st.sampled_from([0.0, 0.3, 0.7, 1.0]),
    artist_weight=st.sampled_from([0.0, 1.0, 2.0]),
    language_weight=st.sampled_from([0.0, 0.5]),
    features_weight=st.sampled_from([0.0, 1.0]),
)
shares = st.sampled_from([0.0, 0.07, 0.2, 0.5, 1.0])


def traits(rows: list[Track]) -> Traits:
    artists = [list(dict.fromkeys(map(name_key, t.artists))) for t in rows]
    return traits_of(artists, [t.language for t in rows], [t.features for t in rows])


def choose(rows: list[Track], k: int, options: DiversityOptions = OFF, share: float = 0.0) -> list[Track]:
    scores, items = np.array([t.score for t in rows]), np.array([t.item for t in rows], np.int64)
    radar = np.array([t.radar for t in rows], np.bool_)
    found = rerank(scores, items, k, traits=traits(rows), options=options, under_radar=radar, share=share)
    raised = scores[found.index] + found.raised
    assert (found.raised >= 0).all()
    if options.diversity > 0:
        assert not found.raised.any()
    else:
        assert (np.diff(raised) <= NEAR).all()
    return [rows[place] for place in found.index.tolist()]


# The definition, a candidate and a pair at a time


class Slow:
    """What each candidate is worth beside those chosen, from the words of the docstrings."""

    def __init__(self, rows: list[Track], options: DiversityOptions) -> None:
        self.rows, self.options = rows, options
        languages = [t.language for t in rows if t.language]
        self.agree = (
            sum(a == b for a in languages for b in languages) / len(languages) ** 2 if languages else 0.0
        )
        known = [t.features for t in rows if t.features]
        self.deviation = np.array(known).std(axis=0) if known else np.ones(2)
        self.deviation[self.deviation < 1e-12] = np.inf
        apart = [self.squared(a, b) for a in known for b in known]
        self.mean = (sum(apart) / len(apart) if apart else 0.0) or 1.0

    def squared(self, a: tuple[float, ...], b: tuple[float, ...]) -> float:
        return float((((np.array(a) - np.array(b)) / self.deviation) ** 2).sum())

    def alike(self, a: Track, b: Track) -> float:
        language = float(a.language == b.language) if a.language and b.language else self.agree
        near = (
            1 / (1 + self.squared(a.features, b.features) / self.mean) if a.features and b.features else 0.5
        )
        parts = [(self.options.artist_weight, float(bool(set(a.artists) & set(b.artists))))]
        if any(t.language for t in self.rows):
            parts.append((self.options.language_weight, language))
        if any(t.features for t in self.rows):
            parts.append((self.options.features_weight, near))
        total = sum(weight for weight, _ in parts)
        return sum(weight * value for weight, value in parts) / total if total else 0.0

    def value(self, track: Track, chosen: list[Track]) -> float:
        low, high = (extreme(t.score for t in self.rows) for extreme in (min, max))
        relevance = (track.score - low) / (high - low) if high > low else 0.0
        nearest = max((self.alike(track, other) for other in chosen), default=0.0)
        return (1 - self.options.diversity) * relevance - self.options.diversity * nearest

    def may_come(self, chosen: list[Track], share: float) -> list[Track]:
        limit = self.options.max_per_artist or math.inf
        candidates = [
            t
            for t in self.rows
            if t not in chosen
            and all(sum(artist in other.artists for other in chosen) < limit for artist in t.artists)
        ]
        radar = [t for t in candidates if t.radar]
        lacking = sum(t.radar for t in chosen) < places_under_radar(share, len(chosen) + 1)
        return radar if radar and lacking else candidates


@given(rows=tracks, k=st.integers(0, 18), options=knobs, share=shares)
def test_every_choice_is_the_best_by_the_definition(
    rows: list[Track], k: int, options: DiversityOptions, share: float
) -> None:
    assume(options.diversity > 0)
    slow, found = Slow(rows, options), choose(rows, k, options, share)
    for place, track in enumerate(found):
        candidates = slow.may_come(found[:place], share)
        assert track in candidates
        assert (
            slow.value(track, found[:place]) >= max(slow.value(t, found[:place]) for t in candidates) - NEAR
        )
    assert len(found) == min(k, len(rows)) or not slow.may_come(found, share)


def plain(rows: list[Track], k: int, limit: int | None, share: float) -> list[Track]:
    """Without diversity: always the best by score of those that may come at the place."""
    chosen: list[Track] = []
    slow = Slow(rows, DiversityOptions(max_per_artist=limit))
    while len(chosen) < k:
        candidates = slow.may_come(chosen, share)
        if not candidates:
            break
        chosen.append(min(candidates, key=lambda t: (-t.score, t.item)))
    return chosen


@given(rows=tracks, k=st.integers(0, 18), limit=st.none() | st.integers(1, 3), share=shares)
def test_without_diversity_agrees_with_a_walk_down_the_scores(
    rows: list[Track], k: int, limit: int | None, share: float
) -> None:
    assert choose(rows, k, DiversityOptions(max_per_artist=limit), share) == plain(rows, k, limit, share)


# What the knobs promise


@given(rows=tracks, k=st.integers(0, 18))
def test_off_is_the_order_by_score(rows: list[Track], k: int) -> None:
    scores, items = np.array([t.score for t in rows]), np.array([t.item for t in rows], np.int64)
    best = top_k(scores, items, k).tolist()
    assert rerank(scores, items, k).index.tolist() == best
    assert rerank(scores, items, k, traits=traits(rows), options=OFF).index.tolist() == best
    nobody = np.zeros(len(rows), np.bool_)
    assert rerank(scores, items, k, under_radar=nobody, share=0.5).index.tolist() == best
    # On, but with nothing to tell tracks apart by.
    blind = DiversityOptions(diversity=0.5, artist_weight=0, language_weight=0, features_weight=0)
    scaled = rerank(scores, items, k, traits=traits(rows), options=blind).index
    assert scores[scaled].tolist() == scores[best].tolist()


@given(rows=tracks, k=st.integers(0, 18), options=knobs, share=shares)
def test_the_limit_and_the_share_are_kept(
    rows: list[Track], k: int, options: DiversityOptions, share: float
) -> None:
    found = choose(rows, k, options, share)
    assert len(set(found)) == len(found)
    if options.max_per_artist:
        artists = [artist for t in found for artist in t.artists]
        assert all(artists.count(artist) <= options.max_per_artist for artist in artists)
    else:
        assert len(found) == min(k, len(rows))
        for n in range(1, len(found) + 1):
            wanted = min(places_under_radar(share, n), sum(t.radar for t in rows))
            assert sum(t.radar for t in found[:n]) >= wanted


@given(rows=tracks, k=st.integers(0, 18), share=shares)
def test_the_share_takes_the_best_under_the_radar_for_the_lowest_others(
    rows: list[Track], k: int, share: float
) -> None:
    found, by_score = choose(rows, k, OFF, share), sorted(rows, key=lambda t: (-t.score, t.item))
    for radar in (True, False):
        kind = [t for t in by_score if t.radar == radar]
        assert [t for t in found if t.radar == radar] == kind[: sum(t.radar == radar for t in found)]
    wanted = min(places_under_radar(share, k), sum(t.radar for t in rows))
    already = sum(t.radar for t in by_score[:k])
    assert sum(t.radar for t in found) == max(already, wanted)


@given(rows=tracks, k=st.integers(0, 18), options=knobs, share=shares, seed=st.integers(0, 99))
def test_the_order_of_the_candidates_does_not_matter(
    rows: list[Track], k: int, options: DiversityOptions, share: float, seed: int
) -> None:
    shuffled = [rows[i] for i in np.random.default_rng(seed).permutation(len(rows))]
    assert choose(shuffled, k, options, share) == choose(rows, k, options, share)


# Lists worked by hand


def test_an_artist_in_other_spellings_counts_as_one() -> None:
    names = ["Beyoncé", "BEYONCE", "The Cure", "Cure", "Simon & Garfunkel", "simon and garfunkel", "Abba"]
    rows = [Track(n, 9.0 - n, (name,)) for n, name in enumerate(names)]
    found = choose(rows, 7, DiversityOptions(max_per_artist=1))
    assert [t.artists[0] for t in found] == ["Beyoncé", "The Cure", "Simon & Garfunkel", "Abba"]


def test_every_artist_of_a_track_counts() -> None:
    rows = [Track(1, 5, ("a", "b")), Track(2, 4, ("b", "c")), Track(3, 3, ("c",)), Track(4, 2, ("a",))]
    assert [t.item for t in choose(rows, 4, DiversityOptions(max_per_artist=1))] == [1, 3]
    assert [t.item for t in choose(rows, 4, DiversityOptions(max_per_artist=2))] == [1, 2, 3, 4]


def test_more_diversity_brings_other_artists_up() -> None:
    rows = [Track(1, 10, ("a",)), Track(2, 9, ("a",)), Track(3, 6, ("b",)), Track(4, 0, ("c",))]
    orders = {
        diversity: [t.item for t in choose(rows, 4, DiversityOptions(diversity=diversity))]
        for diversity in (0.0, 0.2, 0.4, 1.0)
    }
    # 0.9 beside 0.6 for the second place: the artist in common has to cost 0.3.
    assert orders[0.0] == orders[0.2] == [1, 2, 3, 4]
    assert orders[0.4] == [1, 3, 2, 4]
    assert orders[1.0] == [1, 3, 4, 2]


def test_language_and_features_tell_tracks_apart() -> None:
    spoken = [
        Track(1, 3, ("a",), "es"),
        Track(2, 2.9, ("b",), "es"),
        Track(3, 2.8, ("c",), "pt"),
        Track(4, 0, ()),
    ]
    assert [t.item for t in choose(spoken, 3, DiversityOptions(diversity=0.3))] == [1, 3, 2]
    heard = [
        Track(1, 3, ("a",), None, (0.0, 100.0)),
        Track(2, 2.9, ("b",), None, (0.1, 110.0)),
        Track(3, 2.8, ("c",), None, (0.9, 900.0)),
        Track(4, 0, ()),
    ]
    assert [t.item for t in choose(heard, 3, DiversityOptions(diversity=0.3))] == [1, 3, 2]
    deaf = DiversityOptions(diversity=0.3, features_weight=0)
    assert [t.item for t in choose(heard, 3, deaf)] == [1, 2, 3]


def test_unknown_lies_between_same_and_other() -> None:
    rows = [
        Track(1, 3, ("a",), "es"),
        Track(2, 1, ("b",), "es"),
        Track(3, 1, ("c",), None),
        Track(4, 1, ("d",), "pt"),
        Track(5, 0, ("e",), "es"),
    ]
    assert [t.item for t in choose(rows, 3, DiversityOptions(diversity=0.5))][:2] == [1, 4]
    without = [t for t in rows if t.item != 4] + [Track(6, 0, ("f",), "pt")]
    assert [t.item for t in choose(without, 3, DiversityOptions(diversity=0.5))][:2] == [1, 3]


def test_the_share_is_rounded_down_and_only_that() -> None:
    rows = [Track(n, -n, (str(n),), radar=n >= 100) for n in range(200)]
    for k, share, wanted in (
        (100, 0.07, 7),
        (20, 0.14, 2),
        (20, 0.15, 3),
        (100, 0.29, 29),
        (10, 0.0, 0),
        (10, 1.0, 10),
    ):
        assert sum(t.radar for t in choose(rows, k, OFF, share)) == wanted


def test_a_share_that_the_limit_cannot_fill_leaves_its_places_to_others() -> None:
    rows = [Track(n, -n, (str(n),)) for n in range(5)] + [
        Track(9 + n, -9.0, ("r",), radar=True) for n in range(5)
    ]
    found = choose(rows, 4, DiversityOptions(max_per_artist=1), 0.5)
    assert [t.item for t in found] == [0, 9, 1, 2]


# Refusals


@pytest.mark.parametrize(
    ("options", "rule"),
    [
        ({"max_per_artist": 0}, "max_per_artist must be at least 1, or nothing, got 0"),
        ({"diversity": 1.5}, "diversity must be a number in 0..1, got 1.5"),
        ({"diversity": math.nan}, "diversity must be a number in 0..1, got nan"),
        ({"features_weight": -1.0}, "features_weight must be a finite number >= 0, got -1.0"),
    ],
)
def test_options_that_break_a_rule(options: dict[str, float], rule: str) -> None:
    with pytest.raises(InvalidRequest, match=rule):
        DiversityOptions(**options)  # type: ignore[arg-type]


def test_bad_arguments() -> None:
    scores, items = np.zeros(2), np.arange(2)
    with pytest.raises(InvalidRequest, match="cutoff k must be >= 0, got -1"):
        rerank(scores, items, -1)
    with pytest.raises(InvalidRequest, match=r"share must be a number in 0..1, got 2"):
        rerank(scores, items, 1, under_radar=np.zeros(2, np.bool_), share=2)
    with pytest.raises(ShapeError, match="under_radar is needed"):
        rerank(scores, items, 1, share=0.5)
    with pytest.raises(ShapeError, match="traits of the candidates are needed"):
        rerank(scores, items, 1, options=DiversityOptions(max_per_artist=1))
    with pytest.raises(ShapeError, match="traits must be of 2 candidates, got 1"):
        rerank(scores, items, 1, traits=traits([Track(1, 1, ())]), options=DiversityOptions(diversity=0.5))
    with pytest.raises(ShapeError):
        rerank(scores, items, 1, under_radar=np.zeros(3, np.bool_), share=0.5)


@given(rows=tracks, options=knobs, share=shares, split=st.integers(0, 12), k=st.integers(1, 18))
def test_a_list_may_be_chosen_in_two_goes(
    rows: list[Track], options: DiversityOptions, share: float, split: int, k: int
) -> None:
    assume(split < k)
    scores, items = np.array([t.score for t in rows]), np.array([t.item for t in rows], np.int64)
    radar, told = np.array([t.radar for t in rows], np.bool_), traits(rows)

    def go(n: int, already_listed: IntArray | None) -> list[int]:
        found = rerank(
            scores,
            items,
            n,
            traits=told,
            options=options,
            under_radar=radar,
            share=share,
            already_listed=already_listed,
        )
        return found.index.tolist()

    whole = go(k, None)
    assert go(k - split, np.array(whole[:split], np.int64)) == whole[split:]
    # And the list of fewer is its beginning.
    assert go(split, None) == whole[:split]


@pytest.mark.parametrize(
    "options", [OFF, DiversityOptions(max_per_artist=1), DiversityOptions(diversity=0.5)]
)
def test_a_list_of_none_needs_nothing_to_compare_by_and_less_than_none_is_refused(
    options: DiversityOptions,
) -> None:
    scores, items = np.array([1.0, 2.0]), np.array([5, 6])
    assert rerank(scores, items, 0, options=options, share=1.0).index.tolist() == []
    with pytest.raises(InvalidRequest, match="cutoff k must be >= 0, got -1"):
        rerank(scores, items, -1, options=options)


@given(
    rows=tracks,
    limit=st.none() | st.integers(1, 3),
    share=shares,
    n=st.integers(1, 15),
    flagged=st.booleans(),
)
def test_what_is_not_given_ends_the_list_before_it_could_matter(
    rows: list[Track], limit: int | None, share: float, n: int, flagged: bool
) -> None:
    """The best n of the candidates, and how good the others may be: the list of all of them begins so."""
    rows = sorted(rows, key=lambda t: (-t.score, t.item))
    given, others = rows[:n], rows[n:]
    best = [(t.score, t.item) for t in others][:1] or [None]
    of_radar = [(t.score, t.item) for t in others if t.radar][:1] or [None]
    unseen = Unseen(best[0], of_radar[0] if flagged else best[0]) if best[0] is not None else None
    found = rerank(
        np.array([t.score for t in given]),
        np.array([t.item for t in given], np.int64),
        len(rows),
        traits=traits(given),
        options=DiversityOptions(max_per_artist=limit),
        under_radar=np.array([t.radar for t in given], np.bool_),
        share=share,
        unseen=unseen,
    )
    whole = choose(rows, len(rows), DiversityOptions(max_per_artist=limit), share)
    assert [given[index] for index in found.index.tolist()] == whole[: len(found.index)]
    if unseen is None:
        assert len(found.index) == len(whole)
    elif share == 0 and limit is None:
        assert len(found.index) == len(given)


@pytest.mark.parametrize(
    ("share", "places"),
    [(0.0, []), (0.07, [15, 29]), (0.1, [10, 20, 30]), (0.5, [*range(2, 31, 2)]), (1.0, [*range(1, 31)])],
)
def test_which_places_are_kept_for_under_the_radar(share: float, places: list[int]) -> None:
    found = [n for n in range(1, 31) if places_under_radar(share, n) > places_under_radar(share, n - 1)]
    assert found == places


def test_a_track_at_a_place_kept_for_it_is_raised_to_the_best_that_waits() -> None:
    rows = [Track(n, 9.0 - n, (str(n),)) for n in range(3)] + [Track(9, 1.0, ("r",), radar=True)]
    scores, items = np.array([t.score for t in rows]), np.array([t.item for t in rows], np.int64)
    radar = np.array([t.radar for t in rows], np.bool_)
    found = rerank(scores, items, 4, under_radar=radar, share=0.5)
    assert items[found.index].tolist() == [0, 9, 1, 2]
    assert (scores[found.index] + found.raised).tolist() == [9.0, 8.0, 8.0, 7.0]
