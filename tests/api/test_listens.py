"""POST /listens: a good listen is never lost, a bad one is named, the same one is counted once."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from muse_graph.answers import Receipt, Rejected
from muse_graph.api.schemas import times
from muse_graph.service.field_rules import field_rules
from muse_graph.service.listens.record import Listen, listen_id_of
from tests.api.routes import LISTEN
from tests.api.test_routes import assert_problem
from tests.fakes import FakeWriter

URL = "/api/v1/listens"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def written(app: Flask) -> list[Listen]:
    writer: FakeWriter = app.extensions["muse_graph"].database.writer
    return list(writer.listens.values())


def without(field: str) -> dict[str, Any]:
    return {name: value for name, value in LISTEN.items() if name != field}


def test_the_service_gets_clean_values(app: Flask, client: FlaskClient) -> None:
    body = LISTEN | {
        "user_id": " u1 ",
        "listened_at": "2024-05-01t20:30:00.1239+02:00",
        "country": "co",
        "heard": 1,
    }
    assert client.post(URL, json=body).json == {"received": 1, "recorded": 1, "repeated": 0, "rejected": []}
    at = datetime(2024, 5, 1, 18, 30, 0, 123000, tzinfo=UTC)
    assert written(app) == [Listen("l1", "u1", "t1", at, 1.0, 1, "CO", None)]


def test_a_share_may_be_known_as_at_least_so_much(app: Flask, client: FlaskClient) -> None:
    at_least = without("heard") | {"heard_at_least": 0.5, "source": "feed"}
    assert client.post(URL, json=at_least).status_code == 201
    (listen,) = written(app)
    assert (listen.heard, listen.heard_at_least, listen.source) == (None, 0.5, "feed")
    body = assert_problem(client.post(URL, json=LISTEN | {"heard_at_least": 0.5}), 422)
    (error,) = body["errors"]
    assert error == {"pointer": "", "detail": "give heard or heard_at_least, not both, got 0.9 and 0.5"}


def test_the_same_listen_again_changes_nothing(app: Flask, client: FlaskClient) -> None:
    first, again = (client.post(URL, json=without("listen_id")) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json == {"received": 1, "recorded": 0, "repeated": 1, "rejected": []}
    assert len(written(app)) == 1


def test_an_id_is_made_of_user_track_and_time(app: Flask, client: FlaskClient) -> None:
    of_radio = {"user_id": "u1", "track_id": "t1", "plays": 3, "source": "radio"}
    for second in (0, 1):
        body = without("listen_id") | {"listened_at": f"2024-05-01T18:30:0{second}.5Z"}
        assert client.post(URL, json=body).status_code == 201
    assert client.post(URL, json=of_radio).status_code == 201
    at_ms = 1_714_588_200_500
    assert [listen.listen_id for listen in written(app)] == [
        listen_id_of("u1", "t1", at_ms, ""),
        listen_id_of("u1", "t1", at_ms + 1_000, ""),
        listen_id_of("u1", "t1", None, "radio"),
    ]


def test_without_time_a_single_play_is_of_now(app: Flask, client: FlaskClient) -> None:
    assert client.post(URL, json=without("listened_at")).status_code == 201
    (listen,) = written(app)
    assert listen.listened_at is not None
    assert abs((listen.listened_at - datetime.now(UTC)).total_seconds()) < 60


def test_an_aggregate_has_no_time(app: Flask, client: FlaskClient) -> None:
    assert client.post(URL, json=without("listened_at") | {"plays": 7}).status_code == 201
    assert [(listen.plays, listen.listened_at) for listen in written(app)] == [(7, None)]
    body = assert_problem(client.post(URL, json=LISTEN | {"plays": 7}), 422)
    assert "aggregate" in body["errors"][0]["detail"]


def test_good_ones_are_recorded_beside_bad_ones(app: Flask, client: FlaskClient) -> None:
    body = [LISTEN | {"heard": 3}, LISTEN, 7, LISTEN | {"listen_id": "l2", "country": "XX", "plays": 0}]
    response = client.post(URL, json=body)
    assert response.status_code == 200
    assert response.json | {"received": 4, "recorded": 1, "repeated": 0} == response.json
    assert [(item["index"], item["listen_id"]) for item in response.json["rejected"]] == [
        (0, "l1"),
        (2, ""),
        (3, "l2"),
    ]
    assert response.json["rejected"][0]["reason"] == "heard: must be a number in 0..1, got 3"
    assert response.json["rejected"][1]["reason"] == "must be an object, got 7"
    assert [listen.listen_id for listen in written(app)] == ["l1"]


def test_those_the_graph_rejects_keep_their_place(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def reject_second(_: FakeWriter, given: list[Listen], *, timeout: float | None) -> Receipt:
        return Receipt(
            len(given), len(given) - 1, 0, [Rejected(1, given[1].listen_id, "no user has the id 'x'")]
        )

    monkeypatch.setattr(FakeWriter, "record", reject_second)
    body = [{}, LISTEN, {}, LISTEN | {"listen_id": "l2"}, LISTEN | {"listen_id": "l3"}]
    receipt = client.post(URL, json=body).json
    assert receipt["recorded"] == 2
    assert receipt["rejected"][-1] == {"index": 3, "listen_id": "l2", "reason": "no user has the id 'x'"}
    assert [item["index"] for item in receipt["rejected"]] == [0, 2, 3]


@pytest.mark.parametrize("field", ["listen_id", "user_id", "source"])
def test_half_a_character_is_refused_and_its_neighbour_recorded(client: FlaskClient, field: str) -> None:
    """JSON can spell half a character, and an answer cannot hold it."""
    body = [LISTEN, LISTEN | {"listen_id": "l2"} | {field: "a\ud83c"}]
    answer = client.post(URL, data=json.dumps(body), content_type="application/json")
    assert (answer.status_code, answer.json["recorded"]) == (200, 1)
    (rejected,) = answer.json["rejected"]
    assert (rejected["index"], rejected["listen_id"]) == (1, "a?" if field == "listen_id" else "l2")
    assert "a\\ud83c" in rejected["reason"]


def test_none_good_is_422(client: FlaskClient, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    body = assert_problem(client.post(URL, json=[LISTEN | {"heard": 2}, []]), 422)
    assert [error["pointer"] for error in body["errors"]] == ["/0/heard", "/1"]
    body = assert_problem(client.post(URL, json=LISTEN | {"heard": 2}), 422)
    assert [error["pointer"] for error in body["errors"]] == ["/heard"]
    assert written(app) == []
    monkeypatch.setattr(
        FakeWriter,
        "record",
        lambda _, given, timeout: Receipt(1, 0, 0, [Rejected(0, given[0].listen_id, "no such user")]),
    )
    body = assert_problem(client.post(URL, json=[LISTEN]), 422)
    assert body["errors"] == [{"pointer": "/0", "detail": "no such user"}]


@pytest.mark.parametrize("count", [0, 1001])
def test_how_many(client: FlaskClient, count: int) -> None:
    body = assert_problem(client.post(URL, json=[LISTEN] * count), 422)
    assert body["errors"] == [{"pointer": "", "detail": f"must hold 1..1000 listens, got {count}"}]


def test_a_thousand(client: FlaskClient) -> None:
    body = [LISTEN | {"listen_id": f"l{number}"} for number in range(1000)]
    assert client.post(URL, json=body).json["recorded"] == 1000


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("listened_at", "2024-05-01"),
        ("listened_at", "2024-02-30T18:30:00Z"),
        ("listened_at", "1969-12-31T23:59:59Z"),
        ("listened_at", "0001-01-01T00:00:00+14:00"),
        ("listened_at", "9999-12-31T23:59:59-14:00"),
        ("listened_at", 1714588200000),
        ("listened_at", True),
        ("heard", -0.1),
        ("heard", "0.5"),
        ("heard", True),
        ("plays", 0),
        ("plays", 1.5),
        ("plays", 10**40),
        ("plays", 100_000_001),
        ("plays", True),
        ("country", "ZZ"),
        ("country", "Colombia"),
        ("user_id", ""),
        ("user_id", 7),
        ("user_id", "a\nb"),
        ("track_id", "x" * 201),
        ("track_id", "\ud800"),
        ("listen_id", "\0"),
        ("source", ""),
        ("track", "t1"),
    ],
)
def test_rules(client: FlaskClient, field: str, value: object) -> None:
    body = assert_problem(client.post(URL, json=LISTEN | {field: value}), 422)
    assert [error["pointer"] for error in body["errors"]] == [f"/{field}"]


def test_what_became_of_them_is_counted(client: FlaskClient) -> None:
    client.post(URL, json=[LISTEN, LISTEN | {"listen_id": "l2"}, {}])
    client.post(URL, json=LISTEN)
    page = client.get("/metrics").text
    for outcome, count in (("recorded", 2), ("repeated", 1), ("rejected", 1)):
        assert f'muse_listens_total{{outcome="{outcome}"}} {count}.0' in page


@given(
    at=st.none() | st.integers(0, 4_000_000_000_000_000).map(lambda us: EPOCH + timedelta(microseconds=us))
)
def test_times_are_counted_here_as_the_loaders_count_them(at: datetime | None) -> None:
    stored = None if at is None else field_rules(datetime(2200, 1, 1, tzinfo=UTC))["listened_at"].read(at)
    assert times.milliseconds(at) == stored


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
FIELDS = {
    "listen_id": st.text(max_size=3),
    "user_id": st.sampled_from(["u1", "u2"]),
    "track_id": st.sampled_from(["t1", "t2"]),
    "listened_at": st.datetimes(timezones=st.just(UTC)).map(datetime.isoformat) | st.text(),
    "heard": st.floats(allow_nan=False, allow_infinity=False) | st.floats(0, 1),
    "plays": st.integers(),
    "country": st.sampled_from(["CO", "xx", ""]),
    "source": st.text(max_size=60),
}
ITEM = JSON | st.fixed_dictionaries({}, optional={name: JSON | values for name, values in FIELDS.items()})


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=ITEM | st.lists(st.just(LISTEN) | ITEM, max_size=5))
def test_any_body_adds_up(client: FlaskClient, body: Any) -> None:
    response = client.post(URL, data=json.dumps(body), content_type="application/json")
    if response.status_code == 422:
        assert assert_problem(response, 422)["errors"]
    else:
        receipt = response.json
        assert receipt["received"] == (len(body) if isinstance(body, list) else 1)
        assert receipt["received"] == receipt["recorded"] + receipt["repeated"] + len(receipt["rejected"])
        assert receipt["recorded"] + receipt["repeated"] > 0
        assert response.status_code == (201 if receipt["recorded"] == receipt["received"] else 200)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(max_size=40))
def test_any_bytes_get_an_answer(client: FlaskClient, body: bytes) -> None:
    assert client.post(URL, data=body, content_type="application/json").status_code in {200, 201, 400, 422}
