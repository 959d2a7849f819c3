"""Which rows are hidden, and from whom: always from a seeded generator or by rule."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from muse_graph.core.types import BoolArray, IntArray
from muse_graph.evaluation.data.datasets import Dataset

__all__ = ["Holdout", "assign_folds", "hidden_genres", "hidden_rows", "hide_likes", "modulo_folds", "turns"]

_FEWEST_IN_GENRE = 3
_FEWEST_OUTSIDE = 10


@dataclass(frozen=True, slots=True, eq=False)
class Holdout:
    """One genre hidden from each user who can spare one.

    Attributes:
        user: (n,) int64, positions of the users
        genre: (n,) int64, the genre hidden from each
        fold: (n,) int64 in 0..n_folds-1; fold 0 is for choosing, the others for the figures
    """

    user: IntArray
    genre: IntArray
    fold: IntArray

    def of_fold(self, fold: int) -> tuple[IntArray, IntArray]:
        """Users of a fold and the genre hidden from each."""
        chosen = self.fold == fold
        return self.user[chosen], self.genre[chosen]


def modulo_folds(n_rows: int, n_folds: int = 5) -> IntArray:
    """(n_rows,) int64: the fold of each row, its number modulo n_folds, as QRec deals them."""
    return np.arange(n_rows) % n_folds


def assign_folds(n: int, n_folds: int, rng: np.random.Generator) -> IntArray:
    """(n,) int64: a fold for each of n, all folds of equal size but for one."""
    return rng.permutation(np.arange(n) % n_folds)


def hidden_genres(dataset: Dataset, rng: np.random.Generator, *, n_folds: int = 5) -> Holdout:
    """Draw a genre for each user who has at least 3 items of one, and 10 others; deal the users to folds.

    A genre here is an item's primary one.
    """
    genre = dataset.item_genre[dataset.item]
    of_genre = np.zeros((dataset.n_users, dataset.n_genres), np.int64)
    np.add.at(of_genre, (dataset.user[genre >= 0], genre[genre >= 0]), 1)
    in_all = np.bincount(dataset.user, minlength=dataset.n_users)
    spare = (of_genre >= _FEWEST_IN_GENRE) & (in_all[:, None] - of_genre >= _FEWEST_OUTSIDE)
    users = np.flatnonzero(spare.any(axis=1))
    drawn = np.array([rng.choice(np.flatnonzero(spare[user])) for user in users], np.int64)
    return Holdout(users, drawn, assign_folds(len(users), n_folds, rng))


def hide_likes(dataset: Dataset, rng: np.random.Generator, *, fewest: int = 3, n_folds: int = 5) -> Holdout:
    """Draw one liked genre for each user who likes at least `fewest`; items are genres."""
    order = rng.permutation(len(dataset.user))
    users, first = np.unique(dataset.user[order], return_index=True)
    drawn = dataset.item[order][first]
    many = np.bincount(dataset.user, minlength=dataset.n_users)[users] >= fewest
    users, drawn = users[many], drawn[many]
    return Holdout(users, drawn, assign_folds(len(users), n_folds, rng))


def hidden_rows(dataset: Dataset, users: IntArray, genres: IntArray) -> BoolArray:
    """(n,) bool: the rows in which one of the users plays an item of the genre hidden from them."""
    hidden = np.full(dataset.n_users, -2)
    hidden[users] = genres
    return np.asarray(dataset.item_genre[dataset.item] == hidden[dataset.user])


def turns(dataset: Dataset, rng: np.random.Generator) -> IntArray:
    """(n,) int64 from 0: which of its user's rows each is, in an order drawn for every user."""
    order = np.lexsort((rng.random(len(dataset.user)), dataset.user))
    user = dataset.user[order]
    starts = np.flatnonzero(np.r_[True, user[1:] != user[:-1]])[: len(user)]
    turn = np.empty(len(user), np.int64)
    turn[order] = np.arange(len(user)) - np.repeat(starts, np.diff(np.r_[starts, len(user)]))
    return turn
