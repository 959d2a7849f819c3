"""`reset`: an empty graph again."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from muse_graph.cli.options import Home, read_settings
from muse_graph.cli.output import clean, note, stderr
from muse_graph.config import Settings
from muse_graph.errors import EmbeddedError, GraphUnavailable, InvalidRequest
from muse_graph.interruptions import telling

if TYPE_CHECKING:
    from muse_graph.embedded import Alone

__all__ = ["reset"]

#: What is counted before it is deleted, in this order.
_COUNTED = ("users", "friendships", "artists", "tracks", "listens", "influencers")


def reset(
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Delete without asking.")] = False,
    with_models: Annotated[
        bool, typer.Option("--with-models", help="Delete the trained models in MUSE_MODELS too.")
    ] = False,
    home: Home = None,
) -> None:
    """Empty the embedded graph, after saying what it holds; its password and the models stay."""
    settings = read_settings(home)
    _check_possible(settings, yes)
    from muse_graph import embedded

    if not embedded.has_store(settings) and not (with_models and _models(settings)):
        note(f"nothing to delete: there is no graph in {settings.home}")
        return
    kept = "nothing was deleted"
    with telling(lambda: kept):
        with embedded.alone(settings, "muse-graph reset") as alone:
            if not _is_wanted(_held(alone, with_models), yes):
                note(kept)
                raise typer.Exit(1)
            kept = "the same command deletes the rest"
            deleted = _delete_models(settings) if with_models else 0
            alone.empty()
            kept = "the graph is empty"
        note(f"the graph is empty; {_about_models(settings, deleted)}")


def _check_possible(settings: Settings, yes: bool) -> None:
    """Raise InvalidRequest for a database that is not ours, or where nobody can be asked."""
    if settings.neo4j_uri is not None:
        raise InvalidRequest(
            f"reset empties only the embedded graph, and NEO4J_URI is {settings.neo4j_uri}: unset NEO4J_URI, "
            "or delete what is there with that server's own tools, such as Neo4j Browser"
        )
    if not yes and not sys.stdin.isatty():
        raise InvalidRequest("reset asks before it deletes, and there is no terminal: --yes does not ask")


def _held(alone: Alone, with_models: bool) -> str:
    """What is about to be deleted."""
    from muse_graph.graph.connection import Graph
    from muse_graph.service.maintenance.health import summary

    try:
        status = alone.server()
        with Graph.connect(alone.settings.at(status.uri, status.username, status.password)) as graph:
            counts = summary(graph)
        held = ", ".join(f"{counts[name]:,} {name.replace('_', ' ')}" for name in _COUNTED)
    except (EmbeddedError, GraphUnavailable) as error:
        note(f"what the graph holds cannot be read: {error}")
        held = "whatever it holds"
    size = _size(alone.home.store_folders)
    text = f"the graph in {alone.home.path} ({held}; {size})"
    if with_models and (found := _models(alone.settings)):
        text += f" and {found} in {alone.settings.models_folder} ({_size([alone.settings.models_folder])})"
    return text


def _is_wanted(held: str, yes: bool) -> bool:
    if yes:
        note(f"deleting {held}")
        return True
    stderr().print(Text(clean(f"Delete {held}? [y/N] ")), end="", soft_wrap=True)
    try:
        return input().strip().lower() in ("y", "yes")
    except EOFError:
        stderr().print()
        return False


def _models(settings: Settings) -> str:
    """How many models there are, in words; empty for none."""
    from muse_graph.model_store.versions import list_versions

    found = len(list_versions(settings.models_folder))
    return f"{found} trained model{'s' * (found > 1)}" if found else ""


def _delete_models(settings: Settings) -> int:
    from muse_graph.model_store.versions import delete_all

    return delete_all(settings.models_folder)


def _about_models(settings: Settings, deleted: int) -> str:
    if deleted:
        return f"{deleted} trained model{'s' * (deleted > 1)} deleted"
    if found := _models(settings):
        return f"{found} in {settings.models_folder} kept, which --with-models deletes"
    return "there are no trained models"


def _size(folders: list[Path]) -> str:
    files = (path for folder in folders for path in folder.rglob("*") if path.is_file())
    return f"{sum(path.stat().st_size for path in files) / 1e6:,.0f} MB"
