"""A list and a ledger, with a trained model and without: the small world of `tests.worlds.small`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import get_args

import numpy as np
import pytest

from muse_graph.answers import Reason, Recommendations
from muse_graph.core.keys import key_of
from muse_graph.errors import UnknownUser
from muse_graph.graph.connection import Row
from muse_graph.model_store import ServedModel
from muse_graph.service.recommendations.genres import discover_genres
from muse_graph.service.recommendations.lists import recommend
from muse_graph.service.recommendations.options import Mode, RecommendationOptions
from muse_graph.service.recommendations.track_cache import TrackCache
from tests.worlds import small

MODES = get_args(Mode)
CHART = [{"tracks": [[key_of("t6"), 30, [key_of("fado")]], [key_of("t5"), 20, [key_of("jazz")]]]}]


@pytest.fixture(scope="module")
def model() -> ServedModel:
    return small.served()


@pytest.fixture(params=["trained", "by friends"])
def either(request: pytest.FixtureRequest, model: ServedModel) -> ServedModel | None:
    """A model, or none."""
    return model if request.param == "trained" else None


def tracks(found: Recommendations) -> list[str]:
    return [item.track_id for item in found.items]


def reasons(found: Recommendations, kind: str) -> list[Reason]:
    return [reason for item in found.items for reason in item.reasons if reason.kind == kind]


@pytest.mark.parametrize("mode", MODES)
def test_parts_add_up_to_scores_that_fall(either: ServedModel | None, mode: Mode) -> None:
    found = recommend(small.small_graph(chart=CHART), "u1", RecommendationOptions(mode=mode), model=either)
    assert found.mode == mode
    assert [item.rank for item in found.items] == [*range(1, len(found.items) + 1)]
    scores = [item.score for item in found.items]
    assert scores == sorted(scores, reverse=True)
    assert min(scores) > 0
    for item in found.items:
        assert sum(reason.part for reason in item.reasons) == pytest.approx(item.score)
    assert {"t1", "t2"}.isdisjoint(tracks(found))


def test_near_listeners_count_only_where_a_model_is(model: ServedModel) -> None:
    graph = small.small_graph()
    assert tracks(recommend(graph, "u1")) == ["t4", "t3", "t5"]
    assert graph.asked[0][1] | {"max_similar": 0, "max_tags": 0} == graph.asked[0][1]
    found = recommend(small.small_graph(), "u1", model=model)
    assert sorted(tracks(found)) == ["t3", "t4", "t5", "t6"]
    near = [reason.n for reason in reasons(found, "similar-listeners")]
    assert sorted(near, key=str) == [0, 1, 1]


def test_saying_how_friends_are_weighed_leaves_the_model_aside(model: ServedModel) -> None:
    options = RecommendationOptions(similarity="jaccard")
    assert recommend(small.small_graph(), "u1", options, model=model) == recommend(
        small.small_graph(), "u1", options
    )
    assert discover_genres(small.small_graph(), "u1", options, model=model) == discover_genres(
        small.small_graph(), "u1", options
    )


def test_own_tracks_speak_and_private_friends_are_not_named(model: ServedModel) -> None:
    found = recommend(small.small_graph(), "u1", model=model)
    assert {reason.text for reason in reasons(found, "own")} <= {
        "You play Song 1 by The a1",
        "You play Song 2 by The a1",
    }
    assert {reason.name for reason in reasons(found, "friend")} == {"Bea"}
    (t4,) = (item for item in found.items if item.track_id == "t4")
    assert [reason.text for reason in t4.reasons if reason.kind == "friends"] == ["1 more friend plays it"]
    assert not any("Carl" in reason.text for item in found.items for reason in item.reasons)


def test_without_a_friend_who_plays_it_nobody_is_other(model: ServedModel) -> None:
    found = recommend(small.small_graph(), "u1", model=model)
    (t6,) = (item for item in found.items if item.track_id == "t6")
    assert [reason.text for reason in t6.reasons if reason.kind == "friends"] in (
        [],
        ["What your friends like"],
    )


def said(feedback: Sequence[tuple[str, bool]]) -> list[Row]:
    """The surroundings of u1 after saves (True) and discards."""
    (row,) = small.neighbourhood(max_similar=1)
    marked = [[key_of(track), save, [key_of(small.GENRES[track])]] for track, save in feedback]
    return [row | {"feedback": marked}]


def test_a_save_and_a_discard_count_at_once(model: ServedModel) -> None:
    before = recommend(small.small_graph(), "u1", RecommendationOptions(mode="for-you"), model=model)
    graph = small.small_graph(listener_neighbourhood=said([("t6", True), ("t3", False)]))
    after = recommend(graph, "u1", RecommendationOptions(mode="for-you"), model=model)
    assert {"t3", "t6"} <= set(tracks(before))
    assert {"t3", "t6"}.isdisjoint(tracks(after))
    texts = {reason.text for reason in reasons(after, "own")}
    assert texts & {"You saved Song 6 by The a2", "You play Song 1 by The a1", "You play Song 2 by The a1"}


def test_a_track_that_came_after_the_training_is_ranked_as_any_other(model: ServedModel) -> None:
    old = small.content()
    keep = old.catalogue.track_keys != key_of("t4")
    assert keep.sum() == 5
    newer = {**small.PLAYS, "u2": {"t3": 5, "t7": 2}}
    graph = small.small_graph()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(small, "PLAYS", newer)
        patch.setattr(small, "GENRES", {**small.GENRES, "t7": "fado"})
        patch.setattr(small, "ARTISTS", {**small.ARTISTS, "t7": "a2"})
        found = recommend(graph, "u1", model=model)
    (t7,) = (item for item in found.items if item.track_id == "t7")
    assert sum(reason.part for reason in t7.reasons) == pytest.approx(t7.score)
    assert [reason.name for reason in t7.reasons if reason.kind == "friend"] == ["Bea"]


def test_what_is_missing_comes_from_other_sources_below(either: ServedModel | None) -> None:
    chart = [{"tracks": [[key_of("t6"), 30, [key_of("fado")]]]}]
    (row,) = small.neighbourhood()
    graph = small.small_graph(chart=chart, listener_neighbourhood=[row])
    found = recommend(graph, "u1", RecommendationOptions(k=4, radar_share=0.0), model=either)
    assert tracks(found)[-1] == "t6"
    kinds = {reason.kind for reason in found.items[-1].reasons}
    # A model finds it in its catalogue, by what u1 likes; without one the chart has it.
    assert kinds == {"popular-everywhere", "genre"} if either is None else {"own", "genre"} <= kinds
    assert 0 < found.items[-1].score <= found.items[-2].score


def test_an_option_for_genres_without_a_stream(either: ServedModel | None) -> None:
    (row,) = small.neighbourhood(max_similar=1)
    begun = [row | {"own_genres": [[key_of("pop"), 12], [key_of("fado"), 1]]}]
    chart = [{"tracks": [[key_of("t6"), 30, [key_of("fado")]], [key_of("t7"), 20, []]]}]
    graph = small.small_graph(listener_neighbourhood=begun, chart=chart)
    found = recommend(graph, "u1", RecommendationOptions(new_only=True), model=either)
    assert tracks(found) == ["t5"]


def test_few_tracks_of_an_artist(either: ServedModel | None) -> None:
    options = RecommendationOptions(mode="for-you", max_per_artist=1)
    found = recommend(small.small_graph(chart=CHART), "u1", options, model=either)
    artists = [item.artists[0].id for item in found.items]
    assert sorted(artists) == sorted(set(artists))


def test_known_cards_make_it_one_round_trip(either: ServedModel | None) -> None:
    track_cache = TrackCache()
    first = recommend(
        small.small_graph(), "u1", RecommendationOptions(k=3), track_cache=track_cache, model=either
    )
    graph = small.small_graph()
    assert recommend(graph, "u1", RecommendationOptions(k=3), track_cache=track_cache, model=either) == first
    assert [name for name, _ in graph.asked] == ["listener_neighbourhood"]


def test_an_unknown_user_is_an_error(either: ServedModel | None) -> None:
    graph = small.small_graph(listener_neighbourhood=[])
    with pytest.raises(UnknownUser):
        recommend(graph, "u9", model=either)
    with pytest.raises(UnknownUser):
        discover_genres(graph, "u9", model=either)


def test_the_parts_of_a_ledger_add_up(either: ServedModel | None) -> None:
    ledger = discover_genres(small.small_graph(), "u1", model=either)
    assert [(genre.genre_id, genre.state) for genre in ledger.genres] == [
        ("fado", "offered"),
        ("jazz", "offered"),
        ("pop", "home"),
    ]
    for genre in ledger.genres:
        assert sum(reason.part for reason in genre.reasons) == pytest.approx(genre.score)


def test_a_model_of_other_genres_and_users_still_answers(model: ServedModel) -> None:
    old = model.content
    strange = replace(
        old,
        catalogue=replace(old.catalogue, genre_keys=np.arange(3), artist_keys=np.arange(2)),
        user_keys=np.arange(4),
    )
    found = recommend(small.small_graph(), "u1", model=ServedModel("v000002", {}, strange))
    assert sorted(tracks(found)) == ["t3", "t4", "t5", "t6"]
    assert reasons(found, "friend")


def test_a_genre_that_rests_says_what_it_waits_for() -> None:
    """Of 100 streams the cap is 20: fado and ska are over it, jazz and soul behind them."""
    (row,) = small.neighbourhood()
    streams = {"pop": 100, "fado": 30, "ska": 25, "soul": 5, "jazz": 5}
    waiting = row | {
        "own_genres": [[key_of(name), n] for name, n in streams.items()],
        "pool": [key_of(name) for name in ("fado", "ska", "soul", "jazz")],
    }
    names = [{"genres": [[key_of(name), name, name.title()] for name in streams]}]
    graph = small.small_graph(listener_neighbourhood=[waiting], genre_names=names)
    ledger = discover_genres(graph, "u1")
    assert [(one.rank, one.genre_id, one.state, one.streams) for one in ledger.genres][2:] == [
        (3, "fado", "resting", 30),
        (4, "ska", "resting", 25),
        (5, "pop", "home", 100),
    ]
    fado, ska, pop = ledger.genres[2:]
    text = "Fado rests until Ska, Jazz, Soul catch up, or your favourite genre reaches 151 streams"
    assert fado.reasons == [Reason("resting", text, 0.0, n=3, genre_id="fado")]
    text = "Ska rests until Jazz, Soul catch up, or your favourite genre reaches 126 streams"
    assert ska.reasons == [Reason("resting", text, 0.0, n=2, genre_id="ska")]
    assert pop.reasons == []
