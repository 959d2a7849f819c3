"""Influencers for an artist: one by one, and chosen together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from muse_graph.answers.common import Reason

__all__ = [
    "ArtistMatch",
    "InfluencerSet",
    "NewReach",
    "PlainSet",
    "SetMember",
    "Shortlisted",
    "ShownCount",
    "SortBy",
]

#: What influencers of an artist are sorted by.
SortBy = Literal["score", "likes", "engagement", "fit", "new_reach"]


@dataclass(frozen=True)
class ShownCount:
    """A number of listeners.

    Attributes:
        count: null for fewer than 10; for artists rounded down to tens, for operators exact
        suppressed: whether it is null because they are fewer than 10, perhaps none
    """

    count: int | None
    suppressed: bool


@dataclass(frozen=True)
class NewReach:
    """Users here who would hear of the artist, and have not heard it yet.

    Attributes:
        count: null for fewer than 10; for artists rounded down to tens, for operators exact
        low, high: it lies between these: of known followers as far as it is rounded; wide for an estimate
        estimated: whether it is an estimate, from the users in the countries of the audience who play a genre
            that the influencer posts in, and not a count of known followers
        suppressed: whether it is null because they are fewer than 10, perhaps none
    """

    count: int | None
    low: int
    high: int
    estimated: bool
    suppressed: bool


@dataclass(frozen=True)
class ArtistMatch:
    """An influencer for an artist.

    Attributes:
        genres: ids of the genres the influencer posts in, among those of the artist's tracks
        engagement: average likes over followers; null where followers are not known
        genre_fit: share of the artist's plays that is of tracks in these genres
        country_fit: share of the audience in a country x share of the artist's plays there, summed
        fit: genre_fit x country_fit
        fitting_likes: average likes x fit
        followers_here: followers who are users here; null where none is known
        already_listening: those of them who have heard the artist; null where none is known
        score: 0..100, compared with the best of those asked for: up to 40 for fitting_likes, 40 for
            new_reach, 20 for engagement; the parts of the reasons add up to it
    """

    rank: int
    influencer_id: str
    handle: str
    country: str | None
    genres: list[str]
    avg_likes: float | None
    followers: int | None
    engagement: float | None
    genre_fit: float
    country_fit: float
    fit: float
    fitting_likes: float
    followers_here: ShownCount | None
    already_listening: ShownCount | None
    new_reach: NewReach
    score: float
    reasons: list[Reason]


@dataclass(frozen=True)
class SetMember:
    """An influencer of a set.

    Attributes:
        cost: null where no cost was given, or followers are not known
        alone: listeners that this one would add alone
        adds: listeners that this one adds beyond those before
    """

    rank: int
    influencer_id: str
    handle: str
    country: str | None
    avg_likes: float | None
    followers: int | None
    cost: float | None
    alone: ShownCount
    adds: ShownCount


@dataclass(frozen=True)
class PlainSet:
    """Those with the most likes on average: as many, out of the same ones, for the same budget."""

    influencer_ids: list[str]
    total: ShownCount
    cost: float | None


@dataclass(frozen=True)
class InfluencerSet:
    """Influencers chosen together, who add the most listeners without counting anybody twice.

    Attributes:
        items: in the order in which they were chosen; fewer than k where no further one adds listeners, for
            artists 10 of them
        total: listeners whom all of them add
        cost: of all of them; null where no cost was given
        plain: what choosing by likes would give
        gain: how many more listeners than that, as a share of it; null where it has none
        not_known: influencers left out because nobody is known to follow them
        not_priced: influencers left out because their followers, and so their cost, are not known
    """

    artist_id: str
    name: str
    k: int
    country: str | None
    genre: str | None
    budget: float | None
    items: list[SetMember]
    total: ShownCount
    cost: float | None
    plain: PlainSet
    gain: float | None
    not_known: int
    not_priced: int


@dataclass(frozen=True)
class Shortlisted:
    """An influencer on the shortlist of an artist, and since when."""

    influencer_id: str
    handle: str
    country: str | None
    avg_likes: float | None
    followers: int | None
    since: str
