"""A flame graph: what calls what from left to right, as long as its share of the time."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["draw"]

_COLOURS = {
    "core": "#4a7fb5",
    "service": "#b5764a",
    "graph": "#4ab58a",
    "neo4j": "#7fc9ab",
    "numpy": "#8ba6c9",
}
_OTHER = "#a3a9b1"
#: Layers that are shown, and the share a name needs for each of its letters.
_DEEPEST, _LETTER = 16, 0.0075


def draw(axes: Axes, stacks: dict[str, float]) -> None:
    """Draw stacks of functions, as bench_flame writes them, with the share of each."""
    whole = defaultdict[tuple[str, ...], float](float)
    for stack, share in stacks.items():
        frames = tuple(stack.split(";"))[:_DEEPEST]
        for depth in range(1, len(frames) + 1):
            whole[frames[:depth]] += share
    begin: dict[tuple[str, ...], float] = {(): 0.0}
    filled = defaultdict[tuple[str, ...], float](float)
    for frames in sorted(whole, key=lambda one: (len(one), one[:-1], -whole[one], one)):
        caller, width = frames[:-1], whole[frames]
        left = begin[frames] = begin[caller] + filled[caller]
        filled[caller] += width
        layer, _, name = frames[-1].partition(":")
        colour = _COLOURS.get(layer, _OTHER)
        axes.barh(-len(frames), width, left=left, height=0.94, color=colour, edgecolor="white", linewidth=0.5)
        if (letters := int(width / _LETTER)) >= 3:
            text = name if len(name) <= letters else name[: letters - 1] + "…"
            axes.text(
                left + width / 2, -len(frames), text, ha="center", va="center", fontsize=7, color="white"
            )
    for layer, colour in [*_COLOURS.items(), ("other", _OTHER)]:
        axes.barh(0, 0, color=colour, label=layer)
    axes.set(xlim=(0, 1), yticks=[], ylim=(-max(map(len, whole)) - 0.5, -0.4))
    axes.xaxis.set_major_formatter(lambda share, _: f"{100 * share:.0f} %")
