"""Scores that cannot be divided among items and friends."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from muse_graph.core.models.types import Profile, ScoreParts
from muse_graph.core.types import Float32Array, IntArray

__all__ = ["PlainScores"]


@dataclass(frozen=True, slots=True, eq=False)
class PlainScores:
    """Scores that come from neither an item of the profile nor a friend.

    Attributes:
        values: (n_candidates,) float32
    """

    values: Float32Array
    n_own: int
    n_friends: int

    @classmethod
    def of(cls, everything: Float32Array, candidates: IntArray | None, profile: Profile) -> PlainScores:
        """Take the candidates' scores out of everything's: (n_items,) float32."""
        values = everything if candidates is None else everything[candidates]
        return cls(values, len(profile.items), len(profile.friends))

    def parts(self, indices: IntArray) -> ScoreParts:
        """Take apart as `Scores.parts`: all is in the rest."""
        n = len(indices)
        rest = self.values[indices].astype(np.float64)
        return ScoreParts(np.zeros((n, self.n_own)), np.zeros((n, self.n_friends)), rest)
