"""``cypher/**/*.cypher`` as typed queries: one query a file, checked when the program starts.

A file is a header of comments, sample parameters that Neo4j Browser understands, and the query:

    // Friends of a user, the oldest friendship first.
    // mode: read
    // params: user_id: str, limit: int
    // returns: friend_id: str, since: datetime?
    /* :params {user_id: 'u1', limit: 20} */
    MATCH ...

A write that takes many rows at once declares ``params: rows: list`` and the keys of a row on a line
``// rows: user_id: str, name: str?``. A ``?`` marks what may be null. What is inside a list or a map is
declared too, as `query_types` shows. A line of ``//`` and two spaces or more continues the one above.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from muse_graph.errors import QueryError, UnknownQuery
from muse_graph.graph.query_types import Converter, Field, converter, parse_fields

__all__ = ["Field", "Query", "all_queries", "load", "load_checked", "parse"]

_CONTINUED = re.compile(r"\n//  +(?=\S)")
_HEADER = re.compile(r"^// (mode|params|rows|returns): *(.*)$")
_SAMPLE = re.compile(r"/\*\s*:params\s*(\{.*?\})\s*\*/", re.DOTALL)
_COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
_USED_PARAM = re.compile(r"\$(\w+)")
_USED_KEY = re.compile(r"\brow\.(\w+)")


@dataclass(frozen=True)
class Query:
    """One file of ``cypher/``.

    Attributes:
        name: the file's name without ``.cypher``
        title: the first line of the header, one sentence
        mode: "read" or "write"
        params: what the query takes; `row_keys` are the keys of each of its ``$rows``
        columns: what it returns, in order
        sample: parameters to paste into Neo4j Browser, a Cypher map
        text: the whole file, comments included, as it is sent
    """

    name: str
    title: str
    mode: str
    params: tuple[Field, ...]
    row_keys: tuple[Field, ...]
    columns: tuple[Field, ...]
    sample: str
    text: str

    @property
    def body(self) -> str:
        """The query without its comments."""
        return _COMMENT.sub("", self.text).strip()

    def check(self, params: dict[str, object]) -> None:
        """Raise QueryError unless exactly the declared parameters are given."""
        declared, given = {field.name for field in self.params}, set(params)
        if declared != given:
            raise QueryError(f"query {self.name} takes {sorted(declared)}, got {sorted(given)}")

    def convert(self, row: dict[str, Any]) -> None:
        """Turn the records in a row, as the driver brings it, into the named tuples of `query_records`."""
        for column, convert in self._converters.items():
            row[column] = convert(row[column])

    @cached_property
    def _converters(self) -> dict[str, Converter]:
        """By column, for those that hold records."""
        found = {field.name: converter(self.name, field) for field in self.columns}
        return {column: convert for column, convert in found.items() if convert}


def load(name: str) -> Query:
    """Return the query of that name; raises UnknownQuery."""
    try:
        return all_queries()[name]
    except KeyError:
        raise UnknownQuery(name) from None


def load_checked(name: str, params: dict[str, object], *, reads: bool = False) -> Query:
    """The query of that name for these parameters; raises UnknownQuery, QueryError.

    Args:
        reads: whether it must not write
    """
    query = load(name)
    if reads and query.mode != "read":
        raise QueryError(f"query {name} writes: it cannot be run as a read")
    query.check(params)
    return query


@cache
def all_queries() -> dict[str, Query]:
    """Every query by name, in alphabetical order; raises QueryError for a malformed file."""
    return read_folder(files("muse_graph") / "cypher")


def read_folder(folder: Traversable) -> dict[str, Query]:
    """Every query of a folder and those in it, but migrations; raises QueryError for a name met twice."""
    queries: dict[str, Query] = {}
    for entry in _files_in(folder):
        name = entry.name.removesuffix(".cypher")
        if name in queries:
            raise QueryError(f"{entry.name} exists twice: query names must be unique in cypher/")
        queries[name] = parse(name, entry.read_text("utf-8"))
    return dict(sorted(queries.items()))


def _files_in(folder: Traversable) -> Iterator[Traversable]:
    for entry in folder.iterdir():
        if entry.is_dir() and entry.name != "migrations":
            yield from _files_in(entry)
        elif entry.name.endswith(".cypher"):
            yield entry


def parse(name: str, text: str) -> Query:
    """Read one file; raises QueryError naming the file and the rule it breaks."""
    lines = _CONTINUED.sub(" ", text).splitlines()
    title = lines[0].removeprefix("//").strip() if lines and lines[0].startswith("//") else ""
    header = {match[1]: match[2] for line in lines if (match := _HEADER.match(line))}
    sample = _SAMPLE.search(text)
    query = Query(
        name=name,
        title=title,
        mode=header.get("mode", ""),
        params=_fields(name, header.get("params", "")),
        row_keys=_fields(name, header.get("rows", "")),
        columns=_fields(name, header.get("returns", "")),
        sample=sample[1] if sample else "{}",
        text=text,
    )
    _check_file(query)
    return query


def _fields(query: str, declaration: str) -> tuple[Field, ...]:
    try:
        return parse_fields(declaration)
    except ValueError as error:
        raise QueryError(f"{query}.cypher: {declaration!r}: {error}") from None


def _check_file(query: Query) -> None:
    """Refuse a file whose header and text disagree."""
    if not query.title.endswith("."):
        raise QueryError(f"{query.name}.cypher: the first line must be a comment with a sentence")
    if query.mode not in {"read", "write"}:
        raise QueryError(f"{query.name}.cypher: mode must be read or write, got {query.mode!r}")
    for what, fields, used in (
        ("params", query.params, _USED_PARAM.findall(query.body)),
        ("rows", query.row_keys, _USED_KEY.findall(query.body)),
    ):
        declared = {field.name for field in fields}
        if declared != set(used):
            raise QueryError(
                f"{query.name}.cypher: {what} declares {sorted(declared)}, the query uses {sorted(set(used))}"
            )
    for field in _inside((*query.row_keys, *query.columns)):
        if field.type in {"list", "map"} and not (field.item or field.fields):
            raise QueryError(
                f"{query.name}.cypher: {field} must declare what is inside, as [int] or {{key: int}}"
            )


def _inside(fields: Iterable[Field]) -> Iterator[Field]:
    """Fields and all those in them."""
    for field in fields:
        yield field
        yield from _inside((field.item,) if field.item else field.fields)
