"""The pictures of the docs: there, and small. MUSE_SCREENSHOTS=1 takes them again."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Opening

#: name -> address, width, theme
PICTURES = {
    "start-dark": ("/", 1280, "dark"),
    "start-light": ("/", 1280, "light"),
    "start-narrow": ("/", 360, "dark"),
    "welcome": ("/welcome", 1280, "dark"),
    "friends": ("/friends", 1280, "light"),
    "what-if": ("/what-if?theta=50", 1280, "dark"),
    "audience": ("/your-artists", 1280, "light"),
    "docs": ("/docs", 1280, "dark"),
}
MOST_BYTES = 400_000
USER = "u1005"


@pytest.mark.browser
@pytest.mark.neo4j
@pytest.mark.skipif(os.environ.get("MUSE_SCREENSHOTS") != "1", reason="MUSE_SCREENSHOTS is not 1")
@pytest.mark.parametrize("name", PICTURES)
def test_take(open_page: Opening, request: pytest.FixtureRequest, pictures: Path, name: str) -> None:
    where, width, theme = PICTURES[name]
    # A service that is up already may have the better data.
    address = os.environ.get("MUSE_SCREENSHOTS_OF") or request.getfixturevalue("address")
    page = open_page(address, width=width, theme=theme).page
    # The demonstration signs in by a click; a service without sign-in is told whom to show.
    personas = page.locator(".personas button")
    if personas.count():
        (personas.filter(has_text="Artist") if where == "/your-artists" else personas).first.click()
    elif where != "/docs":
        where += f"{'&' if '?' in where else '?'}user={USER}"
    page.goto(address + where)
    if name == "docs":
        expect(page.get_by_text("Recommend tracks").first).to_be_visible(timeout=30_000)
    page.set_viewport_size({"width": width, "height": 1180 if width > 1000 else 900})
    page.wait_for_timeout(500)
    pictures.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=pictures / f"{name}.png")


@pytest.mark.parametrize("name", PICTURES)
def test_it_is_there_and_small(pictures: Path, name: str) -> None:
    data = (pictures / f"{name}.png").read_bytes()
    assert data.startswith(b"\x89PNG")
    assert len(data) < MOST_BYTES
