"""The start page in a real browser, on a real graph."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from muse_graph.api import create_app
from muse_graph.config import Settings
from muse_graph.graph.connection import Graph
from muse_graph.service.recommendations.genres import discover_genres
from tests.browser.conftest import LONER, LONG_NAME, RIGHT_TO_LEFT, Opening, serving
from tests.fakes import FakeGraph

pytestmark = [pytest.mark.browser, pytest.mark.neo4j]

CONTRAST = (Path(__file__).parent / "contrast.js").read_text()
NOTHING = ["users", "friendships", "tracks", "artists", "genres", "listens", "countries", "influencers"]


@pytest.fixture(scope="module")
def sample(listeners_graph: Graph) -> str:
    """Who is shown when nobody is asked for."""
    return str(listeners_graph.read("sample_listeners", limit=1)[0]["user_id"])


def streams(graph: Graph, user_id: str) -> dict[str, int]:
    return {g.genre_id: g.streams for g in discover_genres(graph, user_id).genres}


def titles(page: Page) -> list[str]:
    return page.locator(".card h3").all_inner_texts()


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("width", [360, 768, 1280, 1920])
def test_it_reads_well_at_every_width(
    open_page: Opening, address: str, sample: str, width: int, theme: str
) -> None:
    watched = open_page(f"{address}/?user={sample}", width=width, theme=theme)
    page = watched.page
    expect(page.locator("h1")).to_contain_text("friends are into")
    assert page.locator(".card").count() == 8
    assert all(page.locator(".card .why").all_inner_texts())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(CONTRAST) == []
    assert watched.said == []
    assert {url for url in watched.asked if not url.startswith(f"{address}/")} == set()
    assert page.evaluate("[...document.images].every(image => image.naturalWidth > 0)")


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_what_is_folded_and_what_is_said_stand_out_too(
    open_page: Opening, address: str, sample: str, theme: str
) -> None:
    page = open_page(f"{address}/?user={sample}", width=360, theme=theme).page
    page.evaluate("for (const found of document.querySelectorAll('details')) found.open = true")
    page.locator(".card button.play").first.click()
    expect(page.locator(".done")).to_contain_text("Played")
    page.evaluate("for (const found of document.querySelectorAll('details')) found.open = true")
    assert page.evaluate(CONTRAST) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_nobody_asked_for_shows_a_good_example(open_page: Opening, address: str, sample: str) -> None:
    page = open_page(f"{address}/").page
    assert page.locator("#user").input_value() == sample


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_playing_moves_the_ledger_and_takes_the_song_off_the_list(
    open_page: Opening, address: str, listeners_graph: Graph, sample: str, javascript: bool
) -> None:
    before = streams(listeners_graph, sample)
    page = open_page(f"{address}/?user={sample}", javascript=javascript).page
    track = page.locator(".card input[name=track]").first.get_attribute("value")
    page.locator(".card button.play").first.click()
    expect(page.locator(".done")).to_contain_text("Played")
    assert page.locator(f".card input[value='{track}']").count() == 0
    assert page.locator(".bar.moved").count() >= 1
    after = streams(listeners_graph, sample)
    assert sum(after.values()) > sum(before.get(genre, 0) for genre in after)


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
@pytest.mark.parametrize(
    ("button", "said"), [("Save", "Saved"), ("Not for me", "will not be recommended again")]
)
def test_feedback_takes_the_song_off_the_list_until_taken_back(
    open_page: Opening, address: str, sample: str, button: str, said: str, javascript: bool
) -> None:
    page = open_page(f"{address}/?user={sample}", javascript=javascript).page
    track = page.locator(".card input[name=track]").first.get_attribute("value")
    page.locator(".card").first.get_by_role("button", name=button).click()
    expect(page.locator(".done")).to_contain_text(said)
    assert page.locator(f".card input[value='{track}']").count() == 0
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".done")).to_contain_text("Undone")
    assert page.locator(f".card input[value='{track}']").count() == 1


def test_javascript_keeps_the_place(open_page: Opening, address: str, sample: str) -> None:
    watched = open_page(f"{address}/?user={sample}")
    page = watched.page
    page.locator(".card button.play").nth(5).scroll_into_view_if_needed()
    place = page.evaluate("scrollY")
    page.locator(".card button.play").nth(5).click()
    expect(page.locator(".done")).to_be_visible()
    assert place > 0
    assert page.evaluate("scrollY") > 0
    expect(page.locator("#announcement")).to_contain_text("Played")
    assert page.evaluate("document.activeElement.className") == "play"
    assert watched.said == []


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_another_listener_and_the_switches(open_page: Opening, address: str, javascript: bool) -> None:
    page = open_page(f"{address}/", javascript=javascript).page
    page.locator("#user").fill(RIGHT_TO_LEFT)
    page.get_by_role("button", name="Show").first.click()
    page.wait_for_url(f"**user={RIGHT_TO_LEFT}**")
    page.get_by_text("Tune this list").click()
    page.get_by_label("New genres only").check()
    if not javascript:
        page.get_by_role("button", name="Show").last.click()
    page.wait_for_url("**new_only=1**")
    assert f"user={RIGHT_TO_LEFT}" in page.url
    expect(page.get_by_label("New genres only")).to_be_checked()
    assert not page.get_by_label("Beyond friends").is_checked()


@pytest.mark.parametrize("user_id", [LONER, RIGHT_TO_LEFT])
def test_a_listener_without_friends_is_told_where_the_songs_come_from(
    open_page: Opening, address: str, user_id: str
) -> None:
    page = open_page(f"{address}/?user={user_id}", width=360).page
    expect(page.locator(".hero .note")).to_contain_text("Adding a friend changes that")
    assert page.locator(".card").count() == 8
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert (LONG_NAME in page.locator("h1").inner_text()) is (user_id == LONER)


def test_keys_are_enough(open_page: Opening, address: str, sample: str) -> None:
    page = open_page(f"{address}/?user={sample}").page
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.card .play')"):
            break
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Enter")
    expect(page.locator(".done")).to_contain_text("Played")


def test_names_and_landmarks(open_page: Opening, address: str) -> None:
    page = open_page(f"{address}/").page
    for landmark in ("banner", "main", "contentinfo"):
        assert page.get_by_role(landmark).count() == 1  # type: ignore[arg-type]
    assert page.locator("h1").count() == 1
    page.evaluate("for (const found of document.querySelectorAll('details')) found.open = true")
    unnamed = "[...document.querySelectorAll('button,a,input:not([type=hidden])')].filter("
    unnamed += "e => !(e.innerText || e.getAttribute('aria-label') || e.labels?.length)).length"
    assert page.evaluate(unnamed) == 0
    names = page.locator(".card button").all_inner_texts()
    assert len(set(names)) == len(names)


def test_text_twice_as_large_fits(open_page: Opening, address: str) -> None:
    page = open_page(f"{address}/", width=640).page
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate("document.documentElement.scrollWidth") <= 640


def test_an_unknown_listener_is_404_with_a_way_on(open_page: Opening, address: str) -> None:
    page = open_page(f"{address}/").page
    answer = page.goto(f"{address}/?user=%3Cb%3Enobody")
    assert answer is not None
    assert answer.status == 404
    expect(page.locator("h1")).to_contain_text("<b>nobody")
    page.get_by_role("navigation", name="Some listeners").get_by_role("link").first.click()
    expect(page.locator(".card").first).to_be_visible()


def test_without_a_database_the_page_says_what_to_do(open_page: Opening) -> None:
    app = create_app(Settings(neo4j_uri="bolt://127.0.0.1:9"), sign_in="off")
    with serving(app) as address:
        watched = open_page(f"{address}/")
        expect(watched.page.locator("h1")).to_contain_text("unavailable")
        expect(watched.page.locator("pre")).to_contain_text("muse-graph neo4j start")
        assert watched.page.evaluate(CONTRAST) == []
        answer = watched.page.goto(f"{address}/")
        assert answer is not None
        assert (answer.status, answer.headers["retry-after"]) == (503, "5")


def test_an_empty_graph_says_how_to_fill_it(open_page: Opening) -> None:
    graph = FakeGraph({"sample_listeners": [], "listeners": [], "graph_counts": [dict.fromkeys(NOTHING, 0)]})
    with serving(create_app(Settings(), graph, sign_in="off")) as address:
        page = open_page(f"{address}/").page
        expect(page.locator("pre")).to_have_text("muse-graph load synthetic")
        assert page.evaluate(CONTRAST) == []
