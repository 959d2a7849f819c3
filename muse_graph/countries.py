"""Countries by ISO 3166-1 alpha-2 code, and the one code for not knowing."""

from __future__ import annotations

from functools import cache

import pycountry

__all__ = ["COUNTRY_RULE", "UNKNOWN", "country_name", "is_country", "parse_country"]

#: The code that ISO 3166 leaves to its users and CLDR reads as "unknown region".
UNKNOWN = "ZZ"
#: What a value breaks that is no country.
COUNTRY_RULE = "must be an ISO 3166-1 alpha-2 country code, as in CO"


@cache
def country_name(code: str) -> str:
    """English name of a code; "Unknown" for `UNKNOWN`; raises KeyError for any other text."""
    if code == UNKNOWN:
        return "Unknown"
    country = pycountry.countries.get(alpha_2=code)
    if country is None:
        raise KeyError(code)
    return str(getattr(country, "common_name", country.name))


def is_country(code: str, *, or_unknown: bool = False) -> bool:
    """Whether this is one of the 249 codes, in upper case, or, where that may be, `UNKNOWN`."""
    return code in _codes() or (or_unknown and code == UNKNOWN)


def parse_country(value: object) -> str:
    """Return the code that a text in either case spells; raises ValueError with `COUNTRY_RULE`."""
    code = value.upper() if isinstance(value, str) else ""
    if not is_country(code):
        raise ValueError(COUNTRY_RULE)
    return code


@cache
def _codes() -> frozenset[str]:
    return frozenset(country.alpha_2 for country in pycountry.countries)
