"""`feed`, `suggest-friends` and `users` with a name."""

from __future__ import annotations

import json
from typing import Any

from muse_graph.answers import Page, as_json
from muse_graph.api.schemas.examples import FEED_ITEM, LISTENER, SUGGESTED


def test_users_are_found_by_name(run: Any, graph: Any, provide: Any) -> None:
    asked: list[Any] = []

    def list_users(graph: Any, text: str, **page: Any) -> Page:
        asked.append((text, page))
        return Page([LISTENER], None)

    provide("muse_graph.service.users.users", list_users=list_users)
    done = run("users", "ana maria", "-k", "5")
    assert done.code == 0, done.err
    assert "Ana" in done.out
    assert asked == [("ana maria", {"limit": 5, "cursor": None})]


def test_a_feed_has_friend_action_and_track(run: Any, graph: Any, provide: Any) -> None:
    def read_feed(graph: Any, user_id: str, track_cache: Any, **page: Any) -> Page:
        assert (user_id, page) == ("u1", {"limit": 3, "cursor": "x"})
        return Page([FEED_ITEM], "n")

    provide("muse_graph.service.users.feed", read_feed=read_feed)
    done = run("feed", "u1", "-k", "3", "--cursor", "x")
    assert (done.code, done.err) == (0, "there is more: --cursor n\n")
    for word in ("2024-05-01T18:30:00Z", "Bea", "played", "Lluvia en Barranquilla", "Los Faroles"):
        assert word in done.out
    found = json.loads(run("feed", "u1", "-k", "3", "--cursor", "x", "--json").out)
    assert found == {"items": [as_json(FEED_ITEM)], "next": "n"}


def test_suggested_friends_have_a_reason(run: Any, graph: Any, provide: Any) -> None:
    found = {"u1": [SUGGESTED], "u2": []}
    provide(
        "muse_graph.service.users.suggestions", suggest_friends=lambda graph, user_id, k: found[user_id][:k]
    )
    done = run("suggest-friends", "u1")
    assert done.code == 0, done.err
    assert "Dora" in done.out
    assert "2 friends in common: Bea and Carl" in done.out
    assert json.loads(run("suggest-friends", "u1", "--json").out) == [as_json(SUGGESTED)]
    assert run("suggest-friends", "u2").out == "nobody to suggest\n"
