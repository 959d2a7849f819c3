"""What the headers of ``cypher/`` declare: names with types, also of what is inside a list or a map.

    since: datetime?                     a value; ? marks what may be null
    keys: [int]                          a list of values
    friends: [user_id: str, name: str?]  a list of records, each a list of these values in this order
    known: {user_id: str, plays: int}    a map with these keys

Records and maps with declared keys reach Python as the named tuples of `muse_graph.graph.query_records`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from muse_graph.errors import QueryError
from muse_graph.graph import query_records

__all__ = ["Converter", "Field", "converter", "parse_fields", "record_name", "records"]

_TYPES = frozenset({"str", "int", "float", "bool", "list", "map", "bytes", "date", "datetime"})
_TOKEN = re.compile(r"\w+|\S")

Converter = Callable[[Any], Any]


@dataclass(frozen=True)
class Field:
    """One parameter, row key, column or part of a record.

    Attributes:
        type: one word; what a list or a map holds is in `item` or `fields`
        item: of a list of values
        fields: of each record of a list, or of a map
    """

    name: str
    type: str
    nullable: bool
    item: Field | None = None
    fields: tuple[Field, ...] = ()

    def __str__(self) -> str:
        return f"{self.name}: {self.declared_type}{'?' if self.nullable else ''}"

    @property
    def declared_type(self) -> str:
        """The type as the header spells it, without the mark for null."""
        if self.item:
            return f"[{self.item.declared_type}{'?' if self.item.nullable else ''}]"
        if self.fields:
            inner = ", ".join(map(str, self.fields))
            return f"[{inner}]" if self.type == "list" else f"{{{inner}}}"
        return self.type


def parse_fields(declaration: str) -> tuple[Field, ...]:
    """Turn ``a: str, b: [int]?`` into fields; raises ValueError with what was expected."""
    reader = _Reader(_TOKEN.findall(declaration))
    return reader.fields("") if declaration.strip() else ()


@dataclass
class _Reader:
    """A declaration read token by token; the end is an empty one."""

    tokens: Sequence[str]
    position: int = 0

    def peek(self, ahead: int = 0) -> str:
        position = self.position + ahead
        return self.tokens[position] if position < len(self.tokens) else ""

    def take(self) -> str:
        token = self.peek()
        self.position += 1
        return token

    def skip(self, token: str) -> bool:
        found = self.peek() == token
        self.position += found
        return found

    def expect(self, token: str) -> None:
        if not self.skip(token):
            raise ValueError(f"expected {_quoted(token)}, got {_quoted(self.peek())}")

    def fields(self, end: str) -> tuple[Field, ...]:
        found = [self.field()]
        while self.skip(","):
            found.append(self.field())
        self.expect(end)
        names = [field.name for field in found]
        if twice := {name for name in names if names.count(name) > 1}:
            raise ValueError(f"{sorted(twice)} must be declared once")
        return tuple(found)

    def field(self) -> Field:
        name = self.take()
        if not name.isidentifier():
            raise ValueError(f"expected a name, got {_quoted(name)}")
        self.expect(":")
        return self.typed(name)

    def typed(self, name: str) -> Field:
        word = self.take()
        item: Field | None = None
        fields: tuple[Field, ...] = ()
        if word == "[":
            word = "list"
            if self.peek(1) == ":":
                fields = self.fields("]")
            else:
                item = self.typed(name)
                self.expect("]")
        elif word == "{":
            word, fields = "map", self.fields("}")
        elif word not in _TYPES:
            raise ValueError(f"the type of {name} must be one of {sorted(_TYPES)}, got {_quoted(word)}")
        return Field(name, word, self.skip("?"), item, fields)


def _quoted(token: str) -> str:
    return repr(token) if token else "the end"


def records(owner: str, fields: Sequence[Field]) -> Iterator[tuple[str, Field]]:
    """Class name and field of all records that the columns of a query hold, the inner ones first."""
    for field in fields:
        if field.item:
            yield from records(owner, [field.item])
        elif field.fields:
            name = record_name(owner, field)
            yield from records(name, field.fields)
            yield name, field


def record_name(owner: str, field: Field) -> str:
    """The class of a record: ``track_names`` and ``tracks`` make ``TrackNamesTrack``."""
    return _camel(owner) + _camel(field.name.removesuffix("s"))


def _camel(name: str) -> str:
    return "".join(word[:1].upper() + word[1:] for word in name.split("_"))


def converter(owner: str, field: Field) -> Converter | None:
    """What turns a value as the driver brings it into named tuples; None where nothing in it is one.

    Raises:
        QueryError: If `muse_graph.graph.query_records` is older than the header.
    """
    if field.item:
        inner = converter(owner, field.item)
        convert = inner and _each(inner)
    elif field.fields:
        make = _maker(record_name(owner, field), field)
        convert = _each(make) if field.type == "list" else make
    else:
        convert = None
    return _unless_null(convert) if convert and field.nullable else convert


def _maker(name: str, field: Field) -> Converter:
    """What makes one record of a list of values, or of a map."""
    names = tuple(inner.name for inner in field.fields)
    record = getattr(query_records, name, None)
    if record is None or record._fields != names:
        raise QueryError(f"query_records.py has no {name} of {', '.join(names)}: run `make docs`")
    make: Converter = record._make
    found = ((position, converter(name, inner)) for position, inner in enumerate(field.fields))
    nested = [(position, convert) for position, convert in found if convert]

    def make_nested(values: Sequence[Any]) -> Any:
        parts = list(values)
        for position, convert in nested:
            parts[position] = convert(parts[position])
        return make(parts)

    make_one = make_nested if nested else make
    if field.type == "list":
        return make_one
    return lambda value: make_one([value[name] for name in names])


def _each(convert: Converter) -> Converter:
    return lambda values: list(map(convert, values))


def _unless_null(convert: Converter) -> Converter:
    return lambda value: None if value is None else convert(value)
