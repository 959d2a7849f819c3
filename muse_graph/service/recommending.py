"""Songs for a listener: two round trips, one for the surroundings and one to name what was found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from muse_graph.answers import Named, Reason, Recommendation, Recommendations
from muse_graph.core.explain import Explanation, explain
from muse_graph.core.ranking import top_k
from muse_graph.core.scoring import ScoringOptions
from muse_graph.core.types import Candidates, IntArray, Scored
from muse_graph.countries import country_name
from muse_graph.errors import InvalidRequest
from muse_graph.graph import Graph, Row
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


@dataclass(frozen=True)
class _Entry:
    """A track on its way into the list: its place in it is that of its score."""

    key: int
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
    names: dict[int, Row] = {}
    entries = _by_friends(graph, ranker, k, names)
    mode = "discovery" if entries else "empty"
    if len(entries) < k:
        for found in fallbacks(graph, ranker):
            added = _by_source(graph, ranker, found, k - len(entries), entries, names)
            mode = found.kind if mode == "empty" and added else mode
            entries += added
            if len(entries) >= k:
                break
    items = [_item(rank, entry, names[entry.key]) for rank, entry in enumerate(entries, 1)]
    return Recommendations(user_id, mode, items)


def check_k(k: int) -> None:
    """Raise InvalidRequest unless the cutoff is in range."""
    if not 1 <= k <= MAX_K:
        rule = f"must be 1..{MAX_K}, got {k}"
        raise InvalidRequest(f"cutoff k {rule}", (("k", rule),))


def _by_friends(graph: Graph, ranker: Ranker, k: int, names: dict[int, Row]) -> list[_Entry]:
    """The k best tracks that friends play."""
    around = ranker.surroundings
    candidates, genre = ranker.candidates(around.profiles, ranker.ledger.offered)
    scored = ranker.scorer.score(around.neighbourhood, candidates, ranker.friends)
    # Some of the best may turn out to be known, and artists under the radar may rise: look at more.
    short = top_k(scored.scores, scored.items, min(2 * k + 20, len(candidates)))
    described = _describe(graph, around.user_id, scored.items[short], names)
    short = short[np.array([_unknown(described, key) for key in scored.items[short].tolist()], np.bool_)]
    radar = np.array([described[key]["under_radar"] for key in scored.items[short].tolist()], np.bool_)
    final = ranker.scorer.score(
        around.neighbourhood,
        Candidates(candidates.items[short], candidates.genre[short], radar),
        ranker.friends,
    )
    best = top_k(final.scores, final.items, min(k, len(short)))
    return [_friend_entry(ranker, final, place, int(genre[short[place]]), names) for place in best.tolist()]


def _friend_entry(ranker: Ranker, scored: Scored, place: int, genre: int, names: dict[int, Row]) -> _Entry:
    around = ranker.surroundings
    may_name = np.array([not friend.private for friend in around.friends], np.bool_)
    why = explain(scored, place, around.neighbourhood.interactions, _MOST_NAMED, may_name)
    reasons = [*_friend_reasons(around, why), *_taste_reason(why)]
    reasons += _genre_reason(around, genre, why.genre) + _radar_reason(names[why.item], why.radar)
    return _Entry(why.item, why.score, reasons)


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


def _genre_reason(around: Surroundings, genre: int, part: float) -> list[Reason]:
    if genre < 0:
        return []
    genres = around.genres
    text = sentence_for_genre(genres.names[genre], int(genres.streams[genre]), int(genres.listeners[genre]))
    return [Reason("genre", text, part, n=int(genres.listeners[genre]), genre_id=genres.ids[genre])]


def _radar_reason(described: Row, part: float) -> list[Reason]:
    if not described["under_radar"]:
        return []
    names = " and ".join(name for _, name in described["artists"])
    return [Reason("radar", f"{names}: under the radar, outside the most played 20 % of artists", part)]


def _by_source(
    graph: Graph, ranker: Ranker, found: Found, missing: int, entries: Sequence[_Entry], names: dict[int, Row]
) -> list[_Entry]:
    """The best of a source that the list does not have yet, ranked below what it has."""
    new = ~np.isin(found.items, [entry.key for entry in entries])
    # A genre that is none of the listener's has position -1, and finds the 0 at the end.
    genre_part = ranker.options.genre_weight * np.append(ranker.genre_probability, 0.0)[found.genre]
    scores = np.where(new, found.part + genre_part, -1.0)
    short = top_k(scores, found.items, min(2 * missing + 20, int(new.sum())))
    described = _describe(graph, ranker.surroundings.user_id, found.items[short], names)
    best = [place for place in short.tolist() if _unknown(described, int(found.items[place]))][:missing]
    ceiling = entries[-1].score if entries else np.inf
    scale = min(1.0, ceiling / scores[best[0]]) if best and scores[best[0]] > 0 else 1.0
    return [
        _source_entry(ranker.surroundings, found, place, scale, float(genre_part[place])) for place in best
    ]


def _source_entry(around: Surroundings, found: Found, place: int, scale: float, genre_part: float) -> _Entry:
    count = int(found.count[place])
    where = country_name(around.country) if around.country else None
    source = Reason(
        found.kind, sentence_for_source(found.kind, count, where), scale * float(found.part[place]), n=count
    )
    reasons = [source, *_genre_reason(around, int(found.genre[place]), scale * genre_part)]
    return _Entry(int(found.items[place]), sum(reason.part for reason in reasons), reasons)


def _describe(graph: Graph, user_id: str, keys: IntArray, names: dict[int, Row]) -> dict[int, Row]:
    """Name tracks; what was named before is not asked for again."""
    asked = [key for key in keys.tolist() if key not in names]
    if asked:
        names |= {row["key"]: row for row in graph.read("described_tracks", user_id=user_id, keys=asked)}
    return names


def _unknown(described: dict[int, Row], key: int) -> bool:
    return key in described and not described[key]["known"]


def _item(rank: int, entry: _Entry, described: Row) -> Recommendation:
    return Recommendation(
        rank=rank,
        track_id=described["track_id"],
        title=described["title"],
        artists=[Named(*artist) for artist in described["artists"]],
        genres=[Named(*genre) for genre in described["genres"]],
        score=entry.score,
        reasons=entry.reasons,
    )
