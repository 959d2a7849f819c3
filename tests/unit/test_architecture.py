"""The arrows between the parts, read from the imports; and how large a module and a function may be.

cli -> api, loaders -> service -> core -> numpy, scipy
                          |----> graph -> neo4j
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PARTS = {
    "muse_graph": ROOT / "muse_graph",
    "muse_graph.api": ROOT / "api",
    "muse_graph.loaders": ROOT / "loaders",
}

MODULE_LINES = 300
BODY_LINES = 40


@dataclass(frozen=True)
class Module:
    """One source file: its dotted name, whether it is a package's ``__init__``, its text and syntax tree."""

    name: str
    is_package: bool
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)


def read_modules() -> list[Module]:
    """Every module of the package, each once: a linked folder is a part of its own."""
    found = []
    for part, folder in PARTS.items():
        linked = tuple(child for child in folder.iterdir() if child.is_symlink())
        for path in sorted(folder.rglob("*.py")):
            if not any(path.is_relative_to(link) for link in linked):
                inner = path.relative_to(folder).with_suffix("").parts
                name = ".".join((part, *inner)).removesuffix(".__init__")
                found.append(Module(name, path.name == "__init__.py", path.read_text(encoding="utf-8")))
    return found


MODULES = read_modules()
NAMES = frozenset(module.name for module in MODULES)


def imports_of(module: Module, names: frozenset[str] = NAMES) -> Iterator[str]:
    """Dotted names a module imports anywhere; ``from a import b`` is ``a.b`` where that is a module."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                up = node.level - module.is_package
                package = module.name.rsplit(".", up)[0] if up else module.name
                base = f"{package}.{base}".removesuffix(".")
            for alias in node.names:
                inner = f"{base}.{alias.name}"
                yield inner if inner in names else base


def within(name: str, parts: str) -> bool:
    """Whether a dotted name is one of the parts (separated by spaces) or inside one."""
    return any(name == part or name.startswith(f"{part}.") for part in parts.split())


def ours(short: str) -> str:
    return " ".join(f"muse_graph.{name}" for name in short.split())


# Who may import one of our parts: everyone else may not.
IMPORTERS = {
    "muse_graph.api": ours("api cli"),
    "muse_graph.loaders": ours("loaders training evaluation cli"),
    "muse_graph.cli": ours("cli __main__"),
    "muse_graph.embedded": ours("embedded cli loaders.bulk loaders.load_job"),
    "muse_graph.service": ours("service api loaders training evaluation cli"),
    "muse_graph.training": ours("training evaluation cli"),
    "muse_graph.evaluation": ours("evaluation cli"),
    "neo4j": ours("graph.driver"),
    "muse_graph.graph.driver": ours("graph.connection graph.driver_errors"),
    "flask": ours("api"),
    "flask_openapi3": ours("api"),
    "granian": ours("api cli"),
    "typer": ours("cli"),
}
# What a part may import of ours, besides itself.
IMPORTED = {
    "muse_graph.errors": "",
    "muse_graph.answers": ours("core.listening.sources core.artists.words"),
    "muse_graph.countries": "",
    "muse_graph.timestamps": "",
    "muse_graph.loopback": "",
    "muse_graph.core": ours("errors"),
    "muse_graph.config": ours("errors core.parameters"),
    "muse_graph.model_store": ours("core errors locks"),
    "muse_graph.graph.query_records": "",
    "muse_graph.graph.query_types": ours("errors graph.query_records"),
    "muse_graph.graph.queries": ours("errors graph.query_types"),
    "muse_graph.graph.connection": ours(
        "errors config graph.queries graph.deadline graph.driver graph.driver_errors graph.parameters"
    ),
    "muse_graph.graph.driver": "",
    "muse_graph.graph.parameters": "",
    "muse_graph.graph.driver_errors": ours("errors config graph.driver graph.unreachable"),
    "muse_graph.graph.unreachable": ours("config"),
    "muse_graph.graph.deadline": ours("errors"),
    "muse_graph.graph.heartbeat": ours("errors graph.connection"),
    "muse_graph.api": ours("service model_store errors config answers graph countries loopback timestamps"),
}
# Which other folders of service a folder may import; the modules beside the folders are for all.
SERVICE_FOLDERS = {
    "listens": "",
    "catalogue": "",
    "recommendations": "",
    "users": "listens recommendations",
    "accounts": "users catalogue",
    "what_if": "listens recommendations",
    "artists": "listens recommendations",
    "maintenance": "listens privacy",
    "privacy": "listens users accounts",
}
CORE_LIBRARIES = "numpy scipy"
CORE_NEVER = "asyncio http io os pathlib shutil socket sqlite3 subprocess tempfile urllib"


def broken_arrows(module: Module, names: frozenset[str] = NAMES) -> list[str]:
    """The rules that a module's imports break, one line each."""
    targets = sorted(set(imports_of(module, names)))
    return [line for target in targets for rule in RULES for line in rule(module.name, target)]


