"""What the start page shows, computed from answers: cards, avatars, leading genres, the ledger's bars."""

from __future__ import annotations

import pytest

from muse_graph.answers import (
    GenreState,
    Ledger,
    LedgerGenre,
    Named,
    Reason,
    Recommendation,
    Recommendations,
)
from muse_graph.api.web.pages.colours import hue_of_person
from muse_graph.api.web.pages.genre_chart import genre_chart
from muse_graph.api.web.pages.view import Avatar, Chip, Part, avatar, card, lead_genres, listed, percent

JAZZ, FADO, METAL = Named("jazz", "Jazz"), Named("fado", "Fado"), Named("metal", "Metal")
ANA = Reason("friend", "Ana plays it", 0.5, user_id="u1", name="Ana Ruiz")
BEA = Reason("friend", "u2 plays it", 0.75, user_id="u2")
SOMEBODY = Reason("friend", "a friend plays it", 0.25)
OTHERS = Reason("friends", "3 other friends play it", 1.5, n=3)
OWN = Reason("own", "like what you play", 0.5)
RADAR = Reason("radar", "under the radar", 0.25)
LEFT = Reason("friend", "Cy left it", 2.0, user_id="u3", name="Cy", heard=0.01)
RESTING = Reason("resting", "Jazz rests", -1.0)


def leads(genre: Named) -> Reason:
    return Reason("genre", f"{genre.name} is new to you", 1.0, genre_id=genre.id)


def song(*reasons: Reason, genres: tuple[Named, ...] = (JAZZ, FADO), score: float = 4.0) -> Recommendation:
    artists = [Named("a1", "Los Faroles"), Named("a2", "Björk")]
    return Recommendation(1, "t1", "Lluvia", artists, list(genres), score, list(reasons))


@pytest.mark.parametrize(
    ("part", "whole", "whole_percent"),
    [
        (1, 4, 25),
        (1, 3, 33),
        (2, 3, 67),
        (0, 4, 0),
        (-1, 4, -25),
        (9, 4, 100),
        (-9, 4, -100),
        (1, 0, 0),
        (1, -2, 0),
    ],
)
def test_whole_percent(part: float, whole: float, whole_percent: int) -> None:
    assert percent(part, whole) == whole_percent


@pytest.mark.parametrize(
    ("names", "phrase"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c", "d"], "a, b, c and d")],
)
def test_names_as_a_phrase(names: list[str], phrase: str) -> None:
    assert listed(names) == phrase


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("Ana", "A"),
        ("ana ruiz", "AR"),
        ("Ana María Ruiz Mora", "AM"),
        ("🎷", "🎷"),
        ("🎷 kid", "🎷K"),
        ("ליאת כהן", "לכ"),
        ("أمينة حسن", "أح"),
        (None, "U"),
        ("", "U"),
        ("  ", "?"),
    ],
)
def test_initials(name: str | None, initials: str) -> None:
    assert avatar("u1", name) == Avatar("u1", name or "u1", initials, 50)


def test_a_card_says_who_why_and_how_much() -> None:
    shown = card(song(ANA, OTHERS, BEA, leads(FADO), SOMEBODY, RESTING), frozenset({"fado"}))
    assert shown.artists == "Los Faroles and Björk"
    assert shown.chips == [Chip("fado", "Fado", 163, is_new=True), Chip("jazz", "Jazz", 140, is_new=False)]
    assert shown.hue == 163
    assert shown.avatars == [
        Avatar("u2", "u2", "U", 12),
        Avatar("u1", "Ana Ruiz", "AR", 50),
        avatar("", None),
    ]
    assert (shown.avatars[2].user_id, shown.avatars[2].name, shown.avatars[2].initials) == ("", "", "?")
    assert shown.others == 3
    assert shown.parts == [
        Part("friend", 12, "Ana plays it"),
        Part("friends", 38, "3 other friends play it"),
        Part("friend", 19, "u2 plays it"),
        Part("genre", 25, "Fado is new to you"),
        Part("friend", 6, "a friend plays it"),
        Part("resting", -25, "Jazz rests"),
    ]


def test_a_card_without_genres_has_the_hue_of_its_track() -> None:
    assert card(song(OWN, genres=()), frozenset()).hue == hue_of_person("t1")


