"""The sentences of reasons, word by word: one and several, known and unknown."""

from __future__ import annotations

import math

import pytest

from muse_graph.service.recommendations import messages


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (messages.share_text(math.nan), ""),
        (messages.share_text(0.5), " and heard 50 % of it"),
        (messages.share_text(0.456), ", but heard only 46 % of it"),
        (messages.sentence_for_friend("Bea", 1, math.nan), "Bea played it once"),
        (messages.sentence_for_friend("Bea", 1234, 1.0), "Bea played it 1,234 times and heard 100 % of it"),
        (messages.sentence_for_others(0, 0), "What your friends like"),
        (messages.sentence_for_others(0, 2), "What your other friends like"),
        (messages.sentence_for_others(1, 2), "1 more friend plays it"),
        (messages.sentence_for_others(2, 2), "2 more friends play it"),
        (messages.sentence_for_others(2, 0), "2 of your friends play it"),
        (messages.sentence_for_others(1, 0), "1 of your friends plays it"),
        (messages.sentence_for_others(2, 0, 1), "2 of your friends play it"),
        (messages.sentence_for_others(0, 0, 1), "1 of your friends left it early"),
        (messages.sentence_for_others(0, 2, 1), "1 more friend left it early"),
        (messages.sentence_for_others(0, 2, 2), "2 more friends left it early"),
        (messages.sentence_for_shared_tracks(), "Those who play it share tracks with you"),
        (
            messages.sentence_for_radar(["Ana", "Bo"]),
            "Ana and Bo: under the radar, outside the most played 20 % of artists",
        ),
        (messages.sentence_for_best_tracks(), "Its best tracks suit what you and your friends listen to"),
        (
            messages.sentence_for_share(),
            "Its share of what your friends play; friends with similar taste count for more",
        ),
        (messages.sentence_for_genre("Fado", 0, 0), "Fado is new to you; none of your friends plays it yet"),
        (messages.sentence_for_genre("Fado", 0, 1), "Fado is new to you; 1 friend listens to it"),
        (
            messages.sentence_for_genre("Fado", 0, 1, all_listen=False),
            "Fado is new to you; 1 friend plays or likes it",
        ),
        (
            messages.sentence_for_genre("Fado", 0, 2, all_listen=False),
            "Fado is new to you; 2 friends play or like it",
        ),
        (
            messages.sentence_for_genre("Fado", 1, 2),
            "You have started exploring Fado; 2 friends listen to it",
        ),
        (
            messages.sentence_for_genre("Fado", 9, 2, home=True),
            "You have long listened to Fado; 2 friends listen to it",
        ),
        (messages.sentence_for_genre("Fado", 0, 1, home=True), "Fado is new to you; 1 friend listens to it"),
        (
            messages.sentence_for_waiting("Fado", ["Ska"], 1600),
            "Fado rests until Ska catches up, or your favourite genre reaches 1,600 streams",
        ),
        (
            messages.sentence_for_waiting("Fado", ["Ska", "Pop", "Son"], 16),
            "Fado rests until Ska, Pop, Son catch up, or your favourite genre reaches 16 streams",
        ),
        (
            messages.sentence_for_waiting("Fado", ["Ska", "Pop", "Son", "Dub", "Rai"], 16),
            "Fado rests until Ska, Pop, Son and 2 more catch up, or your favourite genre reaches 16 streams",
        ),
        (
            messages.sentence_for_dismissed("Fado"),
            "You discarded Fado; saving one of its songs brings it back",
        ),
        (messages.sentence_for_own("Luna", "Ana", 1.0), "You saved Luna by Ana"),
        (messages.sentence_for_own("Luna", "Ana", -1.0), "You discarded Luna by Ana"),
        (messages.sentence_for_own("Luna", "", 0.0), "You play Luna"),
        (messages.sentence_for_discards(1), "You discarded 1 track by the same artist"),
        (messages.sentence_for_discards(2), "You discarded 2 tracks by the same artist"),
        (messages.sentence_for_taste(0), "Your plays"),
        (messages.sentence_for_taste(1), "Your other plays"),
        (messages.sentence_for_similar_listeners(0), "Listeners and tags with similar taste"),
        (messages.sentence_for_similar_listeners(1), "1 listener with similar taste plays it"),
        (messages.sentence_for_source("friends-of-friends", 1, None), "1 friend of your friends plays it"),
        (messages.sentence_for_source("friends-of-friends", 2, None), "2 friends of your friends play it"),
        (
            messages.sentence_for_source("similar-listeners", 2, None),
            "2 listeners with similar taste play it",
        ),
        (messages.sentence_for_source("popular-in-country", 1, "Peru"), "Popular in Peru: 1 play"),
        (
            messages.sentence_for_source("popular-everywhere", 1234, "Peru"),
            "Popular everywhere: 1,234 plays",
        ),
    ],
)
def test_a_sentence(sentence: str, expected: str) -> None:
    assert sentence == expected
