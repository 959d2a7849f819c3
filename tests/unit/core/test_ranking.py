"""Top k beside a plain sort, with many ties."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from muse_graph.core.rerank.ranking import top_k
from muse_graph.errors import InvalidRequest, ShapeError

keys = st.integers(-(2**63), 2**63 - 1)


@given(
    rows=st.lists(
        st.tuples(st.sampled_from([0.0, -0.0, 0.5, 1.0]) | st.floats(-1, 1), keys),
        max_size=60,
        unique_by=lambda row: row[1],
    ),
    k=st.integers(0, 70),
)
def test_agrees_with_a_plain_sort(rows: list[tuple[float, int]], k: int) -> None:
    scores, items = np.array([row[0] for row in rows]), np.array([row[1] for row in rows], np.int64)
    slow = sorted(range(len(rows)), key=lambda i: (-rows[i][0], rows[i][1]))[:k]
    assert top_k(scores, items, k).tolist() == slow


def test_ties_at_the_cut_go_to_the_smaller_key_whatever_the_order() -> None:
    rng = np.random.default_rng(7)
    items = rng.permutation(10_000)
    assert items[top_k(np.zeros(10_000), items, 3)].tolist() == [0, 1, 2]


def test_bad_arguments() -> None:
    with pytest.raises(InvalidRequest, match="cutoff k must be >= 0, got -1"):
        top_k(np.zeros(1), np.zeros(1, np.int64), -1)
    with pytest.raises(ShapeError):
        top_k(np.zeros(2), np.zeros(1, np.int64), 1)
