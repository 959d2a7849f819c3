"""Influencers for a country and a genre, and for an artist: matched and ranked by the graph."""

from __future__ import annotations

from typing import get_args

import numpy as np

from muse_graph.answers import ArtistMatch, InfluencerSet, Match, NewReach, Reason, SortBy
from muse_graph.core.arrays import find
from muse_graph.core.artists.influencers import Reach, estimate_reach, potential_followers, score_parts
from muse_graph.core.types import FloatArray, IntArray
from muse_graph.countries import country_name
from muse_graph.errors import UnknownGenre, invalid
from muse_graph.graph.connection import Graph
from muse_graph.graph.query_records import CountryInfluencersInfluencer
from muse_graph.service import field_rules
from muse_graph.service.artists.candidates import Candidates, read_candidates
from muse_graph.service.artists.everybody import Everybody, GenreUsers
from muse_graph.service.artists.influencer_sets import Price, best_together, check_together
from muse_graph.service.artists.shown_counts import LEAST, shown_count, shown_reach, visible
from muse_graph.service.recommendations.options import check_k

__all__ = ["artist_influencers", "match_influencers", "matches_and_set"]


def match_influencers(graph: Graph, *, country: str, genre_id: str, k: int = 20) -> list[Match]:
    """The k influencers based in a country and posting in a genre with the most likes on average.

    The score is the average likes, 0 where they are not known; ties go by id.

    Raises:
        UnknownGenre: If no genre has that id.
        InvalidRequest: For a country or k out of range.
    """
    check_k(k)
    country = field_rules.check("country", country)
    rows = graph.read("country_influencers", country=country, genre_id=genre_id, limit=k)
    if not rows:
        raise UnknownGenre(genre_id)
    text = f"posts in {rows[0]['name']} from {country_name(country)}"
    found: list[CountryInfluencersInfluencer] = rows[0]["influencers"]
    return [
        _match(
            rank,
            one,
            country,
            [genre_id],
            [Reason("genre", f"{text}{_likes(one.avg_likes)}", one.score, genre_id=genre_id)],
        )
        for rank, one in enumerate(found, 1)
    ]


def artist_influencers(
    graph: Graph,
    artist_id: str,
    everybody: Everybody,
    *,
    country: str | None = None,
    genre_id: str | None = None,
    k: int = 20,
    sort: SortBy = "score",
    exact: bool = False,
) -> list[ArtistMatch]:
    """The k influencers who post in an artist's genres that are best by what is asked for.

    Two round trips; one more for each genre of the artist, where somebody's followers are not known, and one
    unless exact: these are kept. Only influencers with a score above 0; what is unknown comes last, and ties
    go by id.

    - genre fit: share of the artist's plays that is of tracks in genres the influencer posts in, 0..1
    - country fit: share of the influencer's audience in a country x share of the artist's plays there, summed
      over countries. Where an audience comes without shares, what the known shares leave is split evenly;
      where none is known, all of it is in the country the influencer is based in. Unless exact, without
      countries whose plays `muse_graph.service.artists.analytics` does not show
    - new reach: followers who are users here and have not heard the artist. Where nobody is known to follow,
      an estimate: `muse_graph.core.artists.influencers.estimate_reach`
    - score: 40 points for likes x genre fit x country fit, 40 for new reach, 20 for engagement, each compared
      with the best of the influencers asked for

    Args:
        everybody: whom estimates are made from: users by genre and country, at most ten minutes old
        country, genre_id: only influencers based there, or who post in it
        exact: for operators; else counts are in tens, none below ten, and so is what is computed from them

    Raises:
        UnknownArtist: If no artist has that id.
        UnknownGenre: If no genre has that id.
        InvalidRequest: For a country, an order or k out of range.
    """
    _check(k, sort)
    found = read_candidates(graph, artist_id, everybody, country, genre_id, exact=exact)
    return _ranked(found, _reach(graph, found, everybody), sort, k)


def matches_and_set(
    graph: Graph,
    artist_id: str,
    everybody: Everybody,
    *,
    country: str | None = None,
    genre_id: str | None = None,
    k: int = 20,
    sort: SortBy = "score",
    together: int = 5,
    price: Price | None = None,
    exact: bool = False,
) -> tuple[list[ArtistMatch], InfluencerSet]:
    """As `artist_influencers` and `influencers_together`, of candidates that are read once.

    Args:
        together: most influencers of the set
    """
    _check(k, sort)
    check_together(together)
    found = read_candidates(graph, artist_id, everybody, country, genre_id, exact=exact)
    return _ranked(found, _reach(graph, found, everybody), sort, k), best_together(found, together, price)


def _check(k: int, sort: SortBy) -> None:
    check_k(k)
    if sort not in get_args(SortBy):
        raise invalid("sort", f"must be one of {', '.join(get_args(SortBy))}", sort)


