"""HetRec 2011 Last.fm as published: `.dat` files, tab separated, partly not UTF-8.

The data set has artists only, so each becomes one track. Genres come from the tags (`tag_genres`).
Source: I. Cantador, P. Brusilovsky, T. Kuflik, HetRec 2011; for non-commercial use.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path

import pyarrow as pa

from muse_graph.errors import DataError, InvalidRequest
from muse_graph.loaders.formats.lines import Row
from muse_graph.loaders.rejects import Rejects
from muse_graph.loaders.sources.slugs import slug
from muse_graph.loaders.sources.tag_genres import assign_genres, read_vocabulary
from muse_graph.loaders.table_rules import Values, clean_cell, drop_repeated, pack, validate_rows
from muse_graph.service.field_kinds import BLANKS
from muse_graph.service.field_rules import FIELDS

__all__ = ["read_hetrec"]

_HEADERS = {
    "artists.dat": ["id", "name", "url", "pictureURL"],
    "tags.dat": ["tagID", "tagValue"],
    "user_friends.dat": ["userID", "friendID"],
    "user_artists.dat": ["userID", "artistID", "weight"],
    "user_taggedartists.dat": ["userID", "artistID", "tagID", "day", "month", "year"],
}
_FILES = {
    "genres": "user_taggedartists.dat",
    "artists": "artists.dat",
    "tracks": "artists.dat",
    "users": "user_artists.dat",
    "friendships": "user_friends.dat",
    "tags": "user_taggedartists.dat",
    "listens": "user_artists.dat",
}
Cells = Sequence[object]


def read_hetrec(
    folder: Path, rejects: Rejects, *, batch_rows: int = 10_000
) -> Iterator[tuple[str, pa.RecordBatch]]:
    """Batches of the data set's tables, in load order; all of it is held in memory (300,000 rows).

    Listens are aggregates: plays, no time, share heard unknown. A user is an id seen in a good row of
    listens, friendships or tags, and `line` is in which.

    Raises:
        InvalidRequest: If a file is missing.
        DataError: If one does not begin with its header.
    """
    if missing := [name for name in _HEADERS if not (folder / name).is_file()]:
        raise InvalidRequest(f"{folder} must hold {', '.join(_HEADERS)}; missing: {', '.join(missing)}")
    rejects.files.update({table: folder / name for table, name in _FILES.items()})
    return _batches(folder, rejects, batch_rows)


def _batches(folder: Path, rejects: Rejects, batch_rows: int) -> Iterator[tuple[str, pa.RecordBatch]]:
    artists = _table(folder, "artists", rejects, _artist)
    known = {row[0] for row in artists}
    listens = _table(folder, "listens", rejects, lambda cells: _listen(cells, known))
    friendships = _table(folder, "friendships", rejects, _friendship)
    texts = _tag_texts(folder, rejects)
    tags = _table(folder, "tags", rejects, lambda cells: _tag(cells, known, texts))
    genres = assign_genres(tags, read_vocabulary())
    names = sorted({name for given in genres.values() for name in given})
    derived: dict[str, list[Values]] = {
        "genres": [[slug(name), name, number] for number, name in enumerate(names, start=1)],
        "tracks": [_track(row, genres.get(row[0], [])) for row in artists],
        "users": _users(listens, friendships, tags),
    }
    for table, rows in derived.items():
        rejects.tally[table].read += len(rows)
    tables = {**derived, "artists": artists, "friendships": friendships, "tags": tags, "listens": listens}
    for table in ("genres", "artists", "tracks", "users", "friendships", "tags", "listens"):
        yield from pack(table, tables[table], batch_rows)


def _table(folder: Path, table: str, rejects: Rejects, clean: Callable[[Cells], Values]) -> list[Values]:
    rows = validate_rows(table, _read_dat(folder / _FILES[table]), clean, rejects)
    return list(drop_repeated(table, rows, rejects))


def _read_dat(path: Path) -> Iterator[Row]:
    """Every line below the header that is not blank."""
    header = _HEADERS[path.name]
    with path.open("rb") as file:
        for line, raw in enumerate(file, start=1):
            cells = [cell.strip(BLANKS) for cell in _decoded(raw).rstrip("\r\n").split("\t")]
            if line == 1 and cells != header:
                raise DataError(path.name, 1, f"must begin with {header}, got {cells}")
            if line > 1 and raw.strip():
                yield Row(line, cells, raw)


def _decoded(raw: bytes) -> str:
    """Text of one line: the files mix UTF-8 with Windows-1252, and Latin-1 has a letter for every byte."""
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1")


def _fields(cells: Cells, name: str) -> dict[str, object]:
    """A row's fields by column. raises: ValueError unless it has as many as the header."""
    header = _HEADERS[name]
    if len(cells) != len(header):
        raise ValueError(f"must have {len(header)} fields, got {len(cells)}")
    return dict(zip(header, cells, strict=True))


