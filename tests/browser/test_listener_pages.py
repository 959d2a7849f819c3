"""The pages of a listener in a real browser, on a real graph."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from muse_graph.api import create_app
from muse_graph.api.http.sign_in import SignIn
from muse_graph.config import Settings
from muse_graph.graph.connection import Graph
from muse_graph.service.accounts import links
from muse_graph.service.accounts.samples import make_samples
from muse_graph.service.accounts.store import AccountStore
from muse_graph.service.recommendations.lists import recommend
from tests.browser.conftest import LONER, RIGHT_TO_LEFT, Opening, serving

pytestmark = [pytest.mark.browser, pytest.mark.neo4j]

#: WCAG 2.2 AA, and what axe calls good practice.
ALL = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture(scope="module")
def sample(listeners_graph: Graph) -> str:
    """A listener with friends."""
    return str(listeners_graph.read("sample_listeners", limit=1)[0]["user_id"])


@pytest.fixture(scope="module")
def guarded(
    settings: Settings, listeners_graph: Graph, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The address of a service that asks for sign-in."""
    with _with_accounts(settings, listeners_graph, tmp_path_factory, "required") as (found, _):
        yield found


@pytest.fixture(scope="module")
def strangers(
    settings: Settings, listeners_graph: Graph, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[list[str]]:
    """Pages for who is not signed in: those of the demonstration, and a link that sets a password."""
    with _with_accounts(settings, listeners_graph, tmp_path_factory, "demo") as (found, store):
        make_samples(store, listeners_graph)
        secret = links.start_reset(store, "listener-1")
        yield [f"{found}{path}" for path in ("/", "/sign-in", f"/reset/{secret}", "/nowhere")]


@contextmanager
def _with_accounts(
    settings: Settings, graph: Graph, folders: pytest.TempPathFactory, sign_in: SignIn
) -> Iterator[tuple[str, AccountStore]]:
    accounts = folders.mktemp("accounts") / "accounts.sqlite"
    app = create_app(settings.model_copy(update={"accounts": accounts}), graph, sign_in=sign_in)
    with serving(app) as found:
        yield found, app.extensions["muse_graph"].accounts
    app.extensions["muse_graph"].database.close()
    app.extensions["muse_graph"].accounts.close()


@pytest.fixture(scope="module")
def pages(listeners_graph: Graph, sample: str) -> list[str]:
    """Paths of all pages that have a listener, with a track of the list, its artist and its genre."""
    (first,) = recommend(listeners_graph, sample).items[:1]
    return [
        f"/?user={sample}",
        f"/?user={LONER}",
        f"/genres?user={sample}",
        f"/genres/{first.genres[0].id}?user={sample}",
        f"/tracks/{first.track_id}?user={sample}",
        f"/artists/{first.artists[0].id}?user={sample}",
        f"/why/{first.track_id}?user={sample}",
        "/search?q=a",
        "/search?q=zzzzzz",
        f"/welcome?user={RIGHT_TO_LEFT}",
    ]


def wrong_on(page: Page, rules: dict[str, Any]) -> list[str]:
    """What axe finds on a page whose folded parts are open, and whether it is wider than the window."""
    page.evaluate("for (const found of document.querySelectorAll('details')) found.open = true")
    # What fades in has its contrast at the end.
    page.wait_for_function("document.getAnimations().every(one => one.playState != 'running')")
    response = Axe().run(page, options=rules).response
    found = [
        f"{page.url}: {one['id']}: {node['html'][:160]}"
        for one in response["violations"]
        for node in one["nodes"]
    ]
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return [*found, f"{page.url}: wider than the window"] if wide else found


@pytest.mark.parametrize(
    ("width", "theme", "rules"),
    [(360, "dark", ALL), (1280, "light", ALL)],
)
def test_axe_finds_nothing(
    open_page: Opening,
    address: str,
    guarded: str,
    strangers: list[str],
    pages: list[str],
    width: int,
    theme: str,
    rules: dict[str, Any],
) -> None:
    watched = open_page(f"{guarded}/sign-in", width=width, theme=theme)
    page, found = watched.page, wrong_on(watched.page, rules)
    for url in [f"{guarded}/sign-up", *strangers, *(address + path for path in pages)]:
        page.goto(url)
        found += wrong_on(page, rules)
    assert found == []
    assert [one for one in watched.said if "404" not in one] == []
    ours = (f"{address}/", f"{guarded}/", strangers[0])
    assert {url for url in watched.asked if not url.startswith(ours)} == set()


@pytest.mark.parametrize("width", [360, 1280])
def test_keys_are_enough_to_go_from_page_to_page(
    open_page: Opening, address: str, sample: str, width: int
) -> None:
    page = open_page(f"{address}/?user={sample}", width=width).page
    for name, heading in (("Genres", "open to you"), ("Search", "listens to")):
        while page.evaluate("document.activeElement.innerText") != name:
            page.keyboard.press("Tab")
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_contain_text(heading)
        expect(page.get_by_role("link", name=name, exact=True).first).to_have_attribute(
            "aria-current", "page"
        )
    # Where there is nothing to read yet, one writes at once.
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("a")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("goes by")


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_a_tuned_list_stays_tuned_through_what_is_done(
    open_page: Opening, address: str, sample: str, javascript: bool
) -> None:
    watched = open_page(f"{address}/?user={sample}", javascript=javascript)
    page = watched.page
    page.get_by_text("Tune this list").click()
    page.get_by_label("All genres").check()
    if javascript:
        page.wait_for_url("**mode=for-you**")
        expect(page.get_by_label("All genres")).to_be_focused()
    page.get_by_label("How adventurous").press("ArrowRight")
    page.get_by_label("How adventurous").press("ArrowRight")
    if not javascript:
        page.get_by_role("button", name="Show", exact=True).last.click()
    page.wait_for_url("**adventure=5**")
    expect(page.locator(".tune summary")).to_contain_text("all genres, adventurous")
    page.locator(".card button.play").first.click()
    expect(page.locator(".done")).to_contain_text("Played")
    assert "mode=for-you" in page.url
    assert "adventure=5" in page.url
    expect(page.locator(".tune summary")).to_contain_text("all genres, adventurous")
    assert watched.said == []


def test_why_opens_from_a_card_and_leads_on(open_page: Opening, address: str, sample: str) -> None:
    page = open_page(f"{address}/?user={sample}").page
    title = page.locator(".card h3").first.inner_text()
    page.get_by_text("Why it ranks 1").click()
    page.get_by_role("link", name=f"See the path to {title}").click()
    expect(page.locator("h1")).to_have_text(f"{title} is number 1 of your list")
    assert page.locator(".between .node").count() >= 1
    expect(page.locator(".cypher pre")).to_contain_text(f':params {{user_id: "{sample}", track_id: ')
    page.locator(".ends-in a").first.click()
    expect(page.locator(".kind")).to_have_text("Genre")


def test_genres_are_filtered_as_one_types(open_page: Opening, address: str, sample: str) -> None:
    watched = open_page(f"{address}/genres?user={sample}")
    page, shown = watched.page, watched.page.locator(".ledger-list li:visible")
    n_all, first = shown.count(), page.locator(".ledger-list .name").first.inner_text()
    page.get_by_label("Find a genre").fill(first.upper())
    assert 1 <= shown.count() < n_all
    page.get_by_label("Find a genre").fill("no such genre")
    expect(page.locator(".nothing")).to_contain_text("no such genre")
    assert shown.count() == page.locator(".ledger-part:visible").count() == 0
    page.get_by_label("Find a genre").fill("")
    assert shown.count() == n_all
    assert watched.said == []


def test_a_track_saved_on_its_page_can_be_taken_back_there(
    open_page: Opening, address: str, pages: list[str]
) -> None:
    page = open_page(address + pages[4]).page
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".done")).to_contain_text("Saved")
    expect(page.locator(".mine")).to_contain_text("and saved it")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".done")).to_contain_text("Undone")
    expect(page.locator(".mine")).not_to_contain_text("saved")
    assert "/tracks/" in page.url


