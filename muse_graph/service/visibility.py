"""Who may see what a user plays: the one place where that is decided."""

from __future__ import annotations

from typing import get_args

from muse_graph.answers import FriendState, Visibility

__all__ = ["DEFAULT_LEVEL", "is_private", "level_of", "may_see_listens"]

#: Of a user who has set nothing.
DEFAULT_LEVEL: Visibility = "friends"
_LEVELS: dict[str, Visibility] = {level: level for level in get_args(Visibility)}


def level_of(stored: str | None) -> Visibility:
    """Who may see a user's listens and saves, given what the graph has of it; nobody for an unknown word."""
    return DEFAULT_LEVEL if stored is None else _LEVELS.get(stored, "nobody")


def is_private(stored: str | None) -> bool:
    """Whether a user's listens count in others' lists and are named to nobody."""
    return level_of(stored) == "nobody"


def may_see_listens(stored: str | None, state: FriendState) -> bool:
    """Whether a user's listens and saves may be shown to another, by name.

    What may not be shown counts all the same where nobody is named. Who has blocked or was blocked sees
    nothing of the user at all, which is for the queries to see to.

    Args:
        stored: what the graph has of the user whose listens they are
        state: what is between the two, as the one who looks sees it
    """
    level = level_of(stored)
    return level == "everybody" or (level == "friends" and state == "friends")
