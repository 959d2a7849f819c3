"""Influencers the slow way: rows of the tables, loops over them, and sets of users."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

__all__ = ["ReferenceInfluencers"]

Row = dict[str, Any]


@dataclass
class Found:
    """What is to be answered about one influencer, exactly."""

    influencer_id: str
    likes: float
    engagement: float | None
    genre_fit: float
    country_fit: float
    followers_here: set[str]
    listening: set[str]
    potential: float
    new: float = 0.0
    low: float = 0.0
    high: float = 0.0
    score: float = 0.0

    @property
    def fit(self) -> float:
        return self.genre_fit * self.country_fit


class ReferenceInfluencers:
    """Answers as `service.artists.influencers` does, from tables as their loader gave them."""

    def __init__(self, tables: dict[str, list[Row]]) -> None:
        self.tables = tables
        self.tracks = {row["track_id"]: row for row in tables["tracks"]}
        self.homes = {row["user_id"]: row["country"] for row in tables["users"]}
        self.plays_genre: dict[str, set[str]] = {}
        for row in tables["likes"]:
            self.plays_genre.setdefault(row["user_id"], set()).add(row["genre_id"])
        for row in tables["listens"]:
            genres = self.tracks[row["track_id"]]["genre_ids"] or []
            self.plays_genre.setdefault(row["user_id"], set()).update(genres)

    def listeners(self, artist_id: str) -> set[str]:
        return {row["user_id"] for row in self._listens(artist_id)}

    def followers(self, influencer_id: str) -> set[str]:
        return {row["user_id"] for row in self.tables["follows"] if row["influencer_id"] == influencer_id}

    def matches(
        self,
        artist_id: str,
        country: str | None = None,
        genre_id: str | None = None,
        *,
        shown_in: Collection[str] | None = None,
    ) -> list[Found]:
        """All influencers who post in the artist's genres, in the order of their ids, with exact counts.

        shown_in : countries that count for the fit, None for all
        """
        found = [
            self._found(artist_id, row, shown_in)
            for row in sorted(self.tables["influencers"], key=lambda row: row["influencer_id"])
            if self._is_asked_for(artist_id, row, country, genre_id)
        ]
        self._estimate(found)
        score(found, [round(one.new) for one in found])
        return found

    def best_set(self, candidates: list[str], artist_id: str, k: int) -> int:
        """The most listeners that any k of the influencers add together, by trying all."""
        hears = self.listeners(artist_id)
        added = [self.followers(one) - hears for one in candidates]
        return max(
            (len(set().union(*chosen)) for chosen in combinations(added, min(k, len(added)))), default=0
        )

    def _listens(self, artist_id: str) -> list[Row]:
        return [
            row for row in self.tables["listens"] if artist_id in self.tracks[row["track_id"]]["artist_ids"]
        ]

    def _is_asked_for(self, artist_id: str, row: Row, country: str | None, genre_id: str | None) -> bool:
        return bool(
            self._genres(artist_id) & set(row["genre_ids"])
            and country in (None, row["country"])
            and (genre_id is None or genre_id in row["genre_ids"])
        )

    def _genres(self, artist_id: str) -> set[str]:
        tracks = [row for row in self.tracks.values() if artist_id in row["artist_ids"]]
        return {genre for row in tracks for genre in row["genre_ids"] or []}

    def _found(self, artist_id: str, row: Row, shown_in: Collection[str] | None) -> Found:
        listens, hears = self._listens(artist_id), self.listeners(artist_id)
        plays = sum(one["plays"] for one in listens)
        posts, shares = set(row["genre_ids"]), audience(row)
        fitting = reached = 0.0
        for one in listens:
            where = one["country"] or self.homes[one["user_id"]] or "ZZ"
            fitting += one["plays"] * bool(posts & set(self.tracks[one["track_id"]]["genre_ids"] or []))
            if shown_in is None or where in shown_in:
                reached += one["plays"] * shares.get(where, 0.0)
        followers, likes = self.followers(row["influencer_id"]), row["avg_likes"] or 0.0
        return Found(
            row["influencer_id"],
            likes,
            likes / row["followers"] if row["followers"] and row["avg_likes"] is not None else None,
            fitting / plays if plays else 0.0,
            reached / plays if plays else 0.0,
            followers,
            followers & hears,
            self._potential(shares, posts & self._genres(artist_id), hears),
        )

    def _potential(self, shares: dict[str, float], genres: set[str], hears: set[str]) -> float:
        total = 0.0
        for country, share in shares.items():
            there = [user for user, home in self.homes.items() if home == country and user not in hears]
            total += share * max(
                sum(genre in self.plays_genre.get(user, ()) for user in there) for genre in genres
            )
        return total

    def _estimate(self, found: list[Found]) -> None:
        known = [one for one in found if one.followers_here]
        for one in known:
            one.new = one.low = one.high = float(len(one.followers_here - one.listening))
        told = [one for one in known if one.potential]
        rate = sum(one.new for one in told) / sum(one.potential for one in told) if told else 0.1
        low, high = 0.0, 1.0
        if len(told) >= 10:
            low, high = np.quantile([one.new / one.potential for one in told], [0.1, 0.9]).tolist()
        for one in found:
            if not one.followers_here:
                one.new, one.low = rate * one.potential, min(low, rate) * one.potential
                one.high = max(high, rate) * one.potential


def score(found: list[Found], new: list[float]) -> None:
    """Scores, with these counts of new listeners."""
    columns = [
        (40, [one.likes * one.fit for one in found]),
        (40, new),
        (20, [one.engagement or 0.0 for one in found]),
    ]
    for place, one in enumerate(found):
        one.score = sum(points * values[place] / max(values) for points, values in columns if max(values) > 0)


def audience(row: Row) -> dict[str, float]:
    """Country -> share; the rest evenly on those without one; else all at home."""
    told: dict[str, float | None] = {}
    for entry in row["audience"] or []:
        code, _, share = entry.partition(":")
        told[code] = float(share) if share else None
    if not told:
        return {row["country"]: 1.0}
    rest = max(0.0, 1 - sum(share for share in told.values() if share is not None))
    bare = sum(share is None for share in told.values())
    return {code: rest / bare if share is None else share for code, share in told.items()}
