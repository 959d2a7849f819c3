"""Times as text and as milliseconds, there and back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muse_graph.timestamps import format_ms, from_ms, in_range, parse_rfc3339, to_ms

NOW = datetime(2026, 1, 2, tzinfo=UTC)


@given(st.integers(0, 253_402_300_799_999))
def test_what_is_formatted_is_parsed(ms: int) -> None:
    at = parse_rfc3339(format_ms(ms))
    assert at is not None
    assert to_ms(at) == ms


@pytest.mark.parametrize(
    ("ms", "text"),
    [(0, "1970-01-01T00:00:00Z"), (1, "1970-01-01T00:00:00.001000Z"), (-1, "1969-12-31T23:59:59.999000Z")],
)
def test_format(ms: int, text: str) -> None:
    assert format_ms(ms) == text


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2024-05-01T18:30:00Z", datetime(2024, 5, 1, 18, 30, tzinfo=UTC)),
        ("2024-05-01 18:30:00z", datetime(2024, 5, 1, 18, 30, tzinfo=UTC)),
        ("2024-05-01t18:30:00.5+02:00", datetime(2024, 5, 1, 16, 30, 0, 500_000, tzinfo=UTC)),
        ("2024-05-01T18:30:00", datetime(2024, 5, 1, 18, 30, tzinfo=UTC)),
        ("2024-05-01", None),
        ("20240501T183000Z", None),
        ("2024-05-01T18:30Z", None),
        ("٢٠٢٤-05-01T18:30:00Z", None),
        ("", None),
    ],
)
def test_parse(text: str, at: datetime | None) -> None:
    assert parse_rfc3339(text) == at


@pytest.mark.parametrize("text", ["2023-02-29T00:00:00Z", "2024-05-01T25:00:00Z"])
def test_what_does_not_exist_is_named(text: str) -> None:
    with pytest.raises(ValueError, match="must be a valid date and time"):
        parse_rfc3339(text)


def test_milliseconds_are_rounded_down() -> None:
    assert to_ms(datetime(1970, 1, 1, 1, 0, 0, 1_999, tzinfo=timezone(timedelta(hours=1)))) == 1
    assert to_ms(datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)) == -1


@pytest.mark.parametrize("ms", [0, to_ms(NOW), to_ms(NOW) + 86_400_000])
def test_times_in_range(ms: int) -> None:
    assert in_range(ms, NOW)
    assert to_ms(from_ms(ms)) == ms


@pytest.mark.parametrize("ms", [-1, to_ms(NOW) + 86_400_001])
def test_times_out_of_range(ms: int) -> None:
    assert not in_range(ms, NOW)
