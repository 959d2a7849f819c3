"""What is told of work that did not come to its end: the interruption carries it, the program prints it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from muse_graph.errors import DataError

__all__ = ["interruption", "telling"]


@contextmanager
def telling(what_is_kept: Callable[[], str]) -> Iterator[None]:
    """Add to an interruption, and to a file that cannot be read, what it leaves behind and what to do."""
    try:
        yield
    except DataError as error:
        error.add_note(what_is_kept())
        raise
    except BaseException as error:
        found = interruption(error)
        if found is None:
            raise
        if not getattr(found, "__notes__", ()):
            found.add_note(f"interrupted: {what_is_kept()}")
        raise found from None


def interruption(error: BaseException) -> KeyboardInterrupt | SystemExit | None:
    """The interruption that ended in this error: a driver stopped while it reads may fail as it closes."""
    found: BaseException | None = error
    while found is not None and not isinstance(found, KeyboardInterrupt | SystemExit):
        found = found.__context__
    return found
