"""What would be if: the list and the ledger beside those that are.

What is supposed is written in a transaction, the list and the ledger are made by the very functions and
queries that make them otherwise, and the transaction is undone. So nothing is modelled twice, and nothing is
kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import UTC, datetime

from muse_graph.answers import GenreMove, Ledger, Recommendations, TrackMove, WhatIf
from muse_graph.errors import Conflict, InvalidRequest, UnknownGenre, UnknownTrack, UnknownUser, invalid
from muse_graph.graph.connection import Graph, Row, Transaction
from muse_graph.model_store import ServedModel
from muse_graph.service.listens.refresh import every_genre_of, theta_params
from muse_graph.service.recommendations.options import RecommendationOptions
from muse_graph.service.recommendations.overview import list_and_ledger
from muse_graph.service.recommendations.track_cache import TrackCache
from muse_graph.service.visibility import may_see_listens

__all__ = ["MAX_CHANGES", "Supposition", "what_if"]

#: Of each kind.
MAX_CHANGES = 20
#: Without a cap all genres are weighed against the favourite.
_LIFTED = 1.0


@dataclass(frozen=True)
class Supposition:
    """What would be otherwise; ids, and a cap.

    Attributes:
        drop_friends: users who would be friends no more
        like_genres: genres that the listener would like
        save, discard: tracks that the listener would have saved or discarded
        theta: the cap as a share of the favourite genre; None for what it is
        lift_cap: no genre would rest
    """

    drop_friends: tuple[str, ...] = ()
    like_genres: tuple[str, ...] = ()
    save: tuple[str, ...] = ()
    discard: tuple[str, ...] = ()
    theta: float | None = None
    lift_cap: bool = False

    def __post_init__(self) -> None:
        if all(getattr(self, field.name) in {(), None, False} for field in fields(self)):
            rule = "must suppose something: drop a friend, like a genre, save, discard, theta, lift_cap"
            raise InvalidRequest(f"a what-if {rule}", (("", rule),))
        if self.lift_cap and self.theta is not None:
            raise invalid("theta", "must be left out where the cap is lifted", self.theta)

    @property
    def tracks(self) -> list[str]:
        """All tracks it is about."""
        return [*self.save, *self.discard]


def what_if(
    graph: Graph,
    user_id: str,
    supposed: Supposition,
    options: RecommendationOptions,
    *,
    track_cache: TrackCache | None = None,
    model: ServedModel | None = None,
) -> WhatIf:
    """The list and the ledger of a listener, as they are and as they would be. Nothing is kept.

    One transaction: however much is supposed, four queries beside those of two lists and two ledgers.

    Args:
        options: of both lists; the theta supposed holds for the second

    Raises:
        UnknownUser, UnknownGenre, UnknownTrack: If an id is unknown.
        Conflict: If a user to drop is no friend, or does not let friends see what the list would show.
        InvalidRequest: If nothing is supposed, or a value breaks its rule.
    """
    theta = _LIFTED if supposed.lift_cap else supposed.theta or options.theta
    then_options = RecommendationOptions(
        **(options.model_dump() | {"theta": theta, "is_lifted": supposed.lift_cap})
    )

    def work(transaction: Transaction, supposed_graph: Graph) -> WhatIf:
        # The listener changes no more until this is over, so that both answers are of the same graph.
        transaction.run("lock_users", user_ids=sorted({user_id, *supposed.drop_friends}))
        known = transaction.run(
            "what_if_context",
            user_id=user_id,
            users=list(supposed.drop_friends),
            genres=list(supposed.like_genres),
            tracks=supposed.tracks,
        )
        if not known:
            raise UnknownUser(user_id)
        _check(user_id, supposed, known[0])

        def answers(asked: RecommendationOptions) -> tuple[Recommendations, Ledger]:
            return list_and_ledger(supposed_graph, user_id, asked, track_cache=track_cache, model=model)

        now = answers(options)
        _suppose(transaction, user_id, supposed, options.theta)
        then = answers(then_options)
        return WhatIf(
            user_id,
            now[0],
            then[0],
            now[1],
            then[1],
            _track_moves(now[0], then[0]),
            _genre_moves(now[1], then[1]),
        )

    return graph.suppose(work)


def _check(user_id: str, supposed: Supposition, known: Row) -> None:
    for kind, wanted, found in (
        (UnknownUser, supposed.drop_friends, known["users"]),
        (UnknownGenre, supposed.like_genres, known["genres"]),
        (UnknownTrack, supposed.tracks, known["tracks"]),
    ):
        if missing := _first(wanted, set(wanted) - set(found)):
            raise kind(missing)
    if stranger := _first(supposed.drop_friends, set(supposed.drop_friends) - set(known["friends"])):
        raise Conflict(f"users {user_id!r} and {stranger!r} are not friends")
    if hidden := _first(supposed.drop_friends, _hidden(known)):
        # The difference between the lists would be what this friend plays.
        raise Conflict(f"what user {hidden!r} plays is not shown to you, so nothing is without it")
    if both := _first(supposed.save, set(supposed.discard)):
        raise invalid("discard", "must not have a track that is saved, too", both)


def _hidden(known: Row) -> set[str]:
    levels = zip(known["friends"], known["levels"], strict=True)
    return {user_id for user_id, level in levels if not may_see_listens(level, "friends")}


def _first(wanted: Iterable[str], among: set[str]) -> str | None:
    return next((one for one in wanted if one in among), None)


def _suppose(transaction: Transaction, user_id: str, supposed: Supposition, theta: float) -> None:
    if supposed.drop_friends:
        # As where a friendship really ends: what it brought within reach stays there.
        transaction.run("enter_discovery", rows=every_genre_of([user_id]), **theta_params(theta))
    transaction.run(
        "suppose",
        user_id=user_id,
        drop_friends=list(supposed.drop_friends),
        like_genres=list(supposed.like_genres),
        save=list(supposed.save),
        discard=list(supposed.discard),
        at=datetime.now(UTC),
    )


def _track_moves(now: Recommendations, then: Recommendations) -> list[TrackMove]:
    """Every track of either list, in the order of the second; those that would go come last."""
    before = {item.track_id: item.rank for item in now.items}
    after = {item.track_id: item.rank for item in then.items}
    moves = [TrackMove(one.track_id, one.title, before.get(one.track_id), one.rank) for one in then.items]
    gone = [one for one in now.items if one.track_id not in after]
    return moves + [TrackMove(one.track_id, one.title, one.rank, None) for one in gone]


def _genre_moves(now: Ledger, then: Ledger) -> list[GenreMove]:
    """The genres whose state or streams would change, in the order of the second ledger."""
    before = {genre.genre_id: genre for genre in now.genres}
    after = {genre.genre_id: genre for genre in then.genres}
    moves = []
    for genre in [*then.genres, *(one for one in now.genres if one.genre_id not in after)]:
        old, new = before.get(genre.genre_id), after.get(genre.genre_id)
        state_now, state_then = old.state if old else None, new.state if new else None
        streams_now, streams_then = old.streams if old else 0, new.streams if new else 0
        if (state_now, streams_now) != (state_then, streams_then):
            moves.append(
                GenreMove(genre.genre_id, genre.name, state_now, state_then, streams_now, streams_then)
            )
    return moves
