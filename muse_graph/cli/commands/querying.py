"""`query` and `queries`: run the files of ``cypher/`` by name."""

from __future__ import annotations

import base64
import json as jsonlib
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Annotated

import typer
from rich.text import Text

from muse_graph.cli.connection import connect
from muse_graph.cli.options import Home, Json, read_settings
from muse_graph.cli.output import json_line, make_table, note, plain, print_json, short, show
from muse_graph.errors import InvalidRequest
from muse_graph.graph.queries import Field, Query, all_queries, load

__all__ = ["parse_params", "queries", "query"]


def queries(json: Json = False) -> None:
    """List the queries that `muse-graph query` runs."""
    found = list(all_queries().values())
    if json:
        print_json([_described(query) for query in found])
        return
    table = make_table("query", "mode", "params", "answers")
    for query in found:
        params = ", ".join(map(str, query.params))
        table.add_row(Text(query.name, style="bold"), query.mode, Text(params, style="dim"), query.title)
    show(table)


def query(
    name: Annotated[str, typer.Argument(help="Name of the query, as `muse-graph queries` lists it.")],
    param: Annotated[
        list[str] | None,
        typer.Option(
            "--param",
            "-p",
            metavar="NAME=VALUE",
            help="A parameter, by the type the query declares; a list or map as JSON. "
            "One marked ? may be left out.",
        ),
    ] = None,
    write: Annotated[bool, typer.Option("--write", help="Allow a query that changes the graph.")] = False,
    json: Json = False,
    home: Home = None,
) -> None:
    """Run a query by its name."""
    found = load(name)
    params = parse_params(found, param or [])
    if found.mode == "write" and not write:
        raise InvalidRequest(f"query {name} changes the graph; --write allows it")
    with connect(read_settings(home)) as graph:
        if found.mode == "write":
            rows = [asdict(graph.write(name, **params))]
            columns = list(rows[0])
        else:
            rows = graph.read(name, **params)
            columns = [field.name for field in found.columns]
    if json:
        print_json(rows)
    else:
        _show_rows(columns, rows)


def _show_rows(columns: Sequence[str], rows: Sequence[dict[str, object]]) -> None:
    numeric = {
        name
        for name in columns
        if all(isinstance(row[name], int | float | None) for row in rows)
        and any(row[name] is not None for row in rows)
    }
    table = make_table(*(f">{name}" if name in numeric else name for name in columns))
    for row in rows:
        table.add_row(*(short(_text(row[name])) for name in columns))
    show(table)
    cut = any(len(text) > len(short(text)) for row in rows for text in map(_text, row.values()))
    more = "; --json has the long values whole" if cut else ""
    note(f"{len(rows):,} row{'' if len(rows) == 1 else 's'}{more}")


def _text(value: object) -> str:
    said = plain(value)
    if said is None:
        return "–"
    return said if isinstance(said, str) else json_line(said)


def _described(query: Query) -> dict[str, object]:
    return {
        "name": query.name,
        "title": query.title,
        "mode": query.mode,
        "params": [_field(field) for field in query.params],
        "rows": [_field(field) for field in query.row_keys],
        "columns": [_field(field) for field in query.columns],
        "sample": query.sample,
    }


def _field(field: Field) -> dict[str, object]:
    return {"name": field.name, "type": field.declared_type, "nullable": field.nullable}


def parse_params(query: Query, given: Sequence[str]) -> dict[str, object]:
    """Values of ``name=value`` by the types that a query declares; what may be null and is not given is null.

    Raises:
        InvalidRequest: Naming the parameter and the rule.
    """
    declared = {field.name: field for field in query.params}
    values: dict[str, object] = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals:
            raise InvalidRequest(f"--param must be NAME=VALUE, got {text!r}")
        if name not in declared:
            takes = ", ".join(map(str, query.params)) or "no parameters"
            raise InvalidRequest(f"query {query.name} takes {takes}; got {name!r}")
        if name in values:
            raise InvalidRequest(f"parameter {name} must be given once")
        values[name] = _parse(declared[name], value)
    missing = [str(field) for field in query.params if field.name not in values and not field.nullable]
    if missing:
        raise InvalidRequest(f"query {query.name} also needs {', '.join(missing)}")
    return {name: values.get(name) for name in declared}


def _parse(field: Field, text: str) -> object:
    try:
        return _PARSERS[field.type](text)
    except ValueError:
        raise InvalidRequest(
            f"parameter {field.name} must be {field.declared_type} ({_FORMS[field.type]}), got {text!r}"
        ) from None


def _bool(text: str) -> bool:
    if text not in {"true", "false"}:
        raise ValueError(text)
    return text == "true"


def _datetime(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _json_in(brackets: str) -> Callable[[str], object]:
    """JSON that begins and ends with these brackets."""

    def parse(text: str) -> object:
        text = text.strip()
        if text[:1] + text[-1:] != brackets:
            raise ValueError(text)
        value: object = jsonlib.loads(text)
        return value

    return parse


_PARSERS: dict[str, Callable[[str], object]] = {
    "str": str,
    "int": int,
    "float": float,
    "bool": _bool,
    "list": _json_in("[]"),
    "map": _json_in("{}"),
    "bytes": lambda text: base64.b64decode(text, validate=True),
    "date": date.fromisoformat,
    "datetime": _datetime,
}
_FORMS = {
    "str": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "list": 'JSON: ["a", "b"]',
    "map": 'JSON: {"a": 1}',
    "bytes": "base64",
    "date": "2026-01-31",
    "datetime": "2026-01-31T12:00:00Z",
}
