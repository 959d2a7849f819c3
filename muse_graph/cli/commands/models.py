"""`models …`: the trained models of a folder."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from muse_graph.cli.option_groups import example
from muse_graph.cli.options import Json, Models, read_settings
from muse_graph.cli.output import clean, count, make_table, note, print_json, show

__all__ = ["models"]

models = typer.Typer(help="List trained models, go back to an earlier one, delete one.", no_args_is_help=True)

Name = Annotated[
    str, typer.Argument(metavar="VERSION", help="A version, as `muse-graph models list` shows it.")
]


@models.command("list", epilog=example("models list"))
def list_models(models: Models = None, json: Json = False) -> None:
    """List the versions of the model, the newest first."""
    from muse_graph.model_store.versions import list_versions

    folder = _folder(models)
    found = list_versions(folder)
    if json:
        print_json([asdict(version) for version in found])
        return
    if not found:
        note(f"no model in {folder}; `muse-graph train` makes one")
        return
    table = make_table("version", "", "trained", ">users", ">tracks", ">MB", "")
    for version in found:
        about = version.about
        table.add_row(
            Text(version.version, style="bold"),
            Text("current" if version.current else "", style="green"),
            about.get("created_at", ""),
            count(about.get("users")),
            count(about.get("tracks")),
            f"{version.bytes / 1e6:,.1f}",
            Text(clean(version.damage or ""), style="red"),
        )
    show(table)


@models.command("use", epilog=example("models use v000001"))
def use(version: Name, models: Models = None) -> None:
    """Make a version the current one; running services take it up by themselves."""
    from muse_graph.model_store.versions import use_version

    folder = _folder(models)
    use_version(folder, version)
    note(f"model {version} is now current in {folder}")


@models.command("delete", epilog=example("models delete v000001"))
def delete(version: Name, models: Models = None) -> None:
    """Delete a version that is not the current one."""
    from muse_graph.model_store.versions import delete_version

    folder = _folder(models)
    delete_version(folder, version)
    note(f"model {version} is deleted from {folder}")


def _folder(given: Path | None) -> Path:
    """The folder given, else that of the settings."""
    return given or read_settings().models_folder
