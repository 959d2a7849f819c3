"""Points in time as clients write them (RFC 3339, always with a zone) and as the service keeps them (UTC)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated

from pydantic import BeforeValidator, WithJsonSchema

__all__ = ["Moment", "milliseconds", "now"]

_RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)", re.ASCII)
_FIRST = datetime(1970, 1, 1, tzinfo=UTC)


def now() -> datetime:
    """The moment it is, in UTC, to the millisecond, as listens are stored."""
    return _whole_ms(datetime.now(UTC))


def milliseconds(moment: datetime | None) -> int | None:
    """Milliseconds since 1970, rounded down; None for no time."""
    return None if moment is None else (moment - _FIRST) // timedelta(milliseconds=1)


def _whole_ms(moment: datetime) -> datetime:
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def _parse(value: object) -> datetime | None:
    if value is None:
        return None
    if not isinstance(value, str) or not _RFC3339.fullmatch(value.upper()):
        raise ValueError("must be an RFC 3339 time with a zone, as in 2024-05-01T18:30:00Z")
    try:
        moment = datetime.fromisoformat(value.upper())
    except ValueError:
        raise ValueError("must be a time that exists") from None
    if not _FIRST <= moment <= now() + timedelta(days=1):
        raise ValueError("must lie between 1970 and tomorrow")
    return _whole_ms(moment.astimezone(UTC))


Moment = Annotated[
    datetime,
    BeforeValidator(_parse),
    WithJsonSchema({"type": "string", "format": "date-time", "example": "2024-05-01T18:30:00Z"}),
]
