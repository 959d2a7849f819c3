"""Rows of tables into the graph: each is judged, then the good ones are written, in the same transaction.

`judge_rows` alone is what a dry run does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from muse_graph.core.keys import key_of
from muse_graph.core.search_text import search_text
from muse_graph.countries import country_rows
from muse_graph.graph.connection import Row, Transaction
from muse_graph.service.listens.record import facts_of, write_listens
from muse_graph.service.listens.refresh import acquire_write_lock
from muse_graph.service.maintenance.loaded_rows import LoadedRows, key_values
from muse_graph.service.maintenance.row_outcomes import JUDGES, Read, known_ids, listen_of
from muse_graph.service.outcomes import RECORDED, REPEATED, Outcome

__all__ = ["audience_parts", "judge_rows", "merge_countries", "take_on", "write_rows"]


#: Tables whose rows bring what an earlier load wrote up to date.
_UPDATED = frozenset({"genres", "artists", "tracks", "users", "influencers"})


def judge_rows(
    read: Read, table: str, rows: list[Row], loaded: LoadedRows
) -> tuple[list[Outcome], list[Row]]:
    """What becomes of the rows of a table after those in `loaded`, and which are to be written.

    Of rows about the same thing the first that is good counts.
    """
    outcomes = JUDGES[table](read, rows, loaded)
    here, good = LoadedRows(), []
    for place, (row, outcome) in enumerate(zip(rows, outcomes, strict=True)):
        if outcome.reason is not None:
            continue
        values = key_values(table, row)
        if loaded.has(table, values) or not here.add(table, values):
            outcomes[place] = REPEATED
        elif outcome == RECORDED or table in _UPDATED:
            good.append(row)
    return outcomes, good


def write_rows(transaction: Transaction, table: str, rows: list[Row], loaded: LoadedRows) -> list[Outcome]:
    """Write the good rows of a table and return what became of each."""
    if table == "listens":
        # Pools are refreshed at the end of a load, so that its order does not matter.
        return write_listens(transaction, [listen_of(row) for row in rows], theta=None)
    users = {row[column] for row in rows for column in ("user_id", "friend_id") if column in row}
    # Before what is read here, so that it is true until it has been written.
    acquire_write_lock(transaction, users)
    outcomes, good = judge_rows(transaction.run, table, rows, loaded)
    if good:
        _WRITERS[table](transaction, good)
    return outcomes


def take_on(
    table: str, rows: list[Row], outcomes: list[Outcome], loaded: LoadedRows, *, written: bool
) -> None:
    """Note the good rows in `loaded`; if they were not written, also what the graph would know of them."""
    for row, outcome in zip(rows, outcomes, strict=True):
        if outcome.reason is not None:
            continue
        loaded.add(table, key_values(table, row))
        if not written and outcome == RECORDED:
            _remember(table, row, loaded)


def _remember(table: str, row: Row, loaded: LoadedRows) -> None:
    pair = (row.get("user_id", ""), row.get("track_id", ""))
    if table == "feedback":
        loaded.feedback[pair] = {"action": row["action"], "at": row["at"] or datetime.now(UTC)}
    elif table == "listens":
        loaded.listens[row["listen_id"]] = facts_of(listen_of(row))
        loaded.plays[pair] += row["plays"]


def _write_genres(transaction: Transaction, rows: list[Row]) -> None:
    transaction.run("merge_genres", rows=[_genre(row["genre_id"], row["name"]) for row in rows])


def _write_artists(transaction: Transaction, rows: list[Row]) -> None:
    merge_countries(transaction, (row["country"] for row in rows))
    merged = [
        row | {"search_text": search_text(row["name"])} for row in _only(rows, "artist_id", "name", "country")
    ]
    transaction.run("merge_artists", rows=merged)


def _write_users(transaction: Transaction, rows: list[Row]) -> None:
    merge_countries(transaction, (row["country"] for row in rows))
    merged = [
        row | {"key": key_of(row["user_id"]), "search_text": row["name"] and search_text(row["name"])}
        for row in _only(rows, "user_id", "name", "country", "listens_visible_to")
    ]
    transaction.run("merge_users", rows=merged)


def _write_tracks(transaction: Transaction, rows: list[Row]) -> None:
    """Write tracks; one that is there keeps its artists and genres, for listens have counted by them."""
    name_genres(transaction, (genre for row in rows for genre in row["genre_ids"] or ()))
    transaction.run("merge_tracks", rows=[_track(row) for row in rows])


def _write_influencers(transaction: Transaction, rows: list[Row]) -> None:
    """Write influencers; a row replaces what was known of the influencer before."""
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


def _write_friendships(transaction: Transaction, rows: list[Row]) -> None:
    """Write friendships, whichever of the two is named first."""
    transaction.run("merge_friendships", rows=_only(rows, "user_id", "friend_id", "since"))


def _write_likes(transaction: Transaction, rows: list[Row]) -> None:
    name_genres(transaction, (row["genre_id"] for row in rows))
    transaction.run("merge_likes", rows=_only(rows, "user_id", "genre_id"))


def _write_tags(transaction: Transaction, rows: list[Row]) -> None:
    transaction.run("merge_tags", rows=_only(rows, "user_id", "artist_id", "tag"))


def _write_feedback(transaction: Transaction, rows: list[Row]) -> None:
    """Write saves and discards; each row about a track is later than those before it."""
    latest = {(row["user_id"], row["track_id"]): row | {"at": row["at"] or datetime.now(UTC)} for row in rows}
    for action, query in (("save", "save_tracks"), ("discard", "discard_tracks")):
        chosen = [one for one in latest.values() if one["action"] == action]
        transaction.run(query, rows=_only(chosen, "user_id", "track_id", "at"))


def _write_follows(transaction: Transaction, rows: list[Row]) -> None:
    transaction.run("merge_follows", rows=_only(rows, "user_id", "influencer_id", "since"))


_WRITERS: dict[str, Callable[[Transaction, list[Row]], None]] = {
    "genres": _write_genres,
    "artists": _write_artists,
    "tracks": _write_tracks,
    "users": _write_users,
    "friendships": _write_friendships,
    "likes": _write_likes,
    "tags": _write_tags,
    "feedback": _write_feedback,
    "influencers": _write_influencers,
    "follows": _write_follows,
}


def merge_countries(transaction: Transaction, codes: Iterable[str | None]) -> None:
    """See to it that these countries are there."""
    rows = country_rows(code for code in codes if code)
    if rows:
        transaction.run("merge_countries", rows=rows)


def name_genres(transaction: Transaction, genre_ids: Iterable[str]) -> None:
    """Write genres that are only known by their ids, under their ids as names."""
    wanted = sorted(set(genre_ids))
    known = known_ids(transaction.run, "known_genres", wanted)
    rows = [_genre(one, one) for one in wanted if one not in known]
    if rows:
        transaction.run("merge_genres", rows=rows)


def audience_parts(entries: list[str]) -> list[dict[str, Any]]:
    """Turn "CC" and "CC:share" into codes and shares, the last of a country; that of a bare code is null."""
    shares = {}
    for entry in entries:
        code, _, share = entry.partition(":")
        shares[code] = float(share) if share else None
    return [{"code": code, "share": share} for code, share in shares.items()]


def _only(rows: Iterable[Row], *columns: str) -> list[Row]:
    return [{column: row[column] for column in columns} for row in rows]


def _genre(genre_id: str, name: str | None) -> Row:
    name = name or genre_id
    return {"genre_id": genre_id, "key": key_of(genre_id), "name": name, "search_text": search_text(name)}


def _track(row: Row) -> Row:
    columns = ("track_id", "title", "duration_s", "language", "mbid", "isrc", "features")
    return {column: row[column] for column in columns} | {
        "key": key_of(row["track_id"]),
        "search_text": search_text(row["title"]),
        "artist_ids": row["artist_ids"] or [],
        "genre_ids": row["genre_ids"] or [],
    }
