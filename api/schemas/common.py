"""Values, bodies and queries that several resources share."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from muse_graph.countries import parse_country
from muse_graph.errors import InvalidValue
from muse_graph.service.pagination import MAX_LIMIT
from muse_graph.service.validation import CONTROL, MAX_ID

__all__ = ["Body", "CountryCode", "Id", "InvalidValue", "PageQuery", "Query", "Text"]


Text = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_ID, pattern=rf"^[^{CONTROL}]+$"),
]
Id = Text
CountryCode = Annotated[
    str,
    AfterValidator(parse_country),
    Field(description="ISO 3166-1 alpha-2", json_schema_extra={"example": "CO"}),
]


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
