"""Which tracks lists show, counted for one model after the other."""

from __future__ import annotations

import math

import pytest

from muse_graph.core.keys import keys_of
from muse_graph.model_store import ServedModel
from muse_graph.service.recommendations.exposure import ExposureTally
from tests.worlds import small


def test_a_list_is_counted_by_popularity() -> None:
    tally, model = ExposureTally(), small.served()
    assert math.isnan(tally.gini)
    shown = tally.count(keys_of(["t1", "t4", "newcomer"]), model)
    # t1 has three of the listeners, t4 and two others two: of six tracks they have the deciles 1, 2, 4, 6.
    assert shown.by_decile[0] == 1
    assert shown.by_decile[[1, 3, 5]].sum() == 1
    assert shown.by_decile.sum() == 2
    assert (shown.new, shown.under_radar) == (1, 1)
    assert tally.gini == pytest.approx(1 - 2 / 6)


def test_an_empty_list_shows_nobody() -> None:
    tally = ExposureTally()
    shown = tally.count(keys_of([]), small.served())
    assert (shown.by_decile.sum(), shown.new, shown.under_radar) == (0, 0, 0)
    assert math.isnan(tally.gini)


def test_another_model_is_counted_anew() -> None:
    tally, first = ExposureTally(), small.served()
    tally.count(keys_of(["t1"]), first)
    tally.count(keys_of(small.GENRES), ServedModel("v000002", {}, first.content))
    assert abs(tally.gini) < 1e-12
