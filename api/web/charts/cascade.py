"""How a track spread: listeners in columns by how often it had been passed on, lines for who passed it on."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from muse_graph.api.web.charts.figure import Chart, empty, picture
from muse_graph.api.web.charts.markup import percent, plot, tag, text
from muse_graph.api.web.charts.scales import spread
from muse_graph.api.web.charts.wording import brief, count

__all__ = ["Listener", "cascade", "generations"]

_TOP, _MORE = 46.0, 22.0
_GAP = 13.0
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
) -> Chart:
    """The listeners with the most people after them, in at most seven columns; the rest is counted."""
    steps = generations(listeners)
    if not steps or max(steps) == 0:
        return empty(key, title, nothing)
    sizes = [steps.count(step) for step in range(max(steps) + 1)]
    children = _children(listeners)
    shown = _shown(steps, children, _descendants(listeners), min(len(sizes), _MOST_COLUMNS))
    height = _GAP * max(map(len, shown))
    places = _places(shown, listeners, height)
    drawing = picture(
        key,
        title,
        _in_words(sizes),
        _TOP + height + _MORE * (1 + (len(sizes) > _MOST_COLUMNS)),
        *_heads(sizes),
        _links(listeners, places, height),
        *_dots(places, children),
        *_more(sizes, shown, _TOP + height),
    )
    return Chart(key, title, (drawing,), note)


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


def _shown(
    steps: Sequence[int], children: dict[int, list[int]], after: Sequence[int], columns: int
) -> list[list[int]]:
    """Who is drawn in each column, children in their parents' order."""
    column = [place for place, step in enumerate(steps) if step == 0 and after[place]]
    found = []
    for _step in range(columns):
        largest = set(sorted(column, key=lambda place: (-after[place], place))[:_MOST_IN_COLUMN])
        found.append([place for place in column if place in largest])
        column = [child for place in found[-1] for child in children[place]]
    return found


def _places(shown: Sequence[Sequence[int]], listeners: Sequence[Listener], height: float) -> _Places:
    """Where those drawn stand, near who passed it on: x a share of the width, y pixels in the plot."""
    places: _Places = {}
    for step, column in enumerate(shown):
        wanted = [height * (i + 0.5) / len(column) for i in range(len(column))]
        if step:
            siblings = Counter(listeners[place].parent for place in column)
            wanted, met = [], Counter[int | None]()
            for place in column:
                parent = listeners[place].parent
                middle = places[parent][1] if parent is not None else 0.0
                wanted.append(middle + _GAP * (met[parent] - (siblings[parent] - 1) / 2))
                met[parent] += 1
            wanted = spread(wanted, _GAP, _GAP / 2, height - _GAP / 2)
        places |= {place: ((step + 0.5) / len(shown), y) for place, y in zip(column, wanted, strict=True)}
    return places


def _heads(sizes: Sequence[int]) -> list[Markup]:
    columns = min(len(sizes), _MOST_COLUMNS)
    parts = []
    for step in range(columns):
        x = (step + 0.5) / columns
        parts.append(text(brief(sizes[step]), x, 14, class_="number", text_anchor="middle"))
        parts.append(text(f"step {step}" if step else "first", x, 30, class_="tick", text_anchor="middle"))
    return parts


def _links(listeners: Sequence[Listener], places: _Places, height: float) -> Markup:
    paths = []
    for place, (x, y) in places.items():
        parent = listeners[place].parent
        if parent is not None:
            begin, top = places[parent]
            half = 500 * (begin + x)
            middle = f"{half:.0f} {top:.1f} {half:.0f} {y:.1f}"
            d = f"M{1000 * begin:.0f} {top:.1f}C{middle} {1000 * x:.0f} {y:.1f}"
            paths.append(tag("path", d=d, class_="link"))
    return tag("svg", plot(height, *paths), y=_TOP, width="100%", height=height)


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


def _more(sizes: Sequence[int], shown: Sequence[Sequence[int]], bottom: float) -> list[Markup]:
    """How many of each column are not drawn, and how many come after the last column."""
    hidden = [size - len(column) for size, column in zip(sizes, shown, strict=False)]
    parts = [
        text(f"+{brief(n)}", (step + 0.5) / len(shown), bottom + 16, class_="tick", text_anchor="middle")
        for step, n in enumerate(hidden)
        if n
    ]
    later = sum(sizes[len(shown) :])
    if later:
        words = f"and {count(later)} in later steps"
        parts.append(text(words, 1, bottom + 16 + _MORE, class_="tick", text_anchor="end"))
    return parts


def _in_words(sizes: Sequence[int]) -> str:
    passed = ", ".join(f"{count(size)} in step {step}" for step, size in enumerate(sizes) if step)
    return f"{count(sizes[0])} heard it first; it was passed on to {count(sum(sizes[1:]))}: {passed}."
