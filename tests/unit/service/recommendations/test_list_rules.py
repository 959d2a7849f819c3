"""What every list keeps to, whichever source its tracks come from, in the small world."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, get_args

import numpy as np
import pytest

from muse_graph.core.keys import key_of, keys_of
from muse_graph.core.listening.profiles import pack
from muse_graph.graph.connection import Row
from muse_graph.model_store import ServedModel
from muse_graph.service.recommendations.genres import discover_genres
from muse_graph.service.recommendations.lists import recommend
from muse_graph.service.recommendations.options import MAX_K, Mode, RecommendationOptions
from tests.fakes import FakeGraph
from tests.worlds import small

MODES = get_args(Mode)
FADO, JAZZ, POP = key_of("fado"), key_of("jazz"), key_of("pop")


@pytest.fixture(scope="module")
def model() -> ServedModel:
    return small.served()


@pytest.fixture(params=["trained", "by friends"])
def either(request: pytest.FixtureRequest, model: ServedModel) -> ServedModel | None:
    """A model, or none."""
    return model if request.param == "trained" else None


def listener(**changed: Any) -> list[Row]:
    """u1 and the surroundings, some of it changed."""
    (row,) = small.neighbourhood(max_similar=1)
    return [row | changed]


def said(*feedback: tuple[str, bool]) -> list[list[Any]]:
    """Saves (True) and discards (False) of tracks."""
    return [[key_of(track), save, [key_of(small.GENRES[track])]] for track, save in feedback]


def profile(**plays: int) -> bytes:
    """Of tracks of the small world, all heard to 90 %."""
    genres = keys_of(small.GENRES[track] for track in plays)
    return pack(keys_of(plays), genres, np.array([*plays.values()]), np.full(len(plays), 0.9))


def everywhere(**more: Any) -> FakeGraph:
    """A graph where each source, from friends to the charts, has all tracks."""
    (friend,) = small.neighbourhood()
    both = ["t1", "t3", "t4", "t5", "t6"]
    other = {"user_id": "u5", "profile": profile(**dict.fromkeys(both, 3))}
    tracks = [[key_of(track), 9 - place, [key_of(small.GENRES[track])]] for place, track in enumerate(both)]
    rows: dict[str, Any] = {
        "listener_neighbourhood": [friend],
        "friends_of_friends": [other | {"in_common": 1}],
        "similar_listeners": [other | {"in_common": 1.0}],
        "country_chart": [{"tracks": tracks}],
        "chart": [{"tracks": tracks}],
    }
    return small.small_graph(**(rows | more))


def ids(graph: FakeGraph, model: ServedModel | None, **options: Any) -> list[str]:
    found = recommend(graph, "u1", RecommendationOptions(**options), model=model)
    return [item.track_id for item in found.items]


class TestPrivateFriends:
    def test_nobody_reads_their_names_or_ids(self, either: ServedModel | None) -> None:
        for mode in MODES:
            options = RecommendationOptions(mode=mode)
            found = recommend(everywhere(), "u1", options, model=either)
            reasons = [reason for item in found.items for reason in item.reasons]
            assert {reason.name for reason in reasons if reason.kind == "friend"} <= {"Bea"}
            assert {reason.user_id for reason in reasons} <= {None, "u2"}
            assert not any("Carl" in reason.text or "u3" in reason.text for reason in reasons)

    def test_they_count_without_a_model(self) -> None:
        found = {item.track_id: item for item in recommend(small.small_graph(), "u1").items}
        friends = {
            track: [reason.text for reason in item.reasons if reason.kind in {"friend", "friends"}]
            for track, item in found.items()
        }
        assert friends == {
            "t3": ["Bea played it 5 times and heard 90 % of it"],
            "t4": ["Bea played it 2 times and heard 90 % of it", "1 more friend plays it"],
            "t5": ["1 of your friends plays it"],
        }

    def test_a_private_friend_without_a_name_goes_by_no_id_either(self, either: ServedModel | None) -> None:
        friends = [["u2", None, None, profile(t3=5)], ["u3", None, "nobody", profile(t3=8)]]
        graph = small.small_graph(listener_neighbourhood=listener(friends=friends))
        reasons = [r for item in recommend(graph, "u1", model=either).items for r in item.reasons]
        assert {reason.name for reason in reasons if reason.kind == "friend"} == {"u2"}
        assert not any("u3" in reason.text for reason in reasons)


class TestGenresTurnedAway:
    """u1 has discarded a track and saved none of its genre."""

    @pytest.mark.parametrize("mode", MODES)
    @pytest.mark.parametrize("away", ["fado", "jazz"])
    def test_no_source_brings_one_back(self, either: ServedModel | None, mode: Mode, away: str) -> None:
        track = {"fado": "t3", "jazz": "t5"}[away]
        row = listener(feedback=said((track, False)), country="PT")
        found = ids(everywhere(listener_neighbourhood=row), either, mode=mode, max_friends=3)
        assert found
        assert away not in {small.GENRES[track] for track in found}

    @pytest.mark.parametrize("mode", MODES)
    def test_nor_where_no_other_genre_is_left(self, either: ServedModel | None, mode: Mode) -> None:
        row = listener(feedback=said(("t3", False), ("t5", False)), country="PT")
        assert ids(everywhere(listener_neighbourhood=row), either, mode=mode) == []

    def test_a_chart_has_no_track_that_is_also_of_such_a_genre(self) -> None:
        chart = [{"tracks": [[key_of("t6"), 9, [JAZZ, FADO]], [key_of("t4"), 8, [JAZZ]]]}]
        row = listener(feedback=said(("t3", False)), friends=[], country="PT")
        for source in ("chart", "country_chart"):
            graph = small.small_graph(listener_neighbourhood=row, **{source: chart})
            if source == "chart":
                graph.rows["country_chart"] = [{"tracks": []}]
            assert ids(graph, None) == ["t4"]

    def test_it_rests_in_the_ledger_and_says_what_brings_it_back(self, either: ServedModel | None) -> None:
        graph = small.small_graph(listener_neighbourhood=listener(feedback=said(("t3", False))))
        states = {genre.genre_id: genre for genre in discover_genres(graph, "u1", model=either).genres}
        assert {name: genre.state for name, genre in states.items()} == {
            "jazz": "offered",
            "fado": "resting",
            "pop": "home",
        }
        (reason,) = states["fado"].reasons
        assert (reason.kind, reason.genre_id) == ("turned-away", "fado")
        assert reason.text == "You discarded fado; saving one of its songs brings it back"

    @pytest.mark.parametrize("mode", MODES)
    def test_a_save_brings_it_back(self, either: ServedModel | None, mode: Mode) -> None:
        row = listener(feedback=said(("t3", False), ("t6", True)), country="PT")
        found = ids(everywhere(listener_neighbourhood=row), either, mode=mode)
        assert "t4" in found
        assert {"t3", "t6"}.isdisjoint(found)
        graph = small.small_graph(listener_neighbourhood=row)
        states = {genre.genre_id: genre.state for genre in discover_genres(graph, "u1", model=either).genres}
        assert states["fado"] == "offered"

    def test_by_a_save_and_before_it_by_none(self) -> None:
        """A chart alone has something: its tracks come back with the save."""
        chart = [{"tracks": [[key_of("t4"), 8, [FADO]]]}]
        for feedback, expected in (
            (said(("t3", False)), []),
            (said(("t6", True)), ["t4"]),
            (said(("t3", False), ("t6", True)), ["t4"]),
        ):
            row = listener(feedback=feedback, friends=[])
            assert ids(small.small_graph(listener_neighbourhood=row, chart=chart), None) == expected


class TestUnderTheRadar:
    """Only where none of its artists is among the most played."""

    @staticmethod
    def names(artists: Sequence[list[Any]]) -> Any:
        def track_names(keys: list[int]) -> list[Row]:
            (row,) = small.track_names(keys)
            changed = [
                [*track[:5], artists, track[6]] if track[1] == "t4" else track for track in row["tracks"]
            ]
            return [row | {"tracks": changed}]

        return track_names

    @pytest.mark.parametrize(
        ("artists", "counts"),
        [
            ([["a1", "The a1", 25], ["a2", "The a2", 17]], False),
            ([["a2", "The a2", 17], ["a1", "The a1", 25]], False),
            ([["a2", "The a2", 17], ["a3", "The a3", 20]], True),
            ([["a2", "The a2", 21]], False),
            ([], False),
        ],
        ids=["duet with a star", "star second", "two of the most played 20 plays", "a play more", "nobody"],
    )
    def test_a_duet(self, either: ServedModel | None, artists: Sequence[list[Any]], counts: bool) -> None:
        graph = small.small_graph(track_names=self.names(artists))
        assert ("t4" in ids(graph, either, mode="under-the-radar")) is counts
        found = recommend(graph, "u1", RecommendationOptions(mode="for-you"), model=either)
        (t4,) = (item for item in found.items if item.track_id == "t4")
        radar = [reason.text for reason in t4.reasons if reason.kind == "radar"]
        names = " and ".join(name for _, name, _ in artists)
        expected = [f"{names}: under the radar, outside the most played 20 % of artists"] if counts else []
        assert radar == expected

    def test_where_no_load_has_told_the_most_plays_nobody_is(self) -> None:
        def names(keys: list[int]) -> list[Row]:
            return [small.track_names(keys)[0] | {"radar_plays": None}]

        assert ids(small.small_graph(track_names=names), None, mode="under-the-radar") == []


class TestOrder:
    """Without diversity a list is in the order of its scores, to the last digit."""

    N = 60

    def crowd(self, seed: int) -> FakeGraph:
        """Friends who play many tracks alike, so that scores come close and are often the same."""
        rng = np.random.default_rng(seed)
        names = [f"n{place}" for place in range(self.N)]
        mine = dict(zip(names[:10], [*range(1, 11)], strict=True))

        def packed(plays: dict[str, int]) -> bytes:
            heard = rng.choice([0.3, 0.7, 0.9], len(plays))
            return pack(keys_of(plays), np.full(len(plays), FADO), np.array([*plays.values()]), heard)

        friends = []
        for place in range(7):
            liked = [name for name in names if rng.random() < 0.6]
            plays = {name: int(rng.integers(1, 4)) for name in liked}
            friends.append(
                [f"f{place}", f"Friend {place}", ("nobody", "everybody")[place % 2], packed(plays)]
            )

        def track_names(keys: list[int]) -> list[Row]:
            tracks = [
                [key_of(name), name, name, None, None, [[f"a-{name}", name, 5]], [[1, "fado", "fado", FADO]]]
                for name in names
                if key_of(name) in keys
            ]
            return [{"tracks": tracks, "radar_plays": 20}]

        row = listener(
            profile=packed(mine),
            own_genres=[[POP, 50]],
            friend_genres=[[FADO, 7]],
            friends=friends,
            n_friends=len(friends),
            similar=[],
        )
        chart = [{"tracks": [[key_of(name), place + 1, [FADO]] for place, name in enumerate(names)]}]
        return small.small_graph(listener_neighbourhood=row, track_names=track_names, chart=chart)

    @pytest.mark.parametrize("seed", range(4))
    @pytest.mark.parametrize("mode", ["discovery", "for-you"])
    @pytest.mark.parametrize("weighing", [{}, {"weights": "binary", "shrinkage": 0}])
    def test_scores_fall(self, mode: Mode, weighing: dict[str, Any], seed: int) -> None:
        options = RecommendationOptions(k=self.N, mode=mode, **weighing)
        found = recommend(self.crowd(seed), "u1", options)
        scores = [item.score for item in found.items]
        assert len(scores) > 30
        assert scores == sorted(scores, reverse=True)
        for item in found.items:
            assert item.score == pytest.approx(sum(reason.part for reason in item.reasons), abs=1e-12)

    @pytest.mark.parametrize("seed", range(4))
    def test_scores_of_a_model_fall_though_their_parts_are_rounded(
        self, seed: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The model takes the new tracks for one another; friends are added up by who plays most now."""
        new = [f"n{place}" for place in range(20)]
        rng = np.random.default_rng(seed)
        known = ["t1", "t2", *(f"k{place}" for place in range(9))]
        likes = {f"u{user}": {one: 3 for one in known if rng.random() < 0.6} for user in range(2, 9)}
        plays = {"u1": {"t1": 9, "t2": 3}} | {
            user: own | dict.fromkeys(new, 4) for user, own in likes.items()
        }
        tracks = {track for played in plays.values() for track in played}
        monkeypatch.setattr(small, "PLAYS", plays)
        monkeypatch.setattr(small, "GENRES", {track: "fado" if track in new else "pop" for track in tracks})
        monkeypatch.setattr(small, "ARTISTS", {track: f"a-{track}" for track in tracks})
        monkeypatch.setattr(small, "_ARTIST_PLAYS", {f"a-{track}": 25 for track in tracks})
        among = [(one, other) for one in likes for other in likes if one < other and rng.random() < 0.4]
        monkeypatch.setattr(small, "FRIENDS", [*(("u1", user) for user in likes), *among])
        friends = [
            [user, f"Friend {user}", None, profile(**{track: int(rng.integers(1, 90)) for track in new})]
            for user in likes
        ]
        row = listener(friends=friends, n_friends=len(friends), similar=[], tags=[])
        graph = small.small_graph(listener_neighbourhood=row)
        options = RecommendationOptions(mode="for-you", k=len(new), radar_share=0.0)
        found = recommend(graph, "u1", options, model=small.served())
        scores = [item.score for item in found.items]
        assert {item.track_id for item in found.items} == set(new)
        assert max(scores) - min(scores) < 1e-9
        assert scores == sorted(scores, reverse=True)

    def test_what_comes_from_further_away_stands_below(self, either: ServedModel | None) -> None:
        """Bea is unlike u1 and hardly heard her track; who is like u1 knows no friend of u1."""
        genres = keys_of(["jazz"])
        hardly = pack(keys_of(["t5"]), genres, np.array([1]), np.array([0.1]))
        row = listener(friends=[["u2", "Bea", None, hardly]], n_friends=1, country="PT", similar=[])
        twin = {"user_id": "u5", "profile": profile(t1=9, t2=3, t3=50)}
        graph = everywhere(
            listener_neighbourhood=row,
            friends_of_friends=[twin | {"in_common": 1}],
            similar_listeners=[twin | {"in_common": 1.0}],
            chart=[{"tracks": []}],
        )
        found = recommend(graph, "u1", RecommendationOptions(mode="for-you", radar_share=0.0), model=either)
        assert [item.rank for item in found.items] == [1, 2, 3, 4]
        assert found.items[0].track_id == "t5"
        scores = [item.score for item in found.items]
        assert scores == sorted(scores, reverse=True)
        assert min(scores) > 0
        for item in found.items:
            assert item.score == pytest.approx(sum(reason.part for reason in item.reasons), abs=1e-12)

    def test_the_genre_of_what_comes_from_further_away_is_scaled_with_it(self) -> None:
        genres = keys_of(["jazz"])
        hardly = pack(keys_of(["t5"]), genres, np.array([1]), np.array([0.1]))
        row = listener(friends=[["u2", "Bea", None, hardly]], n_friends=1, similar=[])
        chart = [{"tracks": [[key_of("t6"), 30, [FADO]], [key_of("t4"), 2, [FADO]]]}]
        graph = small.small_graph(listener_neighbourhood=row, chart=chart)
        found = recommend(graph, "u1", RecommendationOptions(radar_share=0.0))
        assert [item.track_id for item in found.items] == ["t5", "t6", "t4"]
        first, second, third = found.items
        assert first.score > second.score > third.score > 0
        assert second.score == pytest.approx(first.score, rel=1e-6)
        parts = [{reason.kind: reason.part for reason in item.reasons} for item in (second, third)]
        assert parts[0]["genre"] == parts[1]["genre"] > 0

    def test_with_diversity_the_order_is_that_of_the_choice(self) -> None:
        plain = ids(small.small_graph(), None, mode="for-you", radar_share=0.0)
        unlike = RecommendationOptions(mode="for-you", radar_share=0.0, max_per_artist=MAX_K, diversity=1.0)
        found = recommend(small.small_graph(), "u1", unlike)
        assert sorted(item.track_id for item in found.items) == sorted(plain)
        scores = [item.score for item in found.items]
        assert scores != sorted(scores, reverse=True)


class TestNeighboursOfWhoHasNoFriends:
    """Friends of friends and similar listeners add tracks of allowed genres, and charts of nearly all."""

    @staticmethod
    def alone(pool: Sequence[int]) -> FakeGraph:
        row = listener(friends=[], n_friends=0, friend_genres=[], similar=[], pool=[*pool])
        return everywhere(listener_neighbourhood=row)

    def test_they_are_not_read_where_no_genre_is_allowed(self) -> None:
        graph = self.alone(pool=[])
        found = recommend(graph, "u1", RecommendationOptions(radar_share=0.0))
        assert (found.mode, [item.track_id for item in found.items]) == (
            "popular-everywhere",
            ["t3", "t4", "t5", "t6"],
        )
        assert [name for name, _ in graph.asked] == ["listener_neighbourhood", "chart", "track_names"]

    def test_they_are_read_for_a_genre_that_is_not_home(self) -> None:
        graph = self.alone(pool=[FADO])
        found = recommend(graph, "u1", RecommendationOptions(radar_share=0.0))
        assert found.mode == "similar-listeners"
        assert {item.track_id for item in found.items} >= {"t3", "t4", "t6"}
