"""`export` and `erase`: what belongs to one user as a whole."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from muse_graph.cli.connection import connect
from muse_graph.cli.options import Home, Models, UserId, read_settings
from muse_graph.cli.output import note, open_binary_output
from muse_graph.errors import InvalidRequest

__all__ = ["erase", "export"]


def export(
    user: UserId,
    file: Annotated[Path, typer.Argument(metavar="FILE.zip", help="File to write, only if complete.")],
    home: Home = None,
) -> None:
    """Write everything about a user into a zip file, which `load tables` reads once it is unpacked."""
    from muse_graph.service.accounts.store import AccountStore
    from muse_graph.service.privacy.export import write_export

    settings = read_settings(home)
    store = AccountStore(settings.accounts_file)
    try:
        with connect(settings) as graph, open_binary_output(file) as written:
            write_export(graph, user, written, store)
    finally:
        store.close()
    note(f"{file} has everything about user {user!r}")


def erase(
    user: UserId,
    yes: Annotated[bool, typer.Option("--yes", help="Do it: nothing brings the user back.")] = False,
    models: Models = None,
    home: Home = None,
) -> None:
    """Erase a user with everything: listens, friendships, what is computed from them, the account.

    Models hide the user at once, and the next training makes one without. What was interrupted goes on with
    the same command.
    """
    from muse_graph.service.accounts.store import AccountStore
    from muse_graph.service.privacy.everything import erase_everything

    if not yes:
        raise InvalidRequest(f"erase deletes user {user!r} with everything; --yes does it")
    settings = read_settings(home)
    store = AccountStore(settings.accounts_file)
    try:
        with connect(settings) as graph:
            erase_everything(graph, user, store, models or settings.models_folder)
    finally:
        store.close()
    note(f"user {user!r} is erased; `muse-graph train` makes a model without")
