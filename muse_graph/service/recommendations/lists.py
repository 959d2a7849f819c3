"""Songs for a listener: one round trip for the surroundings, and one to name tracks not seen before."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from muse_graph.answers import Reason, Recommendations
from muse_graph.core.arrays import positions
from muse_graph.core.types import BoolArray
from muse_graph.countries import country_name
from muse_graph.graph import Graph
from muse_graph.models import ServedModel
from muse_graph.service.recommendations.by_friends import entries_by_friends
from muse_graph.service.recommendations.by_model import entries_by_model, entries_by_taste
from muse_graph.service.recommendations.candidates import choose
from muse_graph.service.recommendations.context import read_surroundings
from muse_graph.service.recommendations.friend_ranking import Ranker
from muse_graph.service.recommendations.messages import sentence_for_source
from muse_graph.service.recommendations.model_ranking import TrainedRanker
from muse_graph.service.recommendations.options import Wish
from muse_graph.service.recommendations.ranked_tracks import Entry, genre_reason, item_of, scale_below
from muse_graph.service.recommendations.sources import Found, allowed_further, fallbacks
from muse_graph.service.recommendations.track_cache import Card, Cards

__all__ = ["recommend"]


def recommend(
    graph: Graph,
    user_id: str,
    wish: Wish = Wish(),  # noqa: B008 - frozen
    *,
    cards: Cards | None = None,
    model: ServedModel | None = None,
) -> Recommendations:
    """Rank k tracks the listener does not know: by the trained model, else by the likeness of friends.

    cards  : what is known of tracks already; None for nothing
    model  : None where none is trained; not asked where the wish says how friends are weighed
    raises : UnknownUser
    """
    cards = Cards() if cards is None else cards
    model = model if wish.scoring is None else None
    around = read_surroundings(graph, user_id, wish, trained=model is not None)
    ranker = Ranker(around, around.ledger(wish), wish)
    trained = None if model is None else TrainedRanker(around, ranker.ledger, wish, model)
    if trained is None:
        entries = entries_by_friends(graph, cards, ranker)
    else:
        entries = entries_by_model(graph, cards, trained)
    mode: str = wish.mode if entries else "empty"
    if trained is not None and len(entries) < wish.k:
        further = entries_by_taste(graph, cards, trained, _allowed_by_taste(ranker), entries)
        mode = "taste" if mode == "empty" and further else mode
        entries += further
    if len(entries) < wish.k:
        for found in fallbacks(graph, ranker):
            added = _by_source(graph, cards, ranker, found, wish.k - len(entries), entries)
            mode = found.kind if mode == "empty" and added else mode
            entries += added
            if len(entries) >= wish.k:
                break
    if wish.diversity.diversity == 0:
        # Equal scores may differ by the rounding of their parts.
        entries.sort(key=lambda entry: -entry.score)
    return Recommendations(user_id, mode, [item_of(rank, entry) for rank, entry in enumerate(entries, 1)])


def _allowed_by_taste(ranker: Ranker) -> BoolArray:
    """(n_genres + 1,) bool; the last is for genres that neither the listener nor a friend plays."""
    unheard = ranker.wish.mode != "discovery" or not ranker.allowed.any()
    return np.append(allowed_further(ranker)[:-1], unheard)


def _by_source(
    graph: Graph, cards: Cards, ranker: Ranker, found: Found, missing: int, entries: Sequence[Entry]
) -> list[Entry]:
    """The best of a source that the list does not have yet, ranked below what it has."""
    have = np.array([entry.card.key for entry in entries], np.int64)
    new = np.flatnonzero(positions(have, found.items) < 0)
    # A genre that is none of the listener's has position -1, and finds the 0 at the end.
    genre_part = ranker.options.genre_weight * np.append(ranker.genre_appeal, 0.0)[found.genre]
    scores = found.part + genre_part
    best = choose(
        graph,
        cards,
        ranker.surroundings,
        ranker.wish,
        found.items[new],
        scores[new],
        found.genre[new],
        missing,
        above=[entry.card for entry in entries],
    )
    places = [(int(new[place]), card) for place, card in best]
    scale = scale_below(entries, max((float(scores[place]) for place, _ in places), default=0.0))
    return [
        _source_entry(ranker, card, found, place, scale, float(genre_part[place])) for place, card in places
    ]


def _source_entry(
    ranker: Ranker, card: Card, found: Found, place: int, scale: float, genre_part: float
) -> Entry:
    around, genre = ranker.surroundings, int(found.genre[place])
    home = genre >= 0 and bool(ranker.ledger.home[genre])
    count = int(found.count[place])
    where = country_name(around.country) if around.country else None
    source = Reason(
        found.kind, sentence_for_source(found.kind, count, where), scale * float(found.part[place]), n=count
    )
    reasons = [source, *genre_reason(around, card, genre, scale * genre_part, home=home)]
    return Entry(card, sum(reason.part for reason in reasons), reasons)
