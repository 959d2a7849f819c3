"""The program as a whole: speed, help, exit codes, what goes where."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import typer

from muse_graph import __version__
from muse_graph.cli.app import app
from muse_graph.errors import GraphUnavailable, InvalidRequest, MuseError, UnknownUser

DOCS = Path(__file__).parents[3] / "docs" / "cli.md"


def commands(group: typer.Typer = app, prefix: str = "") -> Iterator[str]:
    for command in group.registered_commands:
        assert command.callback is not None
        yield f"{prefix}{command.name or command.callback.__name__}"
    for inner in group.registered_groups:
        assert inner.typer_instance is not None
        yield from commands(inner.typer_instance, f"{inner.name} ")


COMMANDS = tuple(commands())


def documented() -> list[str]:
    rows = [
        line.split("|") for line in DOCS.read_text(encoding="utf-8").splitlines() if line.startswith("| `")
    ]
    return [row[1].strip(" `") for row in rows]


def test_every_command_is_documented_and_every_documented_command_exists() -> None:
    assert sorted(documented()) == sorted(COMMANDS)


def test_each_line_of_the_docs_has_an_example_of_its_command() -> None:
    for line in DOCS.read_text(encoding="utf-8").splitlines():
        if line.startswith("| `"):
            _, name, what, example, _ = line.split("|")
            assert what.strip()
            assert example.strip().startswith(f"`muse-graph {name.strip(' `')}")


# neo4j-admin has a help of its own, and this command leaves it to speak.
@pytest.mark.parametrize("command", [name for name in COMMANDS if name != "neo4j admin"])
def test_every_command_has_help(run: Callable[..., object], command: str) -> None:
    done = run(*command.split(), "--help")
    assert (done.code, done.err) == (0, "")
    assert "Usage: muse-graph " + command in done.out


def program(*args: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "muse_graph", *args],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, **environ},
        cwd=Path(__file__).parents[3],
    )


def test_the_light_commands_import_nothing_heavy() -> None:
    code = (
        "import sys, muse_graph.cli\n"
        "try:\n    muse_graph.cli.main(['queries'])\n"
        "except SystemExit as left:\n    assert not left.code\n"
        "heavy = {'numpy', 'scipy', 'pyarrow', 'neo4j', 'flask', 'granian', 'requests', 'psutil'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )
    root = str(Path(__file__).parents[3])
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": root},
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_version_comes_at_once() -> None:
    before = os.times()
    done = program("--version")
    after = os.times()
    assert (done.returncode, done.stdout, done.stderr) == (0, f"muse-graph {__version__}\n", "")
    # 0.15 s of the processor's time, which does not depend on how busy the machine is.
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    assert spent < 1


def test_a_reader_that_leaves_early_is_no_error() -> None:
    done = subprocess.run(
        ["sh", "-c", f"{sys.executable} -m muse_graph queries --json | head -n 1"],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[3],
    )
    assert (done.stdout, done.stderr) == ("[\n", "")


def test_output_that_is_no_terminal_is_plain_and_unwrapped() -> None:
    done = program("queries", COLUMNS="40")
    assert "\x1b" not in done.stdout
    lines = done.stdout.splitlines()
    assert lines[0].split() == ["query", "mode", "params", "answers"]
    # One line a query: nothing wraps.
    assert all(line.split()[1] in {"read", "write"} for line in lines[1:])


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (InvalidRequest("k must be 1..1000, got 0"), 2),
        (UnknownUser("u9"), 1),
        (GraphUnavailable("no database\nanswers"), 1),
        (MuseError("something else"), 1),
        (OSError(28, "No space left on device"), 1),
    ],
)
def test_an_error_is_one_line_and_an_exit_code(
    run: Callable[..., object], graph: object, provide: Callable[..., None], error: Exception, code: int
) -> None:
    def recommend(*_: object, **__: object) -> None:
        raise error

    provide("muse_graph.service.recommendations.lists", recommend=recommend)
    done = run("recommend", "u1")
    assert (done.code, done.out) == (code, "")
    assert done.err == f"error: {' '.join(str(error).split())}\n"


def test_a_file_that_cannot_be_read_is_named(
    run: Callable[..., object], graph: object, provide: Callable[..., None]
) -> None:
    def recommend(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", "data/artists.dat")

    provide("muse_graph.service.recommendations.lists", recommend=recommend)
    assert run("recommend", "u1").err == "error: data/artists.dat: Permission denied\n"


def test_ctrl_c_is_130_and_closes_the_graph(
    run: Callable[..., object], graph: object, provide: Callable[..., None]
) -> None:
    def recommend(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    provide("muse_graph.service.recommendations.lists", recommend=recommend)
    assert run("recommend", "u1").code == 130
    assert graph.closed


@pytest.mark.parametrize(
    "args",
    [
        ("nonsense",),
        ("recommend",),
        ("recommend", "u1", "--all"),
        ("recommend", "u1", "--output", "x.jsonl"),
        ("recommend", "u1", "--similarity", "telepathy"),
        ("recommend", "u1", "-k", "many"),
        ("genres",),
        ("artist", "a1", "--from", "yesterday"),
        ("interests", "a1", "--segment", "fans"),
        ("spread", "a1", "--window", "long"),
        ("influencers", "--country", "PT"),
        ("influencers", "--country", "PT", "--genre", "fado", "--together"),
        ("influencers", "a1", "--together", "--budget", "5"),
        ("influencers", "a1", "--sort", "handle"),
        ("influencers", "a1", "--cost-per-1000", "5", "--budget", "9"),
        ("interests", "a1", "--overlap", "a2", "--country", "CO"),
        ("load", "hetrec", "not-there"),
        ("load", "synthetic", "--users", "0"),
        ("serve", "--port", "0"),
        ("query", "user_ids"),
    ],
)
def test_asking_in_a_wrong_way_is_2(
    run: Callable[..., object], graph: object, provide: Callable[..., None], args: tuple[str, ...]
) -> None:
    provide("muse_graph.service.recommendations.lists", recommend=None)
    provide("muse_graph.service.recommendations.genres", discover_genres=None)
    provide("muse_graph.service.artists.analytics", analytics=None)
    provide("muse_graph.service.artists.influencers", artist_influencers=None, match_influencers=None)
    done = run(*args)
    assert (done.code, done.out) == (2, "")
    assert done.err


def test_a_wrong_setting_names_its_variable(
    run: Callable[..., object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MUSE_THETA", "much")
    done = run("migrate")
    assert (done.code, done.err) == (2, "error: MUSE_THETA must be a valid number, got 'much'\n")
