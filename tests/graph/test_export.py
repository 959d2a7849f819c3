"""What a listener takes along: everything, in files that a load reads into an empty graph."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from argon2 import PasswordHasher

from muse_graph.errors import UnknownUser
from muse_graph.graph.connection import Graph
from muse_graph.loaders.columns import SCHEMAS
from muse_graph.loaders.rejects import Rejects
from muse_graph.loaders.sources.tables import read_tables
from muse_graph.loaders.write_batches import load
from muse_graph.service.accounts import accounts, sessions, tokens
from muse_graph.service.accounts.passwords import Passwords
from muse_graph.service.accounts.store import AccountStore
from muse_graph.service.listens.record import Listen, record_listens
from muse_graph.service.maintenance.doctor import examine
from muse_graph.service.privacy.export import write_export
from muse_graph.service.recommendations.track_cache import TrackCache
from muse_graph.service.users import feedback, friendships, sent_tracks, users
from tests.conftest import wipe
from tests.graph_dump import dump

AT = datetime(2026, 10, 20, 12, 30, 1, 234_000, tzinfo=UTC)
#: What of the listener comes back by a load; the pool also depends on what friends play.
OWN = {
    "PLAYED",
    "LISTENED",
    "PLAYS_GENRE",
    "SAVED",
    "DISCARDED",
    "TAGGED",
    "LIKES_GENRE",
    "LIVES_IN",
    "FOLLOWS",
}


def exported(graph: Graph, user_id: str, store: AccountStore | None = None) -> dict[str, str]:
    file = BytesIO()
    write_export(graph, user_id, file, store)
    with ZipFile(file) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def rows(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


@pytest.fixture
def busy(toy_graph: Graph) -> Graph:
    """A listener with something of every kind."""
    users.put_user(toy_graph, "u7", name='Ben "B" \u2028\nDías', listens_visible_to="everybody")
    pairs = [("u7", "u1", AT), ("u3", "u7", None)]
    rows = [{"user_id": user, "friend_id": friend, "since": since} for user, friend, since in pairs]
    toy_graph.write("merge_friendships", rows=rows)
    toy_graph.write("merge_likes", rows=[{"user_id": "u7", "genre_id": "fado"}])
    since = {"i1": AT, "i2": None, "i3": AT}
    follows = [{"user_id": "u7", "influencer_id": one, "since": at} for one, at in since.items()]
    toy_graph.write("merge_follows", rows=follows)
    tags = [{"user_id": "u7", "artist_id": "a2", "tag": tag} for tag in ("loud", "late night")]
    toy_graph.write("merge_tags", rows=tags)
    listens = [
        Listen("x1", "u7", "t2", AT, 1 / 3, source="app"),
        Listen("x2", "u7", "t2", AT, None, country="JP"),
        Listen("ünïcode 🎵", "u7", "t8", None, 0.1, 7),
        *(Listen(f"y{n}", "u7", "t5", AT - n * timedelta(days=9), n / 7) for n in range(6)),
    ]
    record_listens(toy_graph, listens)
    # Where the listener lived when listening was not known.
    users.put_user(toy_graph, "u7", country="PT")
    feedback.give_feedback(toy_graph, "u7", "t3", "discard", AT)
    feedback.give_feedback(toy_graph, "u7", "t4", "save", AT)
    friendships.ask(toy_graph, "u7", "u4")
    friendships.ask(toy_graph, "u5", "u7")
    friendships.block(toy_graph, "u7", "u6")
    cache = TrackCache()
    sent_tracks.send_track(toy_graph, "u7", "u1", "t6", cache, note="for the rain")
    sent_tracks.send_track(toy_graph, "u1", "u7", "t7", cache)
    return toy_graph


def of_user(graph: Graph, user_id: str) -> set[Any]:
    """The node of a user and all that is the user's own."""
    return {
        element
        for element in dump(graph)
        if element[:2] == ("User", user_id) and (len(element) == 3 or element[2] in OWN)
    }


