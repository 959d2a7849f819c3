"""The documentation that is generated from the program: `make docs`.

The OpenAPI document is a file of its own. Other parts are between two comments of their page,
`<!-- generated: NAME -->` and `<!-- end of NAME -->`; to add one, write a function that returns its text and
give it a line in `PARTS`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from typer.main import get_command

from muse_graph.api import create_app
from muse_graph.cli.app import app
from muse_graph.config import Settings

ROOT = Path(__file__).parents[1]
OPENAPI = ROOT / "docs" / "openapi.json"


class Part(NamedTuple):
    """A generated part: its page, as a path from the root, its name, and the function that makes it."""

    page: str
    name: str
    make: Callable[[], str]


def settings_table() -> str:
    """Every environment variable with its default, in the order of the class."""
    rows = [
        f"| `{name}` | {_default(about['default'])} | {about['description']} |"
        for name, about in Settings.model_json_schema()["properties"].items()
    ]
    return "\n".join(["| variable | default | what |", "|---|---|---|", *rows])


def _default(value: object) -> str:
    """A value as code, and words as they are."""
    match value:
        case None:
            return "not set"
        case "":
            return "empty"
        case str() if " " not in value:
            return f"`{value}`"
    return str(value)


def commands_table() -> str:
    """Every command with what it does and an example, in the order of the program."""
    rows = [f"| `{name}` | {what} | `{example}` |" for name, what, example in _commands(get_command(app))]
    return "\n".join(["| command | what it does | example |", "|---|---|---|", *rows])


def _commands(command: Any, name: str = "") -> Iterator[tuple[str, str, str]]:
    """Name, first sentence of the help and example of a command, or of all in a group."""
    if inner := getattr(command, "commands", {}):
        for word, one in inner.items():
            yield from _commands(one, f"{name} {word}".strip())
    else:
        what = " ".join((command.help or "").partition("\n\n")[0].split())
        yield name, what.removesuffix("."), (command.epilog or "").removeprefix("Example: ")


def openapi_text() -> str:
    """The OpenAPI document, as text that shows in a diff what changes for clients."""
    return json.dumps(create_app(Settings()).api_doc, indent=1, ensure_ascii=False) + "\n"


PARTS = (
    Part("README.md", "settings", settings_table),
    Part("docs/cli.md", "commands", commands_table),
)


def replace_part(text: str, name: str, content: str) -> str:
    """Return a page's text with the content of one part renewed.

    raises : ValueError if the page does not have the two comments of that part, each once
    """
    begin, end = f"<!-- generated: {name} -->\n", f"\n<!-- end of {name} -->"
    before, _, rest = text.partition(begin)
    _, _, after = rest.partition(end)
    if text.count(begin) != 1 or rest.count(end) != 1:
        raise ValueError(f"{begin.strip()} and {end.strip()} must be on the page once, in this order")
    return f"{before}{begin}{content}{end}{after}"


def main() -> None:
    """Rewrite every part and the OpenAPI document."""
    for page, name, make in PARTS:
        path = ROOT / page
        path.write_text(replace_part(path.read_text("utf-8"), name, make()), "utf-8")
    OPENAPI.write_text(openapi_text(), "utf-8")


if __name__ == "__main__":
    main()
