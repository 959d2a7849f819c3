"""What new listens change, folded to one row for each thing that changes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from muse_graph.core.listening.profiles import put_track
from muse_graph.core.listening.recent import put_recent
from muse_graph.core.listening.reports import report_of
from muse_graph.core.listening.sources import source_of
from muse_graph.countries import UNKNOWN, country_rows
from muse_graph.graph.connection import Row
from muse_graph.service.listens import monthly
from muse_graph.service.listens.context import Context, ms_of
from muse_graph.service.listens.storable import PPM

if TYPE_CHECKING:
    from muse_graph.service.listens.record import Listen

__all__ = ["Changes", "changes_of"]


@dataclass(frozen=True, slots=True)
class Changes:
    """Rows of `write_listens`, each list in an order of its own, the same for the same listens.

    Attributes:
        unclear: users whose profile cannot be told from the one before: it is to be packed anew
    """

    countries: list[Row] = field(default_factory=list)
    users: list[Row] = field(default_factory=list)
    tracks: list[Row] = field(default_factory=list)
    months: list[Row] = field(default_factory=list)
    unclear: list[str] = field(default_factory=list)


def changes_of(new: Sequence[Listen], context: Context) -> Changes:
    """All that new listens of known users to known tracks change."""
    homes = {one.home for one in context.users.values()}
    countries = [one.country or context.users[one.user_id].home or UNKNOWN for one in new]
    plays: Counter[str] = Counter()
    heard: defaultdict[str, defaultdict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for listen, country in zip(new, countries, strict=True):
        plays[listen.track_id] += listen.plays
        heard[listen.user_id][listen.track_id].append(_play(listen, country))
    changes = Changes(
        # The country where a user lives exists already.
        countries=country_rows({*countries} - homes),
        tracks=[{"track_id": track, "plays": n} for track, n in sorted(plays.items())],
        months=monthly.add_to(context.months, _monthly(new, countries, context)),
    )
    for user_id in sorted(heard):
        _add_user(changes, user_id, heard[user_id], context)
    return changes


def _play(listen: Listen, country: str) -> Row:
    return {
        "listen_id": listen.listen_id,
        "listened_ms": ms_of(listen.listened_at),
        "heard": listen.heard,
        "heard_at_least": listen.heard_at_least,
        "plays": listen.plays,
        "country": country,
        "source": listen.source,
    }


def _monthly(new: Sequence[Listen], countries: Sequence[str], context: Context) -> list[monthly.Play]:
    return [
        monthly.Play(
            one.track_id,
            country,
            one.listened_at,
            report_of(one.heard, one.heard_at_least),
            source_of(one.source),
            one.plays,
            context.users[one.user_id].key,
        )
        for one, country in zip(new, countries, strict=True)
    ]


def _add_user(changes: Changes, user_id: str, heard: dict[str, list[Row]], context: Context) -> None:
    """Add the row of a user with what was heard by track."""
    known = context.users[user_id]
    profile: bytes | None = bytes(known.profile or b"")
    recent: list[int] | None = known.recent or []
    genres: Counter[str] = Counter()
    tracks = []
    for track_id in sorted(heard):
        track, row = context.tracks[track_id], _listened(track_id, heard[track_id], context, user_id)
        tracks.append(row)
        for genre in track.genres:
            genres[genre.genre_id] += sum(one["plays"] for one in row["listens"])
        if profile is not None:
            keys = [genre.key for genre in track.genres]
            profile = put_track(profile, track.key, keys, row["plays"], row["heard"])
        if recent is not None:
            recent = put_recent(recent, track.key, row["last_ms"])
    if profile is None or recent is None:
        changes.unclear.append(user_id)
        profile, recent = known.profile, known.recent
    rows = [{"genre_id": genre_id, "plays": plays} for genre_id, plays in sorted(genres.items())]
    row = {"user_id": user_id, "key": known.key, "profile": profile or None, "recent": recent or None}
    changes.users.append(row | {"genres": rows, "tracks": tracks})


def _listened(track_id: str, listens: list[Row], context: Context, user_id: str) -> Row:
    """What a user has listened to of a track, the new listens included; `last_ms` of these alone."""
    before = context.heard.get((user_id, track_id))
    known = [one for one in listens if one["heard"] is not None]
    heard_plays = (before.heard_plays if before else 0) + sum(one["plays"] for one in known)
    # Whole millionths add up to the same sum in any order; shares of floats do not.
    heard_ppm = (before.heard_ppm if before else 0) + sum(
        round(one["heard"] * PPM) * one["plays"] for one in known
    )
    return {
        "track_id": track_id,
        "plays": (before.plays if before else 0) + sum(one["plays"] for one in listens),
        "heard_plays": heard_plays,
        "heard_ppm": heard_ppm,
        "heard": heard_ppm / (float(PPM) * heard_plays) if heard_plays else None,
        "last_ms": max(
            (one["listened_ms"] for one in listens if one["listened_ms"] is not None), default=None
        ),
        "listens": listens,
    }
