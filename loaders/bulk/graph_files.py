"""Which file holds what: the graph model as the importer's nodes and relationships."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from muse_graph.core.types import IntArray
from muse_graph.countries import country_name
from muse_graph.loaders.bulk.derivation import Derivation, Totals, radar_plays
from muse_graph.loaders.bulk.files import TIME, ImportFiles, search_texts, times
from muse_graph.loaders.bulk.gather import Gathered
from muse_graph.loaders.bulk.listening_files import write_listening
from muse_graph.service.maintenance.tables import audience_parts
from muse_graph.service.pagination import Advance

__all__ = ["n_nodes", "write_files"]


def write_files(files: ImportFiles, derivation: Derivation, advance: Advance) -> None:
    """Write all nodes and relationships of the graph."""
    gathered = derivation.gathered
    totals = write_listening(files, derivation, advance)
    _nodes(files, derivation, totals.artist_plays(gathered))
    _track_nodes(files, derivation, totals)
    for write in (_catalogue_links, _homes, _people_links, _feedback, _influencers):
        write(files, gathered)
    pool = derivation.pool(totals.genre_plays())
    files.relationships("DISCOVERS", ("User", "Genre"), pool.source, pool.target)
    files.finish()


def n_nodes(gathered: Gathered) -> dict[str, int]:
    """How many nodes of each label there will be."""
    tables = gathered.tables
    return {
        "User": tables["users"].num_rows,
        "Artist": tables["artists"].num_rows,
        "Genre": len(gathered.genre_ids),
        "Country": len(gathered.country_codes),
        "Statistics": 1,
        "Track": tables["tracks"].num_rows,
        "Influencer": tables["influencers"].num_rows,
    }


def _nodes(files: ImportFiles, derivation: Derivation, artist_plays: IntArray) -> None:
    gathered = derivation.gathered
    artists = gathered.tables["artists"]
    files.nodes(
        "Artist",
        {
            "artist_id:string": artists["artist_id"],
            "name:string": artists["name"],
            "search_text:string": search_texts(artists["name"]),
            "plays:long": artist_plays,
        },
    )
    genre_names = _genre_names(gathered)
    files.nodes(
        "Genre",
        {
            "genre_id:string": gathered.genre_ids,
            "key:long": derivation.genre_keys,
            "name:string": genre_names,
            "search_text:string": search_texts(genre_names),
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
        {
            "name:string": pa.array(["statistics"]),
            "radar_plays:long": pa.array([radar_plays(artist_plays)]),
        },
    )


def _track_nodes(files: ImportFiles, derivation: Derivation, totals: Totals) -> None:
    tracks = derivation.gathered.tables["tracks"]
    files.nodes(
        "Track",
        {
            "track_id:string": tracks["track_id"],
            "key:long": derivation.track_keys,
            "title:string": tracks["title"],
            "search_text:string": search_texts(tracks["title"]),
            "duration_s:double": tracks["duration_s"],
            "language:string": tracks["language"],
            "mbid:string": tracks["mbid"],
            "isrc:string": tracks["isrc"],
            "features:double[]": pc.binary_join(tracks["features"].cast(pa.list_(pa.string())), ";"),
            "plays:long": totals.track_plays,
            "listeners:long": totals.track_listeners,
        },
    )


def _genre_names(gathered: Gathered) -> pa.Array:
    """The name of each genre; its id where it has none."""
    names = gathered.tables["genres"]["name"].combine_chunks()
    missing = pa.nulls(len(gathered.genre_ids) - len(names), pa.string())
    return pc.coalesce(pa.concat_arrays([names, missing]), gathered.genre_ids)


def _catalogue_links(files: ImportFiles, gathered: Gathered) -> None:
    by, genres = gathered.track_artists, gathered.track_genres
    files.relationships("BY", ("Track", "Artist"), by.source, by.target)
    files.relationships(
        "IN_GENRE", ("Track", "Genre"), genres.source, genres.target, {"rank:long": genres.place}
    )


def _people_links(files: ImportFiles, gathered: Gathered) -> None:
    tables = gathered.tables
    friendships, likes, tags = tables["friendships"], tables["likes"], tables["tags"]
    files.relationships(
        "FRIENDS_WITH",
        ("User", "User"),
        gathered.position("friendships", "user_id", "users"),
        gathered.position("friendships", "friend_id", "users"),
        {f"since:{TIME}": times(friendships["since"])},
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


def _feedback(files: ImportFiles, gathered: Gathered) -> None:
    user = gathered.position("feedback", "user_id", "users")
    track = gathered.position("feedback", "track_id", "tracks")
    feedback = gathered.tables["feedback"]
    for action, kind in (("save", "SAVED"), ("discard", "DISCARDED")):
        chosen = pc.equal(feedback["action"], action).to_numpy()
        at = times(feedback["at"]).filter(pa.array(chosen))
        files.relationships(kind, ("User", "Track"), user[chosen], track[chosen], {f"at:{TIME}": at})


def _homes(files: ImportFiles, gathered: Gathered) -> None:
    """Users live in a country, artists are based in one: two files, for their ends differ."""
    for kind, label, table in (("LIVES_IN", "User", "users"), ("BASED_IN", "Artist", "artists")):
        rows = gathered.tables[table]
        files.relationships(
            kind, (label, "Country"), np.arange(rows.num_rows), gathered.countries(rows["country"])
        )


def _influencers(files: ImportFiles, gathered: Gathered) -> None:
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
        {f"since:{TIME}": times(gathered.tables["follows"]["since"])},
    )


def _column(rows: list[tuple[int, Any]], place: int) -> IntArray:
    return np.array([row[place] for row in rows], np.int64)
