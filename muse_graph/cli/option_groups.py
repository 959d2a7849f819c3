"""Groups of options for commands, each declared once as the fields of a class."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import is_dataclass
from functools import wraps
from inspect import Parameter, Signature, signature
from types import NoneType, SimpleNamespace
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

import typer
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from muse_graph.service.recommendations.options import Otherwise

__all__ = ["example", "expand_options"]

Command = Callable[..., None]

_EXAMPLE = "Example: muse-graph "


def example(arguments: str) -> str:
    """The last line of a command's help; docs/cli.md shows it too."""
    return _EXAMPLE + arguments


def expand_options(command: Command, own: Callable[..., object] | None = None) -> Command:
    """Replace each parameter that is a dataclass or a model by an option for each of its fields.

    Args:
        command: called with instances of these classes, built from the values of their options
        own: a function whose parameters come first; the command takes them by `**`
    """
    parameters = [*(_parameters(own) if own else ()), *_parameters(command)]
    groups = {parameter.name: parameter.annotation for parameter in parameters if _is_group(parameter)}
    fields = {name: [*_options(group)] for name, group in groups.items()}
    options = [option for parameter in parameters for option in fields.get(parameter.name, [parameter])]

    @wraps(command)
    def run(**given: Any) -> None:
        for name, group in groups.items():
            given[name] = group(**{option.name: given.pop(option.name) for option in fields[name]})
        command(**given)

    run.__signature__ = Signature(options)  # type: ignore[attr-defined]
    run.__annotations__ = {option.name: option.annotation for option in options}
    return run


def _parameters(command: Callable[..., object]) -> Iterator[Parameter]:
    """The parameters of a function with their types, `**` left out."""
    # Its return type may be imported for type checkers only.
    written = {name: kind for name, kind in command.__annotations__.items() if name != "return"}
    about = SimpleNamespace(__annotations__=written)
    hints = get_type_hints(about, getattr(command, "__globals__", None), include_extras=True)
    for name, parameter in signature(command).parameters.items():
        if parameter.kind is not Parameter.VAR_KEYWORD:
            yield parameter.replace(annotation=hints[name], kind=Parameter.KEYWORD_ONLY)


def _is_group(parameter: Parameter) -> bool:
    kind = parameter.annotation
    return is_dataclass(kind) or (isinstance(kind, type) and issubclass(kind, BaseModel))


def _options(group: type) -> Iterator[Parameter]:
    """An option for each field, in order."""
    if issubclass(group, BaseModel):
        for name, field in group.model_fields.items():
            yield _option(name, field)
    else:
        hints = get_type_hints(group, include_extras=True)
        for parameter in signature(group).parameters.values():
            yield parameter.replace(annotation=hints[parameter.name], kind=Parameter.KEYWORD_ONLY)


def _option(name: str, field: FieldInfo) -> Parameter:
    """The option of a model's field; the model checks its value, and names the choices."""
    kind, choices = _kind(field.annotation)
    otherwise = next((str(mark.value) for mark in field.metadata if isinstance(mark, Otherwise)), None)
    text = (field.description or "").replace(f" ({otherwise})", "").replace("`", "")
    help_text = f"{text[:1].upper()}{text[1:]}.{_listed(choices)}"
    flag = f"-{name}" if len(name) == 1 else f"--{name.replace('_', '-')}"
    option = typer.Option(flag, help=help_text, show_default=otherwise or True)
    return Parameter(name, Parameter.KEYWORD_ONLY, default=field.default, annotation=Annotated[kind, option])


def _listed(choices: tuple[str, ...]) -> str:
    return f" One of {', '.join(choices[:-1])} or {choices[-1]}." if choices else ""


def _kind(annotation: Any) -> tuple[Any, tuple[str, ...]]:
    """The type of a field for typer, and its named choices if it has any."""
    if get_origin(annotation) is Literal:
        return str, get_args(annotation)
    kinds = get_args(annotation)
    if NoneType not in kinds:
        return annotation, ()
    kind, choices = _kind(kinds[0])
    return kind | None, choices
