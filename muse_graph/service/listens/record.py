"""The one write path of listens, for every source.

A listen is a fact, the relationship PLAYED. What is derived from it (LISTENED, PLAYS_GENRE, HEARD_IN,
counters, the packed profile) is brought up to date in the same transaction, one writer at a time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from muse_graph.answers import Receipt, Rejected
from muse_graph.core.discovery.twenty_percent_rule import DEFAULT_THETA
from muse_graph.core.listening.reports import report_of
from muse_graph.core.listening.sources import source_of
from muse_graph.countries import UNKNOWN, country_name
from muse_graph.errors import Unstorable
from muse_graph.graph.connection import Graph, Row, Transaction
from muse_graph.graph.query_records import ListenContextKnown
from muse_graph.service.field_rules import MAX_PLAYS
from muse_graph.service.listens import monthly
from muse_graph.service.listens.profiles import refresh_profiles
from muse_graph.service.listens.refresh import acquire_write_lock, theta_params
from muse_graph.service.listens.storable import PPM, unstorable
from muse_graph.service.outcomes import RECORDED, REPEATED, Outcome, rejected

__all__ = [
    "Facts",
    "Listen",
    "classify",
    "context_of",
    "facts_of",
    "listen_id_of",
    "receipt",
    "record_in_halves",
    "record_listens",
    "record_outcomes",
    "too_many_plays",
    "write_listens",
]

_LISTENS = UUID("5b0f3a0e-6b0c-5d5e-9d3b-2f6f0e1c7a41")

#: What makes a listen the same as another of its id: time, user, track, share heard, share at least, plays.
Facts = tuple[datetime | None, str, str, float | None, float | None, int]


@dataclass(frozen=True, slots=True)
class Listen:
    """One play, or an aggregate of several whose times are not known.

    Attributes:
        listen_id: unique; the same id again is the same listen
        listened_at: with a time zone; None for an aggregate
        heard: share of the track heard, 0..1; None when unknown
        plays: 1, or more for an aggregate
        country: where it was played; None takes the country the user lives in
        source: what brought the listener to it, any text
        stamped: whether the service put the time in; sent again, it is the same listen at any time
        heard_at_least: 0..1, if no more is known than that so much was heard; not together with heard
    """

    listen_id: str
    user_id: str
    track_id: str
    listened_at: datetime | None
    heard: float | None
    plays: int = 1
    country: str | None = None
    source: str | None = None
    stamped: bool = False
    heard_at_least: float | None = None


@dataclass(frozen=True, slots=True)
class _Placed:
    """A new listen with what the graph knows about its user and track."""

    listen: Listen
    user_key: int
    country: str
    home: str | None
    genre_ids: list[str]


def listen_id_of(user_id: str, track_id: str, at_ms: int | None, source: str) -> str:
    """The id of a listen that came without one, by API or file: the same listen always gets the same.

    Args:
        at_ms: milliseconds since 1970; None for an aggregate, which is then identified by its source
    """
    when = ("aggregate", source) if at_ms is None else (str(at_ms),)
    # No id holds a control character, so no two listens share a spelling.
    return str(uuid5(_LISTENS, "\n".join((user_id, track_id, *when))))


def record_listens(graph: Graph, listens: Sequence[Listen], *, theta: float = DEFAULT_THETA) -> Receipt:
    """Write listens; those already known change nothing, those that cannot be stored are rejected."""
    return receipt(listens, record_in_halves(graph, listens, theta=theta))


def record_outcomes(graph: Graph, listens: Sequence[Listen], *, theta: float | None) -> list[Outcome]:
    """Write listens in one transaction and return what became of each.

    Args:
        theta: share at which a genre rests; with it, genres that users are about to hear enter their
            discovery pools first. None leaves the pools alone, for loaders refresh them at their end

    Raises:
        Unstorable: If a sum made from the listens is too large. None is written.
    """
    wrong = {place: reason for place, listen in enumerate(listens) if (reason := unstorable(listen))}
    good = [listen for place, listen in enumerate(listens) if place not in wrong]
    written = iter(graph.transact(lambda tx: write_listens(tx, good, theta)) if good else ())
    return [rejected(wrong[place]) if place in wrong else next(written) for place in range(len(listens))]


def record_in_halves(graph: Graph, listens: Sequence[Listen], *, theta: float | None) -> list[Outcome]:
    """As `record_outcomes`, but rejects the listens that make a sum too large: they are tried in halves."""
    try:
        return record_outcomes(graph, listens, theta=theta)
    except Unstorable as error:
        if len(listens) == 1:
            return [rejected(str(error))]
    middle = len(listens) // 2
    halves = listens[:middle], listens[middle:]
    return [outcome for half in halves for outcome in record_in_halves(graph, half, theta=theta)]


def receipt(listens: Sequence[Listen], outcomes: Sequence[Outcome]) -> Receipt:
    """Count the outcomes of the listens of one request."""
    refused = [
        Rejected(index, listen.listen_id, outcome.reason)
        for index, (listen, outcome) in enumerate(zip(listens, outcomes, strict=True))
        if outcome.reason is not None
    ]
    return Receipt(len(listens), outcomes.count(RECORDED), outcomes.count(REPEATED), refused)


def write_listens(transaction: Transaction, listens: Sequence[Listen], theta: float | None) -> list[Outcome]:
    """Write listens inside a transaction; as `record_outcomes`."""
    acquire_write_lock(transaction, {listen.user_id for listen in listens})
    outcomes, new = classify(listens, context_of(transaction.run, listens))
    if new:
        if theta is not None:
            _enter_pools(transaction, new, theta)
        _write_facts(transaction, new)
        _write_derived(transaction, new)
    return outcomes


def context_of(read: Callable[..., list[Row]], listens: Sequence[Listen]) -> list[Row]:
    """What the graph knows of each listen: user, track, plays of both so far, and facts known by its id."""
    keys = [{"listen_id": x.listen_id, "user_id": x.user_id, "track_id": x.track_id} for x in listens]
    context = read("listen_context", rows=keys)
    return [row | {"facts": _facts_in(row["known"]) if row["known"] else None} for row in context]


def classify(listens: Sequence[Listen], context: list[Row]) -> tuple[list[Outcome], list[_Placed]]:
    """Classify listens as new, repeated or invalid, by what `context_of` returned."""
    outcomes: list[Outcome] = []
    new: dict[str, _Placed] = {}
    plays: dict[tuple[str, str], int] = {}
    for listen, known in zip(listens, context, strict=True):
        earlier = new.get(listen.listen_id)
        facts = facts_of(earlier.listen) if earlier else known["facts"]
        pair = listen.user_id, listen.track_id
        total = plays.setdefault(pair, known["plays"]) + listen.plays
        outcome = _outcome(listen, known, facts, total)
        if outcome == RECORDED:
            home = known["home"]
            country = listen.country or home or UNKNOWN
            new[listen.listen_id] = _Placed(listen, known["user_key"], country, home, known["genre_ids"])
            plays[pair] = total
        outcomes.append(outcome)
    return outcomes, list(new.values())


def _outcome(listen: Listen, known: Row, facts: Facts | None, total: int) -> Outcome:
    """What becomes of a listen; total is how often its user would have played its track."""
    if known["user_key"] is None:
        return rejected(f"no user has the id {listen.user_id!r}")
    if known["track_key"] is None:
        return rejected(f"no track has the id {listen.track_id!r}")
    if facts is not None:
        if _same(listen, facts):
            return REPEATED
        return rejected(f"listen_id {listen.listen_id!r} is used by another listen")
    return rejected(too_many_plays(listen.user_id, listen.track_id, total)) if total > MAX_PLAYS else RECORDED


def too_many_plays(user_id: str, track_id: str, total: int) -> str:
    """The reason why a listen is refused that would make the sums of a user and a track too large."""
    return f"plays of {track_id!r} by {user_id!r} must add up to at most {MAX_PLAYS:,}, got {total:,}"


def _same(listen: Listen, facts: Facts) -> bool:
    """Whether a listen repeats what is known."""
    time, *others = facts
    own_time, *own = facts_of(listen)
    return own == others and (listen.stamped or own_time == time)


def facts_of(listen: Listen) -> Facts:
    """What a listen of the same id must agree in to be the same."""
    shares = (listen.heard, listen.heard_at_least)
    return (listen.listened_at, listen.user_id, listen.track_id, *shares, listen.plays)


def _facts_in(known: ListenContextKnown) -> Facts:
    time = None if known.listened_at is None else known.listened_at.to_native()
    return (time, known.user_id, known.track_id, known.heard, known.heard_at_least, known.plays)


def _enter_pools(transaction: Transaction, new: list[_Placed], theta: float) -> None:
    """Let the genres about to be heard enter their users' pools while they are still below the cap."""
    genres: dict[str, set[str]] = {}
    for placed in new:
        genres.setdefault(placed.listen.user_id, set()).update(placed.genre_ids)
    rows = [{"user_id": user, "genre_ids": sorted(ids)} for user, ids in sorted(genres.items())]
    transaction.run("enter_discovery", rows=rows, **theta_params(theta))


