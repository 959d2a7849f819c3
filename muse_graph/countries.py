"""Countries by ISO 3166-1 alpha-2 code, the one code for not knowing, and languages."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

import pycountry

__all__ = ["UNKNOWN", "country_choices", "country_name", "country_rows", "is_country", "language_name"]

#: The code that ISO 3166 leaves to its users and CLDR reads as "unknown region".
UNKNOWN = "ZZ"


@cache
def country_name(code: str) -> str:
    """English name of a code; "Unknown" for `UNKNOWN`; raises KeyError for any other text."""
    if code == UNKNOWN:
        return "Unknown"
    country = pycountry.countries.get(alpha_2=code)
    if country is None:
        raise KeyError(code)
    return str(getattr(country, "common_name", country.name))


def country_rows(codes: Iterable[str]) -> list[dict[str, Any]]:
    """Codes with their names, each once, as queries take them; raises KeyError for a text that is none."""
    return [{"code": code, "name": country_name(code)} for code in sorted(set(codes))]


@cache
def language_name(code: str) -> str:
    """English name of an ISO 639 code of two or three letters, in any case; any other text as it is."""
    kind = {2: "alpha_2", 3: "alpha_3"}.get(len(code))
    language = None if kind is None else pycountry.languages.get(**{kind: code.lower()})
    return code if language is None else str(language.name)


def is_country(code: str, *, or_unknown: bool = False) -> bool:
    """Whether this is one of the 249 codes, in upper case, or, where that may be, `UNKNOWN`."""
    return code in _codes() or (or_unknown and code == UNKNOWN)


@cache
def country_choices() -> list[tuple[str, str]]:
    """Codes with English names, in the order of the names."""
    return sorted(((code, country_name(code)) for code in _codes()), key=lambda choice: choice[1])


@cache
def _codes() -> frozenset[str]:
    return frozenset(country.alpha_2 for country in pycountry.countries)
