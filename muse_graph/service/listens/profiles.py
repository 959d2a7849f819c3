"""The packed profile of a user and what was heard last, recomputed from LISTENED whenever that changes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from muse_graph.core.listening.profiles import MAX_TRACKS, NO_GENRE, pack
from muse_graph.core.listening.recent import MAX_RECENT
from muse_graph.graph.connection import Row, Transaction
from muse_graph.graph.query_records import ProfileTracksTrack, UserTracksTrack

__all__ = ["pack_tracks", "profile_row", "refresh_profiles"]

_Tracks = Sequence[UserTracksTrack] | Sequence[ProfileTracksTrack]


def refresh_profiles(transaction: Transaction, user_ids: Sequence[str]) -> None:
    """Pack what each of these users has listened to; who listened to nothing has no profile."""
    users = transaction.run("user_tracks", user_ids=list(user_ids), limit=MAX_TRACKS)
    transaction.run("put_profiles", rows=[profile_row(user["user_id"], user["tracks"]) for user in users])


def profile_row(user_id: str, tracks: _Tracks) -> Row:
    """The row of `put_profiles` for a user's tracks, the latest first and those without a time last."""
    timed = [(track.key, track.last_ms) for track in tracks[:MAX_RECENT] if track.last_ms is not None]
    recent = [number for pair in timed for number in pair]
    return {"user_id": user_id, "profile": pack_tracks(tracks) or None, "recent": recent or None}


def pack_tracks(tracks: _Tracks) -> bytes:
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