def only_by(name: str, target: str) -> Iterator[str]:
    for part, importers in IMPORTERS.items():
        if within(target, part) and not within(name, importers):
            yield f"{name} imports {target}; only {importers} may"


def only_these(name: str, target: str) -> Iterator[str]:
    # The package's own name alone stands for its version.
    for part, allowed in IMPORTED.items():
        if (
            target.startswith("muse_graph.")
            and within(name, part)
            and not within(target, f"{allowed} {part}")
        ):
            yield f"{name} imports {target}; of ours {part} may import: {allowed or 'nothing'}"


def core_alone(name: str, target: str) -> Iterator[str]:
    if within(name, "muse_graph.core") and not within(target, f"muse_graph {CORE_LIBRARIES}"):
        top = target.partition(".")[0]
        if top not in sys.stdlib_module_names or within(top, CORE_NEVER):
            yield f"{name} imports {target}; core is numpy, scipy and arithmetic alone"


def service_folder(name: str) -> str | None:
    """The folder of service that a dotted name is in; None for the modules beside the folders."""
    folder = name.removeprefix("muse_graph.service.").partition(".")[0]
    return folder if within(name, "muse_graph.service") and folder in SERVICE_FOLDERS else None


def folders_in_order(name: str, target: str) -> Iterator[str]:
    folder, wanted = service_folder(name), service_folder(target)
    allowed = SERVICE_FOLDERS[folder] if folder else ""
    if within(name, "muse_graph.service") and wanted not in {None, folder, *allowed.split()}:
        yield f"{name} imports {target}; of the folders beside it may import: {allowed or 'none'}"


RULES = (only_by, only_these, core_alone, folders_in_order)


def test_the_folders_of_service_have_an_order() -> None:
    """Every folder is in the table, and none imports, by way of others, itself."""
    root = PARTS["muse_graph"] / "service"
    assert SERVICE_FOLDERS.keys() == {path.parent.name for path in root.glob("*/__init__.py")}
    TopologicalSorter({name: allowed.split() for name, allowed in SERVICE_FOLDERS.items()}).prepare()


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
def test_arrows_point_one_way(module: Module) -> None:
    assert broken_arrows(module) == []


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("muse_graph.core.rerank.ranking", "import pandas"),
        ("muse_graph.core.rerank.ranking", "from pathlib import Path"),
        ("muse_graph.core.rerank.ranking", "def f():\n    import os.path"),
        ("muse_graph.core.rerank.ranking", "from ... import graph"),
        ("muse_graph.service", "import neo4j.exceptions"),
        ("muse_graph.service", "from muse_graph import api"),
        ("muse_graph.service.recommendations.genres", "import typer"),
        ("muse_graph.loaders.sources.tables", "from muse_graph.embedded import process"),
        ("muse_graph.loaders.sources.tables", "from muse_graph.api import create_app"),
        ("muse_graph.api.routes.users", "from muse_graph.core.rerank.ranking import top_k"),
        ("muse_graph.errors", "from muse_graph import config"),
        ("muse_graph.service.listens.record", "from muse_graph.service.users.users import get_user"),
        ("muse_graph.service.pagination", "from muse_graph.service.users.users import get_user"),
    ],
)
def test_a_forbidden_arrow_is_seen(name: str, source: str) -> None:
    names = frozenset(
        {"muse_graph.api", "muse_graph.config", "muse_graph.embedded.process", "muse_graph.graph"}
    )
    assert broken_arrows(Module(name, False, source), names)


