"""What the disclosure rule left of a filter, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from muse_graph.answers import AnalyticsFilters, Dimension, LeftOut
from muse_graph.core.artists.disclosure import Shown, Suppressed
from muse_graph.service.artists.periods import Span, Units, ends_before_it_begins
from muse_graph.service.artists.shown_counts import LEAST

__all__ = ["left_out_of", "suppressed_why"]

_FEW = f"fewer than {LEAST} listeners"
_ONE: dict[Dimension, tuple[str, str]] = {
    "tracks": ("track", "tracks"),
    "countries": ("country", "countries"),
    "segments": ("segment", "segments"),
    "sources": ("source", "sources"),
}


def left_out_of(
    decision: Shown | Suppressed,
    names: Mapping[Dimension, Sequence[str]],
    filters: AnalyticsFilters,
    units: Units,
    shown: Span,
) -> list[LeftOut]:
    """What of a filter is not in the figures, and why.

    Args:
        names: the values of each dimension but the period, by code
        shown: the period that is left
    """
    found = []
    for dimension, codes in decision.left_out.items():
        if dimension != "period":
            values = [names[dimension][code] for code in codes]
            found.append(LeftOut(dimension, [*values], _values_why(dimension, values)))
    if (filters.from_day, filters.to_day) != shown:
        found.append(LeftOut("period", [filters.from_day, filters.to_day], _period_why(units, shown)))
    return found


def suppressed_why(decision: Shown | Suppressed) -> str | None:
    """Why nothing is shown, as a sentence; None if something is."""
    if isinstance(decision, Shown):
        return None
    if decision.reason == "few":
        return f"{_FEW}, perhaps none."
    return f"A wider filter has a few listeners more: the difference would be {_FEW}."


def _values_why(dimension: Dimension, values: Sequence[str]) -> str:
    one, several = _ONE[dimension]
    named = f"1 {one} is" if len(values) == 1 else f"{len(values)} {several} are"
    return f"{named} left out for {_FEW}, or because the others would tell such a number."


def _period_why(units: Units, shown: Span) -> str:
    start, end = shown
    if ends_before_it_begins(shown):
        return f"The period has no whole {units.unit}."
    days = " ".join(filter(None, [start and f"from {start}", end and f"to {end}"]))
    ends = f"with at least {LEAST} listeners at its ends"
    return f"The period is shortened to whole {units.unit}s {ends}: {days}."
