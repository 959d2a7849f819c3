"""Rules of fields in files, at their edges; `tests/api/test_every_way_in.py` compares the ways in."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pycountry
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muse_graph.errors import InvalidRequest, invalid
from muse_graph.loaders.sources.slugs import slug
from muse_graph.service.field_rules import COUNTRY_OR_UNKNOWN, FIELDS, MAX_PLAYS, check, check_by, field_rules

NOW = datetime(2026, 1, 2, tzinfo=UTC)
RULES = field_rules(NOW)


@pytest.mark.parametrize(
    ("field", "value", "normal"),
    [
        ("user_id", 2, "2"),
        ("user_id", 7.0, "7"),
        ("user_id", -0.0, "0"),
        ("user_id", 2.0**53, str(2**53)),
        ("user_id", 12345678901234567890123, "12345678901234567890123"),
        ("user_id", Decimal("7.00"), "7"),
        ("user_id", "7.0", "7.0"),
        ("artist_ids", " a | b ||a", ["a", "b"]),
        ("artist_ids", ["a", 2, None, "a", 2.0], ["a", "2"]),
        ("artist_ids", 3.0, ["3"]),
        ("genre_ids", [], []),
        ("tag", "Rock", "rock"),
        ("heard", "0", 0.0),
        ("heard", "-0.0", 0.0),
        ("heard", "1e-2", 0.01),
        ("heard", Decimal("0.5"), 0.5),
        ("duration_s", "180.5", 180.5),
        ("duration_s", Decimal("180.50"), 180.5),
        ("avg_likes", "-0", 0.0),
        ("plays", "1", 1),
        ("plays", "3.0", 3),
        ("plays", Decimal("3.0"), 3),
        ("plays", str(MAX_PLAYS), MAX_PLAYS),
        ("followers", 999_999_999_999_999, 999_999_999_999_999),
        ("country", "de", "DE"),
        ("mbid", "A1B2C3D4-0000-4000-8000-0123456789AB", "a1b2c3d4-0000-4000-8000-0123456789ab"),
        ("isrc", "us-rc1-76-07839", "USRC17607839"),
        ("action", "Save", "save"),
        ("audience", "de|PT: 0.25|de", ["DE", "PT:0.25"]),
        ("features", " 1 |-2.5|1", [1.0, -2.5, 1.0]),
        ("features", [1, "2", Decimal(1)], [1.0, 2.0, 1.0]),
        ("features", [], []),
        ("listened_at", "1700000000", 1_700_000_000_000),
        ("listened_at", 1700000000.001, 1_700_000_000_001),
        ("listened_at", "1970-01-01t00:00:00.0015", 1),
        ("listened_at", datetime(1970, 1, 2), 86_400_000),  # noqa: DTZ001 - without a zone on purpose
    ],
)
def test_files_may_spell_a_value_in_their_own_way(field: str, value: Any, normal: Any) -> None:
    found = RULES[field].read(value)
    assert found == normal
    assert type(found) is type(normal)
    assert not (isinstance(found, float) and math.copysign(1, found) < 0)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("user_id", bad) for bad in ("", True, 1.5, Decimal("1.5"), 2.0**53 + 2, 1e22, math.nan, math.inf)),
        *(
            ("heard", bad)
            for bad in ("nan", "inf", "1.01", "0,5", "1_0", "٣", math.nan, True, "x", "-1e-300")
        ),
        *(("duration_s", bad) for bad in ("0", "-0.0", "-1", "inf", "1e999", "1e15")),
        *(("avg_likes", bad) for bad in ("-1", "nan", 10**400)),
        *(("plays", bad) for bad in ("0", "1.5", "1_000", math.inf, True, "9" * 5000, MAX_PLAYS + 1, "1e9")),
        *(("followers", bad) for bad in (-1, 10**15, 2**53)),
        *(("mbid", bad) for bad in ("a1b2", "g1b2c3d4-0000-4000-8000-0123456789ab", 1)),
        *(("isrc", bad) for bad in ("USRC1760783", "1SRC17607839", "ßRC17607839", 1)),
        *(("audience", bad) for bad in ("DE:0", "DE:-0.0", "DE:1.1", "DE:", "XX:0.5", "DE:nan", 3, "ß")),
        *(("artist_ids", bad) for bad in ([["a"]], {"a": 1}, "a|b\0", [True], "a|x\x85y")),
        *(
            ("features", bad)
            for bad in ("", "1||2", "1|2|", "1;2", "1|nan", "1|1e999", [1, None], [True], 1.5)
        ),
        *(("features", bad) for bad in ([[1]], [0.0] * 65)),
        *(("listened_at", bad) for bad in ("2023-01-01", "soon", "-1", "1e300", True, ["a"])),
        ("listened_at", "1969-12-31T23:59:59Z"),
        ("listened_at", "2026-01-03T00:00:01Z"),
    ],
)
def test_a_wrong_value_is_told_the_rule(field: str, value: Any) -> None:
    with pytest.raises(ValueError, match=r"^must ") as refused:
        RULES[field].read(value)
    assert str(refused.value) == RULES[field].rule


def test_sums_of_the_most_plays_fit_64_bits() -> None:
    most_relationships = 2**35
    assert most_relationships * MAX_PLAYS < 2**63
    assert MAX_PLAYS * 1_000_000 < 2**63


def test_there_are_249_countries() -> None:
    codes = {FIELDS["country"].clean(entry.alpha_2.lower()) for entry in pycountry.countries}
    assert len(codes) == 249
    assert {COUNTRY_OR_UNKNOWN.clean(code) for code in codes} == codes
    assert COUNTRY_OR_UNKNOWN.clean("zz") == "ZZ"


@settings(deadline=None)
@given(
    st.datetimes(min_value=datetime(1970, 1, 3), max_value=datetime(2025, 12, 31)),  # noqa: DTZ001
    st.integers(-14, 14),
)
def test_any_zone_means_the_same_moment(local: datetime, hours: int) -> None:
    there = local.replace(tzinfo=UTC)
    shifted = there.astimezone(timezone(timedelta(hours=hours)))
    spelled = [shifted.isoformat(), there, there.isoformat().replace("+00:00", "Z"), local.isoformat()]
    assert len({RULES["at"].read(one) for one in spelled}) == 1


@settings(deadline=None)
@given(st.text())
def test_a_normal_form_is_its_own(text: str) -> None:
    for field in ("user_id", "name", "tag", "source"):
        normal = FIELDS[field].normal(text)
        assert normal is None or FIELDS[field].clean(normal) == normal


def test_an_error_names_field_rule_and_value() -> None:
    error = invalid("limit", "must be 1..10", 11)
    assert str(error) == "limit must be 1..10, got 11"
    assert error.fields == (("limit", "must be 1..10"),)
    with pytest.raises(InvalidRequest, match=r"^plays must be a whole number in 1\.\.100,000,000, got 0$"):
        check("plays", 0)
    with pytest.raises(InvalidRequest, match=r"or ZZ for unknown, got 'ß'$"):
        check_by(COUNTRY_OR_UNKNOWN, "country", "ß")


@pytest.mark.parametrize(
    ("name", "identifier"),
    [
        ("Rap/Hip Hop", "rap-hip-hop"),
        ("R&B", "r-b"),
        ("Norteño", "norteno"),
        ("!!!", "!!!"),
        ("ロック", "ロック"),
    ],
)
def test_slugs(name: str, identifier: str) -> None:
    assert slug(name) == identifier
