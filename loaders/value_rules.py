"""Rules for single values: a pure function each, value in, clean value out.

A rule takes a value that is there (text without blanks around it; a number, list or time from JSON or
Parquet) and raises ValueError with the rule it breaks, a phrase to follow the column's name: "must be ...".
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime
from typing import get_args

from muse_graph.countries import parse_country
from muse_graph.service.users.feedback import Feedback
from muse_graph.service.validation import CONTROL, MAX_ID
from muse_graph.timestamps import check_range, parse_rfc3339, to_ms

__all__ = [
    "Rule",
    "action",
    "amount",
    "count",
    "duration",
    "entries",
    "identifier",
    "isrc",
    "mbid",
    "reach",
    "share",
    "slug",
    "text",
    "timestamp",
    "vector",
]

Rule = Callable[[object], object]

_UNPRINTABLE = re.compile(rf"[{CONTROL}\ud800-\udfff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_UUID = re.compile(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}")
_ISRC = re.compile(r"[A-Z]{2}[A-Z0-9]{3}[0-9]{7}")
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}")
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
_LARGEST = 10**15


def text(longest: int, *, lower: bool = False) -> Rule:
    """A rule for text of 1..`longest` characters; line breaks and tabs inside are kept."""

    def rule(value: object) -> str:
        found = value if isinstance(value, str) else ""
        if not 0 < len(found) <= longest or "\0" in found or _SURROGATE.search(found):
            raise ValueError(f"must be text of 1..{longest} characters of UTF-8, none of them NUL")
        return found.lower() if lower else found

    return rule


def identifier(value: object) -> str:
    """An id: 1..200 characters without control characters; a whole number becomes its digits."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    found = value.strip() if isinstance(value, str) else ""
    if not 0 < len(found) <= MAX_ID or _UNPRINTABLE.search(found):
        raise ValueError(f"must be 1..{MAX_ID} characters of UTF-8, none of them a control character")
    return found


def _number(value: object) -> float:
    """A finite number, or NaN for anything else (which no comparison lets through)."""
    if isinstance(value, str):
        return float(value) if _NUMBER.fullmatch(value) else math.nan
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value) if abs(value) < _LARGEST else math.nan
    return math.nan


def share(value: object) -> float:
    """A share in [0, 1]."""
    number = _number(value)
    if not 0 <= number <= 1:
        raise ValueError("must be a number in 0..1")
    return number


def duration(value: object) -> float:
    """A length in seconds, above 0."""
    number = _number(value)
    if not 0 < number < _LARGEST:
        raise ValueError("must be a number of seconds above 0")
    return number


def amount(value: object) -> float:
    """A number that is not negative."""
    number = _number(value)
    if not 0 <= number < _LARGEST:
        raise ValueError("must be a number of at least 0")
    return number


def count(least: int) -> Rule:
    """A rule for whole numbers of at least `least`; 3.0 from a Parquet or JSON file is 3."""

    def rule(value: object) -> int:
        if isinstance(value, str) and _INTEGER.fullmatch(value):
            value = int(value)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value < _LARGEST:
            raise ValueError(f"must be a whole number of at least {least}")
        return value

    return rule


def timestamp(now: datetime) -> Rule:
    """A rule for times between 1970 and a day after `now` (aware).

    Takes RFC 3339 (without a zone: UTC), epoch seconds, or a datetime; returns milliseconds since 1970.
    """

    def rule(value: object) -> int:
        at_ms = _milliseconds(value)
        check_range(at_ms, now)
        return at_ms

    return rule


def _milliseconds(value: object) -> int:
    at = parse_rfc3339(value, zone_needed=False) if isinstance(value, str) else value
    if isinstance(at, datetime):
        return to_ms(at if at.tzinfo else at.replace(tzinfo=UTC))
    seconds = _number(value)
    if math.isnan(seconds) or abs(seconds) >= _LARGEST:
        raise ValueError("must be an RFC 3339 time or epoch seconds")
    return math.floor(round(seconds * 1000, 3))


def mbid(value: object) -> str:
    """A MusicBrainz id: a UUID; lower case comes back."""
    found = value.lower() if isinstance(value, str) else ""
    if not _UUID.fullmatch(found):
        raise ValueError("must be a UUID")
    return found


def isrc(value: object) -> str:
    """An ISRC, hyphens or not; 12 upper-case characters come back."""
    found = value.replace("-", "").upper() if isinstance(value, str) else ""
    if not _ISRC.fullmatch(found):
        raise ValueError("must be an ISRC of 12 characters, as in USRC17607839")
    return found


def action(value: object) -> str:
    """`save` or `discard`."""
    found = value.lower() if isinstance(value, str) else ""
    if found not in get_args(Feedback):
        raise ValueError(f"must be {' or '.join(get_args(Feedback))}")
    return found


def reach(value: object) -> str:
    """A country of an influencer's audience: "CC" or "CC:share", the share in (0, 1]; CC upper-cased."""
    code, colon, part = value.partition(":") if isinstance(value, str) else ("", "", "")
    if colon and not 0 < _number(part.strip()) <= 1:
        raise ValueError('must be "CC" or "CC:share", the share above 0 and at most 1')
    return parse_country(code.strip()) + colon + part.strip()


def entries(rule: Rule) -> Rule:
    """A rule for lists, each entry by `rule`: a list, or text divided by `|`; repeats count once."""

    def listed(value: object) -> list[object]:
        parts = value.split("|") if isinstance(value, str) else [value]
        found = value if isinstance(value, list) else parts
        stripped = [entry.strip() if isinstance(entry, str) else entry for entry in found]
        return list(dict.fromkeys(rule(entry) for entry in stripped if entry not in ("", None)))

    return listed


def vector(longest: int) -> Rule:
    """A rule for lists of 1..`longest` numbers, or text divided by `|`, all of them as long as the first.

    Order and repeats are kept. An empty list is None.
    """
    length = 0

    def rule(value: object) -> list[float] | None:
        nonlocal length
        parts = value.split("|") if isinstance(value, str) else value
        if parts == []:
            return None
        found = parts if isinstance(parts, list) else [None]
        numbers = [_number(one.strip() if isinstance(one, str) else one) for one in found]
        if len(numbers) > longest or not all(abs(number) < _LARGEST for number in numbers):
            raise ValueError(f"must be 1..{longest} numbers")
        length = length or len(numbers)
        if len(numbers) != length:
            raise ValueError(f"must be {length} numbers, as in the first row that has any")
        return numbers

    return rule


def slug(name: str) -> str:
    """A name as an id: lower case, without accents, words joined by hyphens; a name of signs stays itself."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name.lower()) if not unicodedata.combining(c))
    return re.sub(r"[\W_]+", "-", plain).strip("-") or name
