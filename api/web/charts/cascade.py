"""How a track spread: listeners in columns by how often it had been passed on, lines for who passed it on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from muse_graph.api.web.charts.figure import empty, figure, picture
from muse_graph.api.web.charts.markup import percent, plot, tag, text
from muse_graph.api.web.charts.wording import count

__all__ = ["Listener", "cascade", "generations"]

_TOP, _PLOT, _MORE = 46.0, 230.0, 22.0
_MOST_COLUMNS, _MOST_IN_COLUMN = 7, 18
_Places = dict[int, tuple[float, float]]


@dataclass(frozen=True)
class Listener:
    """Somebody who heard the track; parent is the place in the list of who passed it on, before this one."""

    parent: int | None = None


def generations(listeners: Sequence[Listener]) -> list[int]:
    """How often the track had been passed on to each listener: 0 for who heard it from nobody here."""
    found: list[int] = []
    for place, listener in enumerate(listeners):
        if listener.parent is not None and not 0 <= listener.parent < place:
            raise ValueError(
                f"listener {place} has parent {listener.parent}; a parent comes before its child"
            )
        found.append(0 if listener.parent is None else found[listener.parent] + 1)
    return found


def cascade(
    key: str,
    title: str,
    listeners: Sequence[Listener],
    *,
    note: str = "",
    nothing: str = "Nobody has passed this track on yet.",
) -> Markup:
    """The listeners with the most people after them, in at most seven columns; the rest is counted."""
    steps = generations(listeners)
    if not steps or max(steps) == 0:
        return empty(key, title, nothing)
    sizes = [steps.count(step) for step in range(max(steps) + 1)]
    children = _children(listeners)
    places = _places(steps, children, _descendants(listeners), min(len(sizes), _MOST_COLUMNS))
    drawing = picture(
        key,
        title,
        _in_words(sizes),
        _TOP + _PLOT + _MORE,
        *_heads(sizes),
        _links(listeners, places),
        *_dots(places, children),
        *_more(sizes, steps, places),
    )
    return figure(key, title, drawing, note)


def _children(listeners: Sequence[Listener]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for place, listener in enumerate(listeners):
        if listener.parent is not None:
            found[listener.parent].append(place)
    return found


def _descendants(listeners: Sequence[Listener]) -> list[int]:
    """How many heard it after each, in all later generations."""
    after = [0] * len(listeners)
    for place in range(len(listeners) - 1, -1, -1):
        parent = listeners[place].parent
        if parent is not None:
            after[parent] += after[place] + 1
    return after


def _places(
    steps: Sequence[int], children: dict[int, list[int]], after: Sequence[int], columns: int
) -> _Places:
    """Where those drawn stand, children in their parents' order: x a share of the width, y pixels."""
    places: _Places = {}
    column = [place for place, step in enumerate(steps) if step == 0 and after[place]]
    for step in range(columns):
        largest = set(sorted(column, key=lambda place: (-after[place], place))[:_MOST_IN_COLUMN])
        shown = [place for place in column if place in largest]
        for i, place in enumerate(shown):
            places[place] = ((step + 0.5) / columns, (i + 0.5) / len(shown) * _PLOT)
        column = [child for place in shown for child in children[place]]
    return places


def _heads(sizes: Sequence[int]) -> list[Markup]:
    columns = min(len(sizes), _MOST_COLUMNS)
    parts = []
    for step in range(columns):
        x = (step + 0.5) / columns
        parts.append(text(count(sizes[step]), x, 14, class_="number", text_anchor="middle"))
        parts.append(text(f"step {step}" if step else "first", x, 30, class_="tick", text_anchor="middle"))
    return parts


def _links(listeners: Sequence[Listener], places: _Places) -> Markup:
    paths = []
    for place, (x, y) in places.items():
        parent = listeners[place].parent
        if parent is not None:
            begin, top = places[parent]
            half = 500 * (begin + x)
            middle = f"{half:.0f} {top:.1f} {half:.0f} {y:.1f}"
            d = f"M{1000 * begin:.0f} {top:.1f}C{middle} {1000 * x:.0f} {y:.1f}"
            paths.append(tag("path", d=d, class_="link"))
    return tag("svg", plot(_PLOT, *paths), y=_TOP, width="100%", height=_PLOT)


def _dots(places: _Places, children: dict[int, list[int]]) -> list[Markup]:
    """Filled for who passed it on, larger the more to; open for where it ended."""
    return [
        tag(
            "circle",
            cx=percent(x),
            cy=_TOP + y,
            r=3 + min(4.0, len(children[place]) ** 0.5) if children[place] else 3,
            class_="passed-on" if children[place] else "ended",
        )
        for place, (x, y) in places.items()
    ]


def _more(sizes: Sequence[int], steps: Sequence[int], places: _Places) -> list[Markup]:
    """How many of each column are not drawn, and how many come after the last column."""
    columns = min(len(sizes), _MOST_COLUMNS)
    drawn = [0] * len(sizes)
    for place in places:
        drawn[steps[place]] += 1
    parts = [
        text(
            f"+{count(size - drawn[step])}",
            (step + 0.5) / columns,
            _TOP + _PLOT + 16,
            class_="tick",
            text_anchor="middle",
        )
        for step, size in enumerate(sizes[:columns])
        if size > drawn[step]
    ]
    later = sum(sizes[columns:])
    if later:
        words = f"{count(later)} later →"
        parts.append(text(words, 1, _TOP - 4, class_="tick", text_anchor="end"))
    return parts


def _in_words(sizes: Sequence[int]) -> str:
    passed = ", ".join(f"{count(size)} in step {step}" for step, size in enumerate(sizes) if step)
    return f"{count(sizes[0])} heard it first; it was passed on to {count(sum(sizes[1:]))}: {passed}."
