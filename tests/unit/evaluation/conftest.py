"""A synthetic data set small enough to check by loops."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from muse_graph.evaluation.data.datasets import Dataset


@pytest.fixture
def small() -> Dataset:
    """60 users in two camps, each with its own half of 40 items in 4 genres; friends within the camp."""
    rng = np.random.default_rng(5)
    n_users, n_items = 60, 40
    pairs = [
        (user, 20 * (user % 2) + int(item)) for user in range(n_users) for item in rng.permutation(20)[:16]
    ]
    user, item = np.array(pairs).T
    friends = np.zeros((n_users, n_users))
    for one in range(n_users - 2):
        friends[one, one + 2] = friends[one + 2, one] = 1.0
    tagged = rng.random(len(user)) < 0.3
    return Dataset(
        name="small",
        user_ids=tuple(f"u{n}" for n in range(n_users)),
        item_ids=tuple(f"i{n}" for n in range(n_items)),
        genre_ids=("a", "b", "c", "d"),
        user=user,
        item=item,
        plays=rng.integers(1, 100, len(user)),
        heard=np.full(len(user), np.nan),
        friends=sparse.csr_array(friends),
        tag_user=user[tagged],
        tag_item=item[tagged],
        tag=item[tagged] // 20,
        n_tags=2,
        item_genre=np.arange(n_items) // 10,
    )