def _write_facts(transaction: Transaction, new: list[_Placed]) -> None:
    # The country where a user lives exists already.
    codes = sorted({placed.country for placed in new} - {placed.home for placed in new})
    if codes:
        rows = [{"code": code, "name": country_name(code)} for code in codes]
        transaction.run("merge_countries", rows=rows)
    transaction.run(
        "create_plays",
        rows=[
            {
                "listen_id": placed.listen.listen_id,
                "user_id": placed.listen.user_id,
                "track_id": placed.listen.track_id,
                "listened_at": placed.listen.listened_at,
                "heard": placed.listen.heard,
                "heard_at_least": placed.listen.heard_at_least,
                "plays": placed.listen.plays,
                "country": placed.country,
                "source": placed.listen.source,
            }
            for placed in new
        ],
    )


def _write_derived(transaction: Transaction, new: list[_Placed]) -> None:
    transaction.run("add_listened", rows=_listened(placed.listen for placed in new))
    transaction.run("add_plays_genre", rows=_genre_plays(new))
    transaction.run("add_track_plays", rows=_track_plays(new))
    monthly.add_plays(
        transaction,
        [
            monthly.Play(
                placed.listen.track_id,
                placed.country,
                placed.listen.listened_at,
                report_of(placed.listen.heard, placed.listen.heard_at_least),
                source_of(placed.listen.source),
                placed.listen.plays,
                placed.user_key,
            )
            for placed in new
        ],
    )
    refresh_profiles(transaction, sorted({placed.listen.user_id for placed in new}))


