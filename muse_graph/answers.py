"""What the service answers: frozen values with the same fields in the CLI, the files and the API.

`as_json` turns any of them into what is printed, written or sent. A reason is data and a sentence at
once; the parts of an item's reasons add up to its score.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Any, Literal

__all__ = [
    "LEFT_EARLY",
    "Analytics",
    "ArtistCard",
    "CountryAudience",
    "FriendState",
    "Friendship",
    "GenreCard",
    "GenreMove",
    "GenreState",
    "Ledger",
    "LedgerGenre",
    "ListMode",
    "Listener",
    "Match",
    "Mode",
    "Named",
    "Page",
    "Reach",
    "Reason",
    "ReasonKind",
    "Receipt",
    "Recommendation",
    "Recommendations",
    "Rejected",
    "Source",
    "TrackCard",
    "TrackMove",
    "WhatIf",
    "as_json",
    "left_early",
]

#: Which tracks a list is asked for.
Mode = Literal["discovery", "for-you", "under-the-radar"]
#: Where tracks come from when friends have nothing to offer, in this order.
Source = Literal["friends-of-friends", "similar-listeners", "popular-in-country", "popular-everywhere"]
#: How the first tracks of a list were found: "taste" is by the trained model alone.
ListMode = Literal[Mode, "taste", Source, "empty"]
#: What a reason is about.
ReasonKind = Literal[
    "friend", "friends", "own", "taste", "genre", "country", "radar", "resting", "turned-away", Source
]
#: Who heard less of a track on the whole has left it early.
LEFT_EARLY = 0.5

#: State of a genre for a listener.
GenreState = Literal["offered", "resting", "home"]
#: What a user sees of another.
FriendState = Literal["friends", "asked", "was-asked", "declined", "blocked", "none"]


def as_json(answer: Any) -> Any:
    """Dicts, lists and scalars of an answer, ready for ``json.dumps``."""
    return dataclasses.asdict(answer)


@dataclass(frozen=True)
class Named:
    """An id and the name people know it by."""

    id: str
    name: str


# Not frozen, for a list has a hundred of them, and a frozen one takes three times as long to make.
@dataclass(slots=True)
class Reason:
    """One reason of a score.

    Attributes:
        kind: "friend", "friends" (those not named one by one), "own" (a track of the listener's), "taste",
            "similar-listeners", "genre", "country", "radar"; of a genre that is not offered "resting" or
            "turned-away"; or where a track comes from when friends have nothing to offer:
            "friends-of-friends", "similar-listeners", "popular-in-country", "popular-everywhere"
        text: the sentence for people
        part: this reason's part of the score; below 0 for what speaks against it
        user_id, name: the friend; null for everybody else and for friends who keep their listens private
        heard: share of the track heard by the friend, 0..1, or by "friends" who all left it early; null when
            unknown
        plays: times the friend played it
        n: how many friends or listeners are meant
        genre_id: the genre meant
    """

    kind: ReasonKind
    text: str
    part: float
    user_id: str | None = None
    name: str | None = None
    heard: float | None = None
    plays: int | None = None
    n: int | None = None
    genre_id: str | None = None

    @property
    def left_early(self) -> bool:
        """Whether it is about friends who left the track before the half of it."""
        return self.heard is not None and left_early(self.heard)

    @property
    def is_rest(self) -> bool:
        """Whether it is what many small things add together, which persuades nobody."""
        return self.kind == "taste" or (self.kind in {"friends", "similar-listeners"} and not self.n)

    @property
    def strength(self) -> tuple[bool, bool, float]:
        """What the headline has most of: whether it speaks for it, whether it says by what, and how much."""
        return self.part > 0 and not self.left_early, not self.is_rest, self.part


def left_early(heard: float) -> bool:
    """Whether this share heard, NaN if unknown, is that of somebody who left the track early."""
    return heard < LEFT_EARLY


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


@dataclass(frozen=True)
class Rejected:
    """A listen that was not written: its place in the request and the rule it breaks."""

    index: int
    listen_id: str
    reason: str


@dataclass(frozen=True)
class Receipt:
    """What became of the listens of one request: received = recorded + repeated + rejected."""

    received: int
    recorded: int
    repeated: int
    rejected: list[Rejected] = field(default_factory=list)


@dataclass(frozen=True)
class Reach:
    """How many plays reached that share of the track; share is of the plays whose share is known."""

    percent: int
    plays: int
    share: float | None


@dataclass(frozen=True)
class CountryAudience:
    """Plays and distinct listeners in one country."""

    country: str
    name: str
    plays: int
    listeners: int


@dataclass(frozen=True)
class Analytics:
    """An artist's figures under the filters given.

    Attributes:
        unknown: plays whose share heard is not known; they are in `plays` and in no `reach`
        countries: most plays first, then code
    """

    artist_id: str
    name: str
    track_id: str | None
    country: str | None
    from_day: str | None
    to_day: str | None
    plays: int
    unknown: int
    listeners: int
    reach: list[Reach]
    countries: list[CountryAudience]


@dataclass(frozen=True)
class Match:
    """An influencer who fits, best first.

    Attributes:
        genres: ids of the genres the influencer posts in, among those asked for
        score: average likes for a country and genre; for an artist weighted by how well both fit
    """

    rank: int
    influencer_id: str
    handle: str
    country: str | None
    genres: list[str]
    avg_likes: float | None
    followers: int | None
    score: float
    reasons: list[Reason]


@dataclass(frozen=True)
class Listener:
    """A user as the API shows one."""

    user_id: str
    name: str | None
    country: str | None
    private: bool
    friends: int
    tracks: int
    streams: int


@dataclass(frozen=True)
class Friendship:
    """Another user seen from one user.

    Attributes:
        state: "friends", "asked", "was-asked", "declined", "blocked", or "none" after any of them has ended
        since: when the state began, RFC 3339; null where the graph does not know
    """

    user_id: str
    name: str | None
    state: FriendState
    since: str | None


@dataclass(frozen=True)
class TrackCard:
    """A track found by search or by id."""

    track_id: str
    title: str
    artists: list[Named]
    genres: list[Named]
    plays: int
    listeners: int
    duration_s: float | None
    language: str | None
    mbid: str | None
    isrc: str | None


@dataclass(frozen=True)
class ArtistCard:
    """An artist found by search or by id; under the radar means outside the most played 20 %."""

    artist_id: str
    name: str
    country: str | None
    tracks: int
    plays: int
    under_the_radar: bool


@dataclass(frozen=True)
class GenreCard:
    """A genre found by search or by id."""

    genre_id: str
    name: str
    tracks: int


@dataclass(frozen=True)
class Page:
    """A part of a long list; `next` is the opaque cursor of the following part, null at the end."""

    items: list[Any]
    next: str | None
