"""Plots of results as SVG; matplotlib is imported only here, and without it there are none."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

from muse_graph.evaluation.report.measures import measure_of
from muse_graph.evaluation.report.results import Result, Section

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["can_draw", "draw"]

#: Measures to plot of a table: the first of these that is in it.
_LEADING = ("ndcg", "mrr", "hit1")
_INK, _GRID, _BARS = "#57606a", "#d0d7de", "#4a7fb5"


def can_draw() -> bool:
    """Whether matplotlib is there."""
    return importlib.util.find_spec("matplotlib") is not None


def draw(result: Result, path: Path) -> bool:
    """Draw the first table, and the second of a discovery; the same figures give the same file.

    Returns:
        whether there is a plot now
    """
    if not can_draw():
        return False
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    sections = [section for section in result.sections if section.measure not in ("share", "score_ms")][:2]
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "muse", "font.size": 9, "text.color": _INK}):
        rows = max(len(section.rows) for section in sections)
        figure = Figure(
            figsize=(4.6 * len(sections) + 1.0, 1.0 + max(0.26 * rows, 2.2)), layout="constrained"
        )
        for index, section in enumerate(sections, start=1):
            axes = figure.add_subplot(1, len(sections), index)
            (_lines if section.measure else _bars)(axes, section)
            axes.set_title(section.title, fontsize=9, loc="left", color=_INK)
            axes.tick_params(colors=_INK, length=0)
            for side in axes.spines.values():
                side.set_visible(False)
        figure.savefig(path, format="svg", transparent=True, metadata={"Date": None})
    return True


def _bars(axes: Axes, section: Section) -> None:
    """One bar a model, of the leading measure."""
    key = next((key for key in _LEADING if key in section.columns), section.columns[0])
    measure = measure_of(key)
    names = list(section.rows)[::-1]
    values = [section.rows[name][key] * measure.scale for name in names]
    bars = axes.barh(names, values, color=_BARS, height=0.7)
    axes.bar_label(bars, [f"{value:.1f}" for value in values], padding=3, color=_INK, fontsize=8)
    axes.set_xlabel(measure.title, color=_INK)
    axes.set_xticks([])
    axes.margins(x=0.12)


def _lines(axes: Axes, section: Section) -> None:
    """One line a model, over what the measure depends on."""
    places = [int(column[1:]) for column in section.columns]
    for name, figures in section.rows.items():
        measure = measure_of(section.measure or "")
        values = [figures[column] * measure.scale for column in section.columns]
        axes.plot(places, values, marker="o", markersize=3, linewidth=1.4, label=name)
    axes.set_xscale("symlog", linthresh=5)
    axes.set_xticks(places, [str(index) for index in places])
    axes.grid(color=_GRID, linewidth=0.5)
    axes.legend(frameon=False, fontsize=7, labelcolor=_INK)
