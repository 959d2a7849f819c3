"""Charts with usual and unusual numbers and names, in a browser and under the policy of the pages."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.chart_gallery import gallery_app
from tests.browser.conftest import Opening, serving

pytestmark = pytest.mark.browser

CONTRAST = (Path(__file__).parent / "contrast.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
#: Texts of an SVG that lie outside it, beyond a pixel of rounding.
OUTSIDE = """() => [...document.querySelectorAll(".drawing text")].filter((text) => {
  const inner = text.getBoundingClientRect(), outer = text.closest(".drawing").getBoundingClientRect();
  return inner.left < outer.left - 1 || inner.right > outer.right + 1;
}).map((text) => text.textContent)"""


@pytest.fixture(scope="module")
def gallery() -> Iterator[str]:
    with serving(gallery_app()) as found:
        yield found


def test_axe_finds_nothing(open_page: Opening, gallery: str) -> None:
    page = open_page(gallery, width=360, theme="light").page
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}}).response["violations"]
    assert [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]] == []


@pytest.mark.parametrize(("width", "theme"), [(360, "light"), (1280, "dark")])
def test_texts_stand_out_and_stay_in_their_place(
    open_page: Opening, gallery: str, width: int, theme: Any
) -> None:
    watched = open_page(gallery, width=width, theme=theme)
    assert watched.page.evaluate(CONTRAST) == []
    assert watched.page.evaluate(OUTSIDE) == []
    assert watched.page.evaluate("document.documentElement.scrollWidth") <= width
    assert watched.said == []
    assert {url for url in watched.asked if not url.startswith(gallery)} == set()


def test_a_country_filters_on_a_click(open_page: Opening, gallery: str) -> None:
    page = open_page(gallery, theme="light", javascript=False).page
    page.get_by_role("link", name="Brazil: 16,204 listeners").click()
    assert page.url == f"{gallery}/?country=BR"


def test_the_colours_of_a_map_are_apart_in_both_themes(open_page: Opening, gallery: str) -> None:
    """Each step differs in lightness from the next: no kind of sight confuses them."""
    for theme in ("light", "dark"):
        page = open_page(gallery, theme=theme).page
        lightness = [
            float(
                page.evaluate(
                    "(step) => getComputedStyle(document.querySelector(`.step-${step}`)).fill", step
                )
                .split("(")[1]
                .split()[0]
            )
            for step in range(1, 6)
        ]
        steps = [after - before for before, after in itertools.pairwise(lightness)]
        assert all(abs(step) > 0.09 for step in steps)
        assert len({step > 0 for step in steps}) == 1


def test_paper_is_light(open_page: Opening, gallery: str) -> None:
    page = open_page(gallery, theme="dark").page
    page.emulate_media(media="print")
    ground = page.evaluate("getComputedStyle(document.querySelector('.gallery figure')).backgroundColor")
    assert ground.startswith("oklch(0.99")
