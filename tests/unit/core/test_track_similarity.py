"""Traits from plain values, and names that are the same in other spellings."""

from __future__ import annotations

import numpy as np
import pytest

from muse_graph.core.rerank.track_similarity import TrackSimilarity, Traits, name_key, traits_of
from muse_graph.errors import ShapeError


def test_traits_from_names_languages_and_features() -> None:
    found = traits_of([["ana", "ben"], ["ana"], []], ["es", "ES", None], [[1.0, 2.0], None, [3.0, 4.0]])
    assert found.artists == [["ana", "ben"], ["ana"], []]
    assert found.language.tolist() == [0, 0, -1]
    np.testing.assert_array_equal(found.features, [[1, 2], [np.nan, np.nan], [3, 4]])
    assert len(found) == 3


def test_features_of_a_length_that_few_have_are_unknown() -> None:
    found = traits_of([[]] * 4, [None] * 4, [[1.0, 2.0], [3.0], [4.0, 5.0], None])
    np.testing.assert_array_equal(found.features[:, 0], [1, np.nan, 4, np.nan])
    assert traits_of([[]], [None], [None]).features.shape == (1, 0)


def test_alikeness_to_the_same_and_to_unlike_tracks() -> None:
    features = [[0.1, 5.0], [0.1, 5.0], [0.3, 5.0], None]
    alike = TrackSimilarity(traits_of([["a"], ["b"], ["a"], ["c"]], [None] * 4, features), 1.0, 1.0, 1.0)
    # The language, which nobody has, counts nothing; nor does the second feature, which is the same for all.
    # Of nine pairs four differ by 0.2: the mean of the squares is 4/9 of that of the two that differ.
    np.testing.assert_allclose(alike.to(0), [1.0, 0.5, 0.5 + 0.5 / (1 + 9 / 4), 0.25])
    np.testing.assert_allclose(alike.to(3), [0.25, 0.25, 0.25, 0.75])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Beyoncé", "BEYONCE"),
        ("The Beatles", "beatles"),
        ("Simon & Garfunkel", "Simon and  Garfunkel"),
        ("AC/DC", "AC-DC"),
        ("Björk", "Bjo\u0308rk"),
        ("Гражданская Оборона", "гражданская оборона"),
    ],
)
def test_spellings_of_one_name(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("The The", "Them"), ("!!!", "???"), ("राम", "रमा"), ("Air", "Airs"), ("東京事変", "椎名林檎")],
)
def test_names_that_are_not_the_same(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


def test_traits_that_disagree() -> None:
    one, two = np.zeros(1, np.int64), np.zeros(2, np.int64)
    with pytest.raises(ShapeError, match=r"must be \(1,\) and \(1, n_features\), got \(2,\) and \(1, 0\)"):
        Traits([["a"]], two, np.empty((1, 0)))
    with pytest.raises(ShapeError, match=r"must be \(2,\) and \(2, n_features\), got \(2,\) and \(1, 0\)"):
        Traits([["a"], ["b"]], two, np.empty((1, 0)))
    assert len(Traits([["a"]], one, np.empty((1, 0)))) == 1
    with pytest.raises(ShapeError, match="equally long, got 1, 0, 1"):
        traits_of([["a"]], [], [None])
