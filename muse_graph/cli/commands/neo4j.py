"""`neo4j …`: control of the embedded Neo4j."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from muse_graph.cli.option_groups import example
from muse_graph.cli.options import Home, Json, read_settings
from muse_graph.cli.output import note, print_json, show_pairs
from muse_graph.errors import EmbeddedError

if TYPE_CHECKING:
    from muse_graph.embedded import Status

__all__ = ["neo4j", "status_rows"]

neo4j = typer.Typer(help="Start, stop and inspect the embedded Neo4j.", no_args_is_help=True)


@neo4j.command(epilog=example("neo4j start"))
def start(json: Json = False, home: Home = None) -> None:
    """Start the embedded Neo4j and leave it running."""
    from muse_graph import embedded

    settings = read_settings(home)
    _note_uri(settings.neo4j_uri)
    _print(embedded.start(settings), json)


@neo4j.command(epilog=example("neo4j stop"))
def stop(json: Json = False, home: Home = None) -> None:
    """Stop the embedded Neo4j, even if another process started it."""
    from muse_graph import embedded

    _print(embedded.stop(read_settings(home)), json)


@neo4j.command(epilog=example("neo4j status --json"))
def status(json: Json = False, home: Home = None) -> None:
    """Show whether the embedded Neo4j runs, its address and its login."""
    from muse_graph import embedded

    settings = read_settings(home)
    _note_uri(settings.neo4j_uri)
    _print(embedded.status(settings), json)


@neo4j.command(epilog=example("neo4j browser --open"))
def browser(
    open_it: Annotated[bool, typer.Option("--open", help="Open it in the web browser here.")] = False,
    home: Home = None,
) -> None:
    """Show the address and the login of Neo4j Browser."""
    from muse_graph import embedded

    found = embedded.status(read_settings(home))
    if not found.running:
        raise EmbeddedError(f"the Neo4j in {found.home} is not running; `muse-graph neo4j start` starts it")
    _print(found, json=False)
    if open_it:
        import webbrowser

        webbrowser.open(found.browser)


@neo4j.command(
    context_settings={"ignore_unknown_options": True, "help_option_names": []},
    epilog=example("neo4j admin database info neo4j"),
)
def admin(
    args: Annotated[list[str], typer.Argument(metavar="ARGS…", help="Arguments of neo4j-admin.")],
) -> None:
    """Run neo4j-admin on the store in MUSE_HOME while Neo4j is stopped."""
    from muse_graph import embedded

    raise typer.Exit(embedded.admin(read_settings(), args).returncode)


def _note_uri(uri: str | None) -> None:
    if uri is not None:
        note(f"NEO4J_URI is set: other commands use {uri}, not the embedded Neo4j")


def _print(found: Status, json: bool) -> None:
    if json:
        print_json(found.as_dict())
        return
    show_pairs(status_rows(found))


def status_rows(found: Status) -> list[tuple[str, str]]:
    """The state of a Neo4j, line by line."""
    if not found.running:
        return [("Neo4j", f"{found.version}, not running"), ("store", found.home)]
    return [
        ("Neo4j", f"{found.version}, process {found.pid}"),
        ("Bolt", found.uri),
        ("Neo4j Browser", found.browser),
        ("login", f"{found.username} / {found.password}"),
        ("store", found.home),
    ]
