"""Any text comes into the graph as it stands, by the importer as by the write path."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from muse_graph.config import Settings
from muse_graph.graph.connection import Graph
from muse_graph.loaders.columns import SCHEMAS
from muse_graph.loaders.sources.tables import read_tables
from tests.graph_dump import dump
from tests.load.conftest import connected, load_in_bulk, load_over_bolt

#: What files of text trip over: quotes, delimiters, escapes, blanks, signs that end a line elsewhere.
HARD = [
    *('"', '""', 'say "so"', '"begins', 'ends"', ",", '","', ";", "a;b", "|", "a|b", "\\", '\\"', "\\n", "'"),
    *(
        " lead",
        "trail ",
        "\ttab\t",
        "",
        "\ufeffmark",
        "null",
        "NULL",
        "true",
        "1",
        "1.0",
        "-",
        "=1+1",
        "#",
        "//",
    ),
    *(
        "\x0b",
        "a\x0bb",
        "\x0c",
        "\x1c",
        "\x1e",
        "\x7f",
        "\x85",
        "a\x85b",
        "\u2028",
        "a\u2029b",
        "\xa0",
        "\u200b",
    ),
    *("e\u0301", "é", "ß", "İ", "😀", "\U0010ffff", "\ufffe", "日本", "ﷺ", "x" * 200),
]
BROKEN = [
    "two\nlines",
    "two\rlines",
    "two\r\nlines",
    'a"\n"b',
    '"\n',
    "\n,\n",
    "a\\\nb",
    "a\n\n\nb",
    "\n",
    "\r",
]


def texts(*, line_breaks: bool) -> list[str]:
    """The hard ones and 150 others, all different."""
    found = dict.fromkeys(HARD + (BROKEN if line_breaks else []))
    left_out = "" if line_breaks else "\n\r"
    letters = st.characters(exclude_categories=["Cs"], exclude_characters=left_out)
    hard = st.sampled_from(sorted({sign for text in found for sign in text}))

    @settings(max_examples=150, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(st.text(letters | hard, max_size=40))
    def collect(text: str) -> None:
        found[text] = None

    collect()
    return list(found)


def tables(found: list[str]) -> dict[str, list[dict[str, Any]]]:
    """Every text in every place that takes one; what a rule refuses is refused by both ways."""
    # An id has no control characters, and would take the text beside it along to the rejects.
    signs = [re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", "_", text) for text in found]
    ids = [f"{number} {sign}" for number, sign in enumerate(signs)]
    users = [
        {"user_id": one, "name": text, "country": None, "listens_visible_to": None}
        for one, text in zip(ids, found, strict=True)
    ]
    return {
        "genres": [{"genre_id": one, "name": text} for one, text in zip(ids, found, strict=True)],
        "artists": [
            {"artist_id": one, "name": text, "country": "PT"} for one, text in zip(ids, found, strict=True)
        ],
        "tracks": [
            {
                "track_id": one,
                "title": text,
                "artist_ids": [one, ids[number - 1]],
                "genre_ids": [signs[number] or "none", one],
                "language": text,
            }
            for number, (one, text) in enumerate(zip(ids, found, strict=True))
        ],
        "users": users,
        "likes": [{"user_id": one, "genre_id": sign} for one, sign in zip(ids, signs, strict=True)],
        "tags": [
            {"user_id": one, "artist_id": one, "tag": text} for one, text in zip(ids, found, strict=True)
        ],
        "listens": [
            {
                "listen_id": one,
                "user_id": one,
                "track_id": ids[number - 1],
                "heard": 0.5,
                "plays": 1,
                "source": text,
            }
            for number, (one, text) in enumerate(zip(ids, found, strict=True))
        ],
        "influencers": [
            {"influencer_id": one, "handle": text, "country": "PT", "genre_ids": [one], "avg_likes": 5.0}
            for one, text in zip(ids, found, strict=True)
        ],
    }


def written(folder: Path, found: list[str]) -> Path:
    """The tables as files that hold every text as it is."""
    for name, rows in tables(found).items():
        fields = [field for field in SCHEMAS[name] if field.name in rows[0]]
        parquet.write_table(pa.Table.from_pylist(rows, pa.schema(fields)), folder / f"{name}.parquet")
    return folder


@pytest.mark.parametrize("line_breaks", [False, True], ids=["on one line", "with line breaks"])
def test_any_text_is_the_same_both_ways(
    line_breaks: bool, empty_graph: Graph, home: Settings, tmp_path: Path
) -> None:
    found = texts(line_breaks=line_breaks)
    make = partial(read_tables, written(tmp_path, found), note=lambda _: None)
    tallies = load_over_bolt(empty_graph, make)
    imported_by_table = load_in_bulk(home, make)
    assert {table: imported_by_table[table] for table in tallies} == tallies
    # Enough of them are legal, in every table; a track needs two artists that are.
    assert all(tally.loaded > len(found) / 5 for tally in tallies.values())
    with connected(home) as imported:
        assert dump(imported) == dump(empty_graph)
        names = {row["name"] for row in imported.run("MATCH (a:Artist) RETURN a.name AS name", writes=False)}
    # What is long or hard to see is not lost on the way to both.
    legal = HARD[:17] + (BROKEN[:6] if line_breaks else [])
    assert names >= {text.strip() for text in legal if text.strip()}