@pytest.mark.parametrize(
    ("reasons", "sentence"),
    [
        ((ANA, BEA, OWN, RADAR), "u2 plays it"),
        ((ANA, BEA, OTHERS), "3 other friends play it"),
        ((RADAR, OWN), "like what you play"),
        ((RADAR, Reason("own", "unlike what you play", -0.5)), "under the radar"),
        ((LEFT, RADAR), "under the radar"),
        ((LEFT, RESTING), "Cy left it"),
    ],
)
def test_why(reasons: tuple[Reason, ...], sentence: str) -> None:
    """The strongest reason for it; a friend who left it early is one only if there is nothing else."""
    assert card(song(*reasons), frozenset()).why == sentence


def test_a_friend_who_left_early_and_what_counts_nothing_are_not_shown_as_praise() -> None:
    shown = card(song(LEFT, ANA, leads(JAZZ), Reason("taste", "hardly", 0.001)), frozenset())
    assert [one.user_id for one in shown.avatars] == ["u1"]
    assert [part.text for part in shown.parts] == ["Cy left it", "Ana plays it", "Jazz is new to you"]


def test_genres_that_lead_are_named_in_the_order_of_the_list() -> None:
    country = Reason("country", "popular there", 0.5, genre_id="jazz")
    unknown = Reason("genre", "polka is new to you", 0.5, genre_id="polka")
    found = Recommendations(
        "u1",
        "discovery",
        [
            song(ANA, country, unknown),
            song(leads(FADO)),
            song(leads(METAL), genres=(METAL,)),
            song(leads(FADO), leads(JAZZ)),
        ],
    )
    assert [lead.genre_id for lead in lead_genres(found)] == ["fado", "metal"]
    assert [lead.name for lead in lead_genres(found, most=3)] == ["Fado", "Metal", "Jazz"]
    assert lead_genres(Recommendations("u1", "discovery", [song(ANA, country, unknown)])) == []


def genre(rank: int, state: GenreState, streams: int, *sentences: str) -> LedgerGenre:
    reasons = [Reason("genre", text, 0.5) for text in sentences]
    return LedgerGenre(rank, f"g{rank}", f"G{rank}", state, streams, 0.5, reasons)


def test_genres_are_grouped_by_state() -> None:
    rows = [
        genre(1, "home", 50),
        genre(2, "offered", 0, "new to you", "friends play it"),
        genre(3, "resting", 20, "rests until the cap is 21"),
        genre(4, "resting", 21, "rests until the cap is 22"),
    ]
    drawn = genre_chart(Ledger("u1", rows, 10.0, 0.2))
    assert [group.state for group in drawn.groups] == ["offered", "resting", "home"]
    bars = {bar.genre_id: bar for group in drawn.groups for bar in group.bars}
    assert [bar.genre_id for group in drawn.groups for bar in group.bars] == ["g2", "g3", "g4", "g1"]
    assert bars["g2"].text == "new to you"
    assert bars["g1"].text == ""
    silent = genre_chart(Ledger("u1", [genre(1, "resting", 20)], 10.0, 0.2))
    assert silent.resting == []
    assert drawn.resting == ["rests until the cap is 21", "rests until the cap is 22"]
    assert (drawn.cap, drawn.percent, drawn.favourite, drawn.n_genres) == ("10", 20, "G1", 4)


def test_a_ledger_without_genres_is_an_empty_chart() -> None:
    drawn = genre_chart(Ledger("u1", [], 0.0, 0.2))
    assert (drawn.groups, drawn.cap, drawn.favourite, drawn.n_genres) == ([], None, None, 0)


def test_only_a_bar_above_two_caps_is_cut_off() -> None:
    rows = [genre(n, "resting", streams, "rests") for n, streams in enumerate((19, 20, 21), 1)]
    (group,) = genre_chart(Ledger("u1", rows, 10.0, 0.2)).groups
    assert [(bar.height, bar.beyond) for bar in group.bars] == [(95, False), (100, False), (100, True)]
    (group,) = genre_chart(Ledger("u1", rows, 0.0, 0.2)).groups
    assert [(bar.height, bar.beyond) for bar in group.bars] == [(0, False)] * 3


def test_a_favourite_that_did_not_set_the_cap_is_not_named() -> None:
    drawn = genre_chart(Ledger("u1", [genre(1, "offered", 7), genre(2, "offered", 9)], 12.5, 0.2))
    assert (drawn.cap, drawn.favourite) == ("12.5", None)


def test_long_groups_show_their_first_genres() -> None:
    rows = [genre(n, "resting", 30, "rests") for n in range(1, 7)]
    (group,) = genre_chart(Ledger("u1", rows, 10.0, 0.2)).groups
    assert [bar.genre_id for bar in group.bars] == ["g1", "g2", "g3", "g4"]
    assert [bar.genre_id for bar in group.more] == ["g5", "g6"]
