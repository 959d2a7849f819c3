"""Songs for a listener: two round trips, one for the surroundings and one to name what was found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from muse_graph.answers import Named, Reason, Recommendation, Recommendations
from muse_graph.core.arrays import positions
from muse_graph.core.explain import Explanation, explain
from muse_graph.core.ranking import top_k
from muse_graph.core.scoring import ScoringOptions, put_under_radar
from muse_graph.core.types import FloatArray, IntArray
from muse_graph.countries import country_name
from muse_graph.errors import InvalidRequest
from muse_graph.graph import Graph
from muse_graph.service.fallback import Found, fallbacks
from muse_graph.service.ledger import discover_genres
from muse_graph.service.neighbourhood import Surroundings, read_surroundings
from muse_graph.service.ranking import DEFAULTS, Ranker
from muse_graph.service.wording import (
    sentence_for_friend,
    sentence_for_genre,
    sentence_for_others,
    sentence_for_source,
)

__all__ = ["MAX_K", "ScoringOptions", "check_k", "discover_genres", "recommend"]

MAX_K = 1000
_MOST_NAMED = 3


class _Track(NamedTuple):
    """A track as the graph describes it.

    artists : id and name of each, in any order
    genres  : rank, id, name and key of each, in any order
    """

    key: int
    track_id: str
    title: str
    under_radar: bool
    artists: list[list[str]]
    genres: list[tuple[int, str, str, int]]


class _Entry(NamedTuple):
    """A track on its way into the list: its place in it is that of its score."""

    track: _Track
    score: float
    reasons: list[Reason]


def recommend(
    graph: Graph,
    user_id: str,
    *,
    k: int = 20,
    new_only: bool = False,
    beyond_friends: bool = False,
    theta: float = 0.2,
    max_friends: int = 200,
    options: ScoringOptions = DEFAULTS,
) -> Recommendations:
    """Rank k tracks the listener does not know, in genres that friends listen to and the 20 % rule offers.

    new_only       : only genres without a stream
    beyond_friends : also unexplored genres that no friend plays
    raises         : UnknownUser; InvalidRequest for k out of range
    """
    check_k(k)
    around = read_surroundings(graph, user_id, max_friends=max_friends, all_genres=beyond_friends)
    ledger = around.ledger(theta, new_only=new_only, beyond_friends=beyond_friends)
    ranker = Ranker(around, ledger, options)
    entries = _by_friends(graph, ranker, k)
    mode = "discovery" if entries else "empty"
    if len(entries) < k:
        for found in fallbacks(graph, ranker):
            added = _by_source(graph, ranker, found, k - len(entries), entries)
            mode = found.kind if mode == "empty" and added else mode
            entries += added
            if len(entries) >= k:
                break
    items = [_item(rank, entry) for rank, entry in enumerate(entries, 1)]
    return Recommendations(user_id, mode, items)


def check_k(k: int) -> None:
    """Raise InvalidRequest unless the cutoff is in range."""
    if not 1 <= k <= MAX_K:
        rule = f"must be 1..{MAX_K}, got {k}"
        raise InvalidRequest(f"cutoff k {rule}", (("k", rule),))


def _by_friends(graph: Graph, ranker: Ranker, k: int) -> list[_Entry]:
    """The k best tracks that friends play."""
    around = ranker.surroundings
    candidates, genre = ranker.candidates(around.profiles, around.profile_genre, ranker.ledger.offered)
    scored = ranker.scorer.score(around.neighbourhood, candidates, ranker.friends)
    weight = ranker.options.radar_weight
    tracks = _best(graph, around, scored.items, scored.scores, k, weight)
    place = np.searchsorted(scored.items, np.array([track.key for track in tracks], np.int64))
    radar = np.array([track.under_radar for track in tracks], np.bool_)
    scored = put_under_radar(scored, place[radar], weight)
    whys = explain(scored, place, around.neighbourhood.interactions, _MOST_NAMED, around.private)
    return [
        _friend_entry(around, track, why, genre)
        for track, why, genre in zip(tracks, whys, genre[place].tolist(), strict=True)
    ]


def _friend_entry(around: Surroundings, track: _Track, why: Explanation, genre: int) -> _Entry:
    reasons = [
        *_friend_reasons(around, why),
        *_taste_reason(why),
        *_genre_reason(around, track, genre, why.genre),
        *_radar_reason(track, why.radar),
    ]
    return _Entry(track, why.score, reasons)


def _friend_reasons(around: Surroundings, why: Explanation) -> list[Reason]:
    reasons = []
    for part in why.friends:
        friend = around.friends[part.friend_index]
        reasons.append(
            Reason(
                "friend",
                sentence_for_friend(friend.name, part.plays, part.heard),
                part.trust,
                user_id=friend.user_id,
                name=friend.name,
                heard=None if np.isnan(part.heard) else round(part.heard, 6),
                plays=part.plays,
            )
        )
    if why.others.n_friends:
        text = sentence_for_others(why.others.n_friends, len(why.friends))
        reasons.append(Reason("friends", text, why.others.trust, n=why.others.n_friends))
    return reasons


def _taste_reason(why: Explanation) -> list[Reason]:
    if why.taste <= 0:
        return []
    return [Reason("taste", "Those who play it share tracks with you", why.taste)]


def _genre_reason(around: Surroundings, track: _Track, genre: int, part: float) -> list[Reason]:
    if genre < 0:
        return []
    key, streams, listeners = around.genres.rows[genre]
    genre_id, name = next((genre_id, name) for _, genre_id, name, other in track.genres if other == key)
    text = sentence_for_genre(name, streams, listeners)
    return [Reason("genre", text, part, n=listeners, genre_id=genre_id)]


def _radar_reason(track: _Track, part: float) -> list[Reason]:
    if not track.under_radar:
        return []
    names = " and ".join(name for _, name in sorted(track.artists))
    return [Reason("radar", f"{names}: under the radar, outside the most played 20 % of artists", part)]


def _by_source(
    graph: Graph, ranker: Ranker, found: Found, missing: int, entries: Sequence[_Entry]
) -> list[_Entry]:
    """The best of a source that the list does not have yet, ranked below what it has."""
    have = np.array([entry.track.key for entry in entries], np.int64)
    new = np.flatnonzero(positions(have, found.items) < 0)
    # A genre that is none of the listener's has position -1, and finds the 0 at the end.
    genre_part = ranker.options.genre_weight * np.append(ranker.genre_appeal, 0.0)[found.genre]
    scores = found.part + genre_part
    tracks = _best(graph, ranker.surroundings, found.items[new], scores[new], missing)
    places = positions(found.items, np.array([track.key for track in tracks], np.int64)).tolist()
    ceiling = entries[-1].score if entries else np.inf
    scale = min(1.0, ceiling / scores[places[0]]) if places and scores[places[0]] > 0 else 1.0
    return [
        _source_entry(ranker.surroundings, track, found, place, scale, float(genre_part[place]))
        for track, place in zip(tracks, places, strict=True)
    ]


def _source_entry(
    around: Surroundings, track: _Track, found: Found, place: int, scale: float, genre_part: float
) -> _Entry:
    count = int(found.count[place])
    where = country_name(around.country) if around.country else None
    source = Reason(
        found.kind, sentence_for_source(found.kind, count, where), scale * float(found.part[place]), n=count
    )
    reasons = [source, *_genre_reason(around, track, int(found.genre[place]), scale * genre_part)]
    return _Entry(track, sum(reason.part for reason in reasons), reasons)


def _best(
    graph: Graph, around: Surroundings, items: IntArray, scores: FloatArray, k: int, radar_weight: float = 0.0
) -> list[_Track]:
    """The k best that the listener does not know, once artists under the radar have risen."""
    # Artists under the radar may rise, and where the profile is cut off some may turn out to be known.
    short = top_k(scores, items, min(k + 20, len(items)))
    if not len(short):
        return []
    scored = [list(pair) for pair in zip(items[short].tolist(), scores[short].tolist(), strict=True)]
    (row,) = graph.read(
        "described_tracks",
        user_id=around.user_id,
        scored=scored,
        radar_weight=radar_weight,
        look_up=not around.knows_all,
        k=k,
    )
    return [_Track(*track) for track in row["tracks"]]


def _item(rank: int, entry: _Entry) -> Recommendation:
    track = entry.track
    return Recommendation(
        rank=rank,
        track_id=track.track_id,
        title=track.title,
        artists=[Named(*artist) for artist in sorted(track.artists)],
        genres=[Named(genre_id, name) for _, genre_id, name, _ in sorted(track.genres)],
        score=entry.score,
        reasons=entry.reasons,
    )
