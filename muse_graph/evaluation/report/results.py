"""What a protocol gives: figures by model, with what is needed to read and to repeat them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

__all__ = ["Figures", "Result", "Section", "mean_figures"]

Figures = dict[str, float]


@dataclass(frozen=True)
class Section:
    """One table of a report: a row of figures for each model, by the key of the measure.

    Attributes:
        columns: keys of the measures, in order; where all are of one measure, of what it depends on
        measure: key of that one measure
    """

    title: str
    columns: tuple[str, ...]
    rows: Mapping[str, Figures]
    measure: str | None = None


@dataclass(frozen=True)
class Result:
    """One run of a protocol. `settings` are what it takes to run it again."""

    protocol: str
    dataset: str
    settings: Mapping[str, object]
    sections: tuple[Section, ...]
    notes: tuple[str, ...] = field(default=())


def mean_figures(parts: list[Figures]) -> Figures:
    """The mean of each figure over folds; NaN of a fold is left out."""
    found: Figures = {}
    for key in parts[0]:
        values = np.array([part[key] for part in parts], np.float64)
        known = values[~np.isnan(values)]
        found[key] = float(known.mean()) if len(known) else float("nan")
    return found
