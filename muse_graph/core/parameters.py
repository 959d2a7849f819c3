"""What can be set and needs no numpy: choices by name, and theta."""

from __future__ import annotations

from typing import Literal, TypeAlias

__all__ = ["DEFAULT_THETA", "SimilarityKind", "WeightKind"]

#: Share of the favourite genre at which a genre rests, by default.
DEFAULT_THETA = 0.2

WeightKind: TypeAlias = Literal["heard", "log-plays", "binary"]
SimilarityKind: TypeAlias = Literal["cosine", "pearson", "jaccard", "log-likelihood"]
