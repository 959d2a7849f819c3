"""Each similarity beside its slow twin; range, symmetry and known answers."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from muse_graph.core.similarity import similarities
from muse_graph.core.types import FloatArray, Interactions, SimilarityKind
from muse_graph.errors import InvalidRequest, ShapeError

KINDS = ["cosine", "pearson", "jaccard", "log-likelihood"]
Profile = Mapping[int, Fraction | float]

# Hundredths: zero, equal and repeated weights turn up often, and the slow twin can be exact.
profiles = st.lists(
    st.dictionaries(st.integers(0, 7), st.integers(0, 100).map(lambda n: Fraction(n, 100))),
    min_size=2,
    max_size=5,
)


def alike_of(rows: list[Profile], kind: SimilarityKind, shrinkage: float, user: int = 0) -> FloatArray:
    triples = [(index, item, row[item]) for index, row in enumerate(rows) for item in sorted(row)]
    users, items, weights = zip(*triples, strict=True) if triples else ((), (), ())
    plays = np.ones(len(users), np.int64)
    heard = np.array(weights, float)
    played = Interactions(np.array(users, np.int64), np.array(items, np.int64), plays, heard)
    return similarities(played, heard, user, len(rows), kind, shrinkage)


def slow_cosine(x: Profile, y: Profile, items: set[int]) -> float:
    dot = sum(x[i] * y[i] for i in x.keys() & y.keys())
    squares = sum(w * w for w in x.values()) * sum(w * w for w in y.values())
    return float(dot) / math.sqrt(squares) if squares else 0.0


def slow_pearson(x: Profile, y: Profile, items: set[int]) -> float:
    both = x.keys() & y.keys()
    if not both:
        return 0.0
    mean_x, mean_y = sum(x.values()) / len(x), sum(y.values()) / len(y)
    dot = sum((x[i] - mean_x) * (y[i] - mean_y) for i in both)
    squares = sum((x[i] - mean_x) ** 2 for i in both) * sum((y[i] - mean_y) ** 2 for i in both)
    return float(dot) / math.sqrt(squares) if squares else 0.0


def slow_jaccard(x: Profile, y: Profile, items: set[int]) -> float:
    return len(x.keys() & y.keys()) / len(x.keys() | y.keys()) if x or y else 0.0


def slow_log_likelihood(x: Profile, y: Profile, items: set[int]) -> float:
    """G2 as twice the sum of observed times log of observed over expected, over the four cells."""
    cells = {(a, b): 0 for a in (True, False) for b in (True, False)}
    for item in items:
        cells[item in x, item in y] += 1
    g2 = 0.0
    for (a, b), observed in cells.items():
        in_x = sum(n for (p, _), n in cells.items() if p == a)
        in_y = sum(n for (_, q), n in cells.items() if q == b)
        if observed:
            g2 += 2 * observed * math.log(observed * len(items) / (in_x * in_y))
    more_than_chance = cells[True, True] * len(items) > len(x) * len(y)
    return 1 - 1 / (1 + g2) if more_than_chance else 0.0


SLOW: dict[str, Callable[[Profile, Profile, set[int]], float]] = {
    "cosine": slow_cosine,
    "pearson": slow_pearson,
    "jaccard": slow_jaccard,
    "log-likelihood": slow_log_likelihood,
}


@pytest.mark.parametrize("kind", KINDS)
@given(rows=profiles, shrinkage=st.sampled_from([0.0, 0.5, 5.0]))
def test_agrees_with_the_slow_twin(kind: str, rows: list[Profile], shrinkage: float) -> None:
    fast = alike_of(rows, kind, shrinkage)
    assert fast[0] == 0
    for other, row in enumerate(rows[1:], start=1):
        overlap = len(rows[0].keys() & row.keys())
        shrunk = overlap / (overlap + shrinkage) if overlap else 0.0
        assert fast[other] == pytest.approx(SLOW[kind](rows[0], row, set().union(*rows)) * shrunk, abs=1e-9)


@pytest.mark.parametrize("kind", KINDS)
@given(rows=profiles, shrinkage=st.floats(0, 100))
def test_range_and_symmetry(kind: str, rows: list[Profile], shrinkage: float) -> None:
    table = np.array([alike_of(rows, kind, shrinkage, user) for user in range(len(rows))])
    assert np.isfinite(table).all()
    assert table.max() <= 1
    assert table.min() >= (-1 if kind == "pearson" else 0)
    assert table == pytest.approx(table.T, abs=1e-12)


@pytest.mark.parametrize("kind", KINDS)
@given(weights=st.lists(st.floats(0, 1), min_size=6, max_size=6))
def test_never_nan_even_for_vanishing_weights(kind: str, weights: list[float]) -> None:
    rows = [dict(enumerate(weights[:3])), dict(enumerate(weights[3:]))]
    alike = alike_of(rows, kind, 0.0)
    assert np.isfinite(alike).all()
    assert abs(alike[1]) <= 1


def test_identical_listening_is_one_before_shrinkage() -> None:
    row = {0: Fraction(1, 5), 1: Fraction(4, 5)}
    for kind in ("cosine", "pearson", "jaccard"):
        assert alike_of([row, row], kind, 0)[1] == pytest.approx(1)
        assert alike_of([row, row], kind, 2)[1] == pytest.approx(1 / 2)


def test_opposite_ratings_are_negative_for_pearson_only() -> None:
    rows = [{0: Fraction(1), 1: Fraction(0)}, {0: Fraction(0), 1: Fraction(1)}]
    assert alike_of(rows, "pearson", 0)[1] == pytest.approx(-1)
    assert alike_of(rows, "cosine", 0)[1] == 0


def test_a_constant_row_has_no_pearson_similarity() -> None:
    # The mean of three times 0.1 is not 0.1 in floating point.
    flat = dict.fromkeys(range(3), Fraction(1, 10))
    varied = {0: Fraction(1, 10), 1: Fraction(1, 2), 2: Fraction(9, 10), 5: Fraction(0)}
    assert alike_of([flat, varied], "pearson", 0)[1] == 0


def test_known_log_likelihood() -> None:
    # Both play the same 4 of 8, a third listener all of them: G2 = 2 * 8 * ln 2.
    row = dict.fromkeys(range(4), Fraction(1))
    everything = dict.fromkeys(range(8), Fraction(1))
    g2 = 16 * math.log(2)
    assert alike_of([row, row, everything], "log-likelihood", 0)[1] == pytest.approx(1 - 1 / (1 + g2))


def test_bad_arguments_name_the_rule() -> None:
    rows: list[Profile] = [{}, {}]
    with pytest.raises(InvalidRequest, match="similarity must be one of cosine, pearson"):
        alike_of(rows, "euclid", 0)  # type: ignore[arg-type]
    with pytest.raises(InvalidRequest, match="shrinkage must be >= 0, got -1"):
        alike_of(rows, "cosine", -1)
    with pytest.raises(InvalidRequest, match="shrinkage"):
        alike_of(rows, "cosine", math.nan)
    with pytest.raises(ShapeError, match=r"user must be 0\.\.1, got 2"):
        alike_of(rows, "cosine", 0, user=2)
    nobody = Interactions(*(np.empty(0, np.int64) for _ in range(3)), np.empty(0))
    with pytest.raises(ShapeError, match=r"weights must be \(0,\), got \(1,\)"):
        similarities(nobody, np.ones(1), 0, 1, "cosine", 0)
