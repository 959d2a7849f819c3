"""What is hidden, and from whom."""

from __future__ import annotations

import numpy as np

from muse_graph.evaluation.data.datasets import Dataset
from muse_graph.evaluation.data.splits import (
    assign_folds,
    hidden_genres,
    hidden_rows,
    hide_likes,
    modulo_folds,
    turns,
)


def test_rows_are_dealt_by_their_number() -> None:
    assert modulo_folds(7).tolist() == [0, 1, 2, 3, 4, 0, 1]


def test_dealt_folds_are_of_equal_size_and_the_same_for_the_same_seed() -> None:
    first, again = (assign_folds(23, 5, np.random.default_rng(1)) for _ in range(2))
    assert first.tolist() == again.tolist()
    assert sorted(np.bincount(first).tolist()) == [4, 4, 5, 5, 5]


def test_a_genre_is_hidden_from_who_can_spare_one(small: Dataset) -> None:
    holdout = hidden_genres(small, np.random.default_rng(0))
    asked = dict(zip(holdout.user.tolist(), holdout.genre.tolist(), strict=True))
    for user in range(small.n_users):
        genres = small.item_genre[small.item[small.user == user]].tolist()
        spare = {g for g in genres if genres.count(g) >= 3 and len(genres) - genres.count(g) >= 10}
        assert (user in asked) == bool(spare)
        assert user not in asked or asked[user] in spare


def test_exactly_the_rows_of_the_genre_are_hidden(small: Dataset) -> None:
    hidden = hidden_rows(small, np.array([4, 7]), np.array([1, 2]))
    genre = small.item_genre[small.item]
    assert hidden.tolist() == [
        (u == 4 and g == 1) or (u == 7 and g == 2) for u, g in zip(small.user, genre, strict=True)
    ]


def test_with_rows_go_the_tags_given_to_them(small: Dataset) -> None:
    hidden = hidden_rows(small, np.array([4]), np.array([1]))
    gone = {(4, item) for item in small.item[hidden].tolist()}
    pairs = zip(small.tag_user.tolist(), small.tag_item.tolist(), strict=True)
    data = small.training(~hidden, untagged=np.arange(small.n_users) == 9)
    left = [(user, item) for user, item in pairs if (user, item) not in gone and user != 9]
    assert data.user_tags.sum() == data.item_tags.sum() == len(left)
    assert len(data.interactions) == (~hidden).sum()
    assert data.user_tags[[9]].nnz == 0


def test_every_liked_genre_may_be_the_hidden_one(small: Dataset) -> None:
    drawn = [hide_likes(small, np.random.default_rng(seed), fewest=3) for seed in range(30)]
    assert all(len(holdout.user) == small.n_users for holdout in drawn)
    of_first = {int(holdout.genre[0]) for holdout in drawn}
    assert of_first <= set(small.item[small.user == 0].tolist())
    assert len(of_first) > 5
    assert len(hide_likes(small, np.random.default_rng(0), fewest=17).user) == 0


def test_turns_count_each_users_rows_in_another_order(small: Dataset) -> None:
    turn = turns(small, np.random.default_rng(0))
    for user in range(small.n_users):
        own = turn[small.user == user]
        assert sorted(own.tolist()) == list(range(len(own)))
    assert turn.tolist() != turns(small, np.random.default_rng(1)).tolist()
