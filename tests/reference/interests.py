"""What an audience likes and how an artist spreads, the slow way: sets of users, friend by friend."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import networkx as nx

from muse_graph.core.keys import key_of

__all__ = ["ReferenceInterests"]

Rows = dict[str, list[dict[str, Any]]]


class ReferenceInterests:
    """Answers from the rows of the tables, which must be of one play each in time or of several without."""

    def __init__(self, tables: Rows) -> None:
        self.tables = tables
        self.homes = {user["user_id"]: user["country"] for user in tables["users"]}
        self.tracks = {track["track_id"]: track for track in tables["tracks"]}
        self.by_user: dict[str, set[str]] = defaultdict(set)
        for row in tables["listens"]:
            self.by_user[row["user_id"]].add(row["track_id"])
        self.likes: dict[str, set[str]] = defaultdict(set)
        for row in tables["likes"]:
            self.likes[row["user_id"]].add(row["genre_id"])
        self.everybody = {*self.by_user, *self.likes}

    def own(self, artist_id: str) -> set[str]:
        """The tracks of an artist."""
        return {one for one, track in self.tracks.items() if artist_id in track["artist_ids"]}

    def audience(self, artist_id: str, countries: Sequence[str] = (), to_day: date | None = None) -> set[str]:
        """Who has heard the artist there, until that day."""
        own = self.own(artist_id)
        return {
            row["user_id"]
            for row in self.tables["listens"]
            if row["track_id"] in own
            and (not countries or (row["country"] or self.homes[row["user_id"]] or "ZZ") in countries)
            and (to_day is None or (row["listened_at"] is not None and row["listened_at"].date() <= to_day))
        }

    def tracks_liked(self, artist_id: str, users: Iterable[str]) -> dict[str, tuple[int, int]]:
        """Of each other track the listeners among the users, and among everybody."""
        own = self.own(artist_id)
        counts = Counter(track for user in users for track in self.by_user[user] - own)
        return {one: (n, sum(one in heard for heard in self.by_user.values())) for one, n in counts.items()}

    def artists_liked(self, artist_id: str, users: Iterable[str]) -> dict[str, tuple[int, int]]:
        """Of each artist those who have heard a track that is not by the artist, too."""

        def heard_by(user: str) -> set[str]:
            rest = self.by_user[user] - self.own(artist_id)
            return {artist for track in rest for artist in self.tracks[track]["artist_ids"]}

        counts = Counter(artist for user in users for artist in heard_by(user))
        base = Counter(artist for user in self.by_user for artist in heard_by(user))
        return {one: (n, base[one]) for one, n in counts.items()}

    def genres_liked(self, artist_id: str, users: Iterable[str]) -> dict[str, tuple[int, int]]:
        """Of each genre those who play it beside the artist or like it, and all who play or like it."""
        counts = Counter(genre for user in users for genre in self.genres_of(user, self.own(artist_id)))
        base = Counter(genre for user in self.everybody for genre in self.genres_of(user, set()))
        return {one: (n, base[one]) for one, n in counts.items()}

    def genres_of(self, user: str, but: set[str]) -> set[str]:
        """Genres a user plays, some tracks left out, or likes."""
        played = {genre for track in self.by_user[user] - but for genre in self.tracks[track]["genre_ids"]}
        return played | self.likes[user]

    def languages(self, artist_id: str, users: Iterable[str]) -> Counter[str | None]:
        """Tracks heard in each language, once for each listener."""
        own = self.own(artist_id)
        return Counter(self.tracks[track]["language"] for user in users for track in self.by_user[user] - own)

    def first_days(self, artist_id: str) -> dict[str, date | None]:
        """When each listener first heard the artist."""
        own, found = self.own(artist_id), {}
        for row in self.tables["listens"]:
            if row["track_id"] in own:
                days = [found.get(row["user_id"]), row["listened_at"] and row["listened_at"].date()]
                found[row["user_id"]] = min((day for day in days if day), default=None)
        return found

    def cascades(self, artist_id: str, users: set[str], window: int) -> nx.DiGraph:
        """An edge from each listener to those who came through it; nodes know their day and country."""
        days = {user: day for user, day in self.first_days(artist_id).items() if user in users and day}
        friends: dict[str, set[str]] = defaultdict(set)
        for row in self.tables["friendships"]:
            friends[row["user_id"]].add(row["friend_id"])
            friends[row["friend_id"]].add(row["user_id"])
        found = nx.DiGraph()
        for user, day in days.items():
            found.add_node(user, day=day, country=self.homes[user])
        for user, day in days.items():
            before = [
                (-days[one].toordinal(), key_of(one), one)
                for one in friends[user]
                if one in days and 0 < (day - days[one]).days <= window
            ]
            if before:
                found.add_edge(min(before)[2], user)
        return found
