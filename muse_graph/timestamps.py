"""Points in time: RFC 3339 as people and files write them, and milliseconds since 1970."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

__all__ = ["format_ms", "from_ms", "in_range", "latest_ms", "parse_rfc3339", "to_ms"]

_RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)?", re.ASCII)
_FIRST = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)


def parse_rfc3339(text: str) -> datetime | None:
    """Return the time that a text spells, of UTC where it has no zone, or None if it is no RFC 3339 time.

    Raises:
        ValueError: For a day or an hour that does not exist, with the rule.
    """
    match = _RFC3339.fullmatch(text.upper())
    if match is None:
        return None
    try:
        at = datetime.fromisoformat(match[0])
    except ValueError:
        raise ValueError("must be a valid date and time") from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def to_ms(at: datetime) -> int:
    """Return whole milliseconds since 1970, rounded down, of a time with a zone."""
    return (at - _FIRST) // _MS


def format_ms(ms: int) -> str:
    """Return milliseconds since 1970 as RFC 3339 in UTC."""
    return from_ms(ms).isoformat().replace("+00:00", "Z")


def from_ms(ms: int) -> datetime:
    """Return the time that milliseconds since 1970 stand for, in UTC."""
    return _FIRST + ms * _MS


def in_range(at_ms: int, now: datetime) -> bool:
    """Whether a time is between 1970 and a day from now."""
    return 0 <= at_ms <= latest_ms(now)


def latest_ms(now: datetime) -> int:
    """The latest time that a fact may have: a day from now."""
    return to_ms(now + timedelta(days=1))
