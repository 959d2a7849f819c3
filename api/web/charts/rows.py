"""Rows with a name at the left and columns of numbers at the right edge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from muse_graph.api.web.charts.markup import text
from muse_graph.api.web.charts.wording import lines, width

__all__ = ["LINE", "Column", "Row", "heading", "lifted", "numbers"]

#: From this width on, charts.css has room for a longer name beside its numbers.
_WIDE = 544.0
#: The width of a chart on the narrowest phone, and of a letter, in pixels.
_NARROW, _LETTER = 320.0, 7.8
#: The height of a line of text.
LINE = 17.0
_MOST_LINES = 3


@dataclass(frozen=True)
class Column:
    """A column of numbers and its width in pixels."""

    head: str
    width: float


@dataclass(frozen=True)
class Row:
    """A name in lines, the line of its numbers, and where the row begins."""

    label: Sequence[str]
    number_line: int
    y: float

    @property
    def height(self) -> float:
        """The height of the row's texts."""
        return LINE * max(len(self.label), self.number_line + 1) + 3

    @classmethod
    def of(cls, label: str, columns: Sequence[Column], y: float) -> Row:
        """A name beside its numbers or, if that is too long for the narrowest phone, above them."""
        beside = (_NARROW - sum(column.width for column in columns)) / _LETTER
        if width(label) <= beside:
            return cls([label], 0, y)
        rows = lines(label, _NARROW / _LETTER, _MOST_LINES)
        return cls(rows, len(rows) - (width(rows[-1]) <= beside), y)

    def is_beside_when_wide(self, columns: Sequence[Column]) -> bool:
        """Whether a name above its numbers can come down to them where the chart is wide."""
        beside = (_WIDE - sum(column.width for column in columns)) / _LETTER
        return len(self.label) == self.number_line == 1 and width(self.label[0]) <= beside


def lifted(lines: int) -> str:
    """The class of what moves up by some lines where the chart is wide: each name that comes down to its
    numbers there leaves one free.
    """
    return f"up up-{lines}" if lines else ""


def heading(columns: Sequence[Column]) -> list[Markup]:
    """The heads of the columns."""
    return [
        text(column.head, 1, 12, dx=_shift(columns, i), class_="tick halo", text_anchor="end")
        for i, column in enumerate(columns)
    ]


def numbers(
    row: Row, columns: Sequence[Column], cells: Sequence[str], *, is_shown: bool = True
) -> list[Markup]:
    """The name of a row and its numbers; with fewer cells than columns the last is at the right edge."""
    comes_down = " comes-down" if row.is_beside_when_wide(columns) else ""
    label = [
        text(part, 0, row.y + 13 + LINE * i, class_=f"label halo{comes_down}")
        for i, part in enumerate(row.label)
    ]
    used = columns[len(columns) - len(cells) :]
    has_value = is_shown and len(cells) == len(columns)
    return label + [
        text(
            cell,
            1,
            row.y + 13 + LINE * row.number_line,
            dx=_shift(used, i),
            class_="number halo" if i == 0 and has_value else "number quiet halo",
            text_anchor="end",
        )
        for i, cell in enumerate(cells)
        if cell
    ]


def _shift(columns: Sequence[Column], place: int) -> float:
    """From the right edge to the right end of a column."""
    return -sum(column.width for column in columns[place + 1 :])
