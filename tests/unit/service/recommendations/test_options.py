"""What may be asked for, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from muse_graph.config import Settings
from muse_graph.core.rerank.diversity import DiversityOptions
from muse_graph.core.scoring import ScoringOptions
from muse_graph.errors import InvalidRequest
from muse_graph.service.recommendations.options import (
    MAX_K,
    FriendOptions,
    ListOptions,
    Otherwise,
    RecommendationOptions,
    check_k,
)


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


@pytest.mark.parametrize(
    ("option", "within", "rule", "beyond"),
    [
        ("k", (1, 1_000), "must be 1..1000", (0, 1_001)),
        ("focus", (0, 1), "must be a number in 0..1", (-0.1, 1.1)),
        ("max_per_artist", (1, 1_000), "must be 1..1000", (0, 1_001)),
        ("diversity", (0, 1), "must be a number in 0..1", (-0.1, 1.1)),
        ("artist_weight", (0, 1e9), "must be a number in 0..1000000000", (-1, 2e9)),
        ("language_weight", (0, 1e9), "must be a number in 0..1000000000", (-1, float("inf"))),
        ("features_weight", (0, 1e9), "must be a number in 0..1000000000", (-1, float("nan"))),
        ("shrinkage", (0, 1e9), "must be a number in 0..1000000000", (-1, 2e9)),
        ("neighbours", (1, 10_000), "must be 1..10000", (0, 10_001)),
        ("theta", (0.01, 1), "must be a number above 0 and at most 1", (0, 1.1)),
        ("max_friends", (1, 10**6), "must be at least 1", (0, -1)),
        ("similarity", ("jaccard",), "must be one of cosine, pearson, jaccard, log-likelihood", ("near",)),
        ("weights", ("binary",), "must be one of heard, log-plays, binary", ("gold",)),
        ("new_only", (True,), "must be true or false", ("perhaps",)),
    ],
)
def test_each_option_has_its_range(
    option: str, within: tuple[object, ...], rule: str, beyond: tuple[object, ...]
) -> None:
    for value in within:
        assert getattr(RecommendationOptions(**{option: value}), option) == value
    for value in beyond:
        with pytest.raises(InvalidRequest) as refused:
            RecommendationOptions(**{option: value})
        assert refused.value.fields == ((option, f"{rule}, got {value!r}"),)
        assert str(refused.value).endswith(f"{option} {rule}, got {value!r}")


def test_two_wrong_values_are_both_named() -> None:
    with pytest.raises(InvalidRequest) as refused:
        RecommendationOptions(k=0, focus=2)
    assert [field for field, _ in refused.value.fields] == ["k", "focus"]
    assert str(refused.value) == "cutoff k must be 1..1000, got 0; focus must be a number in 0..1, got 2"


def test_a_long_value_is_shown_in_part() -> None:
    with pytest.raises(InvalidRequest, match=r"got 'xxx+\.\.\.$") as refused:
        RecommendationOptions(mode="x" * 500)
    assert len(str(refused.value)) < 200


def test_an_option_there_is_not_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="kk is not an option; options are: k, mode, new_only, "):
        RecommendationOptions(kk=1)


def test_options_do_not_change() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        RecommendationOptions().k = 3


def test_core_gets_its_own_options() -> None:
    plain = RecommendationOptions()
    assert plain.reranking == DiversityOptions(max_per_artist=3)
    assert plain.scoring is None
    # One word is enough, the default's own too: the rest is as the scorer has it.
    assert RecommendationOptions(shrinkage=5).scoring == ScoringOptions()
    assert RecommendationOptions(weights="binary").scoring == ScoringOptions(weights="binary")


def test_what_counts_where_nothing_is_said_is_what_the_scorer_does() -> None:
    for name, field in FriendOptions.model_fields.items():
        (otherwise,) = (mark for mark in field.metadata if isinstance(mark, Otherwise))
        assert otherwise.value == getattr(ScoringOptions(), name)
        assert f"({otherwise.value})" in (field.description or "")


def test_settings_hold_for_what_is_asked() -> None:
    found = RecommendationOptions.under(Settings(theta=0.5, max_friends=9), ListOptions(k=7))
    assert found == RecommendationOptions(k=7, theta=0.5, max_friends=9)


def test_a_cutoff_alone_is_checked_the_same() -> None:
    check_k(1)
    with pytest.raises(InvalidRequest, match=r"cutoff k must be 1\.\.1000, got -1"):
        check_k(-1)


@pytest.mark.parametrize("k", [0, 1001])
def test_a_cutoff_that_is_refused_is_named_as_the_field_it_is(k: int) -> None:
    with pytest.raises(InvalidRequest) as refused:
        check_k(k)
    assert refused.value.fields == (("k", f"must be 1..1000, got {k}"),)
    assert str(refused.value) == f"cutoff k must be 1..1000, got {k}"
    check_k(1000)
