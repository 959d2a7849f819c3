"""Points in time in words. All are of UTC: a page does not know where its reader is."""

from __future__ import annotations

from datetime import UTC, datetime

from muse_graph.api.web.pages.blueprint import pages
from muse_graph.timestamps import parse_rfc3339

__all__ = ["ago", "day", "day_heading"]

_UNITS = (("day", 24 * 60), ("hour", 60), ("minute", 1))
_DAYS = ("Today", "Yesterday")
_WEEK_DAYS = 7


@pages.app_template_filter()
def day(at: str) -> str:
    """A day, as in 3 March 2026."""
    found = _time(at)
    return f"{found.day} {found:%B %Y}"


@pages.app_template_filter()
def ago(at: str) -> str:
    """How long ago, for a week; after that the day."""
    minutes = int((datetime.now(UTC) - _time(at)).total_seconds() // 60)
    if minutes >= _WEEK_DAYS * 24 * 60:
        return day(at)
    for unit, size in _UNITS:
        if minutes >= size:
            n = minutes // size
            return f"{n} {unit}{'' if n == 1 else 's'} ago"
    return "just now"


def day_heading(at: str) -> str:
    """What stands above all that happened at about that time: a day, this week, or a month."""
    found, now = _time(at), datetime.now(UTC)
    past = (now.date() - found.date()).days
    if past < len(_DAYS):
        return _DAYS[max(past, 0)]
    return "This week" if past < _WEEK_DAYS else f"{found:%B %Y}"


def _time(at: str) -> datetime:
    found = parse_rfc3339(at)
    if found is None:
        raise ValueError(f"must be an RFC 3339 time, got {at!r}")
    return found
