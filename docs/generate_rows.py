"""`muse_graph/graph/query_records.py`, written from the headers of ``cypher/``: `make docs`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from muse_graph.graph.queries import Query, all_queries
from muse_graph.graph.query_types import Field, record_name, records

TARGET = Path(__file__).parents[1] / "muse_graph" / "graph" / "query_records.py"

_HEAD = '''"""Records inside the columns of queries, as `Graph.read` returns them.

Written by `make docs` from the headers of ``cypher/``; not to be changed by hand. Times are of a type of the
driver, which only `muse_graph.graph.connection` may import.
"""

from __future__ import annotations

from typing import {names}
'''
#: Where Python spells a type otherwise.
_PYTHON = {"date": "Any", "datetime": "Any", "list": "list[Any]", "map": "dict[str, Any]"}


def source(queries: Iterable[Query]) -> str:
    """The text of the module: one class for each record of each query."""
    classes = "".join(
        _class(name, query.name, field)
        for query in queries
        for name, field in records(query.name, query.columns)
    )
    return _HEAD.format(names="Any, NamedTuple" if "Any" in classes else "NamedTuple") + classes


def _class(name: str, query: str, field: Field) -> str:
    about = f"{'One of the' if field.type == 'list' else 'The'} `{field.name}` that `{query}` returns."
    body = "".join(f"    {inner.name}: {_annotation(name, inner)}\n" for inner in field.fields)
    return f'\n\nclass {name}(NamedTuple):\n    """{about}"""\n\n{body}'


def _annotation(owner: str, field: Field) -> str:
    if field.item:
        python = f"list[{_annotation(owner, field.item)}]"
    elif field.fields:
        record = record_name(owner, field)
        python = f"list[{record}]" if field.type == "list" else record
    else:
        python = _PYTHON.get(field.type, field.type)
    return f"{python} | None" if field.nullable and python != "Any" else python


def main() -> None:
    """Rewrite the module."""
    TARGET.write_text(source(all_queries().values()), "utf-8")


if __name__ == "__main__":
    main()
