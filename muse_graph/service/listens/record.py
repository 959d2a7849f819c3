"""The one write path of listens, for every source.

A listen is a fact, the relationship PLAYED. What is derived from it (LISTENED, PLAYS_GENRE, HEARD_IN,
counters, the packed profile) is brought up to date in the same transaction, one writer at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID, uuid5

from muse_graph.answers import Receipt, Rejected
from muse_graph.core.discovery.twenty_percent_rule import DEFAULT_THETA
from muse_graph.errors import GraphUnavailable, Transient, Unstorable
from muse_graph.graph.connection import Graph, Transaction
from muse_graph.service.field_rules import MAX_PLAYS
from muse_graph.service.listens.changes import Changes, changes_of
from muse_graph.service.listens.context import Context, Facts, Run, facts_in, ms_of, read_context
from muse_graph.service.listens.profiles import refresh_profiles
from muse_graph.service.listens.refresh import theta_params
from muse_graph.service.listens.storable import unstorable
from muse_graph.service.outcomes import RECORDED, REPEATED, Outcome, rejected

__all__ = [
    "Facts",
    "Listen",
    "Standing",
    "classify",
    "facts_of",
    "listen_id_of",
    "receipt",
    "record_in_halves",
    "record_listens",
    "record_outcomes",
    "standings_of",
    "too_many_plays",
    "write_listens",
]

_LISTENS = UUID("5b0f3a0e-6b0c-5d5e-9d3b-2f6f0e1c7a41")


@dataclass(frozen=True, slots=True)
class Listen:
    """One play, or an aggregate of several whose times are not known.

    Attributes:
        listen_id: unique; the same id again is the same listen
        listened_at: with a time zone, kept in whole milliseconds of UTC; None for an aggregate
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


@dataclass(slots=True)
class Standing:
    """What the graph knows of a listen that arrives.

    Attributes:
        plays: how often its user has played its track so far
        facts: of the known listen that has its id
    """

    user_known: bool
    track_known: bool
    plays: int
    facts: Facts | None


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
    """Write listens, all or none, and return what became of each.

    Args:
        theta: share at which a genre rests; with it, genres that users are about to hear enter their
            discovery pools first. None leaves the pools alone, for loaders refresh them at their end

    Raises:
        Unstorable: If a sum made from the listens is too large. None is written.
    """
    wrong = {place: reason for place, listen in enumerate(listens) if (reason := unstorable(listen))}
    good = [listen for place, listen in enumerate(listens) if place not in wrong]
    outcomes = _write_at_once(graph, good, theta) if good else []
    if outcomes is None:
        outcomes = graph.transact(lambda transaction: write_listens(transaction, good, theta))
    written = iter(outcomes)
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


def _write_at_once(graph: Graph, listens: Sequence[Listen], theta: float | None) -> list[Outcome] | None:
    """Write listens in two round trips, as long as nobody else writes; None if nothing was written.

    What is read under the write lock is written only if the lock was not taken since.
    """
    try:
        context = read_context(graph.write_once, listens)
    except GraphUnavailable:
        # What tries again and again, as long as it may, is a transaction of the driver.
        return None
    outcomes, new = classify(listens, _standings(listens, context))
    if not new:
        return outcomes
    changes = changes_of(new, context)
    try:
        if changes.unclear:
            run = partial(_write_in_transaction, changes=changes, context=context, theta=theta)
            written = graph.transact(run)
        else:
            written = write_changes(graph.write_once, changes, context, theta)
    except Transient:
        return None
    return outcomes if written else None


def write_listens(transaction: Transaction, listens: Sequence[Listen], theta: float | None) -> list[Outcome]:
    """Write listens inside a transaction; as `record_outcomes`."""
    context = read_context(transaction.run, listens)
    outcomes, new = classify(listens, _standings(listens, context))
    if new:
        _write_in_transaction(transaction, changes_of(new, context), context, theta)
    return outcomes


def _write_in_transaction(
    transaction: Transaction, changes: Changes, context: Context, theta: float | None
) -> bool:
    """As `write_changes`, profiles included that are to be packed anew."""
    written = write_changes(transaction.run, changes, context, theta)
    if written and changes.unclear:
        refresh_profiles(transaction, changes.unclear)
    return written


def write_changes(run: Run, changes: Changes, context: Context, theta: float | None) -> bool:
    """Write changes, unless the write lock was taken since the context was read; return whether."""
    share = {"theta_num": None, "theta_den": None} if theta is None else theta_params(theta)
    return bool(run("write_listens", taken=context.taken, **share, changes=changes.params()))


def standings_of(read: Run, listens: Sequence[Listen]) -> list[Standing]:
    """What the graph knows of each listen, read without a lock."""
    keys = [{"listen_id": x.listen_id, "user_id": x.user_id, "track_id": x.track_id} for x in listens]
    return [
        Standing(row["user_known"], row["track_known"], row["plays"], row["known"] and facts_in(row["known"]))
        for row in read("listen_context", rows=keys)
    ]


def _standings(listens: Sequence[Listen], context: Context) -> Iterator[Standing]:
    for one in listens:
        before = context.heard.get((one.user_id, one.track_id))
        yield Standing(
            one.user_id in context.users,
            one.track_id in context.tracks,
            before.plays if before else 0,
            context.known.get(one.listen_id),
        )


def classify(listens: Sequence[Listen], standings: Iterable[Standing]) -> tuple[list[Outcome], list[Listen]]:
    """Classify listens as new, repeated or invalid, by what the graph knows of each; the new ones besides."""
    outcomes: list[Outcome] = []
    new: dict[str, Listen] = {}
    plays: dict[tuple[str, str], int] = {}
    for listen, known in zip(listens, standings, strict=True):
        earlier = new.get(listen.listen_id)
        facts = facts_of(earlier) if earlier else known.facts
        pair = listen.user_id, listen.track_id
        total = plays.setdefault(pair, known.plays) + listen.plays
        outcome = _outcome(listen, known, facts, total)
        if outcome == RECORDED:
            new[listen.listen_id] = listen
            plays[pair] = total
        outcomes.append(outcome)
    return outcomes, list(new.values())


def _outcome(listen: Listen, known: Standing, facts: Facts | None, total: int) -> Outcome:
    """What becomes of a listen; total is how often its user would have played its track."""
    if not known.user_known:
        return rejected(f"no user has the id {listen.user_id!r}")
    if not known.track_known:
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
    return (ms_of(listen.listened_at), listen.user_id, listen.track_id, *shares, listen.plays)
