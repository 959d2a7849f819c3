"""Feedback: a user saves or discards a track, or takes either back."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, get_args

from muse_graph.core.keys import key_of
from muse_graph.errors import UnknownTrack, UnknownUser, invalid
from muse_graph.graph.change_log import log_change
from muse_graph.graph.connection import Graph, Transaction
from muse_graph.service.field_rules import Feedback

__all__ = ["Action", "Feedback", "give_feedback"]

#: What a user does to it: "clear" takes back what there was.
Action = Literal[Feedback, "clear"]

_WRITES: dict[Action, str] = {"save": "save_tracks", "discard": "discard_tracks"}


def give_feedback(graph: Graph, user_id: str, track_id: str, action: Action, at: datetime) -> None:
    """Save or discard a track, or take back either; the latest feedback counts, whatever comes in last.

    Args:
        at: when it was given, with a time zone

    Raises:
        UnknownUser: If no user has that id.
        UnknownTrack: If no track has that id.
        InvalidRequest: For another action or a time without a zone.
    """
    if action not in get_args(Action):
        raise invalid("action", "must be save, discard or clear", action)
    if at.tzinfo is None:
        raise invalid("at", "must have a time zone", at.isoformat())

    def work(transaction: Transaction) -> None:
        known = transaction.run("feedback_context", user_id=user_id, track_id=track_id)[0]
        if not known["has_user"]:
            raise UnknownUser(user_id)
        if not known["has_track"]:
            raise UnknownTrack(track_id)
        if action == "clear":
            transaction.run("clear_feedback", user_id=user_id, track_id=track_id)
        else:
            row = {"user_id": user_id, "track_id": track_id, "at": at}
            transaction.run(_WRITES[action], rows=[row])
        log_change(transaction, [key_of(user_id)])

    graph.transact(work)
