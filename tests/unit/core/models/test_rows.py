"""Rows are summed and looked up where they stand in their matrix, as the dense matrix says."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from muse_graph.core.models.rows import Rows, rows_at, rows_of

N_ROWS, N_COLUMNS = 7, 9


@st.composite
def matrices(draw: st.DrawFn) -> np.ndarray:
    """Some rows are empty, and some cells 0."""
    cells = draw(st.lists(st.integers(-3, 3), min_size=N_ROWS * N_COLUMNS, max_size=N_ROWS * N_COLUMNS))
    dense = np.array(cells, np.float32).reshape(N_ROWS, N_COLUMNS)
    dense[draw(st.lists(st.integers(0, N_ROWS - 1), max_size=N_ROWS))] = 0
    return dense


#: Rows in any order, some of them twice.
wanted_rows = st.lists(st.integers(0, N_ROWS - 1), max_size=2 * N_ROWS)


def rows_in(dense: np.ndarray, wanted: list[int], kind: Any = np.int32) -> Rows:
    matrix = sparse.csr_array(dense)
    return rows_at(
        matrix.indptr.astype(np.int64),
        matrix.indices.astype(kind),
        matrix.data,
        np.array(wanted, np.int64),
        N_COLUMNS,
    )


@pytest.mark.parametrize("kind", [np.int32, np.int64])
@given(dense=matrices(), wanted=wanted_rows, data=st.data())
def test_sums_are_those_of_the_dense_matrix(
    kind: Any, dense: np.ndarray, wanted: list[int], data: st.DataObject
) -> None:
    weights = np.array([data.draw(st.integers(-4, 4)) for _ in wanted], np.float64)
    rows = rows_in(dense, wanted, kind)
    right = weights @ dense[wanted].reshape(-1, N_COLUMNS)
    assert rows.sums(weights).tolist() == right.tolist()
    onto = np.arange(N_COLUMNS, dtype=np.float32)
    assert rows.sums(weights, onto) is onto
    assert onto.tolist() == (right + np.arange(N_COLUMNS)).tolist()


@given(
    dense=matrices(),
    wanted=wanted_rows,
    columns=st.lists(st.integers(0, N_COLUMNS - 1), max_size=2 * N_COLUMNS),
)
def test_tables_are_cut_out_of_the_dense_matrix(
    dense: np.ndarray, wanted: list[int], columns: list[int]
) -> None:
    found = rows_in(dense, wanted).table(np.array(columns, np.int64))
    assert found.tolist() == dense[wanted][:, columns].reshape(len(wanted), len(columns)).tolist()


@given(dense=matrices(), wanted=wanted_rows)
def test_cells_come_row_by_row(dense: np.ndarray, wanted: list[int]) -> None:
    right = [
        (row, int(column), float(dense[at, column]))
        for row, at in enumerate(wanted)
        for column in np.flatnonzero(dense[at])
    ]
    row, column, value = rows_of(sparse.csr_array(dense), np.array(wanted, np.int64)).cells()
    assert list(zip(row.tolist(), column.tolist(), value.tolist(), strict=True)) == right
