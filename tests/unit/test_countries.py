"""One rule for countries, whoever asks."""

from __future__ import annotations

import pytest

from muse_graph.countries import UNKNOWN, country_name, is_country, language_name


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


@pytest.mark.parametrize(
    ("code", "name"),
    [("en", "English"), ("PT", "Portuguese"), ("yue", "Yue Chinese"), ("xx", "xx"), ("?", "?")],
)
def test_names_of_languages(code: str, name: str) -> None:
    assert language_name(code) == name