@pytest.mark.parametrize(
    ("name", "source"),
    [
        (
            "muse_graph.core.rerank.ranking",
            "import math\nimport numpy as np\nfrom scipy import sparse",
        ),
        (
            "muse_graph.core.rerank.ranking",
            "from muse_graph.core import types\nfrom muse_graph.errors import ShapeError",
        ),
        ("muse_graph.graph.driver", "import neo4j\nfrom neo4j import exceptions"),
        ("muse_graph.loaders.bulk", "from muse_graph.embedded import process"),
        ("muse_graph.api.routes.users", "from muse_graph import __version__, service"),
        ("muse_graph.cli.serve", "import typer\nfrom muse_graph.api import create_app"),
        ("muse_graph.service.users.users", "from muse_graph.service.listens.refresh import theta_params"),
        ("muse_graph.service.users.users", "from muse_graph.service.pagination import page_of"),
    ],
)
def test_an_allowed_arrow_passes(name: str, source: str) -> None:
    names = frozenset({"muse_graph.graph.queries", "muse_graph.service", "muse_graph.embedded.process"})
    assert broken_arrows(Module(name, False, source), names) == []


FILE_CALLS = frozenset(
    {"open", "load", "loadtxt", "genfromtxt", "fromfile", "tofile", "memmap", "save", "savetxt", "savez"}
)


@pytest.mark.parametrize(
    "module", [m for m in MODULES if within(m.name, "muse_graph.core")], ids=lambda m: m.name
)
def test_the_core_opens_no_file(module: Module) -> None:
    calls = (node.func for node in ast.walk(module.tree) if isinstance(node, ast.Call))
    names = {func.id if isinstance(func, ast.Name) else getattr(func, "attr", "") for func in calls}
    assert names & FILE_CALLS == set()


CYPHER = re.compile(r"\b(MATCH|MERGE|CREATE)\s*\(|\bUNWIND\s+\$|\bRETURN\s+\w+\.\w+\s+AS\b")
# Keeps the record of the migrations in a graph that has none of the schema yet.
CYPHER_KEEPERS = ours("graph.schema")


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
def test_cypher_lives_in_files(module: Module) -> None:
    lines = [line for line in module.text.splitlines() if CYPHER.search(line)]
    assert lines == [] or within(module.name, CYPHER_KEEPERS)


def code_lines(module: Module) -> int:
    """Lines of a module, its tables left out: a list of words is long without being hard."""
    tables = (node for node in module.tree.body if isinstance(node, ast.Assign | ast.AnnAssign))
    return len(module.text.splitlines()) - sum((node.end_lineno or 0) - node.lineno for node in tables)


#: Written by a program; it grows with the queries.
GENERATED = frozenset({"muse_graph.graph.query_records"})


@pytest.mark.parametrize(
    "module", [one for one in MODULES if one.name not in GENERATED], ids=lambda module: module.name
)
def test_a_module_fits_the_head(module: Module) -> None:
    assert code_lines(module) <= MODULE_LINES


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function's body, its docstring left out."""
    statements = function.body[1:] if ast.get_docstring(function) else function.body
    return (statements[-1].end_lineno or 0) - statements[0].lineno + 1 if statements else 0


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
def test_a_function_fits_the_screen(module: Module) -> None:
    functions = (n for n in ast.walk(module.tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))
    long = {function.name: size for function in functions if (size := body_lines(function)) > BODY_LINES}
    assert long == {}


def test_a_worker_of_the_service_has_only_what_it_needs() -> None:
    """Each takes 20 to 35 MB of every worker; some are installed only where others need them."""
    heavy = ("pandas", "pyarrow", "scipy.stats", "scipy.optimize", "matplotlib", "networkx", "rich", "typer")
    said = "import sys, muse_graph.api.app, muse_graph.api.server; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", said], check=True, capture_output=True, text=True)
    assert set(heavy).isdisjoint(done.stdout.split())


def test_what_was_hidden_from_the_driver_can_be_imported() -> None:
    said = "import muse_graph.graph.connection, pyarrow; print(pyarrow.array([1]).to_pylist())"
    done = subprocess.run([sys.executable, "-c", said], check=True, capture_output=True, text=True)
    assert done.stdout == "[1]\n"
