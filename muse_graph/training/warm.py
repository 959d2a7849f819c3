"""Where a warm training begins: the last model, and what has changed since it was trained."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from muse_graph import __version__
from muse_graph.core.arrays import find
from muse_graph.core.models.ensemble.ensemble import Ensemble, EnsembleOptions
from muse_graph.core.models.ensemble.refit import fitted_with, refit_ensemble
from muse_graph.core.models.interaction_weights import weight_matrix
from muse_graph.core.models.types import Model, TrainingData
from muse_graph.core.types import BoolArray, Float32Array, IntArray
from muse_graph.errors import ModelError
from muse_graph.model_store import Content
from muse_graph.model_store.store import open_current
from muse_graph.training.reading import TrainingSet

__all__ = ["MOST_NEW", "Start", "digest_of", "find_start"]

#: Share of the pairs of a listener and a track that came or went since the last full training, at most.
MOST_NEW = 0.1
#: Weights that differ by less are the same but for rounding.
_ROUNDING = 1e-4


@dataclass(frozen=True, slots=True, eq=False)
class Start:
    """The last model beside what there is now.

    Attributes:
        version: of the last model
        model, options: the ensemble, and those it was fitted with
        place: (n_items,) int64, position of each track in the last model, -1 for new ones
        changed: (n_users,) bool, whether a user has other listens, saves or discards than then
        since_full: pairs of a user and a track that came or went since the last full training
        gone: whether a user of the last model is none any more, or was erased
        same: whether there is nothing else to learn from than then
    """

    version: str
    model: Ensemble
    options: EnsembleOptions
    place: IntArray
    changed: BoolArray
    since_full: int
    gone: bool
    same: bool

    def fit(self, data: TrainingData) -> Model:
        """Go on from the last model, which stays as it is where nothing has changed.

        The vectors of ALS are learned anew where a user is gone, so that nothing remains of what they played.
        """
        if self.same:
            return self.model
        return refit_ensemble(data, self.options, self.model, None if self.gone else self.place)


def find_start(
    folder: Path, training_set: TrainingSet, digest: str, options: EnsembleOptions, *, erased: bool
) -> Start | str:
    """The last model of a folder, or why a training cannot go on from it; to be called while `writing`.

    Args:
        digest: of the training set, by `digest_of`
        erased: whether users were erased whom the last model may hold
    """
    try:
        opened = open_current(folder)
    except ModelError as error:
        return f"there is no model to go on from: {error}"
    # Nobody deletes it while this process is the one that writes; kept open it could not go at the end.
    opened.lease.close()
    content, model = opened.content, getattr(opened.content, "model", None)
    if not isinstance(content, Content) or not isinstance(model, Ensemble):
        return "the last model is of another kind"
    if reason := _unlike(model, opened.about, options):
        return reason
    start = _compare(_Last(opened.version, content, model, opened.about), training_set, digest, options)
    share = start.since_full / max(len(training_set.data.interactions), 1)
    if share > MOST_NEW:
        return (
            f"{start.since_full:,} pairs of a listener and a track came or went since the last full one, "
            f"{share:.1%} of all; at most {MOST_NEW:.0%} may"
        )
    return replace(start, gone=True, same=False) if erased else start


def digest_of(training_set: TrainingSet) -> str:
    """A digest of all there is to learn from: equal for equal data."""
    data, digest = training_set.data, blake2b(digest_size=16)
    played = data.interactions
    arrays: list[NDArray[Any]] = [
        training_set.user_keys,
        training_set.catalogue.track_keys,
        training_set.tag_keys,
    ]
    arrays += [played.user_index, played.item, played.plays, data.item_genre, played.heard]
    for matrix in (data.feedback, data.friends, data.user_tags, data.item_tags):
        arrays += [matrix.indptr, matrix.indices, matrix.data]
    for array in arrays:
        digest.update(str(array.shape).encode())
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()


def _unlike(model: Ensemble, about: Mapping[str, Any], options: EnsembleOptions) -> str:
    """Why a model is not one to go on from; empty if it is."""
    if about.get("muse_graph") != __version__:
        return f"the last model was made by version {about.get('muse_graph')}, this is {__version__}"
    if not fitted_with(model, options):
        return "the last model was made with other settings"
    if about.get("favourites"):
        return "the last model has learned from exported favourites too"
    if not {"since_full", "data"} <= about.keys():
        return "the last model does not say how much is new in it"
    return ""


@dataclass(frozen=True, slots=True, eq=False)
class _Last:
    """The last model, as it was published."""

    version: str
    content: Content
    model: Ensemble
    about: Mapping[str, Any]


def _compare(last: _Last, training_set: TrainingSet, digest: str, options: EnsembleOptions) -> Start:
    data, user_keys = training_set.data, training_set.user_keys
    before, now = _Cells.of_model(last, training_set), _Cells.of_data(data, options)
    place = find(before.pair, now.pair)
    met = place >= 0
    same = met.copy()
    same[met] = np.abs(before.weight[place[met]] - now.weight[met]) <= _ROUNDING
    n_same = np.bincount(now.pair[same] // data.n_items, minlength=data.n_users)
    n_before, n_now = (np.bincount(one.pair // data.n_items, minlength=data.n_users) for one in (before, now))
    return Start(
        version=last.version,
        model=last.model,
        options=options,
        place=find(last.content.catalogue.track_keys, training_set.catalogue.track_keys),
        changed=(n_same < n_before) | (n_same < n_now),
        since_full=last.about["since_full"] + len(before.pair) + len(now.pair) - 2 * int(met.sum()),
        gone=bool((find(user_keys, last.content.user_keys) < 0).any()),
        same=last.about["data"] == digest,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Cells:
    """What users played, saved and discarded, of those whom there are now.

    Attributes:
        pair: (n,) int64 ascending, a number for each user and track
        weight: (n,) float32, without the factor of the track
    """

    pair: IntArray
    weight: Float32Array

    @classmethod
    def of_model(cls, last: _Last, training_set: TrainingSet) -> _Cells:
        """What the last model was trained on; tracks that are gone have no place any more."""
        catalogue, listeners = training_set.catalogue, last.model.members.listeners
        rows = listeners.rows
        user = np.repeat(find(training_set.user_keys, last.content.user_keys), np.diff(rows.indptr))
        item = find(catalogue.track_keys, last.content.catalogue.track_keys)[rows.indices]
        kept = (user >= 0) & (item >= 0)
        weight = rows.data / listeners.factors[rows.indices]
        # Keys are ascending, then and now, so that what is kept is still in order.
        return cls(user[kept] * catalogue.n_items + item[kept], weight[kept])

    @classmethod
    def of_data(cls, data: TrainingData, options: EnsembleOptions) -> _Cells:
        """What there is now."""
        of_users = options.listeners
        rows = weight_matrix(data, of_users.weights, np.ones(data.n_items, np.float32), of_users.discard)
        user = np.repeat(np.arange(data.n_users), np.diff(rows.indptr))
        return cls(user * data.n_items + rows.indices, rows.data)
