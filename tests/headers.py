"""Whether values are what the headers of ``cypher/`` declare."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from neo4j.time import Date, DateTime

from muse_graph.graph.queries import Field

__all__ = ["misfits"]

_TYPES: dict[str, tuple[type, ...]] = {
    "str": (str,),
    "int": (int,),
    "float": (float,),
    "bool": (bool,),
    "list": (list,),
    "map": (dict,),
    "bytes": (bytes, bytearray),
    "date": (Date, date),
    "datetime": (DateTime, datetime),
}


def misfits(fields: Sequence[Field], values: Mapping[str, object], path: str = "") -> Iterator[str]:
    """Where and how values are not what these fields declare: nothing where all are."""
    if set(values) != {field.name for field in fields}:
        yield f"{path or 'it'} has {sorted(values)}, declared is {', '.join(map(str, fields))}"
        return
    for field in fields:
        yield from _misfits(field, values[field.name], f"{path}.{field.name}".removeprefix("."))


def _misfits(field: Field, value: object, path: str) -> Iterator[str]:
    if value is None:
        if not field.nullable:
            yield f"{path} is null, declared is {field}"
    elif field.type == "map" and field.fields:
        yield from _record(field, value, path)
    # A bool is an int to Python, not to a header.
    elif not isinstance(value, _TYPES[field.type]) or (isinstance(value, bool) and field.type != "bool"):
        yield f"{path} is {value!r}, declared is {field}"
    elif isinstance(value, list):
        for position, one in enumerate(value):
            inside = f"{path}[{position}]"
            if field.item:
                yield from _misfits(field.item, one, inside)
            elif field.fields:
                yield from _record(field, one, inside)


def _record(field: Field, value: object, path: str) -> Iterator[str]:
    """A record on its way from the database is a list of values or a map, and later a named tuple."""
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        yield from misfits(field.fields, value._asdict(), path)
    elif field.type == "map" and isinstance(value, dict):
        yield from misfits(field.fields, value, path)
    elif field.type == "list" and isinstance(value, list) and len(value) == len(field.fields):
        names = [inner.name for inner in field.fields]
        yield from misfits(field.fields, dict(zip(names, value, strict=True)), path)
    else:
        yield f"{path} is {value!r}, declared is {field}"
