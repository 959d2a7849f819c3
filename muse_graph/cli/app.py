"""The program: all commands by name."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from muse_graph import __version__
from muse_graph.cli.commands.accounts import account
from muse_graph.cli.commands.analytics import artist, influencers
from muse_graph.cli.commands.audiences import interests, spread
from muse_graph.cli.commands.catalogue import artists, tracks, users
from muse_graph.cli.commands.database import doctor, migrate
from muse_graph.cli.commands.demo import demo
from muse_graph.cli.commands.evaluate import evaluate
from muse_graph.cli.commands.listening import clear, discard, listen, save, why
from muse_graph.cli.commands.loading import load
from muse_graph.cli.commands.models import models
from muse_graph.cli.commands.neo4j import neo4j
from muse_graph.cli.commands.people import feed, follow, follows, suggest_friends, unfollow
from muse_graph.cli.commands.privacy import erase, export
from muse_graph.cli.commands.querying import queries, query
from muse_graph.cli.commands.recommend import genres, recommend
from muse_graph.cli.commands.reset import reset
from muse_graph.cli.commands.serving import serve
from muse_graph.cli.commands.train import train
from muse_graph.cli.commands.world import world
from muse_graph.cli.option_groups import example
from muse_graph.cli.output import be_quiet, note, print_line
from muse_graph.interruptions import interruption

__all__ = ["app"]


class _Program(TyperGroup):
    """Says last, after Ctrl-C, what was kept."""

    def invoke(self, ctx: Any) -> Any:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except BaseException as error:
            found = interruption(error)
            if found is None:
                raise
            otherwise = ["interrupted"] if isinstance(found, KeyboardInterrupt) else []
            for text in getattr(found, "__notes__", otherwise):
                note(text)
            raise found from None


app = typer.Typer(
    cls=_Program,
    help="A social music recommender on a graph database. Start with: muse-graph demo",
    no_args_is_help=True,
    # Boxes and colours are for people: what is piped is plain text.
    rich_markup_mode="rich" if sys.stdout.isatty() else None,
    pretty_exceptions_enable=False,
)


def _print_version(asked: bool) -> None:
    if asked:
        print_line(f"muse-graph {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No notes and no progress on stderr.")] = False,
) -> None:
    """Options of the program itself."""
    del version  # its callback has answered
    be_quiet(quiet)


app.command("demo", epilog=example("demo --users 2000"))(demo)
app.command("serve", epilog=example("serve --port 8000 --workers 2"))(serve)
app.add_typer(account, name="account")
app.add_typer(load, name="load")
app.command("world", epilog=example("world my-world --users 2000"))(world)
app.command("train", epilog=example("train --models models"))(train)
app.add_typer(models, name="models")
app.add_typer(evaluate, name="evaluate")
app.command("recommend", epilog=example("recommend u42 --mode for-you --max-per-artist 2"))(recommend)
app.command("genres", epilog=example("genres --all --output genres.jsonl"))(genres)
app.command("why", epilog=example("why u1 t389"))(why)
app.command("listen", epilog=example("listen u1 t389 --heard 0.9"))(listen)
app.command("save", epilog=example("save u1 t389"))(save)
app.command("discard", epilog=example("discard u1 t389"))(discard)
app.command("clear", epilog=example("clear u1 t389"))(clear)
app.command("tracks", epilog=example("tracks luna -k 5"))(tracks)
app.command("artists", epilog=example("artists marble"))(artists)
app.command("users", epilog=example("users ana -k 50 --json"))(users)
app.command("feed", epilog=example("feed u1 -k 10"))(feed)
app.command("suggest-friends", epilog=example("suggest-friends u1 -k 5"))(suggest_friends)
app.command("follow", epilog=example("follow u1 i7"))(follow)
app.command("unfollow", epilog=example("unfollow u1 i7"))(unfollow)
app.command("follows", epilog=example("follows u1 -k 50"))(follows)
app.command("export", epilog=example("export u1 u1.zip"))(export)
app.command("erase", epilog=example("erase u33 --yes"))(erase)
app.command("artist", epilog=example("artist a43 --from 2026-06-01 --beside genre"))(artist)
app.command("interests", epilog=example("interests a43 --country CO"))(interests)
app.command("spread", epilog=example("spread a43 --window 14"))(spread)
app.command("influencers", epilog=example("influencers a43 --together -k 5"))(influencers)
app.command("query", epilog=example("query sample_listeners --param limit=5"))(query)
app.command("queries", epilog=example("queries --json"))(queries)
app.command("doctor", epilog=example("doctor --repair"))(doctor)
app.command("migrate", epilog=example("migrate --json"))(migrate)
app.command("reset", epilog=example("reset --with-models"))(reset)
app.add_typer(neo4j, name="neo4j")
