"""An export of favourites: CSV, JSON lines or Parquet rows of (user, track, artist, genre), optionally when.

To learn from before there are users of one's own. A track is of the artist and genre of its first good row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from muse_graph.errors import InvalidRequest
from muse_graph.loaders.formats.files import ENDINGS, format_of
from muse_graph.loaders.formats.formats import header, must_have, read_rows
from muse_graph.loaders.formats.lines import Row
from muse_graph.loaders.rejects import Rejects
from muse_graph.loaders.table_rules import clean_cell, today
from muse_graph.service.field_rules import field_rules

__all__ = ["COLUMNS", "TABLE", "Favourites", "read_favourites"]

COLUMNS = ("user", "track", "artist", "genre", "when")
TABLE = "favourites"

IntArray: TypeAlias = NDArray[np.int64]
TextArray: TypeAlias = NDArray[np.object_]


@dataclass(frozen=True, slots=True, eq=False)
class Favourites:
    """Who likes what; users and tracks in the order of their first good row.

    Attributes:
        user_ids: (n_users,) str, each once
        track_ids: (n_tracks,) str, each once
        pairs: (n, 2) int64, positions of a user and of a track, ascending, each pair once
        artists: (n_tracks,) str, name of each track's artist
        genres: (n_tracks,) str, name of each track's genre, empty where the export gives none
    """

    user_ids: TextArray
    track_ids: TextArray
    pairs: IntArray
    artists: TextArray
    genres: TextArray

    def __len__(self) -> int:
        return len(self.pairs)


def read_favourites(
    path: Path,
    rejects: Rejects,
    *,
    now: datetime | None = None,
    note: Callable[[str], None] = lambda _: None,
) -> Favourites:
    """Read a whole export; only numbers are kept of each row.

    A bad row goes to `rejects`. A pair that was there already counts as repeated.

    Args:
        now: no favourite may be more than a day after it; None is the present
        note: called with the columns that are not used

    Raises:
        InvalidRequest: If there is no such file or its format is unknown.
        DataError: For a file without a required column.
    """
    if not format_of(path) or not path.is_file():
        got = f"{path}{', which is no file' * (not path.is_file())}"
        raise InvalidRequest(f"favourites must be a file that ends in {', '.join(ENDINGS)}, got {got}")
    _check_header(path, note)
    rejects.files[TABLE] = path
    return _collect(_good(read_rows(path, COLUMNS), rejects, now or today()), rejects)


def _check_header(path: Path, note: Callable[[str], None]) -> None:
    names = header(path)
    must_have(path, TABLE, COLUMNS[:3], names)
    if extra := [name for name in names if name not in COLUMNS]:
        note(f"{path.name}: columns not used: {', '.join(extra)}; known are {', '.join(COLUMNS)}")


def _good(rows: Iterable[Row], rejects: Rejects, now: datetime) -> Iterator[list[str]]:
    """User, track, artist and genre of the good rows."""
    rules = field_rules(now)
    fields = [rules[field] for field in ("user_id", "track_id", "name", "name", "at")]
    needed = (True, True, True, False, False)
    for row in rows:
        rejects.tally[TABLE].read += 1
        try:
            cells = [clean_cell(*cell) for cell in zip(COLUMNS, fields, needed, row.cells(), strict=True)]
        except ValueError as error:
            rejects.reject(TABLE, row.line, str(error))
            continue
        yield [cell or "" for cell in cells[:4]]


def _collect(rows: Iterable[Sequence[str]], rejects: Rejects) -> Favourites:
    users: dict[str, int] = {}
    tracks: dict[str, int] = {}
    about: list[tuple[str, str]] = []
    pairs: dict[tuple[int, int], None] = {}
    tally = rejects.tally[TABLE]
    for user_id, track_id, artist, genre in rows:
        track = tracks.setdefault(track_id, len(tracks))
        if track == len(about):
            about.append((artist, genre))
        pair = users.setdefault(user_id, len(users)), track
        if pair in pairs:
            tally.repeated += 1
        else:
            pairs[pair] = None
            tally.loaded += 1
    return Favourites(
        _texts(users),
        _texts(tracks),
        np.array(sorted(pairs), np.int64).reshape(-1, 2),
        _texts(artist for artist, _ in about),
        _texts(genre for _, genre in about),
    )


def _texts(values: Iterable[str]) -> TextArray:
    return np.array(list(values), np.object_)
