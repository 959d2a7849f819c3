"""Output: data on stdout, all else on stderr; plain and unwrapped where stdout is not a terminal."""

from __future__ import annotations

import base64
import json
import math
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from io import StringIO
from pathlib import Path
from typing import IO, Any

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from muse_graph.errors import InvalidRequest

__all__ = [
    "bar",
    "be_quiet",
    "clean",
    "count",
    "is_quiet",
    "json_line",
    "make_table",
    "note",
    "open_output",
    "plain",
    "print_error",
    "print_json",
    "print_line",
    "short",
    "show",
    "show_pairs",
    "stderr",
]

# Wide enough that nothing is wrapped or cut when the output is a file or a pipe.
_UNWRAPPED = 100_000

#: Characters of a cell at most: a long title must not push others off the screen, or pad each line of a file.
_CELL = 100

_quiet = False


def be_quiet(quiet: bool) -> None:
    """Print neither notes nor progress from now on, or both again."""
    global _quiet  # one process is one command
    _quiet = quiet


def is_quiet() -> bool:
    """Whether notes and progress are left out."""
    return _quiet


def stderr() -> Console:
    """The console for notes and progress."""
    return _console(stderr=True)


def _console(**options: Any) -> Console:
    # Names of users and tracks are not markup.
    return Console(highlight=False, markup=False, emoji=False, **options)


def show(*things: RenderableType) -> None:
    """Print for people: in colour and fitted on a terminal, plain lines elsewhere."""
    if sys.stdout.isatty():
        for thing in things:
            _console().print(thing)
        return
    for thing in things:
        console = _console(file=StringIO(), width=_UNWRAPPED)
        with console.capture() as captured:
            console.print(thing)
        print_line("\n".join(line.rstrip() for line in captured.get().splitlines()))


def show_pairs(rows: Sequence[tuple[str, str]]) -> None:
    """Print names and values, one to a line; no value is ever cut or broken, for it may be copied."""
    wide = max((len(name) for name, _ in rows), default=0)
    for name, value in rows:
        print_line(f"{name.ljust(wide)}  {clean(value)}".rstrip())


def print_line(text: str) -> None:
    """Print a line of data, never wrapped."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def note(text: str) -> None:
    """Print a note about progress on stderr, unless asked to be quiet."""
    if not _quiet:
        stderr().print(Text(clean(text), style="dim"), soft_wrap=True)


def print_error(error: Exception | str) -> None:
    """Print what went wrong on stderr, in one line."""
    stderr().print(Text.assemble(("error: ", "bold red"), clean(str(error))), soft_wrap=True)


def print_json(value: object) -> None:
    """Print a value as indented JSON."""
    print_line(json.dumps(plain(value), ensure_ascii=False, indent=2))


def json_line(value: object) -> str:
    """A value as one line of JSON, without its line end."""
    return json.dumps(plain(value), ensure_ascii=False)


def plain(value: Any) -> Any:
    """A value as JSON represents it.

    Times are ISO 8601, bytes base64, named tuples objects, nodes their properties; NaN is null.
    """
    if isinstance(value, str | int | None):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if hasattr(value, "_asdict"):
        return plain(value._asdict())
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    # The driver's times name it with an underscore.
    for spelling in ("iso_format", "isoformat"):
        if form := getattr(value, spelling, None):
            return form()
    return str(value)


def clean(text: str) -> str:
    """Text on one line that cannot steer a terminal: a replacement character for what is not printable."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else "\ufffd" for c in " ".join(text.splitlines()))


def short(text: str) -> str:
    """Text for a cell of a table: clean, and cut at 100 characters; `--json` has all of it."""
    text = clean(text)
    return text if len(text) <= _CELL else text[: _CELL - 1] + "…"


def count(number: int | float | None) -> str:
    """A number for people: thousands apart, a dash for none."""
    if number is None:
        return "–"
    return f"{number:,}" if isinstance(number, int) else f"{number:,.1f}"


def bar(share: float, width: int) -> str:
    """A bar of blocks for a share in 0..1, to an eighth of a character; above 0 at least an eighth."""
    eighths = round(min(max(share, 0.0), 1.0) * width * 8)
    if share > 0:
        eighths = max(eighths, 1)
    return "█" * (eighths // 8) + " ▏▎▍▌▋▊▉"[eighths % 8].strip()


def make_table(*columns: str, title: str = "") -> Table:
    """A table without lines; a column named ``>name`` is aligned right."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim", title_justify="left")
    if title:
        table.title, table.title_style = title, "bold"
    for name in columns:
        right = name.startswith(">")
        table.add_column(name.removeprefix(">"), justify="right" if right else "left", no_wrap=right)
    return table


@contextmanager
def open_output(path: Path | None) -> Iterator[IO[str]]:
    """A file that gets its name when it is complete; stdout for None.

    Raises:
        InvalidRequest: If it cannot be created.
    """
    if path is None:
        yield sys.stdout
        sys.stdout.flush()
        return
    with _complete(path, f"--output {path}", "w", encoding="utf-8", newline="\n") as file:
        yield file


def open_binary_output(path: Path) -> AbstractContextManager[IO[bytes]]:
    """As `open_output`, for bytes."""
    return _complete(path, str(path), "w+b")


@contextmanager
def _complete(path: Path, name: str, mode: str, **how: str) -> Iterator[IO[Any]]:
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        file = part.open(mode, **how)  # type: ignore[call-overload]
    except OSError as error:
        raise InvalidRequest(f"{name} cannot be written: {error.strerror}") from None
    try:
        with file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
