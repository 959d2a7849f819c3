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
from muse_graph.service.cards import Card, Cards
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


class _Entry(NamedTuple):
    """A track on its way into the list: its place in it is that of its score."""

    card: Card
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
    cards: Cards | None = None,
) -> Recommendations:
    """Rank k tracks the listener does not know, in genres that friends listen to and the 20 % rule offers.

    cards          : what is known of tracks already; None for nothing
    new_only       : only genres without a stream
    beyond_friends : also unexplored genres that no friend plays
    raises         : UnknownUser; InvalidRequest for k out of range
    """
    check_k(k)
    cards = Cards() if cards is None else cards
    around = read_surroundings(graph, user_id, max_friends=max_friends, all_genres=beyond_friends)
    ledger = around.ledger(theta, new_only=new_only, beyond_friends=beyond_friends)
    ranker = Ranker(around, ledger, options)
    entries = _by_friends(graph, cards, ranker, k)
    mode = "discovery" if entries else "empty"
    if len(entries) < k:
        for found in fallbacks(graph, ranker):
            added = _by_source(graph, cards, ranker, found, k - len(entries), entries)
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


def _by_friends(graph: Graph, cards: Cards, ranker: Ranker, k: int) -> list[_Entry]:
    """The k best tracks that friends play."""
    around = ranker.surroundings
    candidates, genre = ranker.candidates(around.profiles, around.profile_genre, ranker.ledger.offered)
    scored = ranker.scorer.score(around.neighbourhood, candidates, ranker.friends)
    best = _best(graph, cards, around, scored.items, scored.scores, genre, k, ranker.options.radar_weight)
    place = np.array([place for place, _ in best], np.int64)
    radar = np.array([card.under_radar for _, card in best], np.bool_)
    scored = put_under_radar(scored, place[radar], ranker.options.radar_weight)
    whys = explain(scored, place, around.neighbourhood.interactions, _MOST_NAMED, around.private)
    return [
        _friend_entry(around, card, why, genre)
        for (_, card), why, genre in zip(best, whys, genre[place].tolist(), strict=True)
    ]


def _friend_entry(around: Surroundings, card: Card, why: Explanation, genre: int) -> _Entry:
    reasons = [
        *_friend_reasons(around, why),
        *_taste_reason(why),
        *_genre_reason(around, card, genre, why.genre),
        *_radar_reason(card, why.radar),
    ]
    return _Entry(card, why.score, reasons)


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


def _genre_reason(around: Surroundings, card: Card, genre: int, part: float) -> list[Reason]:
    if genre < 0:
        return []
    key, streams, listeners = around.genres.rows[genre]
    # A damaged graph may have a genre in a profile that its track is not in.
    genre_id, name = card.genre(key) or (None, "Its genre")
    text = sentence_for_genre(name, streams, listeners)
    return [Reason("genre", text, part, n=listeners, genre_id=genre_id)]


def _radar_reason(card: Card, part: float) -> list[Reason]:
    if not card.under_radar:
        return []
    names = " and ".join(name for _, name in card.artists)
    return [Reason("radar", f"{names}: under the radar, outside the most played 20 % of artists", part)]


def _by_source(
    graph: Graph, cards: Cards, ranker: Ranker, found: Found, missing: int, entries: Sequence[_Entry]
) -> list[_Entry]:
    """The best of a source that the list does not have yet, ranked below what it has."""
    have = np.array([entry.card.key for entry in entries], np.int64)
    new = np.flatnonzero(positions(have, found.items) < 0)
    # A genre that is none of the listener's has position -1, and finds the 0 at the end.
    genre_part = ranker.options.genre_weight * np.append(ranker.genre_appeal, 0.0)[found.genre]
    scores = found.part + genre_part
    best = _best(graph, cards, ranker.surroundings, found.items[new], scores[new], found.genre[new], missing)
    places = [(int(new[place]), card) for place, card in best]
    ceiling = entries[-1].score if entries else np.inf
    top = float(scores[places[0][0]]) if places else 0.0
    scale = min(1.0, ceiling / top) if top > 0 else 1.0
    return [
        _source_entry(ranker.surroundings, card, found, place, scale, float(genre_part[place]))
        for place, card in places
    ]


def _source_entry(
    around: Surroundings, card: Card, found: Found, place: int, scale: float, genre_part: float
) -> _Entry:
    count = int(found.count[place])
    where = country_name(around.country) if around.country else None
    source = Reason(
        found.kind, sentence_for_source(found.kind, count, where), scale * float(found.part[place]), n=count
    )
    reasons = [source, *_genre_reason(around, card, int(found.genre[place]), scale * genre_part)]
    return _Entry(card, sum(reason.part for reason in reasons), reasons)


def _best(
    graph: Graph,
    cards: Cards,
    around: Surroundings,
    items: IntArray,
    scores: FloatArray,
    genre: IntArray,
    k: int,
    radar_weight: float = 0.0,
) -> list[tuple[int, Card]]:
    """Place and card of the k best that the listener does not know, artists under the radar risen.

    genre : (n,) int64 position of the genre each is offered for, -1 for none
    """
    # Artists under the radar may rise, and where the profile is cut off some may turn out to be known.
    short = top_k(scores, items, min(k + 20, len(items)))
    keys = items[short].tolist()
    claimed = [around.genres.rows[place][0] if place >= 0 else None for place in genre[short].tolist()]
    found = cards.get(graph, keys, claimed)
    known = _known(graph, around, keys)
    ranked = [
        (-(score + radar_weight * card.under_radar), card.key, place, card)
        for score, place, card in zip(scores[short].tolist(), short.tolist(), found, strict=True)
        if card is not None and card.key not in known
    ]
    return [(place, card) for *_, place, card in sorted(ranked)[:k]]


def _known(graph: Graph, around: Surroundings, keys: list[int]) -> set[int]:
    """Which of the tracks the listener knows although the profile, cut off at its length, does not tell."""
    if around.knows_all or not keys:
        return set()
    return set(graph.read("tracks_not_new", user_id=around.user_id, keys=keys)[0]["keys"])


def _item(rank: int, entry: _Entry) -> Recommendation:
    card = entry.card
    return Recommendation(
        rank=rank,
        track_id=card.track_id,
        title=card.title,
        artists=[Named(*artist) for artist in card.artists],
        genres=[Named(genre_id, name) for genre_id, name, _ in card.genres],
        score=entry.score,
        reasons=entry.reasons,
    )