def test_it_loads_into_an_empty_graph(busy: Graph, tmp_path: Path) -> None:
    whole = exported(busy, "u7")
    before = of_user(busy, "u7")
    kinds = {element[2] for element in before if len(element) > 3}
    assert kinds == OWN
    for name, text in whole.items():
        (tmp_path / name).write_text(text, "utf-8")
    wipe(busy)
    rejects, notes = Rejects(), list[str]()
    load(busy, read_tables(tmp_path, rejects, note=notes.append), rejects, theta=0.2, advance=lambda *_: None)
    assert notes == []
    assert {table: tally.rejected for table, tally in rejects.tally.items()} == dict.fromkeys(
        rejects.tally, 0
    )
    assert rejects.tally["listens"].loaded == 9
    assert of_user(busy, "u7") == before
    friends = friendships.list_friends(busy, "u7", limit=10).items
    assert [(one.user_id, one.name, one.since) for one in friends] == [
        ("u1", "Ana", "2026-10-20T12:30:01.234000Z"),
        ("u3", "Cleo", None),
    ]
    # Of friends nothing but the id and the name they show.
    for friend in ("u1", "u3"):
        assert {element[2] for element in of_user(busy, friend) if len(element) > 3} == set()
    assert [one for one in examine(busy) if one.severity == "error"] == []


def test_what_a_load_does_not_read(busy: Graph) -> None:
    found = exported(busy, "u7")
    assert {name.removesuffix(".jsonl") for name in found} - SCHEMAS.keys() == {
        *("README.txt", "account.json", "sent_tracks", "requests", "blocks"),
    }
    assert all(name in found["README.txt"] for name in found.keys() - {"README.txt"})
    sent = {row["track_id"]: row for row in rows(found["sent_tracks.jsonl"])}
    assert (sent["t6"]["sent"], sent["t6"]["note"], sent["t6"]["other_id"]) == (True, "for the rain", "u1")
    assert (sent["t7"]["sent"], sent["t7"]["other_name"]) == (False, "Ana")
    assert [(row["user_id"], row["state"]) for row in rows(found["requests.jsonl"])] == [
        ("u4", "asked"), ("u5", "was-asked"),
    ]  # fmt: skip
    assert [row["user_id"] for row in rows(found["blocks.jsonl"])] == ["u6"]
    # Who blocks the listener is not told.
    assert rows(exported(busy, "u6")["blocks.jsonl"]) == []
    friendships.block(busy, "u1", "u7")
    sent = {row["track_id"]: row for row in rows(exported(busy, "u7")["sent_tracks.jsonl"])}
    assert sent["t6"]["note"] == "for the rain"
    assert not {"other_id", "other_name"} & (sent["t6"].keys() | sent["t7"].keys())
    assert json.loads(found["account.json"]) is None
    with pytest.raises(UnknownUser):
        exported(busy, "nobody")


def test_no_secret_is_in_it(busy: Graph, tmp_path: Path) -> None:
    store = AccountStore(tmp_path / "accounts.db")
    store.passwords = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    account = accounts.create(store, "ben", password="rain over Barranquilla 7", user_id="u7")
    secrets = [
        sessions.start(store, account, "Firefox"),
        tokens.create(store, account, "radio", ["listens:write"])[1],
    ]
    text = "".join(exported(busy, "u7", store).values())
    for row in store.read("SELECT password_hash FROM accounts"):
        secrets += [row["password_hash"], row["password_hash"].rsplit("$", 1)[1]]
    for table in ("sessions", "tokens"):
        for row in store.read(f"SELECT secret_hash FROM {table}"):
            secrets += [row["secret_hash"].hex(), repr(bytes(row["secret_hash"]))]
    store.close()
    assert len(secrets) == 8
    for secret in secrets:
        assert secret not in text
    assert "Firefox" in text
    assert "radio" in text
    assert "argon2" not in text
