"""Influencers who post in an artist's genres, as arrays."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np

from muse_graph.core.arrays import joined
from muse_graph.core.artists import influencers as core
from muse_graph.core.types import BoolArray, FloatArray, IntArray
from muse_graph.errors import UnknownArtist, UnknownGenre
from muse_graph.graph.connection import Graph, Row
from muse_graph.graph.query_records import ArtistInfluencersInfluencer
from muse_graph.service import field_rules
from muse_graph.service.artists.everybody import Everybody

__all__ = ["Candidates", "read_candidates"]


@dataclass(frozen=True)
class Candidates:
    """The n influencers of an artist, in the order of their ids, and who listens to the artist.

    Attributes:
        country, genre_id: only influencers based there, or who post in it
        row: what `artist_influencers` has found
        listeners: (m,) int64 ascending, keys of the users who have heard the artist
        genres, countries: ids, in their order; the artist's genres, all countries that anything is in
        shown_in: the countries whose plays are shown; None for all
        exact: whether what few listeners are behind counts, too
    """

    artist_id: str
    country: str | None
    genre_id: str | None
    row: Row
    listeners: IntArray
    genres: list[str]
    countries: list[str]
    shown_in: Callable[[], frozenset[str] | None]
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

        Only of countries whose plays are shown: who knows an audience to be in one country could tell them.
        """
        plays, shown = np.zeros(len(self.countries), np.int64), self.shown_in()
        for code, n in self.row["places"]:
            if shown is None or code in shown:
                plays[self.country_at[code]] = n
        return core.country_fit(self.shares, plays, sum(kind.plays for kind in self.row["kinds"]))

    @cached_property
    def pairs(self) -> tuple[IntArray, IntArray]:
        """(m,) position of an influencer and (m,) key of a follower, each pair once."""
        sizes = np.array([len(one.keys) for one in self.rows], np.int64)
        keys = joined(one.keys for one in self.rows)
        return np.repeat(np.arange(len(sizes)), sizes), keys

    @cached_property
    def reach(self) -> core.Reach:
        """Known followers."""
        return core.known_reach(*self.pairs, self.listeners, len(self.rows))


def read_candidates(
    graph: Graph,
    artist_id: str,
    everybody: Everybody,
    country: str | None,
    genre_id: str | None,
    *,
    exact: bool,
) -> Candidates:
    """Read influencers and listeners of an artist, in two round trips; for the country fit one more.

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
    (heard,) = graph.read("artist_listeners", artist_id=artist_id)
    listeners = np.sort(np.array(heard["keys"], np.int64))
    shown_in = partial(_shown_in, graph, artist_id, everybody, exact)
    return Candidates(artist_id, country, genre_id, row, listeners, genres, _countries(row), shown_in, exact)


def _shown_in(graph: Graph, artist_id: str, everybody: Everybody, exact: bool) -> frozenset[str] | None:
    return None if exact else everybody.shown_in(graph, artist_id)


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
