"""The pages of artists in a browser: filters, map and table, the shortlist, barriers, paper."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from muse_graph.answers import Analytics
from muse_graph.graph.connection import Graph
from muse_graph.service.accounts import accounts, sessions
from muse_graph.service.catalogue.search import search_artists
from muse_graph.service.users import users
from tests.browser.conftest import Opening, Service, SignedIn
from tests.worlds.asked import analytics

pytestmark = [pytest.mark.browser, pytest.mark.neo4j]

CONTRAST = (Path(__file__).parent / "contrast.js").read_text()
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
#: Texts of a chart that lie outside it, beyond a pixel of rounding.
OUTSIDE = """() => [...document.querySelectorAll(".drawing text")].filter((text) => {
  const inner = text.getBoundingClientRect(), outer = text.closest(".drawing").getBoundingClientRect();
  return inner.left < outer.left - 1 || inner.right > outer.right + 1;
}).map((text) => text.textContent)"""
WIDE = "document.documentElement.scrollWidth > innerWidth"
#: Tables that are wider than their frames; those that compare may scroll, and those one opens.
CUT = """() => [...document.querySelectorAll(".scroll:not(:has(.side-by-side))")]
  .filter((frame) => !frame.closest("details") && frame.scrollWidth > frame.clientWidth + 1)
  .map((frame) => frame.innerText.slice(0, 20))"""


@pytest.fixture(scope="module")
def artist_id(listeners_graph: Graph) -> str:
    return str(search_artists(listeners_graph, "", limit=1).items[0].artist_id)


@pytest.fixture
def as_artist(browser: Browser, service: Service, artist_id: str) -> Iterator[Page]:
    """A page of a browser without JavaScript, in which an artist is signed in."""
    known = [one for one in accounts.list_all(service.accounts) if one.name == "artist"]
    account = (
        known[0]
        if known
        else accounts.create(service.accounts, "artist", role="artist", artist_ids=[artist_id])
    )
    context = browser.new_context(
        base_url=service.address, java_script_enabled=False, color_scheme="light", reduced_motion="reduce"
    )
    secret = sessions.start(service.accounts, account, "test")
    context.add_cookies([{"name": "muse_session", "value": secret, "url": service.address}])
    yield context.new_page()
    context.close()


def figure(page: Page, label: str) -> int:
    shown = page.locator(".report-figures div").filter(has_text=label).locator("b").first.inner_text()
    return int(shown.replace(",", ""))


def agrees(page: Page, found: Analytics) -> None:
    """The figures are those of the service."""
    assert (figure(page, "Listeners"), figure(page, "Plays")) == (found.listeners, found.plays)


def map_and_table(page: Page) -> tuple[dict[str, str], dict[str, str]]:
    """The number of plays of each country, on the map and in the table."""
    labels = [str(one.get_attribute("aria-label")) for one in page.locator(".world a").all()]
    rows = page.locator(".drawn:has(#countries) + .told tbody tr").all()
    table = {row.locator("th").inner_text().strip(): row.locator("td").first.inner_text() for row in rows}
    return {name: said.removesuffix(" plays") for name, said in (one.split(": ") for one in labels)}, table


def test_every_filter_is_in_the_address_and_counts(
    open_page: Opening, address: str, listeners_graph: Graph, artist_id: str
) -> None:
    """One after the other, by forms and links, without JavaScript."""

    def found(**filters: Any) -> Analytics:
        return analytics(listeners_graph, artist_id, exact=True, **filters)

    watched = open_page(f"{address}/your-artists", theme="light", javascript=False)
    page = watched.page
    page.locator(".artist-tiles a").first.click()
    expect(page).to_have_url(f"{address}/artists/{artist_id}/audience")
    agrees(page, found())
    on_map, in_table = map_and_table(page)
    assert in_table == {name: said for name, said in on_map.items() if name in in_table}
    assert on_map.keys() == in_table.keys()

    countries = found().countries
    page.locator("tbody").get_by_role("link", name=countries[0].name).click()
    agrees(page, found(country=[countries[0].country]))
    assert map_and_table(page) == (on_map, in_table)
    page.locator(".pick-some summary").filter(has_text="Countries").click()
    page.get_by_role("checkbox", name=countries[1].name).check()
    page.locator(".pick-some[open] button").click()
    both = [one.country for one in countries[:2]]
    agrees(page, found(country=both))
    assert page.locator(".chosen th").all_inner_texts() == [one.name for one in countries[:2]]

    page.locator(".pick-some summary").filter(has_text="Segments").click()
    page.get_by_role("checkbox", name="Light").check()
    page.locator(".pick-some[open] button").click()
    agrees(page, found(country=both, segment=["light"]))
    page.get_by_role("link", name="90 days").click()
    first, last = re.findall(r"(?:from|to)=([\d-]+)", page.url)
    assert "segment=light" in page.url
    page.get_by_role("link", name="Remove Light").click()
    page.get_by_role("link", name=f"Remove {countries[1].name}").click()
    days = {"from_day": date.fromisoformat(first), "to_day": date.fromisoformat(last)}
    agrees(page, found(country=both[:1], **days))
    expect(page.locator(".change").first).to_be_visible()
    page.locator("thead").get_by_role("link", name="Listeners").click()
    assert "sort=listeners" in page.url
    page.get_by_role("link", name="Remove all").click()
    agrees(page, found())
    assert watched.said == []
    assert [url for url in watched.asked if not url.startswith(address)] == []


def test_an_artist_keeps_and_compares_influencers(as_artist: Page, artist_id: str) -> None:
    page = as_artist
    page.goto("/")
    assert page.url.endswith(f"/artists/{artist_id}/audience")
    page.get_by_role("link", name="Influencers").click()
    first, second = page.locator(".matches tbody tr").all()[:2]
    name = first.locator("th > bdi").inner_text()
    for row in (first, second):
        row.get_by_role("checkbox").check()
    page.get_by_role("button", name="Compare those ticked").click()
    assert page.url.count("compare=") == 2
    expect(page.locator(".side-by-side thead bdi").first).to_have_text(name)
    page.locator(".matches").get_by_role("button", name=f"Keep {name}").click()
    expect(page.locator(".done")).to_contain_text(f"{name} is on the shortlist")
    assert page.url.count("compare=") == 2
    expect(page.locator(".shortlist b")).to_have_text(name)
    page.locator(".shortlist").get_by_role("button").click()
    expect(page.locator("#shortlist h2")).to_have_text("Nobody is on the shortlist yet")
    expect(page.locator("body")).not_to_contain_text("None")


def wrong_on(page: Page) -> list[str]:
    page.evaluate("for (const found of document.querySelectorAll('.as-table')) found.open = true")
    barriers = Axe().run(page, options=RULES).response["violations"]
    found = [f"{one['id']}: {node['html'][:160]}" for one in barriers for node in one["nodes"]]
    return [*found, *page.evaluate(CONTRAST), *page.evaluate(OUTSIDE)]


@pytest.fixture(scope="module")
def paths(artist_id: str) -> list[str]:
    at = f"/artists/{artist_id}"
    return [
        f"{at}/audience?segment=light&beside=genre&map=per_listener",
        f"{at}/interests?name=a",
        f"{at}/influencers?compare=i1&compare=i2&cost_per_1000=10&budget=900",
        f"{at}/spread",
        "/your-artists",
    ]


def test_nothing_is_a_barrier(open_page: Opening, address: str, paths: list[str]) -> None:
    watched, wrong = open_page(f"{address}{paths[0]}"), dict[str, list[str]]()
    page = watched.page
    for number, path in enumerate(paths):
        page.goto(f"{address}{path}")
        width, theme = ((360, "dark"), (1280, "light"))[number % 2]
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        wrong[f"{path} at {width}, {theme}"] = wrong_on(page)
        for width in (360, 768, 1280, 1920):
            page.set_viewport_size({"width": width, "height": 900})
            wide = ["wider than the window"] if page.evaluate(WIDE) else []
            wrong[f"{path} at {width}"] = [*wide, *page.evaluate(CUT)]
    assert {where: found for where, found in wrong.items() if found} == {}
    assert watched.said == []


def test_paper(open_page: Opening, address: str, paths: list[str]) -> None:
    page = open_page(f"{address}{paths[0]}").page
    printed = page.pdf(format="A4", print_background=True)
    assert len(printed) < 1_000_000
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", printed)) <= 5
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 688, "height": 970})
    assert not page.evaluate(WIDE)
    for hidden in (".top", ".counted form", ".files", "footer"):
        expect(page.locator(hidden).first).to_be_hidden()
    expect(page.locator(".on").first).to_be_visible()


def test_a_link_of_an_influencer_brings_a_play(
    as_artist: Page, signed_in: SignedIn, listeners_graph: Graph, artist_id: str
) -> None:
    """From the page that makes it to the sources of the audience, of somebody who has yet to sign in."""

    def brought() -> int:
        found = analytics(listeners_graph, artist_id, exact=True)
        return sum(one.plays or 0 for one in found.sources if one.source == "influencer")

    before = brought()
    users.put_user(listeners_graph, "brought", name="Brought Here")
    as_artist.goto(f"/artists/{artist_id}/influencers")
    as_artist.locator(".matches .hand-out summary").first.click()
    link = as_artist.locator(".matches .copied input").first.input_value()
    page = signed_in("brought", javascript=False)
    page.goto(link)
    expect(page.locator(".note", has_text="led you here")).to_be_visible()
    page.locator(".track-rows .play").first.click()
    expect(page.locator(".done")).to_contain_text("Played")
    page.locator(".track-rows .title a").nth(1).click()
    page.locator(".about-track .play").click()
    expect(page.locator(".done")).to_contain_text("Played")
    assert brought() == before + 2
    page.goto(f"/artists/{artist_id}")
    page.locator(".track-rows .play").first.click()
    assert brought() == before + 2


def test_a_link_is_copied(open_page: Opening, address: str, artist_id: str) -> None:
    page = open_page(f"{address}/artists/{artist_id}/influencers").page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    row = page.locator(".matches .hand-out").first
    row.locator("summary").click()
    row.locator("button").click()
    expect(row.locator("button")).to_contain_text("Copied")
    expect(page.locator("#announcement")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == row.locator("input").input_value()
