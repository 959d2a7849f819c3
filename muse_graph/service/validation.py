"""Rules for single values that several parts check, each written once."""

from __future__ import annotations

import unicodedata

from muse_graph.countries import COUNTRY_RULE, is_country
from muse_graph.errors import InvalidRequest

__all__ = ["CONTROL", "MAX_ID", "check_country", "check_text", "invalid"]

#: Longest id, and longest name in a request, in characters.
MAX_ID = 200
#: Control characters of ASCII, as a regular expression has them between brackets.
CONTROL = r"\x00-\x1f\x7f"


def invalid(field: str, rule: str, got: object) -> InvalidRequest:
    """Return the error of a field whose value breaks a rule: "must be ..."."""
    return InvalidRequest(f"{field} {rule}, got {got!r}", ((field, rule),))


def check_text(field: str, text: str) -> None:
    """Raise InvalidRequest unless a text can be an id or a name."""
    # Cc are control characters, Cs are halves of characters that UTF-8 cannot hold.
    if not 1 <= len(text.strip()) <= len(text) <= MAX_ID or any(
        unicodedata.category(letter) in {"Cc", "Cs"} for letter in text
    ):
        raise invalid(field, f"must have 1..{MAX_ID} characters, none of them a control character", text)


def check_country(code: str | None, *, or_unknown: bool = False) -> None:
    """Raise InvalidRequest unless this is a country code, nothing, or, where that may be, "ZZ"."""
    if code is not None and not is_country(code, or_unknown=or_unknown):
        raise invalid("country", COUNTRY_RULE, code)
