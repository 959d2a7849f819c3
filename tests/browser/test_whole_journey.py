"""A stranger signs up, meets people, listens, and leaves without a trace: one journey through all pages."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from muse_graph.graph.connection import Graph
from muse_graph.loaders.rejects import Rejects
from muse_graph.loaders.sources.tables import read_tables
from muse_graph.loaders.write_batches import load
from muse_graph.service.users import friendships, suggestions
from muse_graph.service.users.users import get_user
from tests.browser.conftest import Service, SignedIn
from tests.conftest import wipe

pytestmark = [pytest.mark.browser, pytest.mark.neo4j]

NAME, PASSWORD = "marisol.quintero", "rain over Barranquilla 7"
CHANGED = "Marisol Quintero Zapata"
#: Every text of the graph that has another text in it.
SEARCH = """
MATCH (n) UNWIND keys(n) AS key
WITH n, key WHERE toStringOrNull(n[key]) CONTAINS $text
RETURN labels(n) AS labels, key
UNION ALL
MATCH ()-[r]->() UNWIND keys(r) AS key
WITH r, key WHERE toStringOrNull(r[key]) CONTAINS $text
RETURN [type(r)] AS labels, key
"""


def message(page: Page) -> Any:
    return expect(page.locator(".done .message"))


def titles(page: Page) -> list[str]:
    page.goto("/")
    return page.locator(".cards .card h3").all_inner_texts()


def ledger(page: Page, user_id: str) -> dict[str, dict[str, Any]]:
    answer = page.request.get(f"/api/v1/users/{user_id}/genres").json()
    return {genre["genre_id"]: genre for genre in answer["genres"]}


def tracks_by_genre(page: Page, user_id: str) -> dict[str, str]:
    """A track of each genre that has one of its own among those recommended."""
    items = page.request.get(f"/api/v1/users/{user_id}/recommendations?k=500&mode=for-you").json()["items"]
    alone = [(item["genres"][0]["id"], item["track_id"]) for item in items if len(item["genres"]) == 1]
    return dict(reversed(alone))


def play(page: Page, user_id: str, track_id: str, times: int, press: list[int]) -> None:
    """Listen to a track some times, as a player would report it."""
    listens = []
    for _ in range(times):
        press[0] += 1
        stamp = f"2026-10-{1 + press[0] // 24:02d}T{press[0] % 24:02d}:00:00Z"
        listens.append({"user_id": user_id, "track_id": track_id, "listened_at": stamp, "heard": 1.0})
    answer = page.request.post(
        "/api/v1/listens", data=json.dumps(listens), headers={"Content-Type": "application/json"}
    )
    assert answer.json()["recorded"] == times


def test_from_signing_up_to_leaving(
    browser: Browser, service: Service, signed_in: SignedIn, listeners_graph: Graph, tmp_path: Path
) -> None:
    graph = listeners_graph
    context = browser.new_context(base_url=service.address, reduced_motion="reduce", accept_downloads=True)
    context.set_default_timeout(15_000)
    page = context.new_page()

    # Sign up, pick genres and three tracks.
    page.goto("/")
    page.get_by_role("link", name="Make an account").click()
    page.get_by_label("Name").fill(NAME)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Make the account").click()
    expect(page.locator("h1")).to_contain_text("What do you like?")
    for place in range(3):
        page.locator(".pick label").nth(place).click()
    page.get_by_role("button", name="Go on").click()
    for count in range(1, 4):
        page.locator(".cards .card:not(.saved)").first.get_by_role("button", name="Save").click()
        expect(page.locator(".cards .card.saved")).to_have_count(count)
    page.get_by_role("link", name="Hear your list").click()
    expect(page.locator(".cards .card").first).to_be_visible()
    user_id = page.request.get("/api/v1/account").json()["user_id"]

    # Find two people; each accepts in a session of their own.
    people = [str(row["user_id"]) for row in graph.read("sample_listeners", limit=6)[-2:]]
    for other_id in people:
        other = get_user(graph, other_id)
        page.goto(f"/people?q={other.name}")
        card = page.locator(".person-card").filter(has=page.locator(f"a[href$='/{other_id}']"))
        card.get_by_role("button", name="Ask to be friends").click()
        message(page).to_contain_text(f"Asked {other.name}")
        theirs = signed_in(other_id)
        theirs.goto("/friends")
        theirs.get_by_role("button", name="Accept").first.click()
        message(theirs).to_contain_text(f"You and {NAME} are friends")
    page.goto("/friends")
    for other_id in people:
        expect(page.locator("main")).to_contain_text(str(get_user(graph, other_id).name))

    # Save, undo, discard: the list is another one after each.
    before = titles(page)
    page.locator(".cards .card").first.get_by_role("button", name="Save").click()
    message(page).to_contain_text(f"Saved {before[0]}")
    saved = titles(page)
    assert before[0] not in saved
    page.go_back()
    page.get_by_role("button", name="Undo").click()
    message(page).to_contain_text("neither saved nor discarded")
    assert titles(page) == before
    page.locator(".cards .card").first.get_by_role("button", name="Not for me").click()
    message(page).to_contain_text("will not be recommended again")
    assert before[0] not in titles(page)

    # A genre rests when it has reached the cap, and comes back when the cap has risen.
    press = [0]
    by_genre = tracks_by_genre(page, user_id)
    offered = [
        one for one, genre in ledger(page, user_id).items() if genre["state"] == "offered" and one in by_genre
    ]
    resting = offered[0]
    home = next(one for one in by_genre if one not in offered)
    play(page, user_id, by_genre[home], 10, press)
    play(page, user_id, by_genre[resting], 5, press)
    assert ledger(page, user_id)[resting]["state"] == "resting"
    page.goto("/genres")
    name = ledger(page, user_id)[resting]["name"]
    expect(
        page.get_by_role("region", name="Resting").or_(page.locator("section", has_text="esting")).first
    ).to_contain_text(name)
    play(page, user_id, by_genre[home], 40, press)
    assert ledger(page, user_id)[resting]["state"] == "offered"

    # Why, and what if.
    page.goto("/")
    page.locator(".cards .card details summary").first.click()
    page.get_by_role("link", name="See the path").first.click()
    expect(page.locator("pre").first).to_contain_text(":params")
    page.goto(f"/what-if?drop={people[0]}")
    expect(page.locator("h1")).to_contain_text("Without")

    # A track goes to a friend, and one comes back.
    heard = page.request.get(f"/api/v1/users/{user_id}/recommendations?k=1&mode=for-you").json()["items"][0]
    page.goto(f"/send?track={heard['track_id']}")
    page.locator(f"input[value='{people[0]}']").check(force=True)
    page.get_by_label("A line for them").fill("Listen to the end")
    page.get_by_role("button", name="Send it").click()
    message(page).to_contain_text(f"Sent {heard['title']}")
    theirs = signed_in(people[0])
    theirs.goto("/inbox")
    theirs.get_by_role("button", name="Open").first.click()
    expect(theirs.locator(".letter").first).to_contain_text("Listen to the end")
    theirs.goto(f"/send?track={heard['track_id']}")
    theirs.locator(f"input[value='{user_id}']").check(force=True)
    theirs.get_by_role("button", name="Send it").click()
    page.goto("/inbox")
    page.get_by_role("button", name="Open").first.click()
    expect(page.locator(".letter").first).to_contain_text(heard["title"])

    # Another name; everything along in a file.
    page.goto("/settings")
    page.locator("#name").first.fill(CHANGED)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#profile .ok")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download everything").click()
    archive = tmp_path / "export.zip"
    download.value.save_as(archive)
    facts = graph.read("listener", user_id=user_id)[0]

    # And away.
    page.goto("/settings")
    page.get_by_text("Delete me", exact=True).click()
    page.locator("#leave-password").fill("not it")
    page.get_by_role("button", name="Delete me and everything of mine").click()
    expect(page.locator("#leave .wrong")).to_contain_text("password is wrong")
    page.locator("#leave-password").fill(PASSWORD)
    page.get_by_role("button", name="Delete me and everything of mine").click()
    expect(page.locator("h1")).to_have_text("You are gone from here")
    page.goto("/settings")
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    context.close()
    theirs.goto(f"/people/{user_id}")
    expect(theirs.locator("h1")).to_have_text("There is nobody to see here")
    for path in ("/friends", "/feed", "/inbox"):
        theirs.goto(path)
        expect(theirs.locator("main")).not_to_contain_text("Marisol")
    for text in (user_id, NAME, CHANGED):
        assert graph.run(SEARCH, {"text": text}, writes=False) == []
    kept = b"".join(file.read_bytes() for file in service.folder.iterdir())
    assert NAME.encode() not in kept
    assert user_id.encode() not in kept

    # What was taken along loads into an empty graph.
    with zipfile.ZipFile(archive) as zipped:
        zipped.extractall(tmp_path / "export")
    wipe(graph)
    with Rejects(tmp_path / "rejects") as rejects:
        load(
            graph,
            read_tables(tmp_path / "export", rejects),
            rejects,
            theta=0.2,
            advance=lambda _step, _rows: None,
        )
    assert not (tmp_path / "rejects").exists()
    loaded = graph.read("listener", user_id=user_id)[0]
    assert loaded == facts
    assert {one.user_id for one in friendships.list_friends(graph, user_id, limit=9).items} == set(people)
    assert suggestions.suggest_friends(graph, user_id) == []