def _clean(row: dict[str, object], column: str, field: str = "user_id") -> object:
    """A value that has to be there, by the rule of a field; any id has the same."""
    return clean_cell(column, FIELDS[field], True, row[column])


def _known(row: dict[str, object], column: str, known: Collection[object], file: str) -> object:
    value = _clean(row, column)
    if value not in known:
        raise ValueError(f"{column} must be in {file}, got {value!r}")
    return value


def _artist(cells: Cells) -> Values:
    row = _fields(cells, "artists.dat")
    return [_clean(row, "id"), _clean(row, "name", "name"), None]


def _track(artist: Values, genres: Sequence[str]) -> Values:
    artist_id, name, _, line = artist
    unknown = (None,) * 5
    return [artist_id, name, [artist_id], [slug(genre) for genre in genres], *unknown, line]


def _friendship(cells: Cells) -> Values:
    row = _fields(cells, "user_friends.dat")
    user_id, friend_id = _clean(row, "userID"), _clean(row, "friendID")
    if user_id == friend_id:
        raise ValueError(f"friendID must be another user than userID, got {friend_id!r} twice")
    return [user_id, friend_id, None]


def _listen(cells: Cells, artists: Collection[object]) -> Values:
    row = _fields(cells, "user_artists.dat")
    user_id = _clean(row, "userID")
    artist_id = _known(row, "artistID", artists, "artists.dat")
    plays = _clean(row, "weight", "plays")
    return [f"hetrec:{user_id}:{artist_id}", user_id, artist_id, None, None, None, plays, None, "hetrec"]


def _tag(cells: Cells, artists: Collection[object], texts: dict[object, object]) -> Values:
    row = _fields(cells, "user_taggedartists.dat")
    user_id = _clean(row, "userID")
    artist_id = _known(row, "artistID", artists, "artists.dat")
    return [user_id, artist_id, texts[_known(row, "tagID", texts, "tags.dat")]]


def _tag_texts(folder: Path, rejects: Rejects) -> dict[object, object]:
    """TagID -> tag, lower case. A bad line is written down, not counted: it is no row of a table."""
    texts: dict[object, object] = {}
    for row in _read_dat(folder / "tags.dat"):
        try:
            cells = _fields(row.cells(), "tags.dat")
            texts.setdefault(_clean(cells, "tagID"), _clean(cells, "tagValue", "tag"))
        except ValueError as error:
            rejects.add(folder / "tags.dat", row.line, str(error))
    return texts


def _users(listens: list[Values], friendships: list[Values], tags: list[Values]) -> list[Values]:
    lines: dict[object, object] = {}
    for _, user_id, *_, line in listens:
        lines.setdefault(user_id, line)
    for user_id, friend_id, _, line in friendships:
        lines.setdefault(user_id, line)
        lines.setdefault(friend_id, line)
    for user_id, *_, line in tags:
        lines.setdefault(user_id, line)
    return [[user_id, None, None, None, line] for user_id, line in lines.items()]
