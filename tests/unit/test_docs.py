"""The documentation cannot rot: what it names exists, and what it has to name it names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest
import typer

from docs import generate, generate_performance
from muse_graph.cli.app import app
from muse_graph.config import Settings
from muse_graph.graph import queries, schema

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
ADRS = sorted((ROOT / "docs" / "adr").glob("*.md"))
FOLDERS = frozenset({"api", "cypher", "docs", "loaders", "muse_graph", "tests"})

FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)\s]+)\)")
COMMAND = re.compile(r"(?:muse-graph|-m muse_graph) ([a-z][\w-]*)(?: ([a-z][\w-]*))?([^\n]*)")
OPTION = re.compile(r"(?<!\S)--[a-z][a-z-]*")
NODE = re.compile(r"\(\w*:(\w+)|\b[a-z]\w*:([A-Z][a-z]\w*)")
KIND = re.compile(r"\[\w*:([A-Z_|]+)")
SET = re.compile(r"(?:\bSET|,)\s+[a-z]\w*\.(\w+)\s*=")
REMOVED = re.compile(r"\bREMOVE \w+:(\w+)")
MAP = re.compile(r"[(\[]\w*:\w+ \{([^}]*)\}")
NAME = re.compile(r"(\w+):")
COMMENT = re.compile(r"^//.*$", re.MULTILINE)

by_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


def prose(page: Path) -> str:
    return FENCE.sub("", page.read_text("utf-8"))


def code(page: Path) -> Iterator[str]:
    """Everything on a page that is set as code."""
    yield from SPAN.findall(prose(page))
    yield from (block for _, block in FENCE.findall(page.read_text("utf-8")))


def paths(page: Path) -> Iterator[str]:
    """Code that is a path of the repository; `<name>` in it stands for any."""
    for span in SPAN.findall(prose(page)):
        top, slash, _ = span.partition("/")
        is_root_file = not slash and span.endswith((".md", ".toml", ".lock", ".yml"))
        if is_root_file or (top in FOLDERS and slash and " " not in span):
            yield span


@by_page
def test_paths_exist(page: Path) -> None:
    assert [path for path in paths(page) if not _exists(path)] == []


def _exists(path: str) -> bool:
    """Whether a file is there and, if one is named behind `::`, the test in it."""
    name, _, test = path.partition("::")
    found = next(ROOT.glob(re.sub(r"<\w+>", "*", name).rstrip("/")), None)
    return found is not None and (not test or f"def {test}(" in found.read_text("utf-8"))


@by_page
def test_links_lead_somewhere(page: Path) -> None:
    links = (
        link for link in LINK.findall(prose(page)) if not link.startswith(("http:", "https:", "mailto:"))
    )
    broken = [link for link in links if not (page.parent / link.partition("#")[0]).exists()]
    assert broken == []


@cache
def commands() -> Mapping[str, frozenset[str]]:
    """Options of each command by its full name; a group has none of its own."""
    found: dict[str, frozenset[str]] = {}

    def walk(command: object, name: str) -> None:
        options = (option for param in getattr(command, "params", ()) for option in param.opts)
        negations = (option for param in getattr(command, "params", ()) for option in param.secondary_opts)
        found[name] = frozenset({*options, *negations, "--help"})
        for word, inner in getattr(command, "commands", {}).items():
            walk(inner, f"{name} {word}".strip())

    walk(typer.main.get_command(app), "")
    return found


def wrong_commands(text: str) -> Iterator[str]:
    """Commands in a piece of code that do not exist, and options that they do not take."""
    for first, second, rest in COMMAND.findall(text):
        groups = {name.partition(" ")[0] for name in commands() if " " in name}
        name = f"{first} {second}" if first in groups else first
        if name not in commands():
            yield name
        else:
            yield from (f"{name} {one}" for one in OPTION.findall(rest) if one not in commands()[name])


@by_page
def test_commands_exist(page: Path) -> None:
    assert [wrong for text in code(page) for wrong in wrong_commands(text)] == []


@pytest.mark.parametrize(
    "text", ["muse-graph lode tables x", "muse-graph load shoes", "muse-graph doctor --mend"]
)
def test_a_wrong_command_is_seen(text: str) -> None:
    assert list(wrong_commands(text))


class Asked(dict[str, str]):
    """An environment that remembers which variables it was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def get(self, name: str, default: object = None) -> object:  # type: ignore[override]
        self.names.add(name)
        return super().get(name, default)


