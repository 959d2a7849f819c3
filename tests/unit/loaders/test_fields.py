import math
from datetime import UTC, datetime, timedelta, timezone

import pycountry
import pytest
from hypothesis import given
from hypothesis import strategies as st

from muse_graph.countries import parse_country
from muse_graph.loaders import value_rules

NOW = datetime(2026, 1, 2, tzinfo=UTC)
MOMENT = value_rules.timestamp(NOW)


@pytest.mark.parametrize(
    ("rule", "value", "clean"),
    [
        (value_rules.identifier, "u-1", "u-1"),
        (value_rules.identifier, 2, "2"),
        (value_rules.text(5, lower=True), "Rock", "rock"),
        (value_rules.share, "0", 0.0),
        (value_rules.share, "1e-2", 0.01),
        (value_rules.share, 1, 1.0),
        (value_rules.duration, "180.5", 180.5),
        (value_rules.amount, "0", 0.0),
        (value_rules.count(1), "1", 1),
        (value_rules.count(0), 3.0, 3),
        (parse_country, "de", "DE"),
        (value_rules.mbid, "A1B2C3D4-0000-4000-8000-0123456789AB", "a1b2c3d4-0000-4000-8000-0123456789ab"),
        (value_rules.isrc, "us-rc1-76-07839", "USRC17607839"),
        (value_rules.action, "Save", "save"),
        (value_rules.reach, "de", "DE"),
        (value_rules.reach, "de:0.25", "DE:0.25"),
        (value_rules.entries(value_rules.identifier), " a | b ||a", ["a", "b"]),
        (value_rules.entries(value_rules.identifier), ["a", 2, None, "a"], ["a", "2"]),
        (value_rules.vector(3), " 1 |-2.5|1", [1.0, -2.5, 1.0]),
        (value_rules.vector(3), [1, "2", 1], [1.0, 2.0, 1.0]),
        (value_rules.vector(3), [], None),
        (MOMENT, "1970-01-01T00:00:01Z", 1000),
        (MOMENT, "1970-01-01 01:00:00+01:00", 0),
        (MOMENT, "1970-01-01t00:00:00.0015", 1),
        (MOMENT, "1700000000", 1_700_000_000_000),
        (MOMENT, 1700000000.001, 1_700_000_000_001),
        (MOMENT, datetime(1970, 1, 2), 86_400_000),  # noqa: DTZ001 - without a zone on purpose
    ],
)
def test_values_are_cleaned(rule, value, clean) -> None:
    assert rule(value) == clean


@pytest.mark.parametrize(
    ("rule", "value"),
    [
        *(
            (value_rules.identifier, bad)
            for bad in ("", " ", "a\0b", "a\nb", "x" * 201, True, 1.5, "\udcff", ["a"])
        ),
        *((value_rules.text(5), bad) for bad in ("", "sixsix", "a\0", 3, "\ud800")),
        *(
            (value_rules.share, bad)
            for bad in ("nan", "inf", "-0.1", "1.01", "0,5", "1_0", "٣", math.nan, True, "x")
        ),
        *((value_rules.duration, bad) for bad in ("0", "-1", "inf", "1e999")),
        *((value_rules.amount, bad) for bad in ("-1", "nan", 10**400)),
        *(
            (value_rules.count(1), bad)
            for bad in ("0", "-1", "1.5", "1_000", 1.5, math.inf, True, "9" * 5000, 10**15)
        ),
        *((parse_country, bad) for bad in ("XX", "DEU", "", 49, "UK")),
        *((value_rules.mbid, bad) for bad in ("a1b2", "g1b2c3d4-0000-4000-8000-0123456789ab", 1)),
        *((value_rules.isrc, bad) for bad in ("USRC1760783", "1SRC17607839", 1)),
        *((value_rules.action, bad) for bad in ("like", 1)),
        *((value_rules.reach, bad) for bad in ("DE:0", "DE:1.1", "DE:", "XX:0.5", "DE:nan", 3)),
        *((value_rules.entries(value_rules.identifier), bad) for bad in ([["a"]], {"a": 1}, "a|b\0")),
        *(
            (value_rules.vector(3), bad)
            for bad in (
                "",
                "1||2",
                "1|2|",
                "1;2",
                "1|nan",
                "1|1e999",
                "1|2|3|4",
                [1, None],
                [True],
                1.5,
                [[1]],
            )
        ),
        *(
            (MOMENT, bad)
            for bad in ("2023-02-30T00:00:00Z", "2023-01-01", "soon", "-1", -1, "1e300", True, ["a"])
        ),
        (MOMENT, "1969-12-31T23:59:59Z"),
        (MOMENT, "2026-01-03T00:00:01Z"),
    ],
)
def test_values_that_break_a_rule_are_named(rule, value) -> None:
    with pytest.raises(ValueError, match=r"^must "):
        rule(value)


def test_there_are_249_countries() -> None:
    assert len({parse_country(entry.alpha_2.lower()) for entry in pycountry.countries}) == 249


@given(
    st.datetimes(min_value=datetime(1970, 1, 3), max_value=datetime(2025, 12, 31)),  # noqa: DTZ001
    st.integers(-14, 14),
)
def test_any_zone_means_the_same_moment(local, hours) -> None:
    there = local.replace(tzinfo=UTC)
    shifted = there.astimezone(timezone(timedelta(hours=hours)))
    assert MOMENT(shifted.isoformat()) == MOMENT(there) == MOMENT(there.isoformat().replace("+00:00", "Z"))


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Rap/Hip Hop", "rap-hip-hop"),
        ("R&B", "r-b"),
        ("Norteño", "norteno"),
        ("!!!", "!!!"),
        ("ロック", "ロック"),
    ],
)
def test_slugs(name, slug) -> None:
    assert value_rules.slug(name) == slug
