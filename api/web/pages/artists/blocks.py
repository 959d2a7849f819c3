"""A chart with its table: on the page, and each as a file."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, request
from werkzeug.exceptions import NotFound

from muse_graph.api.web.charts import SUPPRESSED, Chart, Shown, document

__all__ = ["Block", "Cell", "Column", "Line", "Table", "asked_file", "suppressible"]

#: None is what is not known; SUPPRESSED what may not be shown.
Cell = str | Shown | None
#: What spreadsheets take for a formula at the beginning of a cell.
_FORMULA = re.compile(r"^[=+\-@\t\r]")


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes:
        written: how a number is written; None for a column of texts
        href: the address that sorts by it; None if nothing does
        order: how the table is sorted by it now
    """

    head: str
    written: Callable[[float], str] | None = None
    href: str | None = None
    order: str = ""


@dataclass(frozen=True)
class Line:
    """A row of a table, its first cell with a link or without.

    Attributes:
        chosen: whether the filter names it
    """

    cells: Sequence[Cell]
    href: str | None = None
    chosen: bool = False

    @property
    def is_suppressed(self) -> bool:
        """Whether nothing but its name may be shown."""
        return len(self.cells) > 1 and all(cell is SUPPRESSED for cell in self.cells[1:])


@dataclass(frozen=True)
class Table:
    """The figures of a chart, all of them; the first column is the name of the row."""

    columns: Sequence[Column]
    lines: Sequence[Line]
    note: str = ""

    @property
    def hides(self) -> bool:
        """Whether a number of it is suppressed."""
        return any(cell is SUPPRESSED for line in self.lines for cell in line.cells)

    def csv(self) -> str:
        """As comma-separated values, numbers in full."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow([column.head for column in self.columns])
        writer.writerows([[_raw(cell) for cell in line.cells] for line in self.lines])
        return text.getvalue()


def _raw(cell: Cell) -> Any:
    if cell is SUPPRESSED:
        return "fewer than 10 listeners"
    if isinstance(cell, str):
        return f"'{cell}" if _FORMULA.match(cell) else cell
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return int(cell)
    return "" if cell is None else cell


@dataclass(frozen=True)
class Block:
    """A chart, its table, and links that change how it is drawn.

    Attributes:
        without_links: draws the chart without links; None for one that has none
        is_open: whether the table stands beside the chart, and not behind a click
    """

    chart: Chart
    table: Table
    without_links: Callable[[], Chart] | None = None
    is_open: bool = False
    choices: Sequence[Choices] = ()

    @property
    def plain(self) -> Chart:
        """The chart without links, for a file."""
        return self.chart if self.without_links is None else self.without_links()

    @property
    def key(self) -> str:
        """Its name in the page and in names of files."""
        return self.chart.key


@dataclass(frozen=True)
class Choices:
    """Links of which one is what the page shows now."""

    name: str
    links: Sequence[tuple[str, str, bool]]


def suppressible(value: float | None) -> Shown:
    """A figure that is suppressed where there is none."""
    return SUPPRESSED if value is None else float(value)


def asked_file(
    blocks: Iterable[Block], artist_id: str, tables: Mapping[str, Table] | None = None
) -> Response | None:
    """The file of a chart or a table that the address asks for; None where it asks for the page.

    Args:
        tables: by their keys, those that no chart is of

    Raises:
        NotFound: If the page has no such file.
    """
    asked = request.args.get("file", "")
    if not asked:
        return None
    key, _, kind = asked.partition(".")
    found = {block.key: block for block in blocks}
    whole = {name: block.table for name, block in found.items()} | dict(tables or {})
    if kind == "csv" and key in whole:
        body, mimetype = whole[key].csv(), "text/csv"
    elif kind == "svg" and key in found:
        body, mimetype = document(found[key].plain), "image/svg+xml"
    else:
        raise NotFound
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", f"{artist_id}-{key}.{kind}")
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(body, mimetype=mimetype, headers=headers)
