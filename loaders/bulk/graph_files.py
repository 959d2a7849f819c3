"""Which file holds what: the graph model as the importer's nodes and relationships."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from muse_graph.core.search_text import search_text
from muse_graph.core.types import IntArray
from muse_graph.countries import country_name
from muse_graph.loaders.bulk.derive_tables import DerivedTables
from muse_graph.loaders.bulk.files import ImportFiles, MadeColumn, bytes_text, list_text, time_text
from muse_graph.loaders.bulk.gather import Gathered
from muse_graph.service.maintenance.tables import audience_parts
from muse_graph.service.pagination import Advance

__all__ = ["write_files"]

#: Each text names its zone: one named in the header would be looked up again for each value.
_TIME = "datetime"


def write_files(files: ImportFiles, gathered: Gathered, derived: DerivedTables, advance: Advance) -> None:
    """Write all nodes and relationships of the graph."""
    for write in (_nodes, _track_nodes, _catalogue_links, _people_links, _listening, _months, _influencers):
        write(files, gathered, derived)
        advance("files", 1)
    files.finish()


def _nodes(files: ImportFiles, gathered: Gathered, derived: DerivedTables) -> None:
    tables = gathered.tables
    artists = tables["artists"]
    _user_nodes(files, tables["users"], derived)
    files.nodes(
        "Artist",
        {
            "artist_id:string": artists["artist_id"],
            "name:string": artists["name"],
            "search_text:string": _search_texts(artists["name"]),
            "plays:long": derived.artist_plays,
        },
    )
    genre_names = _genre_names(gathered)
    files.nodes(
        "Genre",
        {
            "genre_id:string": gathered.genre_ids,
            "key:long": derived.genre_keys,
            "name:string": genre_names,
            "search_text:string": _search_texts(genre_names),
        },
    )
    files.nodes(
        "Country",
        {
            "code:string": pa.array(gathered.country_codes, pa.string()),
            "name:string": pa.array([country_name(code) for code in gathered.country_codes], pa.string()),
        },
    )
    files.nodes(
        "Statistics",
        {"name:string": pa.array(["statistics"]), "radar_plays:long": pa.array([derived.radar_plays()])},
    )


def _user_nodes(files: ImportFiles, users: pa.Table, derived: DerivedTables) -> None:
    files.nodes(
        "User",
        {
            "user_id:string": users["user_id"],
            "key:long": derived.user_keys,
            "name:string": users["name"],
            "search_text:string": _search_texts(users["name"]),
            "listens_visible_to:string": users["listens_visible_to"],
            "recent:long[]": list_text(*derived.recent()),
        },
        {"profile:byte[]": _profiles(derived)},
    )


def _profiles(derived: DerivedTables) -> MadeColumn:
    values, bounds = derived.profiles()
    return lambda begin, end: bytes_text(values, bounds[begin : end + 1])


def _track_nodes(files: ImportFiles, gathered: Gathered, derived: DerivedTables) -> None:
    tracks = gathered.tables["tracks"]
    files.nodes(
        "Track",
        {
            "track_id:string": tracks["track_id"],
            "key:long": derived.track_keys,
            "title:string": tracks["title"],
            "search_text:string": _search_texts(tracks["title"]),
            "duration_s:double": tracks["duration_s"],
            "language:string": tracks["language"],
            "mbid:string": tracks["mbid"],
            "isrc:string": tracks["isrc"],
            "features:double[]": pc.binary_join(tracks["features"].cast(pa.list_(pa.string())), ";"),
            "plays:long": derived.track_plays,
            "listeners:long": derived.track_listeners,
        },
    )


def _search_texts(names: pa.Array | pa.ChunkedArray) -> pa.Array:
    """What names are found by; null where there is no name."""
    return pa.array([name and search_text(name) for name in names.to_pylist()], pa.string())


def _genre_names(gathered: Gathered) -> pa.Array:
    """The name of each genre; its id where it has none."""
    names = gathered.tables["genres"]["name"].combine_chunks()
    missing = pa.nulls(len(gathered.genre_ids) - len(names), pa.string())
    return pc.coalesce(pa.concat_arrays([names, missing]), gathered.genre_ids)


def _catalogue_links(files: ImportFiles, gathered: Gathered, derived: DerivedTables) -> None:  # noqa: ARG001
    by, genres = gathered.track_artists, gathered.track_genres
    files.relationships("BY", ("Track", "Artist"), by.source, by.target)
    files.relationships(
        "IN_GENRE", ("Track", "Genre"), genres.source, genres.target, {"rank:long": genres.place}
    )


def _people_links(files: ImportFiles, gathered: Gathered, derived: DerivedTables) -> None:
    tables = gathered.tables
    _homes(files, gathered)
    friendships, likes, tags = tables["friendships"], tables["likes"], tables["tags"]
    files.relationships(
        "FRIENDS_WITH",
        ("User", "User"),
        gathered.position("friendships", "user_id", "users"),
        gathered.position("friendships", "friend_id", "users"),
        {f"since:{_TIME}": _times(friendships["since"])},
    )
    files.relationships(
        "LIKES_GENRE",
        ("User", "Genre"),
        gathered.position("likes", "user_id", "users"),
        gathered.genres(likes["genre_id"]),
    )
    files.relationships(
        "TAGGED",
        ("User", "Artist"),
        gathered.position("tags", "user_id", "users"),
        gathered.position("tags", "artist_id", "artists"),
        {"tag:string": tags["tag"]},
    )
    files.relationships("DISCOVERS", ("User", "Genre"), derived.pool.source, derived.pool.target)
    user = gathered.position("feedback", "user_id", "users")
    track = gathered.position("feedback", "track_id", "tracks")
    feedback = tables["feedback"]
    for action, kind in (("save", "SAVED"), ("discard", "DISCARDED")):
        chosen = pc.equal(feedback["action"], action).to_numpy()
        times = _times(feedback["at"]).filter(pa.array(chosen))
        files.relationships(kind, ("User", "Track"), user[chosen], track[chosen], {f"at:{_TIME}": times})


def _homes(files: ImportFiles, gathered: Gathered) -> None:
    """Users live in a country, artists are based in one: two files, for their ends differ."""
    for kind, label, table in (("LIVES_IN", "User", "users"), ("BASED_IN", "Artist", "artists")):
        rows = gathered.tables[table]
        files.relationships(
            kind, (label, "Country"), np.arange(rows.num_rows), gathered.countries(rows["country"])
        )


def _listening(files: ImportFiles, gathered: Gathered, derived: DerivedTables) -> None:
    listens, pairs, plays = gathered.tables["listens"], derived.listened, derived.genre_plays
    files.relationships(
        "PLAYED",
        ("User", "Track"),
        derived.listens.user,
        derived.listens.track,
        {
            "listen_id:string": listens["listen_id"],
            f"listened_at:{_TIME}": time_text(derived.listens.at),
            "heard:double": listens["heard"],
            "heard_at_least:double": listens["heard_at_least"],
            "plays:long": listens["plays"],
            "country:string": listens["country"],
            "source:string": listens["source"],
        },
    )
    heard = pairs.heard
    files.relationships(
        "LISTENED",
        ("User", "Track"),
        pairs.user,
        pairs.track,
        {
            "plays:long": pairs.plays,
            "heard_plays:long": pairs.heard_plays,
            "heard_ppm:long": pairs.heard_ppm,
            "heard:double": pa.array(heard, mask=np.isnan(heard)),
            f"last_at:{_TIME}": time_text(pairs.last_at),
        },
    )
    files.relationships(
        "PLAYS_GENRE", ("User", "Genre"), plays.user, plays.genre, {"plays:long": plays.plays}
    )


def _months(files: ImportFiles, gathered: Gathered, derived: DerivedTables) -> None:
    months, buckets = derived.months, derived.months.buckets
    codes = pa.array(gathered.country_codes, pa.string())
    files.relationships(
        "HEARD_IN",
        ("Track", "Country"),
        months.track,
        months.country,
        {
            "track_id:string": gathered.tables["tracks"]["track_id"].take(pa.array(months.track)),
            "country:string": codes.take(pa.array(months.country)),
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


def _influencers(files: ImportFiles, gathered: Gathered, derived: DerivedTables) -> None:  # noqa: ARG001
    table = gathered.tables["influencers"]
    files.nodes(
        "Influencer",
        {
            "influencer_id:string": table["influencer_id"],
            "handle:string": table["handle"],
            "avg_likes:double": table["avg_likes"],
            "followers:long": table["followers"],
        },
    )
    position = np.arange(table.num_rows)
    files.relationships("BASED_IN", ("Influencer", "Country"), position, gathered.countries(table["country"]))
    posts = [(i, one) for i, ids in enumerate(table["genre_ids"].to_pylist()) for one in ids or ()]
    files.relationships(
        "POSTS_IN",
        ("Influencer", "Genre"),
        _column(posts, 0),
        gathered.genres(pa.chunked_array([pa.array([one for _, one in posts], pa.string())])),
    )
    parts = [
        (i, part)
        for i, entries in enumerate(table["audience"].to_pylist())
        for part in audience_parts(entries or [])
    ]
    files.relationships(
        "REACHES",
        ("Influencer", "Country"),
        _column(parts, 0),
        gathered.countries(pa.chunked_array([pa.array([part["code"] for _, part in parts], pa.string())])),
        {"share:double": pa.array([part["share"] for _, part in parts], pa.float64())},
    )
    files.relationships(
        "FOLLOWS",
        ("User", "Influencer"),
        gathered.position("follows", "user_id", "users"),
        gathered.position("follows", "influencer_id", "influencers"),
        {f"since:{_TIME}": _times(gathered.tables["follows"]["since"])},
    )


def _column(rows: list[tuple[int, Any]], place: int) -> IntArray:
    return np.array([row[place] for row in rows], np.int64)


def _times(column: pa.ChunkedArray) -> pa.Array:
    return time_text(pc.fill_null(column.cast(pa.int64()), -1).to_numpy())
