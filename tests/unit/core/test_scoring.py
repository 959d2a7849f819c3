"""The scorer beside its formula, on a checkerboard, and taken apart again."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from muse_graph.core.arrays import interaction_weights
from muse_graph.core.rerank.ranking import top_k
from muse_graph.core.scoring import (
    NeighbourhoodScorer,
    ScoringOptions,
    friend_contributions,
    put_under_radar,
)
from muse_graph.core.similarity import similarities
from muse_graph.core.types import Candidates, Contributions, Interactions, Neighbourhood, Scored
from muse_graph.errors import InvalidRequest, ShapeError

KINDS = ["cosine", "pearson", "jaccard", "log-likelihood"]

worlds = st.builds(
    lambda rows, n_friends: (rows, max([n_friends, *(row[0] for row in rows)])),
    st.lists(
        st.tuples(
            st.integers(0, 6),
            st.integers(-4, 8),
            st.integers(1, 50),
            st.integers(0, 20).map(lambda n: n / 20) | st.just(math.nan),
        ),
        max_size=40,
        unique_by=lambda row: row[:2],
    ),
    st.integers(0, 7),
)
options = st.builds(
    ScoringOptions,
    similarity=st.sampled_from(KINDS),
    shrinkage=st.sampled_from([0.0, 5.0]),
    weights=st.sampled_from(["heard", "log-plays", "binary"]),
    neighbours=st.integers(1, 8),
    trust=st.sampled_from([0.0, 0.1, 1.0]),
    damping=st.sampled_from([0.0, 1.0]),
)
World = tuple[list[tuple[int, int, int, float]], int]


def neighbourhood_of(world: World) -> Neighbourhood:
    rows, n_friends = world
    users, items, plays, heard = zip(*sorted(rows), strict=True) if rows else ((), (), (), ())
    arrays = (np.array(column, np.int64) for column in (users, items, plays))
    return Neighbourhood(Interactions(*arrays, np.array(heard, float)), n_friends)


def candidates_of(items: list[int]) -> Candidates:
    genre = np.linspace(0, 1, len(items))
    return Candidates(np.array(items, np.int64), genre, np.arange(len(items)) % 2 == 0)


def slow_scores(neighbourhood: Neighbourhood, candidates: Candidates, o: ScoringOptions) -> list[float]:
    """The formula, friend by friend and item by item."""
    played, n = neighbourhood.interactions, neighbourhood.n_friends
    weights = interaction_weights(played, o.weights)
    weight = {
        (int(u), int(t)): w for u, t, w in zip(played.user_index, played.item, weights.tolist(), strict=True)
    }
    alike = similarities(played, weights, 0, n + 1, o.similarity, o.shrinkage)
    kept = sorted(range(1, n + 1), key=lambda f: (-alike[f], f))[: o.neighbours]
    says = {f: o.trust + max(alike[f], 0) for f in kept}
    total = sum(says.values()) + o.damping
    scores = []
    for item, genre, radar in zip(candidates.items, candidates.genre, candidates.under_radar, strict=True):
        heard_from = sum(a * weight.get((f, int(item)), 0) for f, a in says.items())
        cf = heard_from / total if total else 0
        scores.append(cf + o.genre_weight * genre + (o.radar_weight if radar else 0))
    return scores


def parts_of(scored: Scored) -> np.ndarray:
    sums = scored.genre + scored.radar
    np.add.at(sums, scored.friends.candidate, scored.friends.trust + scored.friends.taste)
    return sums


@given(world=worlds, o=options, items=st.lists(st.integers(-6, 10), unique=True))
def test_agrees_with_the_formula_and_the_parts_add_up(
    world: World, o: ScoringOptions, items: list[int]
) -> None:
    neighbourhood, candidates = neighbourhood_of(world), candidates_of(items)
    scorer = NeighbourhoodScorer(o)
    scored = scorer.score(neighbourhood, candidates)
    assert scored.scores == pytest.approx(slow_scores(neighbourhood, candidates, o), abs=1e-9)
    assert scored.scores == pytest.approx(parts_of(scored), abs=1e-9)
    again = scorer.score(neighbourhood, candidates, scorer.weigh(neighbourhood))
    assert again.scores.tolist() == scored.scores.tolist()
    played = {(row[0], row[1]) for row in world[0] if 0 <= row[0] - 1 in scorer.weigh(neighbourhood).kept}
    who = [sum((f, item) in played for f in range(1, world[1] + 1)) for item in items]
    players = np.bincount(scored.friends.candidate, minlength=len(scored.items))
    assert not o.trust or players.tolist() == who


@given(
    world=worlds,
    o=options,
    items=st.lists(st.integers(-4, 8), unique=True, min_size=1),
)
def test_what_friends_add_is_told_friend_by_friend(world: World, o: ScoringOptions, items: list[int]) -> None:
    neighbourhood, candidates = neighbourhood_of(world), candidates_of(items)
    scored = NeighbourhoodScorer(o).score(neighbourhood, candidates)
    played = {(row[0] - 1, row[1]): row for row in world[0]}
    backwards = np.arange(len(items))[::-1]
    friends = friend_contributions(scored, backwards, neighbourhood.interactions)
    for at, item, contributions in zip(backwards, reversed(items), friends, strict=True):
        sizes = [one.contribution + one.taste for one in contributions]
        assert sizes == sorted(sizes, reverse=True)
        by_friends = scored.scores[at] - scored.genre[at] - scored.radar[at]
        assert sum(sizes) == pytest.approx(by_friends, abs=1e-9)
        for one in contributions:
            _, _, plays, heard = played[one.friend_index, item]
            assert one.plays == plays
            assert one.heard == pytest.approx(heard, nan_ok=True)


def checkerboard(n_users: int = 8, n_items: int = 12, seen: int = 8) -> tuple[Neighbourhood, Candidates]:
    """Two taste groups: even users play even items, odd users play odd ones.

    The user is 0 and has played only the first `seen` items of the even group; every friend of either
    group has played all items of theirs, and one of the other group, another from friend to friend. Early
    items are heard to the end and late ones halfway, so that a correlation sees the groups too; the item of
    the other group is heard for a tenth.
    """
    rows = [(0, item, 1, 1.0 if item < 4 else 0.5) for item in range(0, seen, 2)]
    for friend in range(1, n_users):
        mine = friend % 2
        rows += [(friend, item, 1, 1.0 if item < 4 else 0.5) for item in range(mine, n_items, 2)]
        rows.append((friend, (2 * friend + 1 - mine) % 8, 1, 0.1))
    items = list(range(seen, n_items))
    flat = Candidates(np.array(items), np.zeros(len(items)), np.zeros(len(items), bool))
    return neighbourhood_of((rows, n_users - 1)), flat


# Nothing correlates where all weights are alike, so pearson has the share heard only.
@pytest.mark.parametrize(
    ("kind", "weights"),
    [
        *((kind, "heard") for kind in KINDS),
        *((kind, weights) for kind in KINDS if kind != "pearson" for weights in ("log-plays", "binary")),
    ],
)
def test_the_user_gets_the_items_of_their_own_group(kind: str, weights: str) -> None:
    neighbourhood, candidates = checkerboard()
    scorer = NeighbourhoodScorer(ScoringOptions(similarity=kind, weights=weights))
    scored = scorer.score(neighbourhood, candidates)
    best = scored.items[top_k(scored.scores, scored.items, 2)]
    assert best.tolist() == [8, 10]
    similarity = scorer.weigh(neighbourhood).similarity
    assert similarity[1::2].min() > similarity[0::2].max()


def test_worked_by_hand() -> None:
    """Friend 0 plays what the user plays and item 3; friend 1 plays item 3 only, half of it.

    cosine with friend 0 is 1/sqrt(2), times 1 / (1 + 1); with friend 1 it is 0.
    """
    world = [(0, 1, 4, 1.0), (1, 1, 2, 1.0), (1, 3, 2, 1.0), (2, 3, 9, 0.5)]
    scorer = NeighbourhoodScorer(ScoringOptions(shrinkage=1.0, genre_weight=0.5))
    candidates = Candidates(np.array([3]), np.array([0.5]), np.array([True]))
    scored = scorer.score(neighbourhood_of((world, 2)), candidates)
    alike = 1 / math.sqrt(2) / 2
    total = 0.1 + alike + 0.1 + 1
    assert scored.friends.trust == pytest.approx([0.1 / total, 0.05 / total])
    assert scored.friends.taste == pytest.approx([alike / total, 0])
    assert scored.scores[0] == pytest.approx((0.1 + 0.05 + alike) / total + 0.25 + 0.05)


def test_a_friend_of_opposite_taste_still_counts_by_trust() -> None:
    world = [(0, 1, 1, 1.0), (0, 2, 1, 0.0), (1, 1, 1, 0.0), (1, 2, 1, 1.0), (1, 3, 1, 0.5)]
    scorer = NeighbourhoodScorer(ScoringOptions(similarity="pearson", shrinkage=0))
    neighbourhood = neighbourhood_of((world, 1))
    friends = scorer.weigh(neighbourhood)
    assert friends.similarity == pytest.approx([-1])
    assert friends.total.tolist() == [0.1]
    scored = scorer.score(neighbourhood, Candidates(np.array([3]), np.zeros(1), np.zeros(1, bool)))
    assert scored.scores == pytest.approx([0.1 * 0.5 / 1.1])


def test_ties_among_friends_are_kept_by_position() -> None:
    # Every third friend plays what the user plays; the others, all alike, fill up the places.
    world = [(0, 1, 1, 1.0), *((friend, 1 if friend % 3 == 0 else 2, 1, 1.0) for friend in range(1, 301))]
    friends = NeighbourhoodScorer(ScoringOptions(neighbours=120)).weigh(neighbourhood_of((world, 300)))
    similar = [friend - 1 for friend in range(1, 301) if friend % 3 == 0]
    others = [friend - 1 for friend in range(1, 301) if friend % 3]
    assert friends.kept.tolist() == sorted(similar + others[:20])
    assert np.flatnonzero(friends.total).tolist() == friends.kept.tolist()


def test_nobody_and_nothing() -> None:
    empty = NeighbourhoodScorer().score(neighbourhood_of(([], 0)), candidates_of([]))
    assert len(empty.scores) == 0
    scorer = NeighbourhoodScorer(ScoringOptions(genre_weight=0.5))
    alone = scorer.score(neighbourhood_of(([], 0)), candidates_of([1, 2]))
    assert alone.scores.tolist() == [0.05, 0.5]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"similarity": "euclid"}, "similarity must be one of cosine, .*got 'euclid'"),
        ({"weights": "loud"}, "weights must be one of heard, .*got 'loud'"),
        ({"neighbours": 0}, "neighbours must be >= 1, got 0"),
        ({"trust": -0.1}, "trust must be a finite number >= 0, got -0.1"),
        ({"damping": math.nan}, "damping must be a finite number >= 0, got nan"),
        ({"genre_weight": math.inf}, "genre_weight must be a finite"),
        ({"radar_weight": -1}, "radar_weight must be a finite"),
        ({"shrinkage": -1}, "shrinkage must be a finite"),
    ],
)
def test_options_are_checked(wrong: dict[str, object], message: str) -> None:
    with pytest.raises(InvalidRequest, match=message) as caught:
        ScoringOptions(**wrong)  # type: ignore[arg-type]
    assert caught.value.fields[0][0] == next(iter(wrong))


def test_the_radar_part_may_come_later() -> None:
    neighbourhood, flat = checkerboard()
    at_once = replace(flat, under_radar=np.array([False, True, True, False]))
    later = put_under_radar(NeighbourhoodScorer().score(neighbourhood, flat), np.array([2, 1]), 0.05)
    expected = NeighbourhoodScorer().score(neighbourhood, at_once)
    assert later.scores.tolist() == expected.scores.tolist()
    assert later.radar.tolist() == expected.radar.tolist() == [0, 0.05, 0.05, 0]


def test_shapes_are_checked() -> None:
    scored = NeighbourhoodScorer().score(neighbourhood_of(([(1, 1, 1, 1.0)], 1)), candidates_of([1]))
    interactions = neighbourhood_of(([], 0)).interactions
    stranger = neighbourhood_of(([(3, 1, 1, 1.0)], 3)).interactions
    with pytest.raises(ShapeError, match="n_friends must be >= 0"):
        Neighbourhood(interactions, -1)
    with pytest.raises(ShapeError, match="user_index must be"):
        Neighbourhood(stranger, 1)
    with pytest.raises(ShapeError, match="taste"):
        Contributions(np.zeros(1, np.int64), np.zeros(1, np.int64), np.zeros(1), np.zeros(2))
    with pytest.raises(ShapeError, match="radar"):
        replace(scored, radar=np.zeros(2))
