"""Other people as a user sees them, their feed, and tracks they send."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from muse_graph.answers.common import Named, Reason
from muse_graph.answers.users import FriendState

__all__ = [
    "Compatibility",
    "FeedAction",
    "FeedItem",
    "Person",
    "PersonProfile",
    "PlayedTrack",
    "SentTrack",
    "SharedTaste",
    "SuggestedFriend",
    "TrackLine",
]

#: What a friend did in a feed.
FeedAction = Literal["played", "saved"]


@dataclass(frozen=True)
class Person:
    """Another user as search shows one to a user; `since` is when the state began, as in `Friendship`."""

    user_id: str
    name: str | None
    country: str | None
    state: FriendState
    since: str | None
    common_friends: int


@dataclass(frozen=True)
class SharedTaste:
    """An artist or a genre that two users play: how often the one who looks does, and the other."""

    id: str
    name: str
    plays: int
    their_plays: int


@dataclass(frozen=True)
class Compatibility:
    """How well the tastes of two users fit.

    Attributes:
        score: 0..100; the same from both sides. Null, as all that follows the text, where what the other user
            plays is not to be seen: even a number would tell whoever asks with one track whether the other
            plays it
        text: the sentence for people
        shared_artists, shared_genres: how many both play
        artists, genres: the most played of them, those first that both play much
    """

    user_id: str
    other_id: str
    score: int | None
    text: str
    shared_artists: int | None
    shared_genres: int | None
    artists: list[SharedTaste] | None
    genres: list[SharedTaste] | None


@dataclass(frozen=True)
class TrackLine:
    """A track as a line of a list shows it."""

    track_id: str
    title: str
    artists: list[Named]
    genres: list[Named]


@dataclass(frozen=True)
class PlayedTrack:
    """A track that somebody plays; plays or the time of the last one, RFC 3339, are null where not known."""

    track: TrackLine
    plays: int | None
    last_at: str | None


@dataclass(frozen=True)
class PersonProfile:
    """Another user as a user sees one.

    Attributes:
        some_common_friends: the first few of them
        genres, recent, most_played: what the other user plays; null where it is not to be seen
    """

    user_id: str
    name: str | None
    country: str | None
    state: FriendState
    since: str | None
    common_friends: int
    some_common_friends: list[Named]
    compatibility: Compatibility
    genres: list[Named] | None
    recent: list[PlayedTrack] | None
    most_played: list[PlayedTrack] | None


@dataclass(frozen=True)
class SuggestedFriend:
    """Somebody whom a user may like to know; the parts of the reasons add up to the score.

    Attributes:
        common_friends: all of them; `some_common_friends` are the first two
    """

    rank: int
    user_id: str
    name: str | None
    country: str | None
    common_friends: int
    some_common_friends: list[Named]
    score: float
    reasons: list[Reason]


@dataclass(frozen=True)
class FeedItem:
    """What a friend did, at a time in RFC 3339; a track played several times is there once, at the latest."""

    friend: Named
    action: FeedAction
    at: str
    track: TrackLine


@dataclass(frozen=True)
class SentTrack:
    """A track that a friend sent to another.

    Attributes:
        note: a line of text, null without one
        seen: whether the receiver has marked it as seen
    """

    sent_id: str
    sender: Named
    receiver: Named
    track: TrackLine
    note: str | None
    at: str
    seen: bool
