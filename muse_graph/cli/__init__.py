"""The command line: `muse-graph`, also `python -m muse_graph`.

Data goes to stdout, notes and progress to stderr. Exit codes: 0 success, 1 failure, 2 wrong arguments,
130 interrupted. What a command needs is imported by that command, so that the light ones start at once.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from io import TextIOWrapper

from muse_graph.cli.app import app
from muse_graph.cli.output import note, print_error
from muse_graph.errors import InvalidRequest, MuseError

__all__ = ["main"]


def main(args: Sequence[str] | None = None) -> None:
    """Run one command and leave with its exit code; raises SystemExit always."""
    for stream in (sys.stdout, sys.stderr):
        # JSON is UTF-8 wherever it goes, and a name beyond the locale's letters must not stop a command.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        _check_utf8(sys.argv[1:] if args is None else args)
        app(args=args, prog_name="muse-graph")
    except InvalidRequest as error:
        print_error(error)
        sys.exit(2)
    except OSError as error:
        print_error(f"{error.filename}: {error.strerror}" if error.filename and error.strerror else error)
        sys.exit(1)
    except MuseError as error:
        print_error(error)
        for text in getattr(error, "__notes__", ()):
            note(text)
        sys.exit(1)


def _check_utf8(args: Sequence[str]) -> None:
    """Raise InvalidRequest for an argument that is not UTF-8: Python reads it as halves of characters."""
    for number, text in enumerate(args, 1):
        if any("\ud800" <= letter <= "\udfff" for letter in text):
            raise InvalidRequest(f"argument {number} must be UTF-8, got {text!r}")
