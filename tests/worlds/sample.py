"""A corner of a sample world: all of its users, few of its tracks, and every kind of row that the world has.

The smallest sample world has 300 artists and some 2,700 tracks, most of which nobody plays: that takes long
to load, and tests gain nothing from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

import pyarrow as pa

from muse_graph.loaders.columns import SCHEMAS
from muse_graph.loaders.synthetic import world

__all__ = ["corner", "features"]

Row = dict[str, Any]
Table = list[Row]

#: Columns whose values are few and all matter.
_WORDS = {"action"}
_INFLUENCERS = 25


def corner(users: int, seed: int, tracks: int = 200) -> Iterator[tuple[str, pa.RecordBatch]]:
    """The tables of a sample world with its most heard tracks and what refers to these, as loaders yield."""
    for table, rows in _corner(users, seed, tracks).items():
        yield table, pa.RecordBatch.from_pylist(rows, schema=SCHEMAS[table])


@cache
def _corner(users: int, seed: int, tracks: int) -> dict[str, Table]:
    whole: dict[str, Table] = {}
    for table, batch in world(users, seed=seed):
        whole.setdefault(table, []).extend(batch.to_pylist())
    kept_tracks = {row["track_id"] for row in _some_tracks(whole, tracks)}
    part = whole | {"tracks": [row for row in whole["tracks"] if row["track_id"] in kept_tracks]}
    artists = {artist for row in part["tracks"] for artist in row["artist_ids"]}
    artists |= {row["artist_id"] for row in _examples("artists", whole["artists"])}
    part["artists"] = [row for row in whole["artists"] if row["artist_id"] in artists]
    part["tags"] = [row for row in whole["tags"] if row["artist_id"] in artists]
    for table in ("listens", "feedback"):
        part[table] = [row for row in whole[table] if row["track_id"] in kept_tracks]
    first = whole["influencers"][:_INFLUENCERS]
    part["influencers"] = first + [
        row for row in _examples("influencers", whole["influencers"]) if row not in first
    ]
    kept = {row["influencer_id"] for row in part["influencers"]}
    part["follows"] = [row for row in whole["follows"] if row["influencer_id"] in kept]
    assert features(part) == features(whole)
    return part


def features(tables: dict[str, Table]) -> set[str]:
    """Every kind of row that is there: what is unknown, what there are several of, what words are used."""
    return {feature for table, rows in tables.items() for row in rows for feature in _of(table, row)}


def _of(table: str, row: Row) -> Iterator[str]:
    yield table
    for column, value in row.items():
        if value is None:
            yield f"{table}.{column} unknown"
        elif (isinstance(value, list) and len(value) > 1) or (column == "plays" and value > 1):
            yield f"{table}.{column} several"
        elif column in _WORDS:
            yield f"{table}.{column} {value}"


def _some_tracks(whole: dict[str, Table], n: int) -> Table:
    """The n most heard tracks, and those that the first rows of each kind are of or about."""
    listeners: dict[str, int] = {}
    for row in whole["listens"]:
        listeners[row["track_id"]] = listeners.get(row["track_id"], 0) + 1
    most = sorted(listeners, key=lambda track: (-listeners[track], track))[:n]
    examples = [row for table in ("tracks", "listens", "feedback") for row in _examples(table, whole[table])]
    wanted = {*most, *(row["track_id"] for row in examples)}
    return [row for row in whole["tracks"] if row["track_id"] in wanted]


def _examples(table: str, rows: Iterable[Row]) -> Table:
    """The first row of each kind."""
    first: dict[str, Row] = {}
    for row in rows:
        for feature in _of(table, row):
            first.setdefault(feature, row)
    return list(first.values())