def test_without_a_connection_a_small_message_says_so(open_page: Opening, address: str, sample: str) -> None:
    page = open_page(f"{address}/?user={sample}").page
    before = page.locator(".card h3").all_inner_texts()
    page.context.set_offline(True)
    page.locator(".card button.play").first.click()
    expect(page.locator(".done")).to_contain_text("No connection")
    assert page.locator(".card h3").all_inner_texts() == before
    page.context.set_offline(False)
    page.locator(".card button.play").first.click()
    expect(page.locator(".message")).to_contain_text("Played")


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_the_first_visit_ends_in_a_list_of_ones_own(
    open_page: Opening, guarded: str, javascript: bool
) -> None:
    """Sign up, genres, three saves, list: and each save is one press."""
    page = open_page(f"{guarded}/sign-up", width=360, javascript=javascript).page
    # Pages that nobody else sees are looked at in passing.
    wrong: list[str] = []
    page.get_by_label("Name").fill(f"mira-{'js' if javascript else 'plain'}")
    page.get_by_label("Password").fill("quiet night radio")
    page.get_by_role("button", name="Make the account").click()
    expect(page.locator("h1")).to_contain_text("What do you like?")
    for box in page.get_by_role("checkbox").all()[:3]:
        box.check()
    page.get_by_label("Where you live").select_option("CO")
    wrong += wrong_on(page, ALL) if javascript else []
    page.get_by_role("button", name="Go on").click()
    for saved in range(3):
        expect(page.locator(".hero .note")).to_contain_text(f"{saved} of 3 saved")
        page.locator(".card:not(.saved)").first.get_by_role("button", name="Save").click()
        if saved < 2:
            expect(page.locator(".card.saved")).to_have_count(saved + 1)
    expect(page.locator("h1")).to_contain_text("your list is ready")
    wrong += wrong_on(page, ALL) if javascript else []
    page.get_by_role("link", name="Hear your list").click()
    expect(page.locator(".card").first).to_be_visible()
    assert page.locator(".card").count() == 8
    expect(page.locator(".about")).to_contain_text("Colombia")
    page.goto(f"{guarded}/settings")
    wrong += wrong_on(page, ALL) if javascript else []
    assert wrong == []
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("h1")).to_have_text("Welcome back")


def test_the_start_page_is_small(open_page: Opening, address: str, sample: str) -> None:
    """With style sheets and script, without covers, as it is sent without compression."""
    watched = open_page("about:blank")
    sizes: dict[str, int] = {}
    watched.page.on("response", lambda answer: sizes.update({answer.url: len(answer.body())}))
    watched.page.goto(f"{address}/?user={sample}", wait_until="networkidle")
    assert sum(size for url, size in sizes.items() if "/covers/" not in url) <= 150_000
