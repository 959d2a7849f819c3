"""Values, bodies and queries that several resources share; their rules are in `service/field_rules.py`."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from muse_graph.errors import InvalidValue
from muse_graph.service.field_rules import COUNTRY_OR_UNKNOWN, FIELDS, ID, SEGMENT, SOURCE_GROUP
from muse_graph.service.pagination import MAX_LIMIT

__all__ = [
    "Body",
    "CountryCode",
    "CountryFilter",
    "Id",
    "InvalidValue",
    "Name",
    "PageQuery",
    "Query",
    "SegmentFilter",
    "SourceFilter",
]


Id = Annotated[str, BeforeValidator(ID.clean), WithJsonSchema(ID.schema)]
Name = Annotated[str, BeforeValidator(FIELDS["name"].clean), WithJsonSchema(FIELDS["name"].schema)]
CountryCode = Annotated[
    str, BeforeValidator(FIELDS["country"].clean), WithJsonSchema(FIELDS["country"].schema)
]
CountryFilter = Annotated[
    str, BeforeValidator(COUNTRY_OR_UNKNOWN.clean), WithJsonSchema(COUNTRY_OR_UNKNOWN.schema)
]
SegmentFilter = Annotated[str, BeforeValidator(SEGMENT.clean), WithJsonSchema(SEGMENT.schema)]
SourceFilter = Annotated[str, BeforeValidator(SOURCE_GROUP.clean), WithJsonSchema(SOURCE_GROUP.schema)]


class Query(BaseModel):
    """Parameters of a query."""

    @classmethod
    def model_json_schema(cls, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The schema, computed once: flask-openapi3 asks for it at each request."""
        return _schema(cls, args, tuple(kwargs.items()))


@cache
def _schema(query: type[Query], args: tuple[Any, ...], kwargs: tuple[tuple[str, Any], ...]) -> dict[str, Any]:
    return super(Query, query).model_json_schema(*args, **dict(kwargs))


class Body(BaseModel):
    """The JSON object of a request; other fields are refused."""

    model_config = ConfigDict(extra="forbid", strict=True)


class PageQuery(Query):
    """Which page of a long list."""

    limit: int = Field(50, ge=1, le=MAX_LIMIT, description="most items on a page")
    cursor: str | None = Field(None, max_length=2_000, description="`next` of the previous page")
