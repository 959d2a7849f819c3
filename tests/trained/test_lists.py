"""What holds for every list of the trained model, whatever is asked for."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

import pytest

from muse_graph.answers import Recommendation, Recommendations
from muse_graph.core.rerank.diversity import places_under_radar
from muse_graph.graph.connection import Graph
from muse_graph.model_store import ServedModel
from muse_graph.service.recommendations.genres import discover_genres
from muse_graph.service.recommendations.lists import recommend
from muse_graph.service.recommendations.options import MAX_K, RecommendationOptions
from muse_graph.service.recommendations.track_cache import TrackCache
from tests.trained.conftest import PRIVATE_USERS, Asking, known_tracks

MODES = ["discovery", "for-you", "under-the-radar"]
TOGGLES: list[dict[str, Any]] = [
    {},
    {"new_only": True},
    {"beyond_friends": True},
    {"new_only": True, "beyond_friends": True},
]
#: As many by an artist as a list has tracks: the limit is off.
NO_LIMIT = MAX_K
DIVERSITIES: list[dict[str, Any]] = [
    {"max_per_artist": 1},
    {"max_per_artist": 2, "diversity": 0.3},
    {"max_per_artist": NO_LIMIT, "diversity": 0.5},
    {"max_per_artist": NO_LIMIT, "diversity": 1.0, "artist_weight": 0.0},
    {"max_per_artist": NO_LIMIT, "diversity": 0.5, "language_weight": 0.0},
    {"max_per_artist": NO_LIMIT, "diversity": 0.5, "features_weight": 0.0},
]
#: Sources of tracks that neither friends nor near listeners play.
ELSEWHERE = {"friends-of-friends", "popular-in-country", "popular-everywhere"}


@pytest.fixture(scope="module")
def listeners(world: Graph) -> list[str]:
    """A dozen listeners, from those without a friend to those with most."""
    rows = world.run(
        """
        MATCH (u:User) RETURN u.user_id AS user
        ORDER BY COUNT { (u)-[:FRIENDS_WITH]-() }, COUNT { (u)-[:LISTENED]->() }, user
        """,
        writes=False,
    )
    return [row["user"] for row in rows][:: len(rows) // 12]


@pytest.fixture(scope="module")
def befriended(world: Graph) -> list[str]:
    """Listeners with friends and enough listens to have near listeners too."""
    rows = world.run(
        """
        MATCH (u:User) WHERE COUNT { (u)-[:FRIENDS_WITH]-() } >= 5 AND COUNT { (u)-[:LISTENED]->() } >= 20
        RETURN u.user_id AS user ORDER BY user LIMIT 12
        """,
        writes=False,
    )
    return [row["user"] for row in rows]


@pytest.fixture(scope="module")
def radar_artists(world: Graph) -> set[str]:
    rows = world.run(
        "MATCH (s:Statistics) MATCH (a:Artist) WHERE a.plays <= s.radar_plays RETURN a.artist_id AS artist",
        writes=False,
    )
    return {row["artist"] for row in rows}


@pytest.mark.parametrize("toggles", TOGGLES, ids=str)
@pytest.mark.parametrize("mode", MODES)
def test_every_list_keeps_to_the_rules(
    mode: str,
    toggles: dict[str, Any],
    world: Graph,
    model: ServedModel,
    ask: Asking,
    listeners: list[str],
    radar_artists: set[str],
) -> None:
    for user_id in listeners:
        options: dict[str, Any] = {"k": 12, "mode": mode, **toggles}
        answer = ask(user_id, **options)
        check(answer, 12, world, radar_artists)
        assert answer == ask(user_id, **options)
        if mode == "under-the-radar":
            assert all(is_radar(item, radar_artists) for item in answer.items)
        if answer.mode == "discovery":
            ledger = discover_genres(world, user_id, RecommendationOptions(**toggles), model=model)
            offered = {genre.genre_id for genre in ledger.genres if genre.state == "offered"}
            led_by = [genre_of(item) for item in answer.items if not kinds(item) & ELSEWHERE]
            assert led_by
            assert set(led_by) <= offered
        if toggles.get("new_only") and mode != "discovery" and answer.mode == mode:
            played = streams(world, user_id)
            led_by = [genre_of(item) for item in answer.items if not kinds(item) & ELSEWHERE]
            assert not {genre for genre in led_by if genre} & played


@pytest.mark.parametrize("options", DIVERSITIES, ids=str)
@pytest.mark.parametrize("mode", MODES)
def test_every_diversity_keeps_to_the_rules(
    mode: str,
    options: dict[str, Any],
    world: Graph,
    ask: Asking,
    listeners: list[str],
    radar_artists: set[str],
) -> None:
    for user_id in listeners:
        answer = ask(user_id, k=12, mode=mode, **options)
        check(answer, 12, world, radar_artists, in_order="diversity" not in options)
        assert answer == ask(user_id, k=12, mode=mode, **options)
        by_artist = Counter(artist.id for item in answer.items for artist in item.artists)
        assert max(by_artist.values()) <= options["max_per_artist"]


def test_diversity_brings_more_artists(ask: Asking, befriended: list[str]) -> None:
    def artists(diversity: float) -> int:
        asked = {"k": 20, "mode": "for-you", "max_per_artist": NO_LIMIT, "diversity": diversity}
        answers = [ask(user, **asked) for user in befriended]
        return sum(len({artist.id for item in answer.items for artist in item.artists}) for answer in answers)

    assert artists(0.0) < artists(0.3) <= artists(0.8)


@pytest.mark.parametrize("k", [1, 2, 7, 50, 1000])
def test_no_more_than_k(k: int, ask: Asking, listeners: list[str]) -> None:
    for user_id in listeners[::3]:
        items = ask(user_id, k=k).items
        assert len(items) <= k
        assert k > 50 or len(items) == k


@pytest.mark.parametrize("mode", ["discovery", "for-you"])
def test_the_share_under_the_radar_is_kept_where_there_are_any(
    mode: str, ask: Asking, listeners: list[str], radar_artists: set[str]
) -> None:
    for user_id in listeners:
        most = count_radar(ask(user_id, mode=mode, radar_share=1.0), radar_artists)
        for share in (0.0, 0.1, 0.25, 0.5, 0.9):
            answer = ask(user_id, mode=mode, radar_share=share)
            wanted = places_under_radar(share, len(answer.items))
            assert count_radar(answer, radar_artists) >= min(wanted, most), (user_id, share)


def test_one_round_trip_when_the_cards_are_known(
    ask: Asking, befriended: list[str], reads: list[str]
) -> None:
    for user_id in befriended:
        for mode in MODES:
            assert ask(user_id, k=10, mode=mode).mode == mode
            assert reads == ["listener_neighbourhood"]
            reads.clear()


def test_a_new_process_also_names_the_tracks_and_the_listeners_own(
    world: Graph, model: ServedModel, befriended: list[str], reads: list[str]
) -> None:
    for user_id in befriended[:4]:
        recommend(world, user_id, RecommendationOptions(k=10), track_cache=TrackCache(), model=model)
        assert reads[:2] == ["listener_neighbourhood", "track_names"]
        assert reads[2:] in ([], ["track_names"])
        reads.clear()


def test_near_listeners_bring_tracks_that_no_friend_plays(
    world: Graph, ask: Asking, befriended: list[str]
) -> None:
    brought = 0
    for user_id in befriended:
        by_friends, by_near = played_around(world, user_id)
        items = ask(user_id, k=100, mode="for-you").items
        context = [item for item in items if is_played_around(item)]
        assert {item.track_id for item in context} <= by_friends | by_near
        only_near = [item for item in context if item.track_id not in by_friends]
        for item in only_near:
            (reason,) = [reason for reason in item.reasons if reason.kind == "similar-listeners"]
            assert reason.n
            assert "friend" not in kinds(item)
        brought += len(only_near)
    assert brought > len(befriended)


def test_private_friends_are_never_named_and_count(world: Graph, ask: Asking, model: ServedModel) -> None:
    text = "MATCH (:User {user_id: $user_id})-[:FRIENDS_WITH]-(f) RETURN f.user_id AS f, f.name AS name"
    counted = 0
    for private in PRIVATE_USERS:
        for row in world.run(text, {"user_id": private}, writes=False):
            answer = ask(row["f"], k=200, mode="for-you")
            plays = stayed_with(world, private)
            for item in answer.items:
                assert private not in {reason.user_id for reason in item.reasons}
                others = sum(reason.n or 0 for reason in item.reasons if reason.kind == "friends")
                # Who left it early is not said to play it.
                if item.track_id in plays and not kinds(item) & ELSEWHERE:
                    assert others > 0
                    counted += 1
    assert counted


@pytest.mark.parametrize("asked", [*DIVERSITIES, *TOGGLES, {"radar_share": 0.5}], ids=str)
@pytest.mark.parametrize("mode", MODES)
def test_a_list_is_the_head_of_each_longer_one(
    mode: str, asked: dict[str, Any], ask: Asking, listeners: list[str]
) -> None:
    for user_id in listeners[::4]:
        whole = ask(user_id, k=120, mode=mode, **asked)
        for k in (1, 20, 75):
            head = ask(user_id, k=k, mode=mode, **asked).items
            assert [told(item) for item in head] == [told(item) for item in whole.items[:k]]
            # Sums over more tracks at once may be rounded otherwise.
            scores = [item.score for item in whole.items[:k]]
            assert [item.score for item in head] == pytest.approx(scores, abs=1e-9)


def check(
    answer: Recommendations, k: int, graph: Graph, radar_artists: set[str], *, in_order: bool = True
) -> None:
    """What holds for every list."""
    items = answer.items
    assert [item.rank for item in items] == list(range(1, len(items) + 1))
    assert 0 < len(items) <= k
    assert len({item.track_id for item in items}) == len(items)
    assert not {item.track_id for item in items} & known_tracks(graph, answer.user_id)
    scores = [item.score for item in items]
    assert all(math.isfinite(score) and score >= 0 for score in scores)
    if in_order:
        assert scores == sorted(scores, reverse=True)
    for item in items:
        assert sum(reason.part for reason in item.reasons) == pytest.approx(item.score, abs=1e-6)
        assert all(reason.text for reason in item.reasons)
        assert not set(PRIVATE_USERS) & {reason.user_id for reason in item.reasons}
        if "radar" in kinds(item):
            assert is_radar(item, radar_artists)


def told(item: Recommendation) -> tuple[str, list[str]]:
    return item.track_id, [reason.text for reason in item.reasons]


def kinds(item: Recommendation) -> set[str]:
    return {reason.kind for reason in item.reasons}


def is_played_around(item: Recommendation) -> bool:
    near = {"friend", "friends", "similar-listeners"}
    return any(reason.kind in near and (reason.n or reason.plays) for reason in item.reasons)


def genre_of(item: Recommendation) -> str | None:
    """The genre a track is offered for."""
    return next((reason.genre_id for reason in item.reasons if reason.kind == "genre"), None)


def is_radar(item: Recommendation, radar_artists: set[str]) -> bool:
    return all(artist.id in radar_artists for artist in item.artists)


def count_radar(answer: Recommendations, radar_artists: set[str]) -> int:
    return sum(is_radar(item, radar_artists) for item in answer.items)


def streams(graph: Graph, user_id: str) -> set[str]:
    text = "MATCH (:User {user_id: $user_id})-[:PLAYS_GENRE]->(g) RETURN g.genre_id AS genre"
    return {row["genre"] for row in graph.run(text, {"user_id": user_id}, writes=False)}


def stayed_with(graph: Graph, user_id: str) -> set[str]:
    """What a user has played and did not leave early."""
    text = """
        MATCH (:User {user_id: $user_id})-[l:LISTENED]->(t) WHERE coalesce(l.heard, 1.0) >= 0.5
        RETURN t.track_id AS t
    """
    return {row["t"] for row in graph.run(text, {"user_id": user_id}, writes=False)}


def played_around(graph: Graph, user_id: str) -> tuple[set[str], set[str]]:
    """Tracks that friends play, and tracks that listeners with similar taste play."""
    (row,) = graph.run(
        """
        MATCH (u:User {user_id: $user_id})
        RETURN COLLECT { MATCH (u)-[:FRIENDS_WITH]-()-[:LISTENED]->(t) RETURN t.track_id } AS friends,
               COLLECT { MATCH (u)-[:SIMILAR_TO]->()-[:LISTENED]->(t) RETURN t.track_id } AS near
        """,
        {"user_id": user_id},
        writes=False,
    )
    return set(row["friends"]), set(row["near"])
