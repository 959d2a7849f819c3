"""The pages about people and of what would be: two listeners, each in an own session, on a real graph."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from muse_graph.graph.connection import Graph
from muse_graph.service.recommendations.lists import recommend
from muse_graph.service.recommendations.track_cache import TrackCache
from muse_graph.service.users import friendships, sent_tracks, suggestions
from muse_graph.service.users.users import get_user
from tests.browser.conftest import LONER, RIGHT_TO_LEFT, SignedIn

pytestmark = [pytest.mark.browser, pytest.mark.neo4j]

CONTRAST = (Path(__file__).parent / "contrast.js").read_text()
#: WCAG 2.2 AA, and what axe calls good practice.
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
LOOKS: tuple[tuple[int, Any, dict[str, Any]], ...] = (
    (360, "dark", RULES),
    (1280, "light", RULES),
)


@dataclass(frozen=True)
class Listeners:
    """Ana, and Bea, who is no friend of hers yet and whom she may like to know."""

    ana: str
    bea: str
    bea_name: str
    #: A friend of Ana's.
    friend: str


@pytest.fixture(scope="module")
def listeners(listeners_graph: Graph) -> Listeners:
    # Not the first, whom other tests look at.
    ana = str(listeners_graph.read("sample_listeners", limit=8)[-1]["user_id"])
    bea = suggestions.suggest_friends(listeners_graph, ana, 1)[0]
    friends = friendships.list_friends(listeners_graph, ana, limit=1).items
    return Listeners(ana, bea.user_id, str(bea.name), friends[0].user_id)


def message(page: Page) -> Any:
    return expect(page.locator(".done .message"))


def test_two_listeners_meet_share_and_part(
    signed_in: SignedIn, listeners: Listeners, listeners_graph: Graph
) -> None:
    ana, bea = signed_in(listeners.ana), signed_in(listeners.bea, javascript=False)
    ana_name, bea_name = get_user(listeners_graph, listeners.ana).name, listeners.bea_name

    # Ana asks, takes it back, and asks again.
    ana.goto(f"/people?q={bea_name}")
    card = ana.locator(".person-card").filter(has=ana.locator(f"a[href$='/{listeners.bea}']"))
    card.get_by_role("button", name="Ask to be friends").click()
    message(ana).to_contain_text(f"Asked {bea_name}")
    ana.get_by_role("button", name="Undo").click()
    message(ana).to_contain_text("is withdrawn")
    ana.get_by_role("button", name="Undo").click()
    message(ana).to_contain_text(f"Asked {bea_name}")

    # Bea, in a browser without JavaScript, accepts.
    bea.goto("/friends")
    expect(bea.locator("h1")).to_have_text(f"{ana_name} would like to be your friend")
    bea.get_by_role("button", name="Accept").click()
    message(bea).to_contain_text(f"You and {ana_name} are friends")
    ana.goto(f"/people/{listeners.bea}")
    expect(ana.locator(".about")).to_contain_text("riends since")
    expect(ana.locator(".fit-number")).to_contain_text("of 100")

    # What Bea plays is the first in Ana's feed.
    bea.goto("/feed")
    played = bea.locator(".event").first
    title = played.locator("h3").inner_text()
    played.get_by_role("button", name="Play").click()
    message(bea).to_contain_text(f"Played {title}")
    ana.goto("/feed")
    first = ana.locator(".event").first
    expect(first).to_contain_text(bea_name)
    expect(first.locator("h3")).to_have_text(title)
    first.get_by_role("button", name="Save").click()
    message(ana).to_contain_text(f"Saved {title}")
    ana.get_by_role("button", name="Undo").click()
    message(ana).to_contain_text("neither saved nor discarded")

    # Ana sends it to Bea, who opens it.
    ana.locator(".event").first.get_by_role("link", name="Send").click()
    ana.get_by_role("radio", name=bea_name).check(force=True)
    ana.get_by_label("A line for them").fill("The end of it!")
    ana.get_by_role("button", name="Send it").click()
    message(ana).to_contain_text(f"Sent {title} to {bea_name}")
    expect(ana.locator(".track-line").first).to_contain_text("not opened yet")
    bea.goto("/inbox")
    expect(bea.locator("h1")).to_have_text(f"{ana_name} has sent you a track")
    expect(bea.locator(".letter").first).not_to_contain_text("The end of it!")
    bea.get_by_role("button", name="Open").click()
    expect(bea.locator(".letter").first).to_contain_text("The end of it!")
    ana.goto("/inbox")
    expect(ana.locator(".track-line").first).to_contain_text("opened")
    expect(ana.locator(".track-line").first).not_to_contain_text("not opened yet")

    # Without Bea something else would be, and nothing is changed by asking.
    before = recommend(listeners_graph, listeners.ana).items
    ana.goto(f"/people/{listeners.bea}")
    ana.get_by_role("link", name="What if you were not friends?").click()
    expect(ana.locator("h1")).to_contain_text(f"Without {bea_name}")
    assert ana.locator(".side").count() == 2
    assert recommend(listeners_graph, listeners.ana).items == before

    # A block hides each from the other.
    bea.goto(f"/people/{listeners.ana}")
    bea.locator(".more summary").click()
    bea.get_by_role("button", name="Block").click()
    message(bea).to_contain_text("neither of you sees the other")
    ana.goto(f"/people/{listeners.bea}")
    expect(ana.locator("h1")).to_have_text("There is nobody to see here")
    ana.goto(f"/people?q={bea_name}")
    assert ana.locator(f"a[href$='/{listeners.bea}']").count() == 0
    for path in ("/feed", "/inbox", "/friends"):
        ana.goto(path)
        expect(ana.locator("main")).not_to_contain_text(bea_name)
    bea.get_by_role("button", name="Unblock").first.click()
    message(bea).to_contain_text(f"Unblocked {ana_name}")


def test_what_if_says_in_words_what_it_draws(signed_in: SignedIn, listeners: Listeners) -> None:
    page = signed_in(listeners.ana)
    page.goto("/what-if")
    page.get_by_label("No cap at all").check()
    page.get_by_role("button", name="Show").click()
    expect(page.locator("h1")).to_contain_text("Without a cap")
    assert "lift=1" in page.url
    assert re.search(r"at [\d,.]+ streams", page.locator(".cap-words").first.inner_text())
    expect(page.locator(".then .cap-words")).to_have_text("No cap: no genre rests")
    assert page.locator(".then .cap-mark, .then .resting").count() == 0
    moves = page.locator(".then .move .hidden, .then .new .move").all_inner_texts()
    assert len(moves) == page.locator(".then .compare-songs li").count() > 0
    assert all(re.fullmatch(r"(up|down) \d+ places?|in the same place|new", text) for text in moves)


@pytest.fixture(scope="module")
def paths(listeners_graph: Graph, listeners: Listeners) -> list[str]:
    """All the pages with much on them, and the empty ones of somebody without friends."""
    ana, friend = listeners.ana, listeners.friend
    tracks = recommend(listeners_graph, ana).items
    for asking in (LONER, RIGHT_TO_LEFT):
        friendships.ask(listeners_graph, asking, ana)
    cache = TrackCache()
    for place, note in enumerate(("For the drive on Sunday. " * 11, None)):
        track = tracks[place].track_id
        sent_tracks.send_track(listeners_graph, friend, ana, track, cache, note=note, request_id=f"{place}")
        sent_tracks.send_track(listeners_graph, ana, friend, track, cache, note=note, request_id=f"{place}")
    received = sent_tracks.list_sent_tracks(listeners_graph, ana, "received", cache, limit=9).items
    sent_tracks.set_seen(listeners_graph, ana, received[-1].sent_id, cache, seen=True)
    return [
        "/friends",
        f"/friends?did=ask&who={friend}",
        "/people?q=a",
        f"/people/{friend}",
        f"/people/{LONER}",
        "/people/nobody",
        f"/feed?done=save&track={tracks[0].track_id}",
        "/inbox",
        f"/send?track={tracks[0].track_id}",
        "/what-if",
        f"/what-if?drop={friend}&theta=50",
    ]


def wrong_on(page: Page, rules: dict[str, Any]) -> list[str]:
    """What axe and the test of contrast find, and whether the page is wider than the window."""
    page.evaluate("for (const found of document.querySelectorAll('details')) found.open = true")
    barriers = Axe().run(page, options=rules).response["violations"]
    found = [f"{one['id']}: {node['html'][:160]}" for one in barriers for node in one["nodes"]]
    found += page.evaluate(CONTRAST)
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return [*found, "wider than the window"] if wide else found


@pytest.mark.parametrize("who", ["ana", "loner"])
def test_nothing_is_a_barrier(signed_in: SignedIn, listeners: Listeners, paths: list[str], who: str) -> None:
    page, said = signed_in(listeners.ana if who == "ana" else LONER), []
    page.on("console", lambda one: said.append(one.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    empty = ["/friends", "/people", "/feed", "/inbox", "/what-if"]
    wrong: dict[str, list[str]] = {}
    for path in paths if who == "ana" else empty:
        page.goto(path)
        assert page.evaluate(
            "[...document.images].every(one => one.loading == 'lazy' || one.naturalWidth > 0)"
        )
        for width, theme, rules in LOOKS:
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=theme)
            if found := wrong_on(page, rules):
                wrong[f"{path} at {width}, {theme}"] = found
        for width in (768, 1920):
            page.set_viewport_size({"width": width, "height": 900})
            if page.evaluate("document.documentElement.scrollWidth") > width:
                wrong[f"{path} at {width}"] = ["wider than the window"]
    assert wrong == {}
    assert [one for one in said if "404" not in one] == []
