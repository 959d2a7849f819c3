"""What may be asked for, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from muse_graph.errors import InvalidRequest
from muse_graph.service.recommendations.options import MAX_K, RecommendationOptions, check_k


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"k": 1, "radar_share": 0},
        {"k": MAX_K, "radar_share": 1},
        {"mode": "for-you"},
        {"mode": "under-the-radar"},
    ],
)
def test_options_within_the_rules(options: dict[str, Any]) -> None:
    assert RecommendationOptions(**options).k == options.get("k", 20)


@pytest.mark.parametrize(
    ("options", "field", "rule"),
    [
        ({"k": 0}, "k", "must be 1..1000, got 0"),
        ({"k": MAX_K + 1}, "k", "must be 1..1000, got 1001"),
        ({"mode": "loud"}, "mode", "must be one of discovery, for-you, under-the-radar, got 'loud'"),
        ({"radar_share": -0.1}, "radar_share", "must be a number in 0..1, got -0.1"),
        ({"radar_share": 1.1}, "radar_share", "must be a number in 0..1, got 1.1"),
        ({"radar_share": float("nan")}, "radar_share", "must be a number in 0..1, got nan"),
    ],
)
def test_a_refusal_names_the_field_and_the_rule(options: dict[str, Any], field: str, rule: str) -> None:
    with pytest.raises(InvalidRequest, match=field) as refused:
        RecommendationOptions(**options)
    assert refused.value.fields == ((field, rule),)
    assert rule in str(refused.value)


def test_a_cutoff_alone_is_checked_the_same() -> None:
    check_k(1)
    with pytest.raises(InvalidRequest, match=r"cutoff k must be 1\.\.1000, got -1"):
        check_k(-1)