def _listened(listens: Iterable[Listen]) -> list[Row]:
    """Fold listens to one row for each user and track."""
    rows: dict[tuple[str, str], Row] = {}
    for listen in listens:
        row = rows.setdefault(
            (listen.user_id, listen.track_id),
            {
                "user_id": listen.user_id,
                "track_id": listen.track_id,
                "plays": 0,
                "heard_plays": 0,
                "heard_ppm": 0,
                "last_at": None,
            },
        )
        row["plays"] += listen.plays
        if listen.heard is not None:
            row["heard_plays"] += listen.plays
            # Whole millionths add up to the same sum in any order; shares of floats do not.
            row["heard_ppm"] += round(listen.heard * PPM) * listen.plays
        if listen.listened_at and (row["last_at"] is None or listen.listened_at > row["last_at"]):
            row["last_at"] = listen.listened_at
    return [rows[key] for key in sorted(rows)]


def _genre_plays(new: list[_Placed]) -> list[Row]:
    plays: Counter[tuple[str, str]] = Counter()
    for placed in new:
        for genre_id in placed.genre_ids:
            plays[placed.listen.user_id, genre_id] += placed.listen.plays
    return [{"user_id": user, "genre_id": genre, "plays": n} for (user, genre), n in sorted(plays.items())]


def _track_plays(new: list[_Placed]) -> list[Row]:
    plays: Counter[str] = Counter()
    for placed in new:
        plays[placed.listen.track_id] += placed.listen.plays
    return [{"track_id": track, "plays": n} for track, n in sorted(plays.items())]
