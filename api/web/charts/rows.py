"""Rows with a name at the left and columns of numbers at the right edge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from muse_graph.api.web.charts.markup import text
from muse_graph.api.web.charts.wording import lines

__all__ = ["Column", "Row", "heading", "label_lines", "numbers", "row_height"]

#: The width of a chart on the narrowest phone, and of a letter, in pixels.
_NARROW, _LETTER = 320.0, 7.2
_LINE = 17.0


@dataclass(frozen=True)
class Column:
    """A column of numbers and its width in pixels."""

    head: str
    width: float


@dataclass(frozen=True)
class Row:
    """A name in lines, and where the row begins."""

    label: Sequence[str]
    y: float


def label_lines(label: str, columns: Sequence[Column]) -> list[str]:
    """A name in at most three lines that stay clear of the columns on the narrowest phone."""
    room = _NARROW - sum(column.width for column in columns)
    return lines(label, room / _LETTER, 3)


def row_height(row: Row) -> float:
    """The height of a row's texts."""
    return _LINE * len(row.label) + 3


def heading(columns: Sequence[Column]) -> list[Markup]:
    """The heads of the columns."""
    return [
        text(column.head, 1, 12, dx=_shift(columns, i), class_="tick", text_anchor="end")
        for i, column in enumerate(columns)
    ]


def numbers(row: Row, columns: Sequence[Column], cells: Sequence[str]) -> list[Markup]:
    """The name of a row and its numbers; with fewer cells than columns the last is at the right edge."""
    label = [text(part, 0, row.y + 13 + _LINE * i, class_="label") for i, part in enumerate(row.label)]
    used = columns[len(columns) - len(cells) :]
    return label + [
        text(
            cell,
            1,
            row.y + 13,
            dx=_shift(used, i),
            class_="number" if i == 0 and len(cells) == len(columns) else "number quiet",
            text_anchor="end",
        )
        for i, cell in enumerate(cells)
        if cell
    ]


def _shift(columns: Sequence[Column], place: int) -> float:
    """From the right edge to the right end of a column."""
    return -sum(column.width for column in columns[place + 1 :])
