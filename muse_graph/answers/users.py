"""Users and friendships."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["FriendState", "Friendship", "Listener"]

#: What a user sees of another.
FriendState = Literal["friends", "asked", "was-asked", "declined", "blocked", "none"]


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
