"""Influencers for a country and a genre, and for an artist: matched and ranked by the graph."""

from __future__ import annotations

from muse_graph.answers import Match, Reason
from muse_graph.countries import country_name
from muse_graph.errors import UnknownArtist, UnknownGenre
from muse_graph.graph.connection import Graph
from muse_graph.graph.query_records import ArtistInfluencersInfluencer, CountryInfluencersInfluencer
from muse_graph.service import field_rules
from muse_graph.service.recommendations.options import check_k

__all__ = ["artist_influencers", "match_influencers"]


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
    graph: Graph, artist_id: str, *, country: str | None = None, genre_id: str | None = None, k: int = 20
) -> list[Match]:
    """The k influencers who fit an artist's genres and listeners best.

    score = average likes x genre fit x country fit, and only scores above 0 are answered; ties go by id.

    - genre fit: share of the artist's plays that is of tracks in genres the influencer posts in, 0..1
    - country fit: share of the influencer's audience in a country x share of the artist's plays there, summed
      over countries. Where an audience comes without shares, what the known shares leave is split evenly;
      where none is known, all of it is in the country the influencer is based in

    The reasons "genre" and "country" split the score in proportion to the two fits.

    Args:
        country, genre_id: only influencers based there, or who post in it

    Raises:
        UnknownArtist: If no artist has that id.
        UnknownGenre: If no genre has that id.
        InvalidRequest: For a country or k out of range.
    """
    check_k(k)
    country = None if country is None else field_rules.check("country", country)
    rows = graph.read("artist_influencers", artist_id=artist_id, country=country, genre_id=genre_id, limit=k)
    if not rows:
        raise UnknownArtist(artist_id)
    if genre_id is not None and not rows[0]["genre_known"]:
        raise UnknownGenre(genre_id)
    found: list[ArtistInfluencersInfluencer] = rows[0]["influencers"]
    return [
        _match(rank, one, one.country, one.genre_ids, _fits(one, rows[0]["name"]))
        for rank, one in enumerate(found, 1)
    ]


def _match(
    rank: int,
    found: ArtistInfluencersInfluencer | CountryInfluencersInfluencer,
    country: str | None,
    genre_ids: list[str],
    reasons: list[Reason],
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


def _fits(found: ArtistInfluencersInfluencer, artist: str) -> list[Reason]:
    """The score in two parts, in proportion to the two fits."""
    genre_part = found.score * found.genre_fit / (found.genre_fit + found.country_fit)
    genres, places = _percent(found.genre_fit), _percent(found.country_fit)
    genre_text = f"posts in genres that {genres} of the plays of {artist} are in"
    country_text = f"{places} overlap of the audience with the countries where {artist} is played"
    return [
        Reason("genre", genre_text, genre_part),
        Reason("country", country_text, found.score - genre_part),
    ]


def _likes(likes: float | None) -> str:
    return "" if likes is None else f"; {likes:,.0f} likes on average"


def _percent(share: float) -> str:
    return "less than 1 %" if 0 < share < 0.01 else f"{round(100 * share)} %"
