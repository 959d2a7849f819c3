"""The files of what is too much to be in memory at once: users, their listening, the months of tracks."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from muse_graph.core.types import IntArray
from muse_graph.loaders.bulk.derivation import PART_LISTENS, Derivation, ListenerPart, MonthlyBuckets, Totals
from muse_graph.loaders.bulk.files import (
    TIME,
    ImportFiles,
    MadeColumn,
    bytes_text,
    list_text,
    search_texts,
    time_text,
)
from muse_graph.loaders.bulk.gather import Gathered
from muse_graph.loaders.bulk.listens import ListenColumns
from muse_graph.service.pagination import Advance

__all__ = ["write_listening"]


def write_listening(files: ImportFiles, derivation: Derivation, advance: Advance) -> Totals:
    """Write users and all that follows from their listens, part by part; return what the parts add up to."""
    gathered, totals = derivation.gathered, derivation.no_totals()
    for part in derivation.listener_parts():
        _user_nodes(files, gathered.tables["users"].slice(part.first, len(part.users)), part)
        _listened(files, part)
        totals.add(part)
        advance("files", len(part.listened.user))
    for begin in range(0, max(len(gathered.listens), 1), PART_LISTENS):
        some = gathered.listens.rows(slice(begin, begin + PART_LISTENS))
        _played(files, some)
        advance("files", len(some))
    for months in derivation.month_parts():
        _months(files, gathered, months)
        advance("files", len(months.track))
    return totals


def _user_nodes(files: ImportFiles, users: pa.Table, part: ListenerPart) -> None:
    values, bounds = part.profiles
    files.nodes(
        "User",
        {
            "user_id:string": users["user_id"],
            "key:long": part.users,
            "name:string": users["name"],
            "search_text:string": search_texts(users["name"]),
            "listens_visible_to:string": users["listens_visible_to"],
            "recent:long[]": list_text(*part.recent),
        },
        {"profile:byte[]": lambda begin, end: bytes_text(values, bounds[begin : end + 1])},
        begin=part.first,
    )


def _listened(files: ImportFiles, part: ListenerPart) -> None:
    pairs, plays, heard = part.listened, part.genre_plays, part.listened.heard
    files.relationships(
        "LISTENED",
        ("User", "Track"),
        part.first + pairs.user,
        pairs.track,
        {
            "plays:long": pairs.plays,
            "heard_plays:long": pairs.heard_plays,
            "heard_ppm:long": pairs.heard_ppm,
            "heard:double": _shares(heard),
            f"last_at:{TIME}": time_text(pairs.last_at),
        },
    )
    files.relationships(
        "PLAYS_GENRE", ("User", "Genre"), part.first + plays.user, plays.genre, {"plays:long": plays.plays}
    )


def _played(files: ImportFiles, listens: ListenColumns) -> None:
    files.relationships(
        "PLAYED",
        ("User", "Track"),
        listens.user.astype(np.int64),
        listens.track.astype(np.int64),
        {
            "listen_id:string": listens.ids,
            f"listened_at:{TIME}": time_text(listens.at),
            "heard:double": _shares(listens.heard),
            "heard_at_least:double": _shares(listens.at_least),
            "plays:long": listens.plays,
            "country:string": _texts(listens.countries, listens.country),
            "source:string": _texts(listens.sources, listens.source),
        },
    )


def _shares(shares: NDArray[np.float64]) -> pa.Array:
    """The same, null where unknown."""
    return pa.array(shares, mask=np.isnan(shares))


def _texts(texts: list[str], places: NDArray[np.integer]) -> pa.Array:
    """The text of each place, null below 0."""
    return pa.array(texts, pa.string()).take(pa.array(places, mask=places < 0))


def _months(files: ImportFiles, gathered: Gathered, months: MonthlyBuckets) -> None:
    buckets = months.buckets
    files.relationships(
        "HEARD_IN",
        ("Track", "Country"),
        months.track,
        months.country,
        {
            "track_id:string": gathered.tables["tracks"]["track_id"].take(pa.array(months.track)),
            "country:string": _texts(gathered.country_codes, months.country),
            "month:long": months.month,
            "plays:long": buckets.plays,
            "days:long[]": list_text(buckets.days, buckets.sum_offsets),
            "day_sources:long[]": list_text(buckets.sources, buckets.sum_offsets),
            "day_reports:long[]": list_text(buckets.reports, buckets.sum_offsets),
            "day_plays:long[]": list_text(buckets.sum_plays, buckets.sum_offsets),
        },
        {
            "listeners:byte[]": _packed(buckets.listeners, buckets.listener_offsets),
            "cells:byte[]": _packed(buckets.cells, buckets.cell_offsets),
        },
    )


def _packed(structs: NDArray[np.void], offsets: IntArray) -> MadeColumn:
    values, bounds = np.frombuffer(structs.tobytes(), np.uint8), offsets * structs.itemsize
    return lambda begin, end: bytes_text(values, bounds[begin : end + 1])
