"""Points in time as clients write them (RFC 3339, always with a zone) and as the service keeps them (UTC)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from pydantic import BeforeValidator, WithJsonSchema

from muse_graph.timestamps import check_range, parse_rfc3339, to_ms

__all__ = ["Moment", "milliseconds", "now"]


def now() -> datetime:
    """The time it is, in UTC, to the millisecond, as listens are stored."""
    return _whole_ms(datetime.now(UTC))


def milliseconds(at: datetime | None) -> int | None:
    """Milliseconds since 1970, rounded down; None for no time."""
    return None if at is None else to_ms(at)


def _whole_ms(at: datetime) -> datetime:
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def _parse(value: object) -> datetime | None:
    if value is None:
        return None
    at = parse_rfc3339(value) if isinstance(value, str) else None
    if at is None:
        raise ValueError("must be an RFC 3339 time with a zone, as in 2024-05-01T18:30:00Z")
    check_range(to_ms(at), now())
    return _whole_ms(at.astimezone(UTC))


Moment = Annotated[
    datetime,
    BeforeValidator(_parse),
    WithJsonSchema({"type": "string", "format": "date-time", "example": "2024-05-01T18:30:00Z"}),
]
