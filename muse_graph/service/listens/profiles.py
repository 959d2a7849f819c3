"""The packed profile of a user, made anew from LISTENED whenever that changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from muse_graph.core.listening.profiles import MAX_TRACKS, NO_GENRE, pack
from muse_graph.graph import Transaction

__all__ = ["pack_tracks", "refresh_profiles"]


def refresh_profiles(transaction: Transaction, user_ids: Sequence[str]) -> None:
    """Pack what each of these users has listened to; who listened to nothing has no profile."""
    users = transaction.run("user_tracks", user_ids=list(user_ids), limit=MAX_TRACKS)
    rows = [{"user_id": user["user_id"], "profile": pack_tracks(user["tracks"]) or None} for user in users]
    transaction.run("put_profiles", rows=rows)


def pack_tracks(tracks: list[list[Any]]) -> bytes:
    """Pack [track key, plays, heard or None, genre keys] rows of one user."""
    pairs = [
        (track, genre, plays, np.nan if heard is None else heard)
        for track, plays, heard, genres in tracks
        for genre in genres or [NO_GENRE]
    ]
    track, genre, plays, heard = zip(*pairs, strict=True) if pairs else ((), (), (), ())
    return pack(
        np.array(track, np.int64),
        np.array(genre, np.int64),
        np.array(plays, np.int64),
        np.array(heard, np.float64),
    )
