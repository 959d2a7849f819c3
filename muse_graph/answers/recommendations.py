"""Lists, ledgers, and both beside what would be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from muse_graph.answers.common import Named, Reason, Source

__all__ = [
    "GenreMove",
    "GenreState",
    "Ledger",
    "LedgerGenre",
    "ListMode",
    "Mode",
    "Recommendation",
    "Recommendations",
    "TrackMove",
    "WhatIf",
]

#: Which tracks a list is asked for.
Mode = Literal["discovery", "for-you", "under-the-radar"]
#: How the first tracks of a list were found: "taste" is by the trained model alone.
ListMode = Literal[Mode, "taste", Source, "empty"]
#: State of a genre for a listener.
GenreState = Literal["offered", "resting", "home"]


@dataclass(frozen=True)
class Recommendation:
    """One track of a list; rank from 1, artists and genres in their order, the headline as first reason."""

    rank: int
    track_id: str
    title: str
    artists: list[Named]
    genres: list[Named]
    score: float
    reasons: list[Reason]


@dataclass(frozen=True)
class Recommendations:
    """A ranked list for a user; mode is how its first items were found.

    Attributes:
        mode: the one asked for, "discovery", "for-you" or "under-the-radar"; where friends have nothing to
            offer "taste", all there is by the trained model, "friends-of-friends", "similar-listeners",
            "popular-in-country" or "popular-everywhere"; "empty" when the graph has nothing new at all
    """

    user_id: str
    mode: ListMode
    items: list[Recommendation]


@dataclass(frozen=True)
class LedgerGenre:
    """A genre in a user's ledger; score is 0 where it is not offered."""

    rank: int
    genre_id: str
    name: str
    state: GenreState
    streams: int
    score: float
    reasons: list[Reason]


@dataclass(frozen=True)
class Ledger:
    """The 20 % rule seen by its listener: cap = theta x streams of the favourite genre."""

    user_id: str
    genres: list[LedgerGenre]
    cap: float
    theta: float


@dataclass(frozen=True)
class TrackMove:
    """A track of a list as it is or would be; its rank is null where the list does not have it."""

    track_id: str
    title: str
    rank_now: int | None
    rank_then: int | None


@dataclass(frozen=True)
class GenreMove:
    """A genre that would change; its state is null where the ledger does not have it."""

    genre_id: str
    name: str
    state_now: GenreState | None
    state_then: GenreState | None
    streams_now: int
    streams_then: int


@dataclass(frozen=True)
class WhatIf:
    """A listener's list and ledger as they are, and as they would be.

    Attributes:
        tracks: every track of either list
        genres: the genres that would change
    """

    user_id: str
    now: Recommendations
    then: Recommendations
    ledger_now: Ledger
    ledger_then: Ledger
    tracks: list[TrackMove]
    genres: list[GenreMove]
