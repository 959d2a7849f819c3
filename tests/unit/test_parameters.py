"""Parameters as they are handed to the driver."""

from __future__ import annotations

from muse_graph.graph.parameters import unspelled


def test_parameters_stay_what_they_are() -> None:
    params = {"rows": [{"user_id": "u1"}], "of": {"keys": [1, 2]}, "limit": 20, "name": None}
    assert unspelled(params) == params


def test_what_is_long_is_not_written_as_text() -> None:
    sent = unspelled({"rows": [b"a profile"] * 1_000, "of": {"keys": [1, 2]}, "limit": 20})
    assert repr(sent) == "{'rows': [1,000 values], 'of': {1 keys}, 'limit': 20}"