def _reach(graph: Graph, found: Candidates, everybody: Everybody) -> Reach:
    """Known followers, and an estimate for influencers whom nobody is known to follow."""
    if found.reach.known.all():
        return found.reach
    rows = [_not_yet(found, everybody.playing(graph, genre_id)) for genre_id in found.genres]
    audience = np.array(rows, np.int64).reshape(len(found.genres), len(found.countries))
    return estimate_reach(found.reach, potential_followers(found.shares, found.posts, audience))


def _not_yet(found: Candidates, genre: GenreUsers) -> IntArray:
    """(countries,) users who play a genre and have not heard the artist."""
    at = find(genre.keys, found.listeners)
    heard = np.bincount(genre.home[at[at >= 0]], minlength=len(genre.countries))
    users = np.bincount(genre.home, minlength=len(genre.countries)) - heard
    counts = dict(zip(genre.countries, users.tolist(), strict=True))
    return np.array([counts.get(code, 0) for code in found.countries], np.int64)


def _ranked(found: Candidates, reach: Reach, sort: SortBy, k: int) -> list[ArtistMatch]:
    shown = [
        shown_reach(new, low, high, known=known, exact=found.exact)
        for new, low, high, known in zip(
            reach.new.tolist(), reach.low.tolist(), reach.high.tolist(), reach.known.tolist(), strict=True
        )
    ]
    new = np.array([visible(one) for one in shown], np.float64)
    fit = found.genre_fit * found.country_fit
    parts = score_parts(found.likes * fit, new, found.engagement)
    score = parts.sum(axis=1)
    keys = {
        "score": score,
        "likes": found.likes,
        "engagement": found.engagement,
        "fit": fit,
        "new_reach": new,
    }
    # They come in the order of their ids, which a stable sort keeps among equals; NaN is last.
    order = [place for place in np.argsort(-keys[sort], kind="stable").tolist() if score[place] > 0][:k]
    return [
        _artist_match(found, reach, rank, place, shown[place], parts[place])
        for rank, place in enumerate(order, 1)
    ]


def _artist_match(
    found: Candidates, reach: Reach, rank: int, place: int, shown: NewReach, parts: FloatArray
) -> ArtistMatch:
    one = found.rows[place]
    genre_fit, country_fit = float(found.genre_fit[place]), float(found.country_fit[place])
    fit = genre_fit * country_fit
    known = bool(reach.known[place])
    engagement = float(found.engagement[place])
    reasons = _reasons(found, place, shown, parts)
    return ArtistMatch(
        rank=rank,
        influencer_id=one.influencer_id,
        handle=one.handle,
        country=one.country,
        genres=one.genre_ids,
        avg_likes=one.avg_likes,
        followers=one.followers,
        engagement=None if np.isnan(engagement) else engagement,
        genre_fit=genre_fit,
        country_fit=country_fit,
        fit=fit,
        fitting_likes=(one.avg_likes or 0.0) * fit,
        followers_here=shown_count(int(reach.followers[place]), exact=found.exact) if known else None,
        already_listening=shown_count(int(reach.listening[place]), exact=found.exact) if known else None,
        new_reach=shown,
        score=sum(reason.part for reason in reasons),
        reasons=reasons,
    )


def _reasons(found: Candidates, place: int, shown: NewReach, parts: FloatArray) -> list[Reason]:
    """The score in four parts: that of the likes is split in proportion to the two fits."""
    likes, reach, engagement = parts.tolist()
    genre_fit, country_fit = float(found.genre_fit[place]), float(found.country_fit[place])
    genre_part = likes * genre_fit / (genre_fit + country_fit) if likes else 0.0
    genres, places = _percent(genre_fit), _percent(country_fit)
    genre_text = f"posts in genres that {genres} of the plays of {found.name} are in"
    country_text = f"{places} overlap of the audience with the countries where {found.name} is played"
    return [
        Reason("genre", genre_text, genre_part),
        Reason("country", country_text, likes - genre_part),
        Reason("new-reach", _reach_text(shown, found.name), reach, n=shown.count),
        Reason("engagement", _engagement_text(float(found.engagement[place])), engagement),
    ]


def _reach_text(shown: NewReach, artist: str) -> str:
    count = f"fewer than {LEAST}" if shown.count is None else f"{shown.count:,}"
    if shown.estimated:
        return f"about {count} of the followers, by estimate, are listeners here who have not heard {artist}"
    return f"{count} of the followers are listeners here who have not heard {artist}"


def _engagement_text(engagement: float) -> str:
    if np.isnan(engagement):
        return "how many of the followers like a post is not known"
    return f"{_percent(engagement)} of the followers like a post on average"


def _match(
    rank: int, found: CountryInfluencersInfluencer, country: str, genre_ids: list[str], reasons: list[Reason]
) -> Match:
    return Match(
        rank=rank,
        influencer_id=found.influencer_id,
        handle=found.handle,
        country=country,
        genres=genre_ids,
        avg_likes=found.avg_likes,
        followers=found.followers,
        score=found.score,
        reasons=reasons,
    )


def _likes(likes: float | None) -> str:
    return "" if likes is None else f"; {likes:,.0f} likes on average"


def _percent(share: float) -> str:
    return "less than 1 %" if 0 < share < 0.01 else f"{round(100 * share)} %"
