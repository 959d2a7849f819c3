"""The ensemble fitted again: its weights are kept, and ALS goes on from where it was.

Learning the weights and ALS from the seed is what takes long. EASE and the neighbours are solved anew, from
everything there is now.
"""

from __future__ import annotations

import numpy as np

from muse_graph.core.models.ensemble.ensemble import Ensemble, EnsembleOptions, fit_members
from muse_graph.core.models.types import TrainingData
from muse_graph.core.types import Float32Array, IntArray

__all__ = ["fitted_with", "refit_ensemble"]


def fitted_with(last: Ensemble, options: EnsembleOptions) -> bool:
    """Whether the members of an ensemble have these options."""
    members = last.members
    found = members.ease.encoder.options, members.als.options, members.listeners.options
    return found == (options.ease, options.als, options.listeners)


def refit_ensemble(
    data: TrainingData, options: EnsembleOptions, last: Ensemble, place: IntArray | None
) -> Ensemble:
    """Fit the members to data that has changed since.

    Args:
        options: those the last one was fitted with
        place: (n_items,) int64, position of each item in the last one, -1 for new items; None learns ALS from
            the seed
    """
    start = None if place is None else _moved(last.members.als.items, place)
    return Ensemble(fit_members(data, options, start), last.weights)


def _moved(vectors: Float32Array, place: IntArray) -> Float32Array:
    """The vectors of items in a new order, 0 for those that were not there."""
    moved = np.zeros((len(place), vectors.shape[1]), np.float32)
    known = place >= 0
    moved[known] = vectors[place[known]]
    return moved
