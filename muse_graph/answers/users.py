"""Users and friendships."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["AccountCard", "Follow", "FriendState", "Friendship", "Listener", "Visibility"]

#: What a user sees of another.
FriendState = Literal["friends", "asked", "was-asked", "declined", "was-declined", "blocked", "none"]
#: Who may see what a user plays and saves.
Visibility = Literal["everybody", "friends", "nobody"]


@dataclass(frozen=True)
class Listener:
    """A user as the API shows one.

    Attributes:
        listens_visible_to: who may see by name what the user plays and saves; it counts in any case
        private: whether that is nobody
    """

    user_id: str
    name: str | None
    country: str | None
    listens_visible_to: Visibility
    private: bool
    friends: int
    tracks: int
    streams: int


@dataclass(frozen=True)
class Friendship:
    """Another user seen from one user.

    Attributes:
        state: "friends", "asked", "was-asked", "declined" by the user, "was-declined" by the other,
            "blocked", or "none" after any of them has ended
        since: when the state began, RFC 3339; null where the graph does not know
    """

    user_id: str
    name: str | None
    state: FriendState
    since: str | None


@dataclass(frozen=True)
class Follow:
    """An influencer whom a user follows; since is RFC 3339, null where the graph does not know."""

    influencer_id: str
    handle: str
    since: str | None


@dataclass(frozen=True)
class AccountCard:
    """Who asks: an account without its secrets.

    Attributes:
        role: "listener", "artist", "analyst" or "operator"
        user_id: the listener that it is; null for an account that is none
        artist_ids: the artists that it owns
        scopes: what it may do
    """

    name: str
    role: str
    user_id: str | None
    artist_ids: list[str]
    scopes: list[str]
