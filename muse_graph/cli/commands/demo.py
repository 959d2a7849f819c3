"""`demo`: one command that starts everything."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from muse_graph.cli.commands.loading import load_into, world_batches, world_command
from muse_graph.cli.commands.serving import check_loopback, check_port, interrupt_as_end
from muse_graph.cli.connection import connect, database
from muse_graph.cli.options import Home, Host, Port, Seed, read_settings
from muse_graph.cli.output import note, show, show_pairs
from muse_graph.cli.progress import RowProgress
from muse_graph.cli.views import ledger_view, recommendations_view
from muse_graph.config import Settings
from muse_graph.errors import MuseError
from muse_graph.interruptions import telling

if TYPE_CHECKING:
    from muse_graph.answers import Recommendations
    from muse_graph.graph.connection import Graph
    from muse_graph.model_store import ServedModel

__all__ = ["demo"]

_ITEMS = 6
_GENRES = 6
_LISTENERS_TRIED = 20
_MOST_TRAINED = 20_000


def demo(
    users: Annotated[int, typer.Option(help="Users of the synthetic world.", min=1)] = 2_000,
    seed: Seed = 7,
    host: Host = "127.0.0.1",
    port: Port = 8000,
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help="Serve until Ctrl-C.")] = True,
    home: Home = None,
) -> None:
    """Start everything on a synthetic world, show an example, and serve."""
    settings = read_settings(home)
    if serve:
        check_loopback(host, "demo")
        check_port(host, port)
    _fetch(settings)
    fresh = _has_no_store(settings)
    if fresh:
        # Before Neo4j is started to stay: the importer needs it stopped.
        _load(settings, users, seed)
    with telling(lambda: "the graph is kept; the same command goes on"), database(settings) as reached:
        if not fresh:
            _fill(reached, users, seed)
        _train(reached)
        _show_example(reached)
        if serve:
            from muse_graph.api import server

            _make_accounts(reached)
            _show_addresses(settings, f"http://{host}:{port}")
            with interrupt_as_end():
                server.serve(reached, host=host, port=port, sign_in="demo")
    note("stopped" if serve else "done")


def _fetch(settings: Settings) -> None:
    """Download Neo4j first, so that download and start are timed separately."""
    if settings.neo4j_uri is not None:
        return
    from muse_graph.embedded.install.jars import fetch_jars

    begin = time.monotonic()
    fetch_jars(settings)
    if (seconds := time.monotonic() - begin) > 0.5:
        note(f"Neo4j downloaded in {seconds:.1f} s")


def _has_no_store(settings: Settings) -> bool:
    if settings.neo4j_uri is not None:
        return False
    from muse_graph import embedded

    return not embedded.has_store(settings)


def _fill(settings: Settings, users: int, seed: int) -> None:
    """Load the synthetic world, or the rest of it; a graph that has other users is left as it is."""
    from muse_graph.service.listens.refresh import how_to_finish, unfinished
    from muse_graph.service.maintenance.health import summary

    with connect(settings) as graph:
        there, interrupted = summary(graph)["users"], unfinished(graph).values()
    if set(interrupted) - {world_command(users, seed)}:
        raise MuseError(how_to_finish(interrupted))
    if there and not interrupted:
        note(f"the graph has {there:,} users already: nothing was loaded")
    else:
        _load(settings, users, seed)


def _load(settings: Settings, users: int, seed: int) -> None:
    report = load_into(settings, "synthetic", world_command(users, seed), world_batches(users, seed))
    rows = sum(table.loaded for table in report.tables.values())
    note(f"{users:,} synthetic users, {rows:,} rows in all, loaded in {report.seconds:.1f} s")


def _train(settings: Settings) -> None:
    """Train a model if there is none, unless the graph is too large to wait for it here."""
    from muse_graph.core.models.ensemble.ensemble import fit_ensemble
    from muse_graph.model_store import ModelSlot
    from muse_graph.model_store.store import stamp
    from muse_graph.service.maintenance.health import summary
    from muse_graph.training.train import train

    # A slot warns that there is no model, which is expected here.
    model = ModelSlot(settings.models_folder).get()[0] if stamp(settings.models_folder) else None
    if model is not None:
        note(f"ranking by model {model.version}, trained {model.about['created_at']}")
        return
    with connect(settings) as graph, RowProgress() as progress:
        users = summary(graph)["users"]
        if not 0 < users <= _MOST_TRAINED:
            note("no model is trained, only friends rank the tracks: `muse-graph train` makes one")
            return
        report = train(graph, settings.models_folder, fit_ensemble, progress)
    note(f"a model trained on {report.sizes.interactions:,} favourites in {report.seconds['in all']:.1f} s")


def _make_accounts(settings: Settings) -> None:
    """Accounts without a password, which the pages of the demonstration sign in by a click."""
    from muse_graph.service.accounts.samples import make_samples
    from muse_graph.service.accounts.store import AccountStore

    store = AccountStore(settings.accounts_file)
    with connect(settings) as graph:
        make_samples(store, graph)
    store.close()


def _show_example(settings: Settings) -> None:
    from muse_graph.model_store import ModelSlot
    from muse_graph.service.recommendations.genres import discover_genres
    from muse_graph.service.recommendations.options import PoolOptions, RecommendationOptions

    with connect(settings) as graph:
        model, _ = ModelSlot(settings.models_folder).get()
        answer = _example(graph, settings, model)
        if answer is None:
            note("no example: no listener has five friends and ten tracks")
            return
        options = RecommendationOptions.under(settings, PoolOptions())
        ledger = discover_genres(graph, answer.user_id, options, model=model)
    show(recommendations_view(answer), Text(), ledger_view(ledger, most=_GENRES), Text())


def _example(graph: Graph, settings: Settings, model: ServedModel | None) -> Recommendations | None:
    """The list of the first listener whose friends fill it, else of the first listener."""
    from muse_graph.service.recommendations.lists import recommend
    from muse_graph.service.recommendations.options import ListOptions, RecommendationOptions

    first = None
    options = RecommendationOptions.under(settings, ListOptions(k=_ITEMS))
    for row in graph.read("sample_listeners", limit=_LISTENERS_TRIED):
        answer = recommend(graph, str(row["user_id"]), options, model=model)
        if answer.mode == "discovery" and len(answer.items) == _ITEMS:
            return answer
        first = first or answer
    return first


def _show_addresses(settings: Settings, address: str) -> None:
    rows = [("Start page", f"{address}/"), ("API docs", f"{address}/docs")]
    if settings.neo4j_uri is None:
        from muse_graph import embedded

        found = embedded.status(settings)
        rows += [("Neo4j Browser", found.browser), ("", f"login {found.username} / {found.password}")]
    else:
        rows.append(("Neo4j", settings.neo4j_uri))
    show_pairs([*rows, ("Stop", "Ctrl-C")])
