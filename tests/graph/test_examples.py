"""The examples of the commands' help, README.md and the pages of docs/: each is run, and answers.

The world is a corner of that of `muse-graph demo`, so that the ids of the examples exist.
"""

from __future__ import annotations

import io
import re
import shlex
import sys
from functools import cache
from pathlib import Path

import pytest
from typer.main import get_command

from docs.generate import _commands
from muse_graph.cli import main
from muse_graph.cli.app import app
from muse_graph.config import Settings
from muse_graph.graph.connection import Graph
from muse_graph.loaders.rejects import Rejects
from muse_graph.loaders.write_batches import load
from tests.conftest import wipe
from tests.worlds.sample import corner

ROOT = Path(__file__).parents[2]
PAGES = ("README.md", "docs/files.md", "docs/cli.md", "docs/model.md")
EXAMPLE = re.compile(r"muse-graph [a-z][^`\n|#]*")
#: Written so in prose: a name, an option alone, words in capitals that stand for something.
PLACEHOLDER = re.compile(r" [A-Z]{3,}\b|…")
USERS, TRACKS = 50, 150

#: Why an example is not run here. Each of these commands has tests of its own.
NOT_HERE = {
    "demo": "loads a world and serves it",
    "serve": "serves until it is stopped",
    "neo4j": "is for an embedded Neo4j, and these tests may be given another",
    "reset": "is for an embedded Neo4j, and these tests may be given another",
    "erase": "takes older models along, which other examples name",
    "load hetrec": "the data set is not part of the repository",
    "load deezer": "the data set is not part of the repository",
    "load synthetic": "takes minutes",
    "load tables tables.rejected": "needs the rejects of a load before it",
    "evaluate topn": "the data set is not part of the repository",
    "evaluate discovery": "the data set is not part of the repository",
    "evaluate genres": "the data set is not part of the repository",
}

#: What is sent to the examples that read standard input.
STDIN = {
    "muse-graph account create": "rain over Barranquilla 7\n",
    "muse-graph load tables -": '{"user_id": "u1", "track_id": "t389", "heard": 0.5}\n',
    "muse-graph train --pretrained -": "user,track,artist,genre\nx1,t389,Rohan Qureshi Sharma,Jazz\n",
}


@cache
def of_help() -> list[str]:
    """The example in each command's help, in the order of the program."""
    return [example for _, _, example in _commands(get_command(app))]


@cache
def of_pages() -> list[str]:
    """Whole commands on the pages, without those of the help."""
    texts = "\n".join((ROOT / page).read_text("utf-8") for page in PAGES)
    found = dict.fromkeys(one.strip() for one in EXAMPLE.findall(texts))
    known = {name for name, _, _ in _commands(get_command(app))}
    return [
        one for one in found if one not in of_help() and not PLACEHOLDER.search(one) and _takes(one, known)
    ]


def _takes(example: str, known: set[str]) -> bool:
    """Whether it has arguments; a command's name alone is no example."""
    words = example.removeprefix("muse-graph ")
    return words not in known and any(words.startswith(f"{name} ") for name in known)


def runnable(examples: list[str]) -> list[str]:
    return [one for one in examples if not any(one.startswith(f"muse-graph {name}") for name in NOT_HERE)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the examples are run: with tables to load."""
    folder = tmp_path_factory.mktemp("examples")
    (folder / "data").mkdir()
    (folder / "data" / "users.csv").write_text("user_id,name\nu1,Ana\nnew,Bo\n", "utf-8")
    return folder


@pytest.fixture(scope="module")
def demonstration(graph: Graph) -> Graph:
    """A corner of the demonstration world."""
    wipe(graph)
    with Rejects() as rejects:
        load(
            graph, corner(USERS, seed=7, tracks=TRACKS), rejects, theta=0.2, advance=lambda _step, _rows: None
        )
    return graph


@pytest.fixture(autouse=True)
def environment(
    demonstration: Graph, settings: Settings, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    monkeypatch.setenv("NEO4J_URI", settings.neo4j_uri or "")
    monkeypatch.setenv("NEO4J_USERNAME", settings.neo4j_username)
    monkeypatch.setenv("NEO4J_PASSWORD", settings.neo4j_password)
    monkeypatch.setenv("NEO4J_DATABASE", settings.neo4j_database)
    monkeypatch.setenv("MUSE_MODELS", str(folder / "models"))
    monkeypatch.setenv("MUSE_ACCOUNTS", str(folder / "accounts.sqlite"))


def run(example: str) -> int:
    with pytest.raises(SystemExit) as left:
        main(shlex.split(example)[1:])
    return int(left.value.code or 0)


def prepare(example: str, folder: Path) -> None:
    """What the reader of an example has done before it."""
    if example.startswith("muse-graph models"):
        if not (folder / "models" / "v000001").exists():
            assert run("muse-graph train") == 0
        if "delete" in example:
            assert run("muse-graph train") == 0


@pytest.mark.parametrize("example", runnable([*of_help(), *of_pages()]))
def test_an_example_answers(
    example: str, capsys: pytest.CaptureFixture[str], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(example, folder)
    sent = next((text for start, text in STDIN.items() if example.startswith(start)), "")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(sent.encode())))
    capsys.readouterr()
    assert run(example) == 0
    out, err = capsys.readouterr()
    written = [path for path in folder.glob("*.jsonl") if path.name in example]
    assert (
        out.strip()
        or (written and written[0].read_text("utf-8"))
        or "is now current" in err
        or "deleted" in err
        or "account ana" in err
        or "has everything about" in err
    )
    assert "nothing found" not in out


def test_what_is_not_run_is_an_example() -> None:
    """No reason is kept for an example that has gone, and each is of a command that exists."""
    left_out = {one for one in [*of_help(), *of_pages()] if one not in runnable([one])}
    unused = [name for name in NOT_HERE if not any(one.startswith(f"muse-graph {name}") for one in left_out)]
    assert unused == []


def test_the_query_of_the_readme_answers(demonstration: Graph) -> None:
    (cypher,) = re.findall(r"```cypher\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    assert demonstration.run(cypher, writes=False)
