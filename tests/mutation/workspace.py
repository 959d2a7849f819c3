"""A copy of the tree to break. mutmut follows no links: what the package links to is in the package."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
OUTCOME = ROOT / "build" / "mutation"
WORKSPACE = OUTCOME / "tree"
PACKAGE = "muse_graph"


def prepare(mode: str) -> set[str]:
    """Bring the workspace up to date; the answer names the test files that have changed.

    As long as only tests have changed, the mutants stay, and so does what is known of which test calls which
    function. `mode` says which tests take part.
    """
    digest = WORKSPACE / "digest"
    now = f"{mode} {_digest()}"
    if digest.exists() and digest.read_text("utf-8") == now:
        return _refresh_tests()
    shutil.rmtree(WORKSPACE, ignore_errors=True)
    for source, target in _files():
        _copy(source, target)
    digest.write_text(now, "utf-8")
    return set()


def _files() -> Iterator[tuple[Path, Path]]:
    """Each file of the checkout with its place in the workspace."""
    links = {link.readlink().name for link in (ROOT / PACKAGE).iterdir() if link.is_symlink()}
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    for name in sorted(filter(None, listed.split("\0"))):
        source = ROOT / name
        if source.is_file() and not source.is_symlink():
            top = name.partition("/")[0]
            yield source, WORKSPACE / PACKAGE / name if top in links else WORKSPACE / name


def _digest() -> str:
    """Of everything that decides which mutants there are."""
    digest = hashlib.sha256()
    for source, target in _files():
        name = target.relative_to(WORKSPACE)
        if name.parts[0] in (PACKAGE, "pyproject.toml"):
            digest.update(f"{name}\0".encode() + source.read_bytes())
    return digest.hexdigest()


def _refresh_tests() -> set[str]:
    tests = {source: target for source, target in _files() if WORKSPACE / "tests" in target.parents}
    changed = {target for source, target in tests.items() if not _same(source, target)}
    gone = set((WORKSPACE / "tests").rglob("*.py")) - set(tests.values())
    if not changed | gone:
        return set()
    shutil.rmtree(WORKSPACE / "tests")
    shutil.rmtree(WORKSPACE / "mutants" / "tests", ignore_errors=True)
    for source, target in tests.items():
        _copy(source, target)
    return {str(path.relative_to(WORKSPACE)) for path in changed}


def _same(source: Path, target: Path) -> bool:
    return target.exists() and source.read_bytes() == target.read_bytes()


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(source, target)
