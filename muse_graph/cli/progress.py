"""Progress on stderr if that is a terminal; silent elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import TypeVar

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from muse_graph.cli.output import is_quiet, stderr

__all__ = ["RowProgress", "follow"]

T = TypeVar("T")


def follow(things: Iterable[T], total: int, text: str) -> Iterator[T]:
    """Yield the things under a progress bar."""
    console = stderr()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=_hidden(console)) as progress:
        yield from progress.track(things, total=total, description=text)


def _hidden(console: Console) -> bool:
    return is_quiet() or not console.is_terminal


class RowProgress:
    """Rows done, a line for each table; called as ``progress(table, rows more)``."""

    def __init__(self) -> None:
        console = stderr()
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description:<12}"),
            TextColumn("{task.completed:>12,.0f} rows"),
            TimeElapsedColumn(),
        )
        self._progress = Progress(*columns, console=console, transient=True, disable=_hidden(console))
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, table: str, rows: int) -> None:
        """Count rows of a table; a new table ends the one before."""
        if table not in self._tasks:
            for task in self._tasks.values():
                self._progress.stop_task(task)
            self._tasks[table] = self._progress.add_task(table, total=None)
        self._progress.advance(self._tasks[table], rows)

    def __enter__(self) -> RowProgress:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()