def test_every_variable_is_in_the_readme_and_no_other() -> None:
    environment = Asked()
    Settings.from_environment(environment)
    table = (ROOT / "README.md").read_text("utf-8").partition("## Configuration")[2].partition("\n## ")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == environment.names


def test_the_page_of_performance_is_as_the_benchmarks_have_it() -> None:
    written = generate_performance.PAGE.read_text("utf-8")
    assert written == generate_performance.page(), "stale: run `make performance`"


@pytest.mark.parametrize("part", generate.PARTS, ids=lambda part: part.name)
def test_a_generated_part_is_as_the_program_says(part: generate.Part) -> None:
    text = (ROOT / part.page).read_text("utf-8")
    assert text == generate.replace_part(text, part.name, part.make()), "stale: run `make docs`"


@pytest.mark.parametrize(
    "text",
    ["<!-- generated: x -->\n", "\n<!-- end of x -->", "\n<!-- end of x -->\n<!-- generated: x -->\n"],
)
def test_a_page_without_the_place_of_a_part_is_seen(text: str) -> None:
    with pytest.raises(ValueError, match="must be on the page once"):
        generate.replace_part(text, "x", "content")


def test_a_stale_part_is_renewed_and_nothing_else() -> None:
    text = "a\n<!-- generated: x -->\nold\n<!-- end of x -->\nb\n"
    assert generate.replace_part(text, "x", "new\nlines") == text.replace("old", "new\nlines")


def labels(text: str) -> set[str]:
    return {one for pair in NODE.findall(text) for one in pair if one}


def kinds(text: str) -> set[str]:
    """Relationship types."""
    return {one for found in KIND.findall(text) for one in found.split("|") if one}


def properties(text: str) -> set[str]:
    """Properties that a query sets, or writes out in a pattern; parts of a time are none."""
    text = re.sub(r"\bdatetime\(\{.*?\}\)", "", text)
    keys = {name for found in MAP.findall(text) for name in NAME.findall(found)}
    return keys | set(SET.findall(text))


@cache
def cypher() -> str:
    """Every query and migration, without the labels that a migration removed."""
    steps = "\n".join(statement for step in schema.migrations() for statement in step.statements)
    for label in REMOVED.findall(steps):
        steps = re.sub(rf":{label}\b", "", steps)
    texts = [COMMENT.sub("", query.body) for query in queries.all_queries().values()]
    return "\n".join([*texts, steps, Path(schema.__file__).read_text("utf-8")])


def model() -> Path:
    return ROOT / "docs" / "model.md"


def documented_properties() -> set[str]:
    """The names that open a table's row, and those in a column of properties."""
    cells = re.findall(r"^\| ((?:`\w+`(?:, )?)+) \|", prose(model()), re.MULTILINE)
    columns = re.findall(r"^\| `\(.*?\)`(?:, `\(.*?\)`)* \| ([^|]*) \|", prose(model()), re.MULTILINE)
    return {name for cell in [*cells, *columns] for name in re.findall(r"`(\w+)`", cell)}


def test_the_model_has_every_label_and_no_other() -> None:
    assert labels("\n".join(code(model()))) == labels(cypher())


def test_the_model_has_every_relationship_type_and_no_other() -> None:
    assert kinds("\n".join(code(model()))) == kinds(cypher())


def test_the_model_has_every_property_and_no_other() -> None:
    read = set(re.findall(r"\b[a-z]\w*\.(\w+)", cypher()))
    assert properties(cypher()) - documented_properties() == set()
    assert documented_properties() - properties(cypher()) - read == set()


def test_decisions_are_numbered_without_gaps() -> None:
    assert [path.name[:5] for path in ADRS] == [f"{number:04d}-" for number in range(1, len(ADRS) + 1)]


@pytest.mark.parametrize("page", ADRS, ids=lambda page: page.stem)
def test_a_decision_says_what_it_has_to(page: Path) -> None:
    text = page.read_text("utf-8")
    assert text.startswith(f"# {page.name[:4]} ")
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == ["Context", "Choice", "Price", "Figures"]


def test_a_decision_is_found_from_the_readme() -> None:
    links = set(LINK.findall((ROOT / "README.md").read_text("utf-8")))
    assert {f"docs/adr/{path.name}" for path in ADRS} <= links
