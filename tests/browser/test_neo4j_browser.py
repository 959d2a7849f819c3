"""Neo4j Browser at the address that is printed: the login, then the graph, and no error on the way."""

from __future__ import annotations

import pytest

from muse_graph import embedded
from muse_graph.config import Settings
from muse_graph.graph import schema
from muse_graph.graph.connection import Graph
from tests.browser.conftest import Opening

pytestmark = [pytest.mark.browser, pytest.mark.neo4j]


def test_the_printed_address_leads_through_the_login_into_the_graph(
    settings: Settings, graph: Graph, open_page: Opening
) -> None:
    found = embedded.status(settings)
    if not found.running:
        pytest.skip("NEO4J_URI names a server whose Neo4j Browser is not known")
    page = open_page(found.browser, theme="light").page
    page.get_by_test_id("password").fill(found.password)
    assert page.get_by_test_id("username").input_value() == found.username
    page.keyboard.press("Enter")
    page.get_by_text("You are connected as user").wait_for()
    # A card of its own for each command; this one comes after all that Browser does by itself.
    page.locator(".monaco-editor textarea").first.focus()
    page.keyboard.type("MATCH (m:Migration {number: 1}) RETURN m.name AS found")
    page.keyboard.press("Control+Enter")
    page.get_by_test_id("frame").get_by_text(schema.migrations()[0].name).first.wait_for()
    cards = page.get_by_test_id("frame").all_inner_texts()
    assert len(cards) >= 3
    assert not [card for card in cards if "error" in card.lower()]
