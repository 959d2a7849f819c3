"""Rows of tables into the graph: the known is left alone, the impossible is named, the rest is written.

Each writer takes rows of one table inside a transaction and returns the outcome of each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from muse_graph.core.keys import key_of
from muse_graph.countries import country_name
from muse_graph.graph.connection import Row, Transaction
from muse_graph.service.listens.record import Listen, write_listens
from muse_graph.service.outcomes import RECORDED, REPEATED, Outcome, rejected

__all__ = ["WRITERS", "Writer", "audience_parts", "merge_countries"]

Writer = Callable[[Transaction, list[Row]], list[Outcome]]


def write_genres(transaction: Transaction, rows: list[Row]) -> list[Outcome]:
    """Write genres."""
    known = _known(transaction, "known_genres", (row["genre_id"] for row in rows))
    merged = [
        {"genre_id": r["genre_id"], "key": key_of(r["genre_id"]), "name": r["name"] or r["genre_id"]}
        for r in rows
    ]
    transaction.run("merge_genres", rows=merged)
    return [_outcome(row["genre_id"] in known) for row in rows]


def write_artists(transaction: Transaction, rows: list[Row]) -> list[Outcome]:
    """Write artists."""
    known = _known(transaction, "known_artists", (row["artist_id"] for row in rows))
    merge_countries(transaction, (row["country"] for row in rows))
    transaction.run("merge_artists", rows=_only(rows, "artist_id", "name", "country"))
    return [_outcome(row["artist_id"] in known) for row in rows]


def write_users(transaction: Transaction, rows: list[Row]) -> list[Outcome]:
    """Write users."""
    known = _known(transaction, "known_users", (row["user_id"] for row in rows))
    merge_countries(transaction, (row["country"] for row in rows))
    keyed = [row | {"key": key_of(row["user_id"])} for row in _only(rows, "user_id", "name", "country")]
    transaction.run("merge_users", rows=keyed)
    return [_outcome(row["user_id"] in known) for row in rows]


def write_tracks(transaction: Transaction, rows: list[Row]) -> list[Outcome]:
    """Write tracks; one that is there keeps its artists and genres, for listens have counted by them."""
    artists = _known(transaction, "known_artists", (one for row in rows for one in row["artist_ids"] or ()))
    links = transaction.run("track_links", track_ids=[row["track_id"] for row in rows])
    known = {row["track_id"]: row for row in links}
    outcomes = [_track_outcome(row, known.get(row["track_id"]), artists) for row in rows]
    fit = [row for row, outcome in zip(rows, outcomes, strict=True) if outcome.reason is None]
    name_genres(transaction, (genre for row in fit for genre in row["genre_ids"] or ()))
    transaction.run("merge_tracks", rows=[_track(row) for row in fit])
    return outcomes


def write_influencers(transaction: Transaction, rows: list[Row]) -> list[Outcome]:
    """Write influencers; a row replaces what was known of the influencer before."""
    known = _known(transaction, "known_influencers", (row["influencer_id"] for row in rows))
    audiences = [audience_parts(row["audience"] or []) for row in rows]
    merge_countries(transaction, (row["country"] for row in rows))
    merge_countries(transaction, (part["code"] for parts in audiences for part in parts))
    name_genres(transaction, (genre for row in rows for genre in row["genre_ids"] or ()))
    columns = ("influencer_id", "handle", "country", "genre_ids", "avg_likes", "followers")
    merged = [
        row | {"genre_ids": row["genre_ids"] or [], "audience": parts}
        for row, parts in zip(_only(rows, *columns), audiences, strict=True)
    ]
    transaction.run("merge_influencers", rows=merged)
    return [_outcome(row["influencer_id"] in known) for row in rows]


def write_friendships(transaction: Transaction, rows: list[Row]) -> list[Outcome]:
    """Write friendships, whichever of the two is named first."""
    pairs = [_friendship(row) for row in rows]
    return _write_new(
        transaction,
        pairs,
        "friendship_context",
        "merge_friendships",
        {"user_known": ("user", "user_id"), "friend_known": ("user", "friend_id")},
    )


def write_likes(transaction: Transaction, rows: list[Row]) -> list[Outcome]:
    """Write liked genres; a like of nobody names none."""
    known = _known(transaction, "known_users", (row["user_id"] for row in rows))
    name_genres(transaction, (row["genre_id"] for row in rows if row["user_id"] in known))
    likes = _only(rows, "user_id", "genre_id")
    return _write_new(transaction, likes, "like_context", "merge_likes", {"user_known": ("user", "user_id")})


def write_tags(transaction: Transaction, rows: list[Row]) -> list[Outcome]:
    """Write tags."""
    return _write_new(
        transaction,
        _only(rows, "user_id", "artist_id", "tag"),
        "tag_context",
        "merge_tags",
        {"user_known": ("user", "user_id"), "artist_known": ("artist", "artist_id")},
    )


def write_feedback(transaction: Transaction, rows: list[Row]) -> list[Outcome]:
    """Write saves and discards; of several about one track the latest counts."""
    context = transaction.run("feedback_known", rows=_only(rows, "user_id", "track_id"))
    references = {"user_known": ("user", "user_id"), "track_known": ("track", "track_id")}
    latest: dict[tuple[str, str], Row] = {}
    outcomes = []
    for row, known in zip(rows, context, strict=True):
        pair, at = (row["user_id"], row["track_id"]), row["at"] or datetime.now(UTC)
        last = latest.get(pair) or _last(known)
        if missing := _missing(row, known, references):
            outcomes.append(missing)
        elif last and (at <= last["at"] or (row["at"] is None and last["action"] == row["action"])):
            outcomes.append(REPEATED)
        else:
            outcomes.append(RECORDED)
            latest[pair] = {"user_id": pair[0], "track_id": pair[1], "action": row["action"], "at": at}
    for action, query in (("save", "save_tracks"), ("discard", "discard_tracks")):
        chosen = [one for one in latest.values() if one["action"] == action]
        transaction.run(query, rows=_only(chosen, "user_id", "track_id", "at"))
    return outcomes


def _last(known: Row) -> Row | None:
    """The last feedback on record of a user on a track."""
    if known["at"] is None:
        return None
    return {"action": known["action"], "at": known["at"].to_native()}


def write_listen_rows(transaction: Transaction, rows: list[Row]) -> list[Outcome]:
    """Write listens; pools are refreshed at the end of a load, so that its order does not matter."""
    listens = [
        Listen(
            row["listen_id"],
            row["user_id"],
            row["track_id"],
            row["listened_at"],
            row["heard"],
            row["plays"],
            row["country"],
            row["source"],
        )
        for row in rows
    ]
    return write_listens(transaction, listens, theta=None)


WRITERS: dict[str, Writer] = {
    "genres": write_genres,
    "artists": write_artists,
    "tracks": write_tracks,
    "users": write_users,
    "friendships": write_friendships,
    "likes": write_likes,
    "tags": write_tags,
    "listens": write_listen_rows,
    "feedback": write_feedback,
    "influencers": write_influencers,
}


def merge_countries(transaction: Transaction, codes: Iterable[str | None]) -> None:
    """See to it that these countries are there."""
    rows = [{"code": code, "name": country_name(code)} for code in sorted({code for code in codes if code})]
    if rows:
        transaction.run("merge_countries", rows=rows)


def name_genres(transaction: Transaction, genre_ids: Iterable[str]) -> None:
    """Write genres that are only known by their ids, under their ids as names."""
    wanted = sorted(set(genre_ids))
    known = _known(transaction, "known_genres", wanted)
    rows = [{"genre_id": one, "key": key_of(one), "name": one} for one in wanted if one not in known]
    if rows:
        transaction.run("merge_genres", rows=rows)


def audience_parts(entries: list[str]) -> list[dict[str, Any]]:
    """Turn "CC" and "CC:share" into codes and shares, the last of a country; that of a bare code is null."""
    shares = {}
    for entry in entries:
        code, _, share = entry.partition(":")
        shares[code] = float(share) if share else None
    return [{"code": code, "share": share} for code, share in shares.items()]


def _write_new(
    transaction: Transaction,
    rows: list[Row],
    context_query: str,
    merge_query: str,
    references: dict[str, tuple[str, str]],
) -> list[Outcome]:
    """Write the rows whose references are known and that are not there yet."""
    keys = [{key: value for key, value in row.items() if key != "since"} for row in rows]
    context = transaction.run(context_query, rows=keys)
    outcomes = [
        _missing(row, known, references) or _outcome(known["repeated"])
        for row, known in zip(rows, context, strict=True)
    ]
    new = [row for row, outcome in zip(rows, outcomes, strict=True) if outcome == RECORDED]
    if new:
        transaction.run(merge_query, rows=new)
    return outcomes


def _missing(row: Row, known: Row, references: dict[str, tuple[str, str]]) -> Outcome | None:
    """Reject a row for the first of its references that leads nowhere; None if all are known."""
    for flag, (kind, column) in references.items():
        if not known[flag]:
            return rejected(f"{column}: no {kind} has the id {row[column]!r}")
    return None


def _outcome(repeated: bool) -> Outcome:
    return REPEATED if repeated else RECORDED


def _known(transaction: Transaction, query: str, ids: Iterable[str]) -> set[str]:
    wanted = sorted(set(ids))
    return {row["id"] for row in transaction.run(query, ids=wanted)} if wanted else set()


def _only(rows: Iterable[Row], *columns: str) -> list[Row]:
    return [{column: row[column] for column in columns} for row in rows]


def _track(row: Row) -> Row:
    columns = ("track_id", "title", "duration_s", "language", "mbid", "isrc", "features")
    return {column: row[column] for column in columns} | {
        "key": key_of(row["track_id"]),
        "artist_ids": row["artist_ids"] or [],
        "genre_ids": row["genre_ids"] or [],
    }


def _track_outcome(row: Row, known: Row | None, artists: set[str]) -> Outcome:
    if unknown := [artist for artist in row["artist_ids"] or () if artist not in artists]:
        return rejected(f"artist_ids: no artist has the id {unknown[0]!r}")
    if known is None:
        return RECORDED
    if (
        sorted(row["artist_ids"] or ()) != known["artist_ids"]
        or (row["genre_ids"] or []) != known["genre_ids"]
    ):
        return rejected(
            f"track {row['track_id']!r} is there with artists {known['artist_ids']} and genres "
            f"{known['genre_ids']}: these cannot change once a track is written"
        )
    return REPEATED


def _friendship(row: Row) -> Row:
    smaller, larger = sorted((row["user_id"], row["friend_id"]))
    return {"user_id": smaller, "friend_id": larger, "since": row["since"]}
