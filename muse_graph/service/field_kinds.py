"""Kinds of fields: text, numbers, times, countries and lists, each a function that makes a `FieldRule`."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from muse_graph.countries import is_country
from muse_graph.timestamps import in_range, parse_rfc3339, to_ms

__all__ = [
    "BEYOND",
    "BLANKS",
    "FieldRule",
    "choice",
    "country",
    "digits",
    "matching",
    "number",
    "numbers",
    "pattern",
    "reach",
    "several",
    "text",
    "time",
    "whole",
]

#: Numbers stay below this, and above its negative.
BEYOND = 10**15
#: Whole numbers up to here are exact in a float.
_EXACT = 2**53

#: What is removed around a value: spaces of any width, tabs and line breaks, and no other control character.
BLANKS = (
    " \t\n\r\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
# Between the brackets of a regular expression, of Python, Java and JavaScript alike.
_CONTROL = r"\x00-\x1f\x7f-\x9f"
_CONTROL_BUT_LINES = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
_BLANK = r" \t\n\r\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"

_DIGITS = re.compile(r"[+-]?[0-9]{1,18}")
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")


def is_utf8(text: str) -> bool:
    """Whether a text has no half of a character, which JSON can spell and UTF-8 cannot hold."""
    return text.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in text)


def _same(value: Any) -> Any:
    return value


@dataclass(frozen=True, slots=True)
class FieldRule:
    """The rule of a field.

    Attributes:
        rule: the sentence that a wrong value breaks, "must be ...", to follow the name of the field
        normal: a value as JSON has it -> its normal form; None for one that breaks the rule
        schema: the field in JSON Schema
        spelled: a value as files spell it -> as JSON has it
    """

    rule: str
    normal: Callable[[Any], Any]
    schema: dict[str, Any]
    spelled: Callable[[Any], Any] = _same

    def clean(self, value: object) -> Any:
        """The normal form of a value as JSON has it. raises: ValueError with the rule."""
        found = self.normal(value)
        if found is None:
            raise ValueError(self.rule)
        return found

    def read(self, value: object) -> Any:
        """As `clean`, of a value as files spell it: numbers may be text, 7 and 7.0 are the id "7"."""
        return self.clean(self.spelled(value))


def text(
    longest: int, *, lines: bool = True, lower: bool = False, spelled: Callable[[Any], Any] = _same
) -> FieldRule:
    """Text of 1..`longest` characters; `lines` lets it have tabs and line breaks, `lower` makes it small."""
    control = _CONTROL_BUT_LINES if lines else _CONTROL
    refused = re.compile(rf"[{control}\ud800-\udfff]")

    def normal(value: object) -> str | None:
        found = value.strip(BLANKS) if isinstance(value, str) else ""
        found = found.lower() if lower else found
        return found if 0 < len(found) <= longest and not refused.search(found) else None

    but = " but tab and line break" if lines else ""
    return FieldRule(
        f"must be text of 1..{longest:,} UTF-8 characters, none of them a control character{but}",
        normal,
        {"type": "string", "minLength": 1, "maxLength": longest, "pattern": f"^[^{control}]+$"},
        spelled,
    )


def pattern(longest: int, *, lines: bool = True) -> str:
    """The normal form of such text as a regular expression."""
    control = _CONTROL_BUT_LINES if lines else _CONTROL
    return rf"(?![{_BLANK}])[^{control}]{{1,{longest}}}(?<![{_BLANK}])"


def digits(value: Any) -> Any:
    """A whole number as its digits, else the value: pandas makes 7.0 of 7 in a column with gaps."""
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        return value
    is_exact = not isinstance(value, float) or abs(value) <= _EXACT
    return str(int(value)) if is_exact and value == int(value) else value


def _float(value: Any) -> float:
    """A number, with one zero; NaN for anything else, which no comparison lets through."""
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        return math.nan
    return float(value) + 0.0 if -BEYOND < value < BEYOND else math.nan


def _from_text(value: Any) -> Any:
    """The number that a text spells, anything else as it is."""
    if isinstance(value, str) and _DIGITS.fullmatch(value):
        return int(value)
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return float(value)
    return value


def number(rule: str, fits: Callable[[float], bool], **schema: float) -> FieldRule:
    """A number with a fraction; `schema` has its bounds."""

    def normal(value: object) -> float | None:
        found = _float(value)
        return found if fits(found) else None

    return FieldRule(rule, normal, {"type": "number", **schema}, _from_text)


def whole(least: int, most: int) -> FieldRule:
    """A whole number; 3.0 is one."""

    def normal(value: object) -> int | None:
        found = _float(value)
        return int(found) if found.is_integer() and least <= found <= most else None

    return FieldRule(
        f"must be a whole number in {least}..{most:,}",
        normal,
        {"type": "integer", "minimum": least, "maximum": most},
        _from_text,
    )


def numbers(most: int) -> FieldRule:
    """A list of numbers in their order; in files also text divided by `|`."""

    def normal(value: object) -> list[float] | None:
        found = [_float(one) for one in value] if isinstance(value, list) else [math.nan]
        return found if len(found) <= most and not any(map(math.isnan, found)) else None

    def spelled(value: object) -> object:
        parts = value.split("|") if isinstance(value, str) else value
        if not isinstance(parts, list):
            return parts
        return [_from_text(one.strip(BLANKS) if isinstance(one, str) else one) for one in parts]

    schema = {"type": "array", "items": {"type": "number"}, "maxItems": most}
    return FieldRule(f"must be 1..{most} numbers between -10^15 and 10^15", normal, schema, spelled)


def time(now: datetime | None) -> FieldRule:
    """A time, in milliseconds since 1970; `now` (aware) is the present, None the moment of asking."""

    def normal(value: object) -> int | None:
        at_ms = _milliseconds(value)
        return at_ms if at_ms is not None and in_range(at_ms, now or datetime.now(UTC)) else None

    return FieldRule(
        "must be an RFC 3339 time (UTC where it has no zone) or epoch seconds, from 1970 to tomorrow",
        normal,
        {
            "anyOf": [{"type": "string", "format": "date-time"}, {"type": "number", "minimum": 0}],
            "example": "2024-05-01T18:30:00Z",
        },
        _from_text,
    )


def _milliseconds(value: object) -> int | None:
    at = parse_rfc3339(value.strip(BLANKS)) if isinstance(value, str) else value
    if isinstance(at, datetime):
        return to_ms(at if at.tzinfo else at.replace(tzinfo=UTC))
    seconds = _float(at)
    return None if math.isnan(seconds) else math.floor(round(seconds * 1000, 3))


def country(rule: str, *, or_unknown: bool = False) -> FieldRule:
    """A country code in either case."""

    def normal(value: object) -> str | None:
        found = value.strip(BLANKS) if isinstance(value, str) else ""
        # Other letters than ASCII's may become two in upper case.
        code = found.upper() if found.isascii() else ""
        return code if is_country(code, or_unknown=or_unknown) else None

    return FieldRule(rule, normal, {"type": "string", "description": "ISO 3166-1 alpha-2", "example": "CO"})


def matching(rule: str, expression: re.Pattern[str], form: Callable[[str], str]) -> FieldRule:
    """Text in ASCII whose normal form, made by `form`, matches an expression."""

    def normal(value: object) -> str | None:
        found = value.strip(BLANKS) if isinstance(value, str) else ""
        formed = form(found) if found.isascii() else ""
        return formed if expression.fullmatch(formed) else None

    return FieldRule(rule, normal, {"type": "string"})


def choice(names: Sequence[str]) -> FieldRule:
    """One of a few words, in either case."""
    *others, last = names
    rule = f"must be {', '.join(others)} or {last}"
    return matching(rule, re.compile("|".join(names)), str.lower)


def reach(rule: str) -> FieldRule:
    """A country of an audience: "CC" or "CC:share"."""
    codes = country(rule)

    def normal(value: object) -> str | None:
        code, colon, share = value.partition(":") if isinstance(value, str) else ("", "", "")
        found, share = codes.normal(code), share.strip(BLANKS)
        fits = not colon or 0 < _float(_from_text(share)) <= 1
        return f"{found}{colon}{share}" if found and fits else None

    return FieldRule(rule, normal, {"type": "string"})


def several(rule: FieldRule) -> FieldRule:
    """A list, each entry by `rule`, repeats once; in files also text divided by `|`, or one entry alone."""

    def normal(value: object) -> list[object] | None:
        found = [rule.normal(one) for one in value] if isinstance(value, list) else [None]
        return None if None in found else list(dict.fromkeys(found))

    def spelled(value: object) -> object:
        parts = value if isinstance(value, list) else value.split("|") if isinstance(value, str) else [value]
        stripped = [one.strip(BLANKS) if isinstance(one, str) else one for one in parts]
        return [rule.spelled(one) for one in stripped if one is not None and one != ""]

    return FieldRule(rule.rule, normal, {"type": "array", "items": rule.schema}, spelled)
