"""The models that are compared, by name, each with the settings it is compared at."""

from __future__ import annotations

from collections.abc import Iterable

from muse_graph.core.models.ease.ease import EaseOptions, fit_ease
from muse_graph.core.models.ensemble.ensemble import fit_ensemble
from muse_graph.core.models.knn.knn import fit_item_knn, fit_user_knn
from muse_graph.core.models.mf.als import fit_als
from muse_graph.core.models.mf.gradient import fit_gradient
from muse_graph.core.models.popularity import fit_friends_count, fit_popularity
from muse_graph.core.models.softmax.softmax import fit_softmax
from muse_graph.core.models.types import Fit, Model, TrainingData
from muse_graph.errors import InvalidRequest
from muse_graph.evaluation.models.baselines import friends_by_genre, listeners_by_genre
from muse_graph.evaluation.protocols.discovery import GenreCount, Knobs

__all__ = ["COUNTS", "GENRE_MODELS", "KNOBS", "MODELS", "SERVED", "chosen"]

SERVED = "ensemble (served)"

#: What the papers on social recommendation have too: who plays what, and who is whose friend.
_BINARY = EaseOptions(
    weights="binary",
    idf=False,
    row_power=0.0,
    column_power=0.2,
    friends=0.1,
    tags=0.0,
    tag_rows=0.0,
    ridge=4.0,
)
_NO_TAGS = EaseOptions(row_power=0.5, friends=0.1, tags=0.0, tag_rows=0.0, ridge=6.0)
#: Genres are few, so that friends are as many features as there are users: likes alone are better.
_LIKES = EaseOptions(
    weights="binary",
    idf=False,
    row_power=0.75,
    column_power=0.0,
    friends=0.0,
    tags=0.0,
    tag_rows=0.0,
    ridge=0.1,
)


def _binary(data: TrainingData) -> Model:
    return fit_ease(data, _BINARY)


def _no_tags(data: TrainingData) -> Model:
    return fit_ease(data, _NO_TAGS)


def _likes(data: TrainingData) -> Model:
    return fit_ease(data, _LIKES)


MODELS: dict[str, Fit] = {
    "popularity": fit_popularity,
    "friends count": fit_friends_count,
    "gradient descent": fit_gradient,
    "user-kNN": fit_user_knn,
    "item-kNN": fit_item_knn,
    "implicit ALS": fit_als,
    "EASE, binary and friends": _binary,
    "EASE, plays and friends": _no_tags,
    "EASE, tags too": fit_ease,
    SERVED: fit_ensemble,
}

#: Models of liked genres, each genre an item.
GENRE_MODELS: dict[str, Fit] = {
    "popularity": fit_popularity,
    "friends count": fit_friends_count,
    "user-kNN": fit_user_knn,
    "implicit ALS": fit_als,
    "EASE": _likes,
    "softmax of likes, friends and their friends": fit_softmax,
}

COUNTS: dict[str, GenreCount] = {"popularity": listeners_by_genre, "friends count": friends_by_genre}

#: Models whose lists are ranked by the chance of the genre too, at these settings of focus and radar.
KNOBS: dict[str, tuple[Knobs, ...]] = {
    "EASE, tags too": ((1.0, 0.0), (1.0, 1.0)),
    SERVED: ((0.125, 0.0), (1.0, 0.0), (1.0, 0.5), (1.0, 1.0)),
}


def chosen(models: dict[str, Fit], names: Iterable[str] | None) -> dict[str, Fit]:
    """The models of these names in the order given, or all; a name may be cut short where it stays clear.

    Raises:
        InvalidRequest: For a name that none or several begin with.
    """
    if not names:
        return models
    found = {}
    for name in names:
        matches = [known for known in models if known == name] or [
            known for known in models if known.startswith(name)
        ]
        if len(matches) != 1:
            raise InvalidRequest(f"model must be one of {', '.join(models)}, got {name!r}")
        found[matches[0]] = models[matches[0]]
    return found
