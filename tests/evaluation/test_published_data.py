"""Protocols on real data: counts that are published, and baselines that were measured by other means.

A fold or two only; `make quality` measures everything.
"""

from __future__ import annotations

import numpy as np
import pytest

from muse_graph.core.models.mf.als import fit_als
from muse_graph.core.models.popularity import fit_friends_count, fit_popularity
from muse_graph.evaluation.data.datasets import Dataset, Tables
from muse_graph.evaluation.data.splits import hidden_genres
from muse_graph.evaluation.models.baselines import friends_by_genre, listeners_by_genre
from muse_graph.evaluation.protocols.cold_start import evaluate_cold_start
from muse_graph.evaluation.protocols.discovery import evaluate_discovery
from muse_graph.evaluation.protocols.genres import evaluate_genres
from muse_graph.evaluation.protocols.topn import evaluate_topn
from muse_graph.evaluation.report.results import Figures

BASELINES = {"popularity": fit_popularity, "friends": fit_friends_count}
COUNTS = {"popularity": listeners_by_genre, "friends": friends_by_genre}


def near(figures: Figures, **expected: float) -> None:
    """Every figure, per cent, within 5: folds and draws differ."""
    assert {key: 100 * figures[key] for key in expected} == {
        key: pytest.approx(value, abs=5.0) for key, value in expected.items()
    }


def test_the_data_set_has_its_published_size(hetrec: tuple[Dataset, Tables]) -> None:
    dataset, _ = hetrec
    assert (dataset.n_users, dataset.n_items, len(dataset.user)) == (1_892, 17_632, 92_834)
    assert dataset.friends.nnz == 2 * 12_717
    assert dataset.n_genres == 97
    folds = np.bincount(hidden_genres(dataset, np.random.default_rng(0)).fold)
    assert folds.tolist() == [372] * 5


def test_topn(hetrec: tuple[Dataset, Tables]) -> None:
    rows = evaluate_topn(hetrec[0], {**BASELINES, "als": fit_als}, folds=[0]).sections[0].rows
    near(rows["popularity"], precision=6.8, recall=6.9, ndcg=8.0)
    near(rows["friends"], precision=12.5, recall=12.7, ndcg=15.2)
    near(rows["als"], precision=19.9, recall=20.1, ndcg=24.1)


def test_discovery(hetrec: tuple[Dataset, Tables]) -> None:
    genres, artists, _ = evaluate_discovery(hetrec[0], BASELINES, counts=COUNTS, folds=[1, 2]).sections
    near(genres.rows["popularity"], hit1=33.2, hit3=51.4, mrr=45.7, niche_hit1=0.0)
    near(genres.rows["friends"], hit1=50.3, hit3=70.4, mrr=62.7)
    near(artists.rows["popularity"], recall=15.5, ndcg=12.2, radar_share=0.0)
    near(artists.rows["friends"], recall=28.4, ndcg=25.7, radar_share=1.9)


def test_cold_start(hetrec: tuple[Dataset, Tables]) -> None:
    ndcg = evaluate_cold_start(hetrec[0], BASELINES, known=[0, 20], folds=[0]).sections[0].rows
    near(ndcg["friends"], n0=26.3)
    assert ndcg["friends"]["n20"] > ndcg["friends"]["n0"] > ndcg["popularity"]["n0"]


def test_liked_genres(deezer: Dataset) -> None:
    assert (deezer.n_users, len(deezer.user), deezer.friends.nnz) == (47_538, 284_901, 2 * 222_887)
    rows = evaluate_genres(deezer, BASELINES, folds=[1], sample=2_000).sections[0].rows
    near(rows["popularity"], hit1=39.4, hit5=72.9, mrr=54.3)
    near(rows["friends"], hit1=37.5, hit5=70.9, mrr=52.5)
