"""How well influencers fit an artist, and whom they would add: arrays of n influencers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from muse_graph.core.types import BoolArray, FloatArray, IntArray

__all__ = [
    "ASSUMED_RATE",
    "POINTS",
    "Reach",
    "audience_shares",
    "country_fit",
    "estimate_reach",
    "genre_fit",
    "known_reach",
    "potential_followers",
    "score_parts",
]

#: Points out of 100 for the best of each part: likes that fit, listeners added, engagement.
POINTS = (40.0, 40.0, 20.0)
#: Share of the potential followers who follow, where no influencer's followers are known to tell it by.
ASSUMED_RATE = 0.1
#: Fewer influencers with known followers than this say little of how much others may differ from them.
_ENOUGH = 10
_MIDDLE = (0.1, 0.9)


@dataclass(frozen=True, eq=False)
class Reach:
    """Followers who are users here.

    Attributes:
        known: (n,) bool, whether anybody is known to follow; where not, all but `new`, `low`, `high` is 0
        followers: (n,) int64
        listening: (n,) int64, those of them who have heard the artist
        new: (n,) float64, those who have not; estimated where not known
        low, high: (n,) float64, interval of `new`; both equal to it where known
    """

    known: BoolArray
    followers: IntArray
    listening: IntArray
    new: FloatArray
    low: FloatArray
    high: FloatArray


def genre_fit(posts: BoolArray, kinds: BoolArray, plays: IntArray) -> FloatArray:
    """Share of the plays that are of tracks in a genre an influencer posts in.

    Args:
        posts: (n, genres), what each posts in
        kinds: (m, genres), the genres of tracks that have the same ones
        plays: (m,), plays of these tracks

    Returns:
        (n,) in 0..1; all 0 without plays
    """
    fits = (posts.astype(np.int64) @ kinds.T.astype(np.int64)) > 0
    return np.asarray((fits * plays).sum(axis=1) / max(int(plays.sum()), 1), np.float64)


def audience_shares(
    influencer: IntArray, country: IntArray, share: FloatArray, home: FloatArray
) -> FloatArray:
    """Where each audience is.

    What the known shares of an audience leave is split evenly among its countries without one; where no
    country is known, all of it is at home.

    Args:
        influencer, country: (m,) positions of each part of an audience
        share: (m,) in 0..1, NaN unknown
        home: (n, countries), 1 where an influencer is based, else 0

    Returns:
        (n, countries); a row adds up to 1, or to what is known of it
    """
    n = len(home)
    unknown = np.isnan(share)
    told = np.bincount(influencer, np.where(unknown, 0.0, share), n)
    untold = np.bincount(influencer, unknown, n)
    rest = np.where(told > 1, 0.0, 1 - told) / np.maximum(untold, 1)
    shares = np.zeros(home.shape)
    shares[influencer, country] = np.where(unknown, rest[influencer], share)
    given = np.bincount(influencer, minlength=n) > 0
    return np.where(given[:, None], shares, home)


def country_fit(shares: FloatArray, plays: IntArray, all_plays: int) -> FloatArray:
    """Share of an audience in a country x share of the plays there, summed over countries: (n,) in 0..1."""
    return np.asarray(shares @ plays / max(all_plays, 1), np.float64)


def known_reach(influencer: IntArray, follower: IntArray, listeners: IntArray, n: int) -> Reach:
    """Count followers.

    Args:
        influencer, follower: (m,) each pair once: position of the influencer, key of the user
        listeners: (k,) keys of the users who have heard the artist, each once
    """
    followers = np.bincount(influencer, minlength=n)
    hears = np.isin(follower, listeners)
    listening = np.bincount(influencer[hears], minlength=n)
    new = (followers - listening).astype(np.float64)
    return Reach(followers > 0, followers, listening, new, new, new)


def potential_followers(shares: FloatArray, posts: BoolArray, audience: IntArray) -> FloatArray:
    """Users an influencer may have among its followers, who have not heard the artist.

    Of an audience's share in a country: the users there who play that genre which most of them play, of those
    the influencer posts in. Several genres are not added up, for many play more than one.

    Args:
        shares: (n, countries)
        posts: (n, genres)
        audience: (genres, countries), users in a country who play a genre and have not heard the artist
    """
    most = np.zeros(shares.shape)
    for genre, users in enumerate(audience):
        most = np.maximum(most, posts[:, genre, None] * users)
    return np.asarray((shares * most).sum(axis=1), np.float64)


def estimate_reach(reach: Reach, potential: FloatArray) -> Reach:
    """Fill in what is not known: potential followers x the rate at which known ones follow others.

    The rate is that of all influencers with known followers taken together; the interval is from the rate of
    the lowest tenth of them to that of the highest, or from none to all where there are fewer than ten.
    """
    counted = reach.known & (potential > 0)
    rates = reach.new[counted] / potential[counted]
    rate = reach.new[counted].sum() / potential[counted].sum() if counted.any() else ASSUMED_RATE
    low, high = np.quantile(rates, _MIDDLE) if len(rates) >= _ENOUGH else (0.0, 1.0)
    new, least, most = (
        np.where(reach.known, reach.new, potential * one) for one in (rate, min(low, rate), max(high, rate))
    )
    return Reach(reach.known, reach.followers, reach.listening, new, least, most)


def score_parts(fitting_likes: FloatArray, new: FloatArray, engagement: FloatArray) -> FloatArray:
    """(n, 3) parts of scores out of 100: each value as a share of the best one's, times its `POINTS`.

    Args:
        fitting_likes, new, engagement: (n,) at least 0, NaN where unknown, which counts as 0
    """
    values = np.nan_to_num(np.column_stack((fitting_likes, new, engagement)))
    best = values.max(axis=0, initial=0.0)
    return np.asarray(values / np.where(best > 0, best, 1.0) * POINTS, np.float64)
