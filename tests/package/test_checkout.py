"""What the Makefile puts into its environment: the checkout itself, with the command `muse-graph`."""

from __future__ import annotations

import re
import shutil
import sys
import sysconfig
import venv
from collections.abc import Iterator
from importlib.metadata import requires
from pathlib import Path

import pytest

from tests.package.test_wheel import ROOT, pins, run

pytestmark = [
    pytest.mark.skipif(shutil.which("make") is None, reason="there is no make"),
    pytest.mark.skipif(sys.platform == "win32", reason="the Makefile knows the folders of POSIX"),
]


def needed(package: str) -> Iterator[str]:
    """A package and all it needs on this Python, by what is installed here."""
    yield package
    for requirement in requires(package) or ():
        if ";" not in requirement:
            yield from needed(re.split(r"[<>=!~\[( ]", requirement)[0])


@pytest.fixture(scope="module", params=[".requirements", ".requirements-dev"])
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The bin of an environment as a target of the Makefile leaves it, and the packages it asks for.

    Those come from where this test runs instead of from an index, which takes a minute.
    """
    folder = tmp_path_factory.mktemp("made")
    venv.create(folder, with_pip=True)
    library = sysconfig.get_path("purelib", vars={"base": str(folder)})
    Path(library, "from_here.pth").write_text(sysconfig.get_path("purelib"))
    done = run("make", f"VENV={folder}", "INSTALL=@echo install", folder / request.param)
    assert done.returncode == 0, done.stderr
    return folder / "bin", done.stdout


def test_what_builds_the_checkout_is_there_with_all_it_needs(made: tuple[Path, str]) -> None:
    _, said = made
    locks = re.findall(r"-r (\S+\.lock)", said)
    assert set(needed("hatchling")) <= {name for lock in locks for name, _ in pins(lock)}


def test_the_command_is_there_and_runs_the_checkout(made: tuple[Path, str], tmp_path: Path) -> None:
    binaries, _ = made
    version = run(binaries / "muse-graph", "--version", cwd=tmp_path)
    assert version.returncode == 0, version.stderr
    assert version.stdout == run(sys.executable, "-m", "muse_graph", "--version").stdout
    queries = run(binaries / "muse-graph", "queries", cwd=tmp_path)
    assert "user_tracks" in queries.stdout, queries.stderr
    for module in ("muse_graph", "muse_graph.api", "muse_graph.loaders"):
        found = run(binaries / "python", "-c", f"import {module} as it; print(it.__file__)", cwd=tmp_path)
        assert found.stdout.strip() == str(ROOT / module.replace(".", "/") / "__init__.py"), found.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_lock_of_the_build_agrees_with_the_others() -> None:
    assert pins("requirements-build.lock") <= pins("requirements-dev.lock")
    assert "://" not in (ROOT / "requirements-build.lock").read_text()
