"""Protocols on a data set whose answers follow from how it was made."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import pytest

from muse_graph.core.models.popularity import fit_friends_count, fit_popularity
from muse_graph.core.models.scores import PlainScores
from muse_graph.core.models.types import Profile, TrainingData
from muse_graph.core.rerank.diversity import DiversityOptions
from muse_graph.core.rerank.track_similarity import traits_of
from muse_graph.core.types import IntArray
from muse_graph.errors import InvalidRequest, ShapeError
from muse_graph.evaluation.data.datasets import Dataset
from muse_graph.evaluation.models.baselines import friends_by_genre, listeners_by_genre
from muse_graph.evaluation.protocols.cold_start import evaluate_cold_start
from muse_graph.evaluation.protocols.discovery import evaluate_discovery, genre_figures, rank_of
from muse_graph.evaluation.protocols.diversity import evaluate_diversity, variety
from muse_graph.evaluation.protocols.genres import evaluate_genres
from muse_graph.evaluation.protocols.topn import evaluate_topn

MODELS = {"popularity": fit_popularity, "friends": fit_friends_count}


@dataclass(frozen=True)
class Oracle:
    """Knows which camp a listener belongs to, by the friends alone."""

    n_items: int

    def score(self, profile: Profile, candidates: IntArray | None = None) -> PlainScores:
        camp = profile.friends[0] % 2
        values = (np.arange(self.n_items) // 20 == camp).astype(np.float64)
        return PlainScores.of(values, candidates, profile)


def oracle(data: TrainingData) -> Oracle:
    return Oracle(data.n_items)


def test_who_knows_the_camp_lists_nothing_else(small: Dataset) -> None:
    result = evaluate_topn(small, {"oracle": oracle, **MODELS}, k=3)
    rows = result.sections[0].rows
    assert list(rows) == ["oracle", "popularity", "friends"]
    # Nothing is left of the camp's items but what is hidden, or was never played.
    assert rows["oracle"]["precision"] > rows["popularity"]["precision"]
    assert rows["friends"]["precision"] > rows["popularity"]["precision"]
    assert rows["oracle"]["entropy"] <= 1.0


def test_topn_by_hand(small: Dataset) -> None:
    found = evaluate_topn(small, {"popularity": fit_popularity}, k=5, folds=[2]).sections[0]
    train, test = {}, {}
    for row, (user, item) in enumerate(zip(small.user.tolist(), small.item.tolist(), strict=True)):
        (test if row % 5 == 2 else train).setdefault(user, set()).add(item)
    listeners = {item: sum(item in own for own in train.values()) for item in range(small.n_items)}
    precisions, gains = [], []
    for user, wanted in test.items():
        order = sorted(set(listeners) - train[user], key=lambda item: (-listeners[item], item))[:5]
        precisions.append(sum(item in wanted for item in order) / 5)
        gain = sum(1 / math.log2(rank + 2) for rank, item in enumerate(order) if item in wanted)
        gains.append(gain / sum(1 / math.log2(rank + 2) for rank in range(min(5, len(wanted)))))
    assert found.rows["popularity"]["precision"] == pytest.approx(np.mean(precisions))
    assert found.rows["popularity"]["ndcg"] == pytest.approx(np.mean(gains))


def test_what_diversity_costs(small: Dataset) -> None:
    # Two artists in each camp, so that a list of 4 with one track of each is half of the other camp.
    sounds = [[item % 7] for item in range(40)]
    traits = traits_of([[f"a{item // 10}"] for item in range(40)], ["es", "en"] * 20, sounds)
    variants = {"off": DiversityOptions(), "one": DiversityOptions(1), "two": DiversityOptions(2, 0.5)}
    rows = evaluate_diversity(small, traits, oracle, variants, k=4, folds=[0, 1]).sections[0].rows
    plain = evaluate_topn(small, {"oracle": oracle}, k=4, split="random", folds=[0, 1]).sections[0].rows
    assert list(rows) == ["off", "one", "two"]
    assert rows["off"]["precision"] == plain["oracle"]["precision"]
    # A few users have played all of an artist.
    assert rows["one"]["artists"] > 3.9
    assert rows["one"]["precision"] < rows["two"]["precision"]
    assert rows["two"]["languages"] >= rows["off"]["languages"]
    with pytest.raises(ShapeError, match="traits must be of 40 items, got 1"):
        evaluate_diversity(small, traits.take(np.array([0])), oracle, variants)


def test_variety_by_hand() -> None:
    features = [[0.0, 5.0], [2.0, 5.0], [4.0, 5.0], None]
    traits = traits_of([["a"], ["a", "b"], ["c"], []], ["es", "es", None, "en"], features)
    found = variety(np.array([[0, 1, 3], [2, 1, -1]]), traits)
    # The one feature that varies has variance 8/3: of 0 and 2 it is 2, of 4 and 2 as well.
    assert found == {"artists": 2.5, "languages": 1.5, "sound": pytest.approx(2 / (8 / 3))}
    bare = traits_of([["a"]], [None], [None])
    assert math.isnan(variety(np.array([[0]]), bare)["sound"])


def test_random_folds_are_the_same_for_the_same_seed(small: Dataset) -> None:
    first, again, other = (
        evaluate_topn(small, {"p": fit_popularity}, split="random", seed=seed).sections[0].rows["p"]["ndcg"]
        for seed in (3, 3, 4)
    )
    assert first == again != other


def test_friends_know_the_hidden_genre(small: Dataset) -> None:
    counts = {"popularity": listeners_by_genre, "friends": friends_by_genre}
    result = evaluate_discovery(
        small, {**MODELS, "oracle": oracle}, counts=counts, knobs={"oracle": [(1.0, 0.0)]}, k=5
    )
    genres, items, tenths = result.sections
    assert genres.rows["friends"]["hit1"] == 1.0
    assert genres.rows["oracle"]["hit1"] == 1.0
    assert genres.rows["popularity"]["hit1"] < 1.0
    assert items.rows["oracle × genre, focus 1, radar 0"]["hit"] == 1.0
    assert sum(items.rows["friends"][column] for column in tenths.columns) == pytest.approx(1.0)
    assert set(items.rows) == {"popularity", "friends", "oracle", "oracle × genre, focus 1, radar 0"}


def test_ranks_of_genres() -> None:
    scores, offered = np.array([3.0, 1.0, 3.0, 9.0]), np.array([True, True, True, False])
    assert [rank_of(genre, scores, offered) for genre in (0, 1, 2)] == [1, 3, 2]
    figures = genre_figures(np.array([1, 2, 0, 4]), np.array([5, 5, 6, 7]), known=np.array([5]))
    assert figures == {
        "hit1": 0.25,
        "hit3": 0.5,
        "hit5": 0.75,
        "mrr": pytest.approx((1 + 0.5 + 0 + 0.25) / 4),
        "macro_mrr": pytest.approx((0.75 + 0 + 0.25) / 3),
        "niche_hit1": 0.0,
    }


def test_a_liked_genre_is_found_again(small: Dataset) -> None:
    likes = replace(small, item_genre=np.arange(small.n_items), genre_ids=small.item_ids)
    rows = evaluate_genres(likes, {"oracle": oracle, **MODELS}, folds=[1, 2]).sections[0].rows
    assert rows["oracle"]["hit5"] > rows["popularity"]["hit5"]
    assert rows["friends"]["hit5"] > rows["popularity"]["hit5"]
    # 16 of the camp's 20 are liked, so that the hidden one is among five.
    assert rows["oracle"]["hit5"] == 1.0


def test_a_newcomer_has_friends_and_nothing_else(small: Dataset) -> None:
    seen: list[Profile] = []

    @dataclass(frozen=True)
    class Watched(Oracle):
        def score(self, profile: Profile, candidates: IntArray | None = None) -> PlainScores:
            seen.append(profile)
            return super().score(profile, candidates)

    # Nobody plays more than 16 items, so that nothing lies beyond the twentieth.
    longer = replace(
        small,
        user=np.r_[small.user, small.user],
        item=np.r_[small.item, (small.item + 20) % 40],
        plays=np.r_[small.plays, small.plays],
        heard=np.r_[small.heard, small.heard],
    )
    result = evaluate_cold_start(
        longer, {"watched": lambda data: Watched(data.n_items)}, known=[0, 5], folds=[0]
    )
    assert {len(profile.items) for profile in seen} == {0, 5}
    assert all(len(profile.friends) and not len(profile.tags) for profile in seen)
    assert [section.measure for section in result.sections][:2] == ["ndcg", "recall"]
    assert 0 < result.sections[0].rows["watched"]["n0"] <= 1
    with pytest.raises(InvalidRequest, match=r"0\.\.20, got 21"):
        evaluate_cold_start(small, MODELS, known=[21])
