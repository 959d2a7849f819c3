"""What scores are made of adds up to them; friends who keep their listens private stay unnamed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from muse_graph.answers import Named, Reason, left_early
from muse_graph.core.keys import key_of
from muse_graph.core.listening.profiles import pack, unpack
from muse_graph.core.scoring import FriendContribution, ScoringOptions
from muse_graph.service.recommendations.candidates import ChosenTracks
from muse_graph.service.recommendations.context import Friend, RecommendationContext, read_context
from muse_graph.service.recommendations.explanations import (
    Explainer,
    OwnContribution,
    ScoreBreakdown,
    SourceContribution,
    in_order,
    split_named,
)
from muse_graph.service.recommendations.friend_ranking import FriendRanker
from muse_graph.service.recommendations.options import RecommendationOptions
from muse_graph.service.recommendations.track_cache import TrackCache, TrackInfo
from tests.worlds import small

FOR_YOU = RecommendationOptions(mode="for-you")
FADO = key_of("fado")


class Trusting(RecommendationOptions):
    """Options with what no request can say: how much friends are trusted."""

    trust: float

    @property
    def scoring(self) -> ScoringOptions:
        return ScoringOptions(trust=self.trust)


profiles = st.dictionaries(st.integers(1, 8), st.integers(1, 50), max_size=6)


def context_of() -> RecommendationContext:
    return read_context(small.small_graph(), "u1", FOR_YOU)


def packed(plays: dict[int, int]) -> bytes:
    tracks = np.array(sorted(plays), np.int64)
    heard = np.linspace(0.1, 1.0, len(tracks))
    return pack(
        tracks,
        np.full(len(tracks), FADO),
        np.array([plays[track] for track in sorted(plays)], np.int64),
        heard,
    )


def track_of(key: int, *, under_radar: bool = False) -> TrackInfo:
    artists, genres = [Named("a1", "The a1"), Named("a2", "The a2")], [Named("fado", "Fado")]
    return TrackInfo(
        key, f"t{key}", f"Song {key}", under_radar, None, None, artists, genres, ("a1",), (FADO,)
    )


@given(
    own=profiles,
    friends=st.lists(profiles, max_size=7),
    private=st.sets(st.integers(0, 6)),
    trust=st.sampled_from([0.0, 0.1, 1.0]),
)
def test_what_friends_say_adds_up_and_keeps_secrets(
    own: dict[int, int], friends: list[dict[int, int]], private: set[int], trust: float
) -> None:
    context = replace(
        context_of(),
        friends=[Friend(f"f{n}", f"Friend {n}", n in private) for n in range(len(friends))],
        all_profiles=unpack([packed(plays) for plays in (own, *friends)]),
    )
    options = Trusting(mode="for-you", trust=trust)
    ledger = context.ledger(options)
    ranking = FriendRanker(context, ledger, options).ranking()
    index = np.arange(len(ranking.candidates.items))[::-1]
    tracks = [track_of(key, under_radar=key % 2 == 0) for key in ranking.candidates.items[index].tolist()]
    breakdowns = ranking.explain(ChosenTracks(index, tracks))
    explainer = Explainer(context, ledger, TrackCache().reading(small.small_graph()))
    for breakdown, ranked in zip(breakdowns, explainer.explain(breakdowns), strict=True):
        key, named = ranked.track.key, [reason for reason in ranked.reasons if reason.kind == "friend"]
        assert sum(reason.part for reason in ranked.reasons) == pytest.approx(ranked.score, abs=1e-9)
        assert not {f"Friend {n}" for n in private} & {reason.name for reason in named}
        sizes = [
            (not left_early(friend.heard), friend.contribution + friend.taste) for friend in breakdown.friends
        ]
        assert sizes == sorted(sizes, reverse=True)
        assert [reason.part for reason in named] == [friend.contribution for friend in breakdown.friends]
        assert [reason.left_early for reason in named] == [not stayed for stayed, _ in sizes]
        for friend in breakdown.friends:
            assert friend.plays == friends[friend.friend_index][key]
        if trust:
            n_players = sum(key in plays for plays in friends)
            n_others = breakdown.n_other_friends + len(breakdown.others_left)
            assert len(named) + n_others == n_players
            assert all(map(left_early, breakdown.others_left))
            assert len(named) == min(
                3, sum(key in plays and n not in private for n, plays in enumerate(friends))
            )


@given(order=st.permutations(range(6)), n=st.integers(0, 6), private=st.sets(st.integers(0, 5)))
def test_the_first_three_who_may_be_are_named(order: list[int], n: int, private: set[int]) -> None:
    friends = [FriendContribution(index, 1, float("nan"), 0.5) for index in order[:n]]
    named, others = split_named(friends, private)
    assert [one.friend_index for one in named] == [index for index in order[:n] if index not in private][:3]
    assert [one.friend_index for one in others] == [one.friend_index for one in friends if one not in named]


def explain(breakdown: ScoreBreakdown) -> list[tuple[str, str, float]]:
    """Kind, text and part of each reason of one breakdown."""
    context = replace(context_of(), country="PT")
    graph = small.small_graph()
    explainer = Explainer(context, context.ledger(FOR_YOU), TrackCache().reading(graph))
    (ranked,) = explainer.explain([breakdown])
    assert ranked.score == sum(reason.part for reason in ranked.reasons)
    return [(reason.kind, reason.text, reason.part) for reason in ranked.reasons]


def test_each_contribution_has_its_reason() -> None:
    breakdown = ScoreBreakdown(
        track_of(1, under_radar=True),
        genre_index=int(np.searchsorted(context_of().genres.keys, FADO)),
        genre=0.25,
        radar=0.5,
        friends=[FriendContribution(0, 2, 0.5, 1.0)],
        n_other_friends=1,
        other_friends=2.0,
        friend_similarity=4.0,
        own=[OwnContribution(key_of("t1"), 1.0, 8.0)],
        own_total=24.0,
        n_similar=2,
        similar=32.0,
        n_discards=1,
        penalty=-64.0,
        source=SourceContribution("popular-in-country", 3, 128.0),
    )
    radar = "The a1 and The a2: under the radar, outside the most played 20 % of artists"
    assert explain(breakdown) == [
        ("popular-in-country", "Popular in Portugal: 3 plays", 128.0),
        ("friend", "Bea played it 2 times and heard 50 % of it", 1.0),
        ("friends", "1 more friend plays it", 2.0),
        ("taste", "Those who play it share tracks with you", 4.0),
        ("own", "You saved Song 1 by The a1", 8.0),
        ("taste", "Your other plays", 16.0),
        ("similar-listeners", "2 listeners with similar taste play it", 32.0),
        ("own", "You discarded 1 track by the same artist", -64.0),
        ("genre", "Fado is new to you; 2 friends listen to it", 0.25),
        ("radar", radar, 0.5),
    ]


def test_what_adds_nothing_is_no_reason() -> None:
    assert explain(ScoreBreakdown(track_of(1, under_radar=True), genre_index=-1, genre=0.0)) == []
    # Those under the radar when the model was trained may be well known by now.
    assert explain(ScoreBreakdown(track_of(1), genre_index=-1, genre=0.0, radar=0.5)) == []


def test_own_tracks_that_are_gone_count_without_a_name() -> None:
    own = [OwnContribution(key_of("gone"), 0.0, 2.0)]
    breakdown = ScoreBreakdown(track_of(1), genre_index=-1, genre=0.0, own=own, own_total=3.0)
    assert explain(breakdown) == [("taste", "Your plays", 3.0)]


def test_friends_who_do_not_play_it_may_speak_for_it() -> None:
    breakdown = ScoreBreakdown(track_of(1), genre_index=-1, genre=0.0, other_friends=0.5)
    assert explain(breakdown) == [("friends", "What your friends like", 0.5)]
    named = replace(breakdown, friends=[FriendContribution(0, 1, float("nan"), 1.0)])
    assert explain(named)[-1] == ("friends", "What your other friends like", 0.5)


def test_the_strongest_reason_for_a_track_comes_first() -> None:
    left = Reason("friend", "Ben left it", 0.9, user_id="u2", heard=0.01, plays=1)
    reasons = [
        Reason("genre", "its genre", 0.0, n=2, genre_id="fado"),
        left,
        Reason("own", "discarded", -0.5, n=1),
        Reason("taste", "hardly", 0.0004),
        Reason("friend", "Ana", 0.25, user_id="u1", heard=0.5, plays=1),
        Reason("radar", "radar", -0.0002),
        Reason("friends", "3 more", 0.5, n=3),
    ]
    before = sum(reason.part for reason in reasons)
    ordered = in_order(reasons)
    assert [reason.text for reason in ordered] == [
        "3 more",
        "Ana",
        "its genre",
        "Ben left it",
        "discarded",
        "radar",
    ]
    assert sum(reason.part for reason in ordered) == pytest.approx(before, abs=1e-15)
    # What would be shown as 0.000 went to the strongest.
    assert {reason.part for reason in ordered if abs(reason.part) < 5e-4} == {0.0}


@pytest.mark.parametrize(
    "rest",
    [
        Reason("taste", "Your other plays", 3.0),
        Reason("friends", "What your other friends like", 3.0, n=0),
        Reason("similar-listeners", "Listeners and tags with similar taste", 3.0, n=0),
        Reason("friend", "Bea played it once, but heard only 1 % of it", 3.0, heard=0.01),
        Reason("own", "You discarded Sombra", -3.0),
    ],
    ids=lambda reason: reason.text,
)
def test_the_headline_says_by_what_a_track_persuades(rest: Reason) -> None:
    friend = Reason("friend", "Ana played it 7 times", 0.2, heard=0.9)
    genre = Reason("genre", "Fado is new to you", 0.1)
    assert in_order([replace(rest), genre, friend])[0] is friend
    # Where there is nothing else, it is what there is.
    assert [one.text for one in in_order([replace(rest)])] == [rest.text]


@example(parts=[-4e-4, 9e-4])
@example(parts=[9e-4, -4e-4])
@given(parts=st.lists(st.sampled_from([0.0, -0.0, 1e-4, -4e-4, 9e-4]) | st.floats(-2, 2), max_size=6))
def test_parts_add_up_in_any_order(parts: list[float]) -> None:
    reasons = in_order([Reason("taste", "", part) for part in parts])
    assert sum(reason.part for reason in reasons) == pytest.approx(sum(parts), abs=1e-12)
    found = [reason.part for reason in reasons]
    assert not found or found[0] == max(found)
    if found and max(parts) >= 5e-4:
        # All but the one that took what was small, which may be small itself by then.
        assert sum(abs(part) < 5e-4 for part in found) <= 1


@pytest.mark.parametrize(
    ("private", "reason"),
    [
        ((), ("friend", "Bea played it once, but heard only 1 % of it")),
        ((0,), ("friends", "1 of your friends left it early")),
    ],
)
def test_a_friend_who_left_a_track_early_is_no_praise(
    private: tuple[int, ...], reason: tuple[str, str]
) -> None:
    """Bea and u1 both play t1: what her likeness adds is hers, and not that of those who play it."""
    base = context_of()
    hers = pack(
        np.array([key_of("t1"), 7], np.int64),
        np.array([FADO, FADO], np.int64),
        np.array([3, 1], np.int64),
        np.array([0.9, 0.01]),
    )
    own = pack(
        np.array([key_of("t1")], np.int64),
        np.array([FADO], np.int64),
        np.array([3], np.int64),
        np.array([0.9]),
    )
    context = replace(base, friends=[Friend("u2", "Bea", 0 in private)], all_profiles=unpack([own, hers]))
    ledger = context.ledger(FOR_YOU)
    ranking = FriendRanker(context, ledger, FOR_YOU).ranking()
    breakdowns = ranking.explain(ChosenTracks(np.array([0]), [track_of(7)]))
    explainer = Explainer(context, ledger, TrackCache().reading(small.small_graph()))
    (ranked,) = explainer.explain(breakdowns)
    told = [(one.kind, one.text) for one in ranked.reasons if one.left_early]
    assert told == [reason]
    assert "taste" not in {one.kind for one in ranked.reasons}
    assert sum(one.part for one in ranked.reasons) == pytest.approx(ranked.score)
    assert not any(one.strength[0] for one in ranked.reasons if one.left_early)


def test_a_friend_who_only_likes_a_genre_is_not_said_to_listen_to_it() -> None:
    """Carl plays jazz, two are counted for it: one of them only likes it."""
    (row,) = small.neighbourhood()
    counted = [[key, 2] for key in (FADO, key_of("jazz"), key_of("pop"))]
    graph = small.small_graph(listener_neighbourhood=[row | {"friend_genres": counted}])
    context = read_context(graph, "u1", FOR_YOU)
    jazz, fado = (int(np.searchsorted(context.genres.keys, key)) for key in (key_of("jazz"), FADO))
    assert (context.all_listen[fado], context.all_listen[jazz]) == (True, False)
