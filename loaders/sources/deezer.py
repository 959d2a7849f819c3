"""Deezer friendships (GEMSEC): `HU_edges.csv`, and `HU_genres.json` with the genres each user likes.

The data set has no listens and no tracks. Source: B. Rozemberczki et al., GEMSEC, ASONAM 2019.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pyarrow as pa

from muse_graph.errors import DataError, InvalidRequest
from muse_graph.loaders.formats.formats import header, must_have, read_rows
from muse_graph.loaders.formats.lines import Row
from muse_graph.loaders.rejects import Rejects
from muse_graph.loaders.sources.slugs import slug
from muse_graph.loaders.table_rules import (
    Check,
    Values,
    clean_cell,
    drop_repeated,
    pack,
    row_check,
    today,
    validate_rows,
)
from muse_graph.service.field_rules import FIELDS

__all__ = ["read_deezer"]

_EDGES = ("node_1", "node_2")


def read_deezer(
    folder: Path, rejects: Rejects, *, country: str = "HU", batch_rows: int = 10_000
) -> Iterator[tuple[str, pa.RecordBatch]]:
    """Batches of the data set's tables, in load order; all of it is held in memory.

    `line` of users and likes is the number of the user in the JSON file, which has no lines.

    Args:
        country: which pair of files to read (`HU_...`, `HR_...`, `RO_...`) and where its users live; the only
            pair of a folder is read whatever its name, and a country in its name takes precedence

    Raises:
        InvalidRequest: If there is no such pair.
        DataError: For a file that is not in the format.
    """
    prefix = _prefix(folder, country)
    edges, liked = folder / f"{prefix}_edges.csv", folder / f"{prefix}_genres.json"
    must_have(edges, "friendships", _EDGES, header(edges))
    files = dict.fromkeys(("genres", "users", "likes"), liked)
    rejects.files.update(files, friendships=edges)
    return _batches(edges, liked, rejects, _country(prefix, country), batch_rows)


def _prefix(folder: Path, country: str) -> str:
    found = sorted(path.name.removesuffix("_edges.csv") for path in folder.glob("*_edges.csv"))
    pairs = [prefix for prefix in found if (folder / f"{prefix}_genres.json").is_file()]
    if country in pairs:
        return country
    if len(pairs) != 1:
        raise InvalidRequest(
            f"{folder} must hold {country}_edges.csv and {country}_genres.json, "
            f"got pairs of: {', '.join(pairs) or 'nothing'}"
        )
    return pairs[0]


def _country(prefix: str, country: str) -> str:
    try:
        return str(FIELDS["country"].clean(prefix))
    except ValueError:
        return str(FIELDS["country"].clean(country))


def _batches(
    edges: Path, liked: Path, rejects: Rejects, country: str, batch_rows: int
) -> Iterator[tuple[str, pa.RecordBatch]]:
    entries = _entries(liked)
    now = today()
    pairs = (
        row if row.values is None else row._replace(values=[*row.values, None])
        for row in read_rows(edges, _EDGES)
    )

    def checked(table: str, rows: Iterable[Row], check: Check | None = None) -> Iterator[Values]:
        good = validate_rows(table, rows, check or row_check(table, now), rejects)
        return drop_repeated(table, good, rejects)

    friendships = list(checked("friendships", pairs))
    likes = list(checked("likes", _likes(entries), _like))
    genres = checked("genres", _genres(entries, {row[1] for row in likes}))
    users = checked("users", _users(entries, friendships, country))
    for table, rows in (("genres", genres), ("users", users), ("friendships", friendships), ("likes", likes)):
        yield from pack(table, rows, batch_rows)


class _Pairs(list[tuple[str, object]]):
    """A JSON object as its pairs: a user who is in the file twice loses nothing."""


def _entries(path: Path) -> _Pairs:
    try:
        found = json.loads(path.read_bytes(), object_pairs_hook=_Pairs)
    except (ValueError, RecursionError) as error:
        raise DataError(path.name, getattr(error, "lineno", 1), f"must be JSON, {error}") from None
    if not isinstance(found, _Pairs):
        raise DataError(path.name, 1, "must be one JSON object: a list of genres for each user")
    return found


def _likes(entries: _Pairs) -> Iterator[Row]:
    """One row for each genre a user likes; one bad row for a user whose genres are no list."""
    for number, (user_id, names) in enumerate(entries, start=1):
        if isinstance(names, list):
            for name in names:
                yield Row(number, (user_id, name), b"")
        else:
            yield Row(number, None, b"", "genres must be a list")


def _like(cells: Sequence[object]) -> Values:
    user_id, name = cells
    return [
        clean_cell("user", FIELDS["user_id"], True, user_id),
        clean_cell("genre", FIELDS["genre_id"], True, slug(clean_cell("genre", FIELDS["name"], True, name))),
    ]


def _genres(entries: _Pairs, used: set[object]) -> Iterator[Row]:
    """One row for each genre id in use, with the first name that gave it."""
    listed = (name for _, names in entries if isinstance(names, list) for name in names)
    named = {
        slug(name): name for name in sorted({name for name in listed if isinstance(name, str)}, reverse=True)
    }
    for number, genre_id in enumerate(sorted(named.keys() & used), start=1):
        yield Row(number, (genre_id, named[genre_id]), b"")


def _users(entries: _Pairs, friendships: list[Values], country: str) -> Iterator[Row]:
    """The users of the JSON file, then those the edges alone know."""
    for number, (user_id, _) in enumerate(entries, start=1):
        yield Row(number, (user_id, None, country, None), b"")
    known = {user_id for user_id, _ in entries}
    befriended = {end for row in friendships for end in row[:2]}
    for number, user_id in enumerate(sorted(befriended - known), start=len(entries) + 1):
        yield Row(number, (user_id, None, country, None), b"")
