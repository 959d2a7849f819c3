"""How figures are written: the title of each measure, its unit, and how many digits are shown."""

from __future__ import annotations

import math
from dataclasses import dataclass

__all__ = ["MEASURES", "Measure", "measure_of"]


@dataclass(frozen=True)
class Measure:
    """How a figure is shown.

    Attributes:
        scale: the figure is multiplied by it
        digits: places after the point
        better: 1 where more is better, -1 where less is, else 0
    """

    title: str
    scale: float = 100.0
    digits: int = 1
    better: int = 1

    def text(self, value: float) -> str:
        """A figure for people, a dash for none."""
        return "–" if math.isnan(value) else f"{value * self.scale:,.{self.digits}f}"


MEASURES: dict[str, Measure] = {
    "precision": Measure("P", digits=2),
    "recall": Measure("R", digits=2),
    "ndcg": Measure("nDCG", digits=2),
    "hit": Measure("Hit"),
    "mrr": Measure("MRR"),
    "hit1": Measure("Hit@1"),
    "hit3": Measure("Hit@3"),
    "hit5": Measure("Hit@5"),
    "macro_mrr": Measure("macro MRR"),
    "niche_hit1": Measure("niche Hit@1"),
    "radar_recall": Measure("R, radar"),
    "radar_share": Measure("radar share"),
    "percentile": Measure("popularity", better=0),
    "coverage": Measure("coverage"),
    "gini": Measure("Gini", better=-1),
    "entropy": Measure("entropy, bits", scale=1.0, digits=2, better=0),
    "artists": Measure("artists", scale=1.0),
    "languages": Measure("languages", scale=1.0),
    "sound": Measure("spread of sound"),
    "fit_s": Measure("fit, s", scale=1.0, better=-1),
    "score_ms": Measure("score, ms", scale=1.0, digits=2, better=-1),
    "share": Measure("share", better=0),
}


def measure_of(key: str) -> Measure:
    """The measure of a key; `n5` is a share at 5 known listens, `d1` that of the first tenth."""
    return MEASURES.get(key) or Measure(key[1:])
