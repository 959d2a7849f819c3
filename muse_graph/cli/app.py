"""The commands by name, joined from the modules of this package."""

from __future__ import annotations

from typing import Annotated

import typer

from muse_graph import __version__
from muse_graph.cli import analytics, database, demo, discovery, loading, neo4j, querying, serving
from muse_graph.cli.output import say

__all__ = ["app"]

app = typer.Typer(
    help="A social music recommender on a graph database. Start with: muse-graph demo",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _print_version(asked: bool) -> None:
    if asked:
        say(f"muse-graph {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Hold what belongs to no command."""


app.command("demo")(demo.demo)
app.command("serve")(serving.serve)
app.add_typer(loading.load, name="load")
app.command("recommend")(discovery.recommend)
app.command("genres")(discovery.genres)
app.command("artist")(analytics.artist)
app.command("influencers")(analytics.influencers)
app.command("query")(querying.query)
app.command("queries")(querying.queries)
app.command("doctor")(database.doctor)
app.command("migrate")(database.migrate)
app.add_typer(neo4j.neo4j, name="neo4j")
