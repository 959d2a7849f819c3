"""The packed profile of a user, recomputed from LISTENED whenever that changes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from muse_graph.core.listening.profiles import MAX_TRACKS, NO_GENRE, pack
from muse_graph.graph.connection import Transaction
from muse_graph.graph.query_records import ProfileTracksTrack, UserTracksTrack

__all__ = ["pack_tracks", "refresh_profiles"]


def refresh_profiles(transaction: Transaction, user_ids: Sequence[str]) -> None:
    """Pack what each of these users has listened to; who listened to nothing has no profile."""
    users = transaction.run("user_tracks", user_ids=list(user_ids), limit=MAX_TRACKS)
    rows = [{"user_id": user["user_id"], "profile": pack_tracks(user["tracks"]) or None} for user in users]
    transaction.run("put_profiles", rows=rows)


def pack_tracks(tracks: Sequence[UserTracksTrack | ProfileTracksTrack]) -> bytes:
    """Pack the tracks of one user."""
    pairs = [
        (track.key, genre, track.plays, np.nan if track.heard is None else track.heard)
        for track in tracks
        for genre in track.genres or [NO_GENRE]
    ]
    track, genre, plays, heard = zip(*pairs, strict=True) if pairs else ((), (), (), ())
    return pack(
        np.array(track, np.int64),
        np.array(genre, np.int64),
        np.array(plays, np.int64),
        np.array(heard, np.float64),
    )
