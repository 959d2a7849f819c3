"""Who may see what a user plays: the one place where that is decided."""

from __future__ import annotations

from muse_graph.answers import FriendState

__all__ = ["may_see_listens"]


def may_see_listens(private: bool | None, state: FriendState) -> bool:
    """Whether a user's listens and saves may be shown to another, by name.

    What may not be shown counts all the same where nobody is named. Who has blocked or was blocked sees
    nothing of the user at all, which is for the queries to see to.

    Args:
        private: as the graph has it of the user whose listens they are
        state: what is between the two, as the one who looks sees it
    """
    del state  # today friends see no more than others
    return not private
