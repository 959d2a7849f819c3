"""The page that shows the OpenAPI document."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from muse_graph.api import create_app
from muse_graph.config import Settings
from tests.browser.conftest import Opening, serving
from tests.fakes import FakeGraph

pytestmark = pytest.mark.browser

#: The viewer tries whether it may make code out of text, is refused, and goes on without.
KNOWN = "'script-src' was not explicitly set"


def test_it_shows_the_operations_and_asks_nobody_else(open_page: Opening) -> None:
    with serving(create_app(Settings(), FakeGraph(), sign_in="off")) as address:
        watched = open_page(f"{address}/docs")
        expect(watched.page.get_by_text("Recommend tracks").first).to_be_visible(timeout=30_000)
        assert [line for line in watched.said if line.startswith("error") and KNOWN not in line] == []
        assert [url for url in watched.asked if not url.startswith((address, "data:", "blob:"))] == []
