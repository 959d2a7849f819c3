"""Commands made from parts."""

from __future__ import annotations

from dataclasses import dataclass
from inspect import signature
from typing import Annotated, Any, Literal

import pytest
import typer
from pydantic import BaseModel, Field
from typer.testing import CliRunner

from muse_graph.cli.option_groups import expand_options
from muse_graph.service.recommendations.options import Otherwise


@dataclass(frozen=True)
class Where:
    """A group of options."""

    place: Annotated[str, typer.Argument(help="Where.")]
    far: Annotated[bool, typer.Option("--far", help="Very far.")] = False


class How(BaseModel):
    """A model."""

    n: int = Field(default=3, description="how many")
    some_share: Annotated[float | None, Otherwise(0.5)] = Field(default=None, description="what share (0.5)")
    kind: Literal["one", "two", "three"] = Field(default="two", description="of what `kind`")


def invoke(command: Any, *arguments: str) -> Any:
    app = typer.Typer()
    app.command()(command)
    return CliRunner().invoke(app, arguments, env={"COLUMNS": "200"})


@pytest.fixture
def made() -> tuple[Any, list[Any]]:
    calls: list[Any] = []

    @expand_options
    def command(where: Where, how: How, loud: Annotated[bool, typer.Option("--loud")] = False) -> None:
        """Go somewhere."""
        calls.append((where, how, loud))

    return command, calls


def test_groups_are_made_of_their_options(made: tuple[Any, list[Any]]) -> None:
    command, calls = made
    assert invoke(command, "home").exit_code == 0
    assert (
        invoke(
            command, "away", "--far", "-n", "7", "--some-share", "0.25", "--kind", "one", "--loud"
        ).exit_code
        == 0
    )
    assert calls == [
        (Where("home"), How(), False),
        (Where("away", far=True), How(n=7, some_share=0.25, kind="one"), True),
    ]


def test_help_has_text_default_and_choices_of_each_field(made: tuple[Any, list[Any]]) -> None:
    command, _ = made
    said = " ".join(invoke(command, "--help").stdout.replace("│", " ").split())
    assert "Go somewhere." in said
    assert "How many. [default: 3]" in said
    assert "What share. [default: (0.5)]" in said
    assert "Of what kind. One of one, two or three. [default: two]" in said


def test_the_parameters_of_another_function_come_first() -> None:
    calls: list[Any] = []

    def own(where: Where, why: Annotated[str, typer.Option()] = "so") -> object:
        """Know what is asked."""

    def command(loud: Annotated[bool, typer.Option("--loud")] = False, **more: Any) -> None:
        calls.append((loud, own(**more), more))

    made = expand_options(command, own=own)
    assert [*signature(made).parameters] == ["place", "far", "why", "loud"]
    assert invoke(made, "home", "--why", "because").exit_code == 0
    assert calls == [(False, None, {"where": Where("home"), "why": "because"})]
