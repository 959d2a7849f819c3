"""What becomes of the rows of a table, judged by the graph and by the load so far; nothing is written here.

Each row is judged on its own: a good one counts although the same with a mistake came before it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime

from muse_graph.graph.connection import Row
from muse_graph.service.listens.record import Listen, classify, standings_of
from muse_graph.service.maintenance.loaded_rows import LoadedRows
from muse_graph.service.outcomes import RECORDED, REPEATED, Outcome, rejected

__all__ = ["JUDGES", "Judge", "Read", "known_ids", "listen_of"]

#: `Graph.read` or `Transaction.run`.
Read = Callable[..., list[Row]]
Judge = Callable[[Read, list[Row], LoadedRows], list[Outcome]]
#: Flag of a context query -> (kind of thing, column with its id).
References = Mapping[str, tuple[str, str]]


def known_ids(read: Read, query: str, ids: Iterable[str]) -> set[str]:
    """Those of the ids that the graph has."""
    wanted = sorted(set(ids))
    return {row["id"] for row in read(query, ids=wanted)} if wanted else set()


def _things(query: str, column: str) -> Judge:
    """Judge rows that name nothing but themselves."""

    def judge(read: Read, rows: list[Row], _loaded: LoadedRows) -> list[Outcome]:
        known = known_ids(read, query, (row[column] for row in rows))
        return [_outcome(row[column] in known) for row in rows]

    return judge


def _links(query: str, columns: tuple[str, ...], references: References) -> Judge:
    """Judge rows that link what has to be there already."""

    def judge(read: Read, rows: list[Row], loaded: LoadedRows) -> list[Outcome]:
        context = read(query, rows=[{column: row[column] for column in columns} for row in rows])
        return [
            _missing(row, known, references, loaded) or _blocked(row, known) or _outcome(known["repeated"])
            for row, known in zip(rows, context, strict=True)
        ]

    return judge


def _missing(row: Row, known: Row, references: References, loaded: LoadedRows) -> Outcome | None:
    """Reject a row for the first of its references that leads nowhere; None if all are known."""
    for flag, (kind, column) in references.items():
        if not known[flag] and not loaded.has(f"{kind}s", [row[column]]):
            return rejected(f"{column}: no {kind} has the id {row[column]!r}")
    return None


def _blocked(row: Row, known: Row) -> Outcome | None:
    """Reject a friendship that a block rules out."""
    if not known.get("blocked"):
        return None
    return rejected(f"one of the users {row['user_id']!r} and {row['friend_id']!r} has blocked the other")


def _tracks(read: Read, rows: list[Row], loaded: LoadedRows) -> list[Outcome]:
    artists = known_ids(read, "known_artists", (one for row in rows for one in row["artist_ids"] or ()))
    links = read("track_links", track_ids=[row["track_id"] for row in rows])
    known = {row["track_id"]: row for row in links}
    return [_track(row, known.get(row["track_id"]), artists, loaded) for row in rows]


def _track(row: Row, known: Row | None, artists: set[str], loaded: LoadedRows) -> Outcome:
    for artist in row["artist_ids"] or ():
        if artist not in artists and not loaded.has("artists", [artist]):
            return rejected(f"artist_ids: no artist has the id {artist!r}")
    if loaded.has("tracks", [row["track_id"]]):
        return REPEATED
    if known is None:
        return RECORDED
    if (
        set(row["artist_ids"] or ()) != set(known["artist_ids"])
        or (row["genre_ids"] or []) != known["genre_ids"]
    ):
        return rejected(
            f"track {row['track_id']!r} is there with artists {known['artist_ids']} and genres "
            f"{known['genre_ids']}: these cannot change once a track is written"
        )
    return REPEATED


def _feedback(read: Read, rows: list[Row], loaded: LoadedRows) -> list[Outcome]:
    """Of several rows about one track the latest counts, whatever comes in last."""
    pairs = [{"user_id": row["user_id"], "track_id": row["track_id"]} for row in rows]
    references = {"user_known": ("user", "user_id"), "track_known": ("track", "track_id")}
    latest: dict[tuple[str, str], Row] = {}
    outcomes = []
    for row, known in zip(rows, read("feedback_known", rows=pairs), strict=True):
        pair, at = (row["user_id"], row["track_id"]), row["at"] or datetime.now(UTC)
        last = latest.get(pair) or loaded.feedback.get(pair) or _last(known)
        if missing := _missing(row, known, references, loaded):
            outcomes.append(missing)
        elif last and (at <= last["at"] or (row["at"] is None and last["action"] == row["action"])):
            outcomes.append(REPEATED)
        else:
            outcomes.append(RECORDED)
            latest[pair] = {"action": row["action"], "at": at}
    return outcomes


def _last(known: Row) -> Row | None:
    """The last feedback on record of a user on a track."""
    if known["at"] is None:
        return None
    return {"action": known["action"], "at": known["at"].to_native()}


def _listens(read: Read, rows: list[Row], loaded: LoadedRows) -> list[Outcome]:
    listens = [listen_of(row) for row in rows]
    standings = standings_of(read, listens)
    for listen, known in zip(listens, standings, strict=True):
        known.user_known = known.user_known or loaded.has("users", [listen.user_id])
        known.track_known = known.track_known or loaded.has("tracks", [listen.track_id])
        known.facts = known.facts or loaded.listens.get(listen.listen_id)
        known.plays += loaded.plays.get((listen.user_id, listen.track_id), 0)
    return classify(listens, standings)[0]


def listen_of(row: Row) -> Listen:
    """The listen of a row of the table."""
    return Listen(
        row["listen_id"],
        row["user_id"],
        row["track_id"],
        row["listened_at"],
        row["heard"],
        row["plays"],
        row["country"],
        row["source"],
        heard_at_least=row["heard_at_least"],
    )


def _outcome(repeated: bool) -> Outcome:
    return REPEATED if repeated else RECORDED


JUDGES: dict[str, Judge] = {
    "genres": _things("known_genres", "genre_id"),
    "artists": _things("known_artists", "artist_id"),
    "tracks": _tracks,
    "users": _things("known_users", "user_id"),
    "friendships": _links(
        "friendship_context",
        ("user_id", "friend_id"),
        {"user_known": ("user", "user_id"), "friend_known": ("user", "friend_id")},
    ),
    "likes": _links("like_context", ("user_id", "genre_id"), {"user_known": ("user", "user_id")}),
    "tags": _links(
        "tag_context",
        ("user_id", "artist_id", "tag"),
        {"user_known": ("user", "user_id"), "artist_known": ("artist", "artist_id")},
    ),
    "listens": _listens,
    "feedback": _feedback,
    "influencers": _things("known_influencers", "influencer_id"),
    "follows": _links(
        "follow_context",
        ("user_id", "influencer_id"),
        {"user_known": ("user", "user_id"), "influencer_known": ("influencer", "influencer_id")},
    ),
}
