"""Points in time as clients write them and as the service keeps them (UTC, whole milliseconds)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from pydantic import BeforeValidator, WithJsonSchema

from muse_graph.service.field_rules import FIELDS
from muse_graph.timestamps import from_ms, to_ms

__all__ = ["Moment", "milliseconds", "now"]

_RULE = FIELDS["listened_at"]


def now() -> datetime:
    """The time it is, in UTC, to the millisecond, as listens are stored."""
    return from_ms(to_ms(datetime.now(UTC)))


def milliseconds(at: datetime | None) -> int | None:
    """Milliseconds since 1970, rounded down; None for no time."""
    return None if at is None else to_ms(at)


def _parse(value: object) -> datetime | None:
    return None if value is None else from_ms(_RULE.clean(value))


Moment = Annotated[datetime, BeforeValidator(_parse), WithJsonSchema(_RULE.schema)]
