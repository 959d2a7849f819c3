"""One rule for countries, whoever asks."""

from __future__ import annotations

import re

import pytest
from muse_graph.service.validation import check_country

from muse_graph.countries import COUNTRY_RULE, UNKNOWN, country_name, is_country, parse_country
from muse_graph.errors import InvalidRequest


@pytest.mark.parametrize("text", ["CO", "co", "Co"])
def test_either_case_is_read(text: str) -> None:
    assert parse_country(text) == "CO"


@pytest.mark.parametrize("value", ["ZZ", "XX", "", "COL", "Colombia", None, 7])
def test_what_is_no_country_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=re.escape(COUNTRY_RULE)):
        parse_country(value)


def test_a_code_is_in_upper_case_and_unknown_only_where_it_may_be() -> None:
    assert is_country("CO")
    assert not is_country("co")
    assert not is_country(UNKNOWN)
    assert is_country(UNKNOWN, or_unknown=True)
    assert not is_country("XX", or_unknown=True)


def test_names() -> None:
    assert (country_name("CO"), country_name(UNKNOWN)) == ("Colombia", "Unknown")
    with pytest.raises(KeyError):
        country_name("XX")


def test_the_service_names_field_and_rule() -> None:
    check_country(None)
    check_country("CO")
    check_country(UNKNOWN, or_unknown=True)
    with pytest.raises(InvalidRequest) as refused:
        check_country("co")
    assert str(refused.value) == f"country {COUNTRY_RULE}, got 'co'"
    assert refused.value.fields == (("country", COUNTRY_RULE),)
