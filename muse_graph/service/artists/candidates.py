"""Influencers who post in an artist's genres, as arrays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from muse_graph.core.arrays import joined
from muse_graph.core.artists import influencers as core
from muse_graph.core.types import BoolArray, FloatArray, IntArray
from muse_graph.errors import UnknownArtist, UnknownGenre
from muse_graph.graph.connection import Graph, Row
from muse_graph.graph.query_records import ArtistInfluencersInfluencer
from muse_graph.service import field_rules
from muse_graph.service.artists.shown_counts import LEAST

__all__ = ["Candidates", "read_candidates"]


@dataclass(frozen=True)
class Candidates:
    """The n influencers of an artist, in the order of their ids, and who listens to the artist.

    Attributes:
        country, genre_id: only influencers based there, or who post in it
        row: what `artist_influencers` has found
        listeners: (m,) int64 ascending, keys of the users who have heard the artist
        home: (m,) int64, positions in `countries` of where each lives, -1 for elsewhere or unknown
        genres, countries: ids, in their order; the artist's genres, all countries that anything is in
        exact: whether what few listeners are behind counts, too
    """

    artist_id: str
    country: str | None
    genre_id: str | None
    row: Row
    listeners: IntArray
    home: IntArray
    genres: list[str]
    countries: list[str]
    exact: bool

    @property
    def name(self) -> str:
        """The artist's name."""
        return str(self.row["name"])

    @property
    def rows(self) -> Sequence[ArtistInfluencersInfluencer]:
        """The influencers."""
        found: Sequence[ArtistInfluencersInfluencer] = self.row["influencers"]
        return found

    @cached_property
    def likes(self) -> FloatArray:
        """(n,) likes on average, NaN unknown."""
        return np.array([np.nan if one.avg_likes is None else one.avg_likes for one in self.rows], np.float64)

    @cached_property
    def followers(self) -> FloatArray:
        """(n,) followers anywhere, NaN unknown."""
        return np.array([np.nan if one.followers is None else one.followers for one in self.rows], np.float64)

    @property
    def engagement(self) -> FloatArray:
        """(n,) likes over followers; NaN where either is unknown, or nobody follows."""
        return self.likes / np.where(self.followers > 0, self.followers, np.nan)

    @cached_property
    def posts(self) -> BoolArray:
        """(n, genres) what each posts in."""
        return _marks([one.genre_ids for one in self.rows], self.genres)

    @cached_property
    def country_at(self) -> dict[str, int]:
        """The position of each country."""
        return {code: place for place, code in enumerate(self.countries)}

    @cached_property
    def shares(self) -> FloatArray:
        """(n, countries) where each audience is."""
        parts = [(place, *part) for place, one in enumerate(self.rows) for part in one.audience]
        homes = _marks([[one.country] if one.country else [] for one in self.rows], self.countries)
        return core.audience_shares(
            np.array([place for place, _, _ in parts], np.int64),
            np.array([self.country_at[code] for _, code, _ in parts], np.int64),
            np.array([np.nan if share is None else share for _, _, share in parts], np.float64),
            homes.astype(np.float64),
        )

    @cached_property
    def genre_fit(self) -> FloatArray:
        """(n,) share of the artist's plays in genres each posts in."""
        kinds = self.row["kinds"]
        plays = np.array([kind.plays for kind in kinds], np.int64)
        return core.genre_fit(self.posts, _marks([kind.genre_ids for kind in kinds], self.genres), plays)

    @cached_property
    def country_fit(self) -> FloatArray:
        """(n,) overlap of each audience with where the artist is played.

        Unless exact, without countries where fewer than 10 listeners live: who knows an audience to be in one
        country could tell the plays there.
        """
        plays = np.zeros(len(self.countries), np.int64)
        for code, n in self.row["places"]:
            plays[self.country_at[code]] = n
        if not self.exact:
            plays[self.listeners_in(np.ones(len(self.home), np.bool_)) < LEAST] = 0
        return core.country_fit(self.shares, plays, sum(kind.plays for kind in self.row["kinds"]))

    @cached_property
    def pairs(self) -> tuple[IntArray, IntArray]:
        """(m,) position of an influencer and (m,) key of a follower, each pair once."""
        sizes = np.array([len(one.keys) for one in self.rows], np.int64)
        keys = joined(one.keys for one in self.rows)
        return np.repeat(np.arange(len(sizes)), sizes), keys

    def listeners_in(self, some: BoolArray) -> IntArray:
        """(countries,) how many of some of the listeners live in each. some : (m,)"""
        home = self.home[some & (self.home >= 0)]
        return np.bincount(home, minlength=len(self.countries))

    @cached_property
    def reach(self) -> core.Reach:
        """Known followers."""
        return core.known_reach(*self.pairs, self.listeners, len(self.rows))


def read_candidates(
    graph: Graph, artist_id: str, country: str | None, genre_id: str | None, *, exact: bool
) -> Candidates:
    """Read influencers and listeners of an artist, in two round trips.

    Raises:
        UnknownArtist: If no artist has that id.
        UnknownGenre: If no genre has that id.
        InvalidRequest: For a country.
    """
    country = None if country is None else field_rules.check("country", country)
    rows = graph.read("artist_influencers", artist_id=artist_id, country=country, genre_id=genre_id)
    if not rows:
        raise UnknownArtist(artist_id)
    row = rows[0]
    if genre_id is not None and not row["genre_known"]:
        raise UnknownGenre(genre_id)
    genres = sorted({genre for kind in row["kinds"] for genre in kind.genre_ids})
    countries = _countries(row)
    listeners, home = _listeners(graph, artist_id, countries)
    return Candidates(artist_id, country, genre_id, row, listeners, home, genres, countries, exact)


def _listeners(graph: Graph, artist_id: str, countries: Sequence[str]) -> tuple[IntArray, IntArray]:
    """Who has heard the artist, and where each of them lives."""
    rows = graph.read("artist_listeners", artist_id=artist_id)
    place = {code: position for position, code in enumerate(countries)}
    keys = joined(row["keys"] for row in rows)
    home = np.repeat(
        np.array([place.get(row["country"], -1) for row in rows], np.int64),
        [len(row["keys"]) for row in rows],
    )
    order = np.argsort(keys)
    return keys[order], home[order]


def _countries(row: Row) -> list[str]:
    """Codes of all countries an audience, an influencer or a play is in."""
    codes = {place.country for place in row["places"]}
    for one in row["influencers"]:
        codes |= {part.country for part in one.audience}
        codes |= {one.country} - {None}
    return sorted(codes)


def _marks(rows: Iterable[Iterable[str]], columns: Sequence[str]) -> BoolArray:
    """(rows, columns) whether a row names a column."""
    place = {name: position for position, name in enumerate(columns)}
    named = [[place[name] for name in row] for row in rows]
    marks = np.zeros((len(named), len(columns)), np.bool_)
    for row, positions in enumerate(named):
        marks[row, positions] = True
    return marks
