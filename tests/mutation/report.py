"""What became of the mutants: figures by folder, and each survivor with its place and its diff."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.utils.format_utils import orig_function_and_class_names_from_key

KILLED = ("killed", "segfault")
#: One that hangs until its time is up was noticed, too, unless the machine was only busy: these are listed.
NOTICED = (*KILLED, "timeout")


@dataclass(frozen=True)
class Mutant:
    """One wrong change, and what became of it."""

    name: str
    folder: str
    path: str
    status: str
    line: int | None = None
    diff: str | None = None


@dataclass(frozen=True)
class Score:
    """The figures of one folder. `no_tests`: mutants in functions that no test calls, not noticed either."""

    folder: str
    mutants: int
    killed: int
    survived: int
    timeouts: int
    no_tests: int
    score: float


def look_at(name: str, folder: str, path: str, status: str) -> Mutant:
    """A mutant, with its diff unless a test failed. Stand in the workspace."""
    if status in KILLED:
        return Mutant(name, folder, path, status)
    diff = get_diff_for_mutant(name, path=path)
    return Mutant(name, folder, path, status, _line(name, Path(path).read_text("utf-8"), diff), diff)


def scores(mutants: Iterable[Mutant]) -> list[Score]:
    """One row a folder."""
    by_folder: dict[str, Counter[str]] = {}
    for mutant in mutants:
        by_folder.setdefault(mutant.folder, Counter())[mutant.status] += 1
    return [_score(folder, statuses) for folder, statuses in by_folder.items()]


def _score(folder: str, statuses: Counter[str]) -> Score:
    noticed = sum(statuses[status] for status in NOTICED)
    return Score(
        folder=folder,
        mutants=statuses.total(),
        killed=noticed - statuses["timeout"],
        survived=statuses.total() - noticed - statuses["no tests"],
        timeouts=statuses["timeout"],
        no_tests=statuses["no tests"],
        score=round(noticed / statuses.total(), 3),
    )


def table(rows: Sequence[Score]) -> str:
    """The figures as a table in Markdown."""
    lines = [
        "| folder | mutants | killed | survived | timeouts | no test | score |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    lines += [
        f"| {row.folder} | {row.mutants} | {row.killed} | {row.survived} | {row.timeouts} | {row.no_tests}"
        f" | {row.score:.1%} |"
        for row in rows
    ]
    return "\n".join(lines)


def survivors(mutants: Iterable[Mutant]) -> str:
    """Those that no test killed, in Markdown: in each folder first those that were tested."""
    alive = [mutant for mutant in mutants if mutant.status not in KILLED]
    alive.sort(key=lambda mutant: (mutant.folder, mutant.status == "no tests", mutant.path, mutant.line or 0))
    return "\n\n".join(
        f"### {mutant.path}:{mutant.line} ({mutant.status})\n\n`{mutant.name}`\n\n```diff\n{mutant.diff}\n```"
        for mutant in alive
    )


def _line(name: str, source: str, diff: str) -> int | None:
    """Where a mutant changes its file. The diff counts from the function's head: the text is near there."""
    function, class_name = orig_function_and_class_names_from_key(name)
    head = _head(ast.parse(source), function, class_name)
    hunk = re.search(r"^@@ -(\d+).*?@@\n(.*)", diff, re.MULTILINE | re.DOTALL)
    if head is None or hunk is None:
        return None
    before = hunk[2].splitlines()
    offset = next(number for number, line in enumerate(before) if line.startswith(("-", "+")))
    expected = head + int(hunk[1]) - 1 + offset
    changed = before[offset][1:].strip()
    same = [number for number, line in enumerate(source.splitlines(), 1) if line.strip() == changed]
    return min(same, key=lambda number: abs(number - expected), default=expected)


def _head(tree: ast.Module, function: str, class_name: str | None) -> int | None:
    """The line of a function's `def`."""
    body: list[ast.stmt] = tree.body
    for part in class_name.split(".") if class_name else []:
        body = next((node.body for node in body if isinstance(node, ast.ClassDef) and node.name == part), [])
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == function:
            return node.lineno
    return None
