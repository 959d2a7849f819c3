"""What new listens change, folded to one row for each thing that changes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

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
    """What `write_listens` takes, each list in an order of its own, the same for the same listens.

    Users, tracks and genres are their element ids, as `open_listens` read them.

    Attributes:
        countries: those that may not be there yet
        users, genres: a row for each user
        heard_first, heard_again: sums of a user and a track as they are afterwards; first where none were
        first_months, further_months: months that were not there, and those that were
        unclear: users whose profile cannot be told from the one before: it is to be packed anew
    """

    countries: list[Row]
    users: list[Row] = field(default_factory=list)
    genres: list[Row] = field(default_factory=list)
    tracks: list[Row] = field(default_factory=list)
    plays: list[Row] = field(default_factory=list)
    heard_first: list[Row] = field(default_factory=list)
    heard_again: list[Row] = field(default_factory=list)
    first_months: list[Row] = field(default_factory=list)
    further_months: list[Row] = field(default_factory=list)
    unclear: list[str] = field(default_factory=list)

    def params(self) -> dict[str, list[Any]]:
        """Everything by its name that the statement takes."""
        return {one.name: getattr(self, one.name) for one in fields(self) if one.name != "unclear"}


def changes_of(new: Sequence[Listen], context: Context) -> Changes:
    """All that new listens of known users to known tracks change."""
    return _Folding(new, context).changes


class _Folding:
    """New listens on their way to changes."""

    def __init__(self, new: Sequence[Listen], context: Context) -> None:
        self.context = context
        self.countries = [one.country or context.users[one.user_id].home or UNKNOWN for one in new]
        # The country where a user lives exists already.
        missing = {*self.countries} - {one.home for one in context.users.values()}
        self.changes = Changes(country_rows(missing))
        self.heard: defaultdict[str, defaultdict[str, list[Listen]]] = defaultdict(lambda: defaultdict(list))
        for listen, country in zip(new, self.countries, strict=True):
            self.heard[listen.user_id][listen.track_id].append(listen)
            self.changes.plays.append(self._play(listen, country))
        self._add_tracks(new)
        for user_id in sorted(self.heard):
            self._add_user(user_id)
        self._add_months(new)

    def _play(self, listen: Listen, country: str) -> Row:
        return {
            "user": self.context.users[listen.user_id].element_id,
            "track": self.context.tracks[listen.track_id].element_id,
            "listen_id": listen.listen_id,
            "listened_ms": ms_of(listen.listened_at),
            "heard": listen.heard,
            "heard_at_least": listen.heard_at_least,
            "plays": listen.plays,
            "country": country,
            "source": listen.source,
        }

    def _add_tracks(self, new: Sequence[Listen]) -> None:
        plays: Counter[str] = Counter()
        for one in new:
            plays[one.track_id] += one.plays
        first = {(one.user_id, one.track_id) for one in new} - self.context.heard.keys()
        listeners = Counter(track_id for _, track_id in first)
        self.changes.tracks.extend(
            {
                "track": self.context.tracks[track_id].element_id,
                "plays": plays[track_id],
                "listeners": listeners[track_id],
            }
            for track_id in sorted(plays)
        )

    def _add_user(self, user_id: str) -> None:
        """Add the row of a user, and those of the tracks heard."""
        changes, known = self.changes, self.context.users[user_id]
        profile: bytes | None = bytes(known.profile or b"")
        recent: list[int] | None = self.context.recent[user_id]
        genres: Counter[str] = Counter()
        for track_id, listens in sorted(self.heard[user_id].items()):
            track, row = self.context.tracks[track_id], self._listened(user_id, track_id, listens)
            for genre in track.genres:
                genres[genre.element_id] += sum(one.plays for one in listens)
            if profile is not None:
                keys = [genre.key for genre in track.genres]
                profile = put_track(profile, track.key, keys, row["plays"], row["heard"])
            if recent is not None:
                recent = put_recent(recent, track.key, row["last_ms"])
        if profile is None or recent is None:
            changes.unclear.append(user_id)
            profile, recent = known.profile, self.context.recent[user_id]
        user = {"user": known.element_id}
        packed = {"profile": profile or None, "recent": recent or None}
        changes.users.append(user | {"key": known.key} | packed)
        rows = [{"genre": genre, "plays": n} for genre, n in sorted(genres.items())]
        changes.genres.append(user | {"genres": rows})

    def _listened(self, user_id: str, track_id: str, listens: Sequence[Listen]) -> Row:
        """Add what a user has listened to of a track, the new listens included; `last_ms` of these alone."""
        before = self.context.heard.get((user_id, track_id))
        known = [one for one in listens if one.heard is not None]
        heard_plays = (before.heard_plays if before else 0) + sum(one.plays for one in known)
        # Whole millionths add up to the same sum in any order; shares of floats do not.
        heard_ppm = (before.heard_ppm if before else 0) + sum(
            round((one.heard or 0) * PPM) * one.plays for one in known
        )
        times = [ms_of(one.listened_at) for one in listens]
        row = {
            "user": self.context.users[user_id].element_id,
            "track": self.context.tracks[track_id].element_id,
            "plays": (before.plays if before else 0) + sum(one.plays for one in listens),
            "heard_plays": heard_plays,
            "heard_ppm": heard_ppm,
            "heard": heard_ppm / (float(PPM) * heard_plays) if heard_plays else None,
            "last_ms": max((one for one in times if one is not None), default=None),
        }
        (self.changes.heard_again if before else self.changes.heard_first).append(row)
        return row

    def _add_months(self, new: Sequence[Listen]) -> None:
        there = {(one.track_id, one.country, one.month) for one in self.context.months}
        for row in monthly.add_to(self.context.months, self._monthly(new)):
            if (row["track_id"], row["country"], row["month"]) in there:
                self.changes.further_months.append(row)
            else:
                track = self.context.tracks[row["track_id"]].element_id
                self.changes.first_months.append(row | {"track": track})

    def _monthly(self, new: Sequence[Listen]) -> list[monthly.Play]:
        return [
            monthly.Play(
                one.track_id,
                country,
                one.listened_at,
                report_of(one.heard, one.heard_at_least),
                source_of(one.source),
                one.plays,
                self.context.users[one.user_id].key,
            )
            for one, country in zip(new, self.countries, strict=True)
        ]
