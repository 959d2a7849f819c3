"""What fits on a narrow terminal, and what a pipe and a quiet program print."""

from __future__ import annotations

import io
import re
from collections import Counter
from typing import Any

import pytest
from rich.console import Console, RenderableType

from muse_graph.answers import Named, Recommendation, Recommendations
from muse_graph.api.schemas import audience_examples
from muse_graph.cli import output
from muse_graph.cli.artist_view import analytics_view
from muse_graph.cli.audience_views import interests_view, overlap_view, spread_view
from muse_graph.cli.commands.neo4j import status_rows
from muse_graph.cli.views import (
    influencer_set_view,
    ledger_view,
    matches_view,
    recommendations_view,
)
from muse_graph.embedded import Status
from tests.unit.cli import examples

VIEWS = {
    "recommendations": lambda: recommendations_view(examples.recommendations()),
    "ledger": lambda: ledger_view(examples.ledger()),
    "analytics": lambda: analytics_view(examples.analytics()),
    "interests": lambda: interests_view(audience_examples.INTERESTS, 20),
    "overlap": lambda: overlap_view(audience_examples.OVERLAP),
    "spread": lambda: spread_view(audience_examples.SPREAD),
    "influencers": lambda: matches_view([examples.match()]),
    "influencers together": lambda: influencer_set_view(examples.influencer_set()),
}
LONG = "x" * 1_000


def drawn(view: RenderableType, width: int) -> list[str]:
    console = Console(width=width, file=io.StringIO(), color_system=None)
    with console.capture() as captured:
        console.print(view)
    return captured.get().splitlines()


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("name", VIEWS)
def test_no_word_is_broken_and_no_line_too_long(name: str, width: int) -> None:
    whole, fitted = (drawn(VIEWS[name](), wide) for wide in (500, width))
    words, shown = (Counter(re.findall(r"[\w,.@]+", " ".join(lines))) for lines in (whole, fitted))
    # Two columns of the wide ledger share one with the name where there is less room, and have no head there.
    assert words - shown <= Counter(["state", "why"])
    assert not shown - words
    assert max(map(len, fitted)) <= width


def test_a_long_title_does_not_pad_the_other_lines(run: Any, graph: Any, provide: Any) -> None:
    (item,) = examples.recommendations().items
    items = [item, Recommendation(2, "t2", LONG, [Named("a1", LONG)], [], 0.5, [])]
    provide(
        "muse_graph.service.recommendations.lists",
        recommend=lambda *_, **__: Recommendations("u1", "discovery", items),
    )
    lines = run("recommend", "u1").out.splitlines()
    assert max(map(len, lines)) < 230
    assert "…" in lines[-1]
    assert LONG in run("recommend", "u1", "--json").out


@pytest.mark.parametrize("width", ["20", "60"])
def test_an_address_is_never_cut(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, width: str
) -> None:
    monkeypatch.setenv("COLUMNS", width)
    address = "http://127.0.0.1:7474/browser?dbms=neo4j://neo4j@127.0.0.1:7687&preselectAuthMethod=NO_AUTH"
    rows = status_rows(
        Status(
            home="/home/of/somebody/with/a/long/name",
            running=True,
            version="2026.09.0",
            pid=1,
            uri="bolt://127.0.0.1:7687",
            browser=address,
            username="neo4j",
            password="secret",
        )
    )
    output.show_pairs(rows)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(rows)
    assert f"Neo4j Browser  {address}" in lines


def test_help_that_is_piped_has_no_boxes(run: Any) -> None:
    assert not set("╭│╰") & set(run("load", "--help").out)


def test_quiet_is_quiet(run: Any, graph: Any, provide: Any) -> None:
    graph.rows["graph_counts"] = [{}]
    spoken, silent = (run(*quiet, "query", "sample_listeners", "-p", "limit=1") for quiet in ((), ("-q",)))
    assert "0 rows" in spoken.err
    assert (silent.code, silent.err) == (0, "")
    # One process may run two commands, as tests do.
    assert "0 rows" in run("query", "sample_listeners", "-p", "limit=1").err
