"""What mutmut knows of which test calls which function, put right where it cannot know."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

from tests.mutation.workspace import WORKSPACE

_STATS = WORKSPACE / "mutants" / "mutmut-stats.json"


def forget(files: set[str]) -> None:
    """Take the tests of these files out: mutmut runs a test that it does not know and sees what it calls."""
    if not _STATS.exists():
        return
    stats = _read()
    durations: dict[str, float] = stats["duration_by_test"]
    stats["duration_by_test"] = {test: time for test, time in durations.items() if _file(test) not in files}
    _write(stats)


def widen() -> None:
    """Count all tests of a file as calling what one of them calls.

    A fixture that many tests share runs once, and mutmut sees its calls in the first of these tests alone.
    """
    stats = _read()
    by_file: defaultdict[str, list[str]] = defaultdict(list)
    for test in stats["duration_by_test"]:
        by_file[_file(test)].append(test)
    called: dict[str, list[str]] = stats["tests_by_mangled_function_name"]
    stats["tests_by_mangled_function_name"] = {
        function: [test for file in sorted({_file(test) for test in tests}) for test in by_file[file]]
        for function, tests in called.items()
    }
    _write(stats)


def _file(test: str) -> str:
    return test.partition("::")[0]


def _read() -> dict[str, Any]:
    stats: dict[str, Any] = json.loads(_STATS.read_text("utf-8"))
    return stats


def _write(stats: dict[str, Any]) -> None:
    _STATS.write_text(json.dumps(stats), "utf-8")
