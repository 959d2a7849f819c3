"""Parameters of a query are read to the letter: digits only, `true` or `false`, a day as YYYY-MM-DD."""

from __future__ import annotations

import math
import re
from functools import cache
from typing import Any, get_type_hints

from pydantic import BaseModel

__all__ = ["broken_form", "forms", "parameters", "repeatable"]

_Form = tuple[re.Pattern[str], str]

#: What pydantic would take for true or false.
_LOOSE_BOOLEAN = "0|1|f|t|n|y|no|yes|on|off|true|false"
#: By type and format of a parameter's schema: how a value is written, and the rule in words.
_FORMS: dict[tuple[str, str | None], _Form] = {
    ("integer", None): (re.compile(r"-?[0-9]{1,18}"), "must be a whole number in digits"),
    ("number", None): (
        re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,3})?"),
        "must be a number, as in 0.5",
    ),
    ("boolean", None): (re.compile("true|false"), "must be true or false"),
    ("string", "date"): (re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"), "must be a day, as in 2024-05-01"),
}


@cache
def parameters(view: Any) -> dict[str, _Form | None]:
    """The query parameters of a view, as they are spelt in a URL, each with how its values are written."""
    model = _model(view)
    return {} if model is None else forms(model)


@cache
def forms(model: type[BaseModel]) -> dict[str, _Form | None]:
    """As `parameters`, of a model of a query."""
    return {name: _form(about) for name, about in model.model_json_schema()["properties"].items()}


@cache
def repeatable(view: Any) -> frozenset[str]:
    """Those query parameters of a view that may be given more than once."""
    model = _model(view)
    properties = {} if model is None else model.model_json_schema()["properties"]
    return frozenset(name for name, about in properties.items() if about.get("type") == "array")


def _model(view: Any) -> type[BaseModel] | None:
    model: type[BaseModel] | None = get_type_hints(view).get("query")
    return model


def _form(about: dict[str, Any]) -> _Form | None:
    # A parameter that may be left out has two kinds of values; the first is what to give.
    kind = about.get("anyOf", [about])[0]
    return _FORMS.get((kind.get("type", ""), kind.get("format")))


def broken_form(form: _Form | None, value: str) -> str | None:
    """The rule that a value breaks by how it is written, if it would be read all the same."""
    if form is None or form[0].fullmatch(value) or not _is_loose(value):
        return None
    shown = value if len(value) <= 80 else f"{value[:77]}..."
    return f"{form[1]}, got {shown!r}"


def _is_loose(value: str) -> bool:
    """Whether something lenient would take a text for a number, a switch or a day."""
    try:
        return math.isfinite(float(value))
    except ValueError:
        return bool(re.fullmatch(_LOOSE_BOOLEAN, value, re.IGNORECASE) or re.match(r"\s*\d{4}-", value))
