"""Theta as the queries take it."""

from __future__ import annotations

import pytest

from muse_graph.errors import InvalidRequest
from muse_graph.service.listens.refresh import theta_params


@pytest.mark.parametrize(("theta", "num", "den"), [(0.2, 1, 5), (0.15, 3, 20), (1.0, 1, 1), (1, 1, 1)])
def test_theta_is_the_decimal_it_prints_as(theta: float, num: int, den: int) -> None:
    assert theta_params(theta) == {"theta_num": num, "theta_den": den}


@pytest.mark.parametrize("theta", [0.0, -0.2, 1.01])
def test_theta_out_of_range_is_refused(theta: float) -> None:
    with pytest.raises(InvalidRequest, match="theta must be > 0 and <= 1"):
        theta_params(theta)
