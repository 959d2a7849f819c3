"""What is shipped: the wheel, the same one from a source archive, the command in a clean environment."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# Folder of the checkout -> folder of the wheel.
FOLDERS = {
    "muse_graph": "muse_graph",
    "api": "muse_graph/api",
    "cypher": "muse_graph/cypher",
    "loaders": "muse_graph/loaders",
}
NO_INDEX = re.compile(r"NewConnectionError|NameResolutionError|ConnectTimeout|ProxyError")


def run(*command: str | Path, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run a command without this checkout's packages in reach, and return what it said."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, timeout=500)


def build(kind: str, source: Path, folder: Path) -> Path:
    """Build a wheel or an sdist of a source tree with the build tools installed here."""
    built = run(
        sys.executable, "-m", "build", f"--{kind}", "--no-isolation", "--outdir", folder, source, cwd=folder
    )
    assert built.returncode == 0, built.stdout + built.stderr
    (result,) = folder.iterdir()
    return result


def contents(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("wheel", ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clean environment's bin folder: the locked requirements and the wheel, nothing else."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    pip = (python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    locked = run(*pip, "--require-hashes", "-r", ROOT / "requirements.lock")
    if locked.returncode and NO_INDEX.search(locked.stderr):
        pytest.skip("no package index in reach to install requirements.lock from")
    assert locked.returncode == 0, locked.stderr
    installed = run(*pip, "--no-deps", "--no-index", wheel)
    assert installed.returncode == 0, installed.stderr
    return python.parent


def test_everything_is_inside_the_package(wheel: Path) -> None:
    tops = {name.partition("/")[0] for name in contents(wheel)}
    assert {re.sub(r"-[\d.]+\w*\.dist-info$", ".dist-info", top) for top in tops} == {
        "muse_graph",
        "muse_graph.dist-info",
    }


def test_every_file_of_the_package_is_shipped(wheel: Path) -> None:
    listed = run("git", "ls-files", *FOLDERS)
    if listed.returncode:
        pytest.skip("not a git checkout: the list of files is not known")
    tracked = [Path(line) for line in listed.stdout.splitlines() if not (ROOT / line).is_symlink()]
    expected = {Path(FOLDERS[path.parts[0]], *path.parts[1:]) for path in tracked if (ROOT / path).exists()}
    assert {path.as_posix() for path in expected} - contents(wheel) == set()


@pytest.mark.parametrize(
    "pattern",
    [
        r"muse_graph/py\.typed",
        r"muse_graph/embedded/install/jars\.lock\.json",
        r"muse_graph/cypher/recommendations/\w+\.cypher",
        r"muse_graph/cypher/migrations/0001_\w+\.cypher",
        r"muse_graph/api/__init__\.py",
        r"muse_graph/loaders/__init__\.py",
    ],
)
def test_what_is_read_at_run_time_is_shipped(wheel: Path, pattern: str) -> None:
    assert any(re.fullmatch(pattern, name) for name in contents(wheel))


def test_a_source_archive_makes_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    archive, source, rebuilt = (tmp_path / name for name in ("archive", "source", "rebuilt"))
    archive.mkdir()
    rebuilt.mkdir()
    with tarfile.open(build("sdist", ROOT, archive)) as packed:
        packed.extractall(source, filter="data")
    (tree,) = source.iterdir()
    assert contents(build("wheel", tree, rebuilt)) == contents(wheel)


def test_the_command_runs_from_an_empty_folder(environment: Path, tmp_path: Path) -> None:
    command = environment / "muse-graph"
    version = run(command, "--version", cwd=tmp_path)
    assert version.returncode == 0, version.stderr
    assert re.search(r"\d+\.\d+\.\d+", version.stdout)
    queries = run(command, "queries", cwd=tmp_path)
    assert queries.returncode == 0, queries.stderr
    assert "user_tracks" in queries.stdout
    assert list(tmp_path.iterdir()) == []


def test_the_module_runs_like_the_command(environment: Path, tmp_path: Path) -> None:
    version = run(environment / "python", "-m", "muse_graph", "--version", cwd=tmp_path)
    assert version.returncode == 0, version.stderr


def test_the_locked_requirements_are_whole(environment: Path) -> None:
    checked = run(environment / "python", "-m", "pip", "check")
    assert checked.returncode == 0, checked.stdout


def pins(name: str) -> set[tuple[str, str]]:
    """(package, version) pairs of a lock file; a package may have one version for each range of Pythons."""
    return set(re.findall(r"^([\w.-]+)==([\w.]+)", (ROOT / name).read_text(), re.MULTILINE))


def test_the_locks_agree_and_name_no_index() -> None:
    assert pins("requirements.lock") <= pins("requirements-dev.lock")
    assert not any(
        "://" in (ROOT / name).read_text() for name in ("requirements.lock", "requirements-dev.lock")
    )


def test_the_locks_hold_every_direct_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    direct, dev = (
        {re.split(r"[<>=;\[ ]", line)[0] for line in lines}
        for lines in (project["project"]["dependencies"], project["dependency-groups"]["dev"])
    )
    assert direct <= {name for name, _ in pins("requirements.lock")}
    assert dev <= {name for name, _ in pins("requirements-dev.lock")}
    assert ("hatchling", project["build-system"]["requires"][0].removeprefix("hatchling==")) in pins(
        "requirements-dev.lock"
    )


def test_every_direct_dependency_is_explained() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    direct = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    explained = set(
        re.findall(r"^\| `([\w-]+)`", (ROOT / "docs" / "dependencies.md").read_text(), re.MULTILINE)
    )
    assert {re.split(r"[<>=;\[ ]", line)[0] for line in direct} == explained
