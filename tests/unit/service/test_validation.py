"""Rules for single values, at their edges."""

from __future__ import annotations

import pytest
from muse_graph.service.validation import MAX_ID, check_text, invalid

from muse_graph.errors import InvalidRequest


@pytest.mark.parametrize("text", ["u", " u ", "x" * MAX_ID, "ليلى", "a\u2028b", "\U0001f600"])
def test_texts_that_can_be_an_id_or_a_name(text: str) -> None:
    check_text("user_id", text)


@pytest.mark.parametrize("text", ["", "  ", "x" * (MAX_ID + 1), "a\0b", "a\nb", "\x7f", "\x85", "\ud800"])
def test_texts_that_cannot(text: str) -> None:
    with pytest.raises(InvalidRequest, match=r"user_id must have 1\.\.200 characters") as refused:
        check_text("user_id", text)
    assert [field for field, _ in refused.value.fields] == ["user_id"]


def test_an_error_names_field_rule_and_value() -> None:
    error = invalid("limit", "must be 1..10", 11)
    assert str(error) == "limit must be 1..10, got 11"
    assert error.fields == (("limit", "must be 1..10"),)
