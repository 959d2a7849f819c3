"""A field has one rule: API, files and command line take, store and say the same."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from flask import Flask
from flask.testing import FlaskClient

from muse_graph.api.schemas import examples
from muse_graph.cli.options import checked
from muse_graph.errors import InvalidRequest
from muse_graph.loaders.rejects import REASONS, Rejects
from muse_graph.loaders.sources.tables import read_tables
from muse_graph.service.field_rules import FIELDS
from tests.api.conftest import Answering
from tests.api.routes import LISTEN
from tests.field_edges import EDGES

#: A normal form, or (the rule that is broken, None).
Verdict = Any
#: Where a field is in a file, and the rest of its row.
ROWS: dict[str, tuple[str, dict[str, Any]]] = {
    "user_id": ("users", {}),
    "name": ("users", {"user_id": "u1"}),
    "country": ("users", {"user_id": "u1"}),
    "listens_visible_to": ("users", {"user_id": "u1"}),
    **dict.fromkeys(
        ("track_id", "listen_id", "source", "listened_at", "heard", "heard_at_least", "plays"),
        ("listens", {"user_id": "u1", "track_id": "t1"}),
    ),
    **dict.fromkeys(
        ("at", "action"), ("feedback", {"user_id": "u1", "track_id": "t1", "action": "save", "at": 1})
    ),
}


def expected(field: str) -> list[Verdict]:
    return [verdict(field, normal) for _, normal in EDGES[field]]


def verdict(field: str, normal: Any, reason: str = "") -> Verdict:
    """What all ways have to say of a value: its type and normal form, or the rule that it breaks."""
    if normal is not None:
        return type(normal).__name__, normal
    impossible = "must be a valid date and time"
    assert not reason or FIELDS[field].rule in reason or impossible in reason, reason
    return None


@pytest.mark.parametrize("field", EDGES)
def test_the_service_knows_the_rule(field: str) -> None:
    found = []
    for value, _ in EDGES[field]:
        try:
            found.append(verdict(field, FIELDS[field].clean(value)))
        except ValueError as error:
            found.append(verdict(field, None, str(error)))
    assert found == expected(field)


@pytest.mark.parametrize(
    "field", [field for field in EDGES if field not in {"listen_id", "action", "at", "listens_visible_to"}]
)
def test_the_command_line_keeps_it(field: str) -> None:
    clean = checked(field)
    for value, normal in EDGES[field]:
        if not isinstance(value, str):
            continue
        if normal is not None:
            assert clean(value) == normal
        else:
            with pytest.raises(InvalidRequest, match=f"^{field} must be .*, got "):
                clean(value)


@pytest.mark.parametrize("field", EDGES)
@pytest.mark.parametrize("suffix", ["jsonl", "csv", "parquet"])
def test_files_keep_it(tmp_path: Path, field: str, suffix: str) -> None:
    table, rest = ROWS[field]
    values = [value for value, _ in EDGES[field]]
    if suffix != "jsonl":
        # In CSV all is text, and a column of Parquet has one type.
        values = [value for value in values if type(value) in {str, float, int}]
    found: list[Verdict] = []
    for number, value in enumerate(values):
        folder = tmp_path / str(number)
        folder.mkdir()
        write(folder / f"{table}.{suffix}", rest | {field: value})
        found.append(read(folder, table, field))
    kept = [any(value is one for one in values) for value, _ in EDGES[field]]
    assert found == [one for one, keep in zip(expected(field), kept, strict=True) if keep]


def write(file: Path, row: dict[str, Any]) -> None:
    if file.suffix == ".jsonl":
        file.write_text(json.dumps(row), "utf-8")
    elif file.suffix == ".parquet":
        cells = {name: pa.array([raw(value)]) for name, value in row.items()}
        texts = {
            name: cell.view(pa.string()) if pa.types.is_binary(cell.type) else cell
            for name, cell in cells.items()
        }
        pq.write_table(pa.table(texts), file)
    else:
        with file.open("w", encoding="utf-8", errors="surrogatepass", newline="") as out:
            csv.writer(out).writerows([row.keys(), row.values()])


def raw(value: Any) -> Any:
    """Bytes for text, which may be no UTF-8; a float for what is no integer of 64 bits."""
    if isinstance(value, str):
        return value.encode("utf-8", "surrogatepass")
    return float(value) if isinstance(value, int) and value >= 2**63 else value


def read(folder: Path, table: str, field: str) -> Verdict:
    with Rejects(folder / "rejected") as rejects:
        rows = [row for _, batch in read_tables(folder, rejects) for row in batch.to_pylist()]
    if rows:
        found = rows[0][field]
        return verdict(field, ms(found) if isinstance(found, datetime) else found)
    with (folder / "rejected" / REASONS).open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    if "UTF-8" in row["reason"] and field not in row["reason"]:
        return None
    assert row["reason"].startswith(f"{field} must be "), row
    return verdict(field, None, row["reason"])


def ms(at: datetime) -> int:
    return (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


@pytest.mark.parametrize("field", EDGES)
def test_the_api_keeps_it(app: Flask, client: FlaskClient, answering: Answering, field: str) -> None:
    service = answering("users.users.put_user", (examples.LISTENER, True))
    opinions = answering("users.feedback.give_feedback", None)
    found = []
    for value, _ in EDGES[field]:
        if field in {"user_id"}:
            found.append(by_listen(app, client, field, value))
        elif field in {"name", "country", "listens_visible_to"}:
            response = client.put("/api/v1/users/u1", json={field: value})
            stored = (
                service.calls["users.users.put_user"][-1][1].get(field)
                if response.status_code == 201
                else None
            )
            found.append(answer(field, stored, response))
        elif field in {"at", "action"}:
            body = {"action": "save", "at": 1} | {field: value}
            response = client.put("/api/v1/users/u1/feedback/t1", json=body)
            call = (
                opinions.calls["users.feedback.give_feedback"][-1][0] if response.status_code == 200 else None
            )
            stored = call and (call[3] if field == "action" else ms(call[4]))
            found.append(answer(field, stored, response))
        else:
            found.append(by_listen(app, client, field, value))
    assert found == expected(field)


def by_listen(app: Flask, client: FlaskClient, field: str, value: Any) -> Verdict:
    writer = app.extensions["muse_graph"].database.writer
    writer.listens.clear()
    # Of the two shares there may be one.
    left_out = {"listened_at", "heard"} if field == "heard_at_least" else {"listened_at"}
    body = {name: known for name, known in LISTEN.items() if name not in left_out} | {field: value}
    response = client.post("/api/v1/listens", json=body)
    stored = None
    if response.status_code == 201:
        stored = getattr(next(iter(writer.listens.values())), field)
    return answer(field, ms(stored) if isinstance(stored, datetime) else stored, response)


def answer(field: str, stored: Any, response: Any) -> Verdict:
    if stored is not None:
        return verdict(field, stored)
    assert response.status_code == 422, response.text
    (error,) = response.json["errors"]
    assert error["pointer"] == f"/{field}"
    assert ", got " in error["detail"]
    return verdict(field, None, error["detail"])


def test_an_id_in_a_path_keeps_it(client: FlaskClient, answering: Answering) -> None:
    service = answering("users.users.get_user", examples.LISTENER)
    for value, normal in EDGES["user_id"]:
        if not isinstance(value, str):
            continue
        response = client.get(f"/api/v1/users/{quote(value.encode('utf-8', 'surrogatepass'), safe='')}")
        if normal is None:
            assert response.status_code == (400 if value == "\ud800" else 422), value
        else:
            assert response.status_code == 200
            assert service.calls["users.users.get_user"][-1][0][1] == normal


def test_unknown_may_be_asked_for_and_not_lived_in(client: FlaskClient, answering: Answering) -> None:
    service = answering("artists.analytics.analytics", examples.ANALYTICS)
    assert client.get("/api/v1/artists/a1/analytics?country=zz").status_code == 200
    assert service.calls["artists.analytics.analytics"][-1][0][2].countries == ["ZZ"]
    detail = client.get("/api/v1/artists/a1/analytics?country=XX").json["errors"][0]["detail"]
    assert "as in CO, or ZZ for unknown, got " in detail
    assert client.put("/api/v1/users/u1", json={"country": "ZZ"}).status_code == 422
