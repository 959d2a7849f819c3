"""Charts as SVG: plain numbers in, escaped markup out; colours come from the page's style sheet.

Widths are percentages and heights pixels, so that one drawing fills a phone and a desk without scripts and
without its text being scaled. Each chart has its message as the title and its figures as the description.
"""

from muse_graph.api.web.charts.bars import Bar, bars
from muse_graph.api.web.charts.cascade import Listener, cascade
from muse_graph.api.web.charts.document import document
from muse_graph.api.web.charts.figure import Chart
from muse_graph.api.web.charts.lift import Lift, lift_bars
from muse_graph.api.web.charts.series import Unit, series
from muse_graph.api.web.charts.sparkline import sparkline
from muse_graph.api.web.charts.survival import Curve, survival
from muse_graph.api.web.charts.world import SUPPRESSED, Shown, world_map

__all__ = [
    "SUPPRESSED",
    "Bar",
    "Chart",
    "Curve",
    "Lift",
    "Listener",
    "Shown",
    "Unit",
    "bars",
    "cascade",
    "document",
    "lift_bars",
    "series",
    "sparkline",
    "survival",
    "world_map",
]
