"""`account …`: who may sign in to the service, and with which rights."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from muse_graph.cli.option_groups import example
from muse_graph.cli.options import Home, Json, UserId, checked, read_settings
from muse_graph.cli.output import clean, make_table, note, print_json, print_line, show
from muse_graph.service.accounts.rights import SCOPES, Role

if TYPE_CHECKING:
    from muse_graph.service.accounts.accounts import Account
    from muse_graph.service.accounts.store import AccountStore

__all__ = ["account"]

account = typer.Typer(help="Make, list and change the accounts of `muse-graph serve`.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="NAME", help="Name of the account.")]
Artists = Annotated[
    list[str] | None,
    typer.Option("--artist", help="Id of an artist that the account owns; may be repeated."),
]
User = Annotated[
    str | None, typer.Option("--user", help="Id of the listener it is.", callback=checked("user_id"))
]
Url = Annotated[str, typer.Option(help="Address of the service, for the link.")]
_URL = "http://127.0.0.1:8000"


@contextmanager
def _store(home: Home) -> Iterator[AccountStore]:
    from muse_graph.service.accounts.store import AccountStore

    store = AccountStore(read_settings(home).accounts_file)
    try:
        yield store
    finally:
        store.close()


@account.command("create", epilog=example("account create ana --role operator"))
def create(
    name: Name, role: Role = "listener", user: User = None, artist: Artists = None, home: Home = None
) -> None:
    """Make an account. The password is asked for, or read from standard input if that is no terminal.

    The listener of --user need not exist yet: it is made when the account first signs in.
    """
    from muse_graph.service.accounts import accounts

    with _store(home) as store:
        made = accounts.create(
            store, name, password=_password(), role=role, user_id=user, artist_ids=artist or ()
        )
    note(f"account {made.name} is made, with the role {made.role}")


def _password() -> str:
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\r\n")


@account.command("list", epilog=example("account list --json"))
def list_accounts(json: Json = False, home: Home = None) -> None:
    """List accounts by name."""
    from muse_graph.service.accounts import accounts

    with _store(home) as store:
        found = accounts.list_all(store)
    if json:
        print_json([asdict(one) for one in found])
        return
    if not found:
        note("no accounts; `muse-graph account create` makes one")
        return
    table = make_table("name", "role", "listener", "artists", "made", "")
    for one in found:
        table.add_row(Text(clean(one.name), style="bold"), one.role, *_rest(one))
    show(table)


def _rest(one: Account) -> tuple[Text, Text, str, Text]:
    made = datetime.fromtimestamp(one.created_at, UTC).date().isoformat()
    state = "disabled" if one.disabled else "" if one.has_password else "no password"
    return Text(clean(one.user_id or "")), Text(clean(" ".join(one.artist_ids))), made, Text(state, "yellow")


@account.command("role", epilog=example("account role ana artist --artist a43"))
def set_role(
    name: Name,
    role: Annotated[Role, typer.Argument(help="What it may do.")],
    artist: Artists = None,
    home: Home = None,
) -> None:
    """Change the role of an account, and the artists it owns."""
    from muse_graph.service.accounts import accounts

    with _store(home) as store:
        changed = accounts.set_role(store, name, role, artist or ())
    owned = f" of {', '.join(changed.artist_ids)}" if changed.artist_ids else ""
    note(f"account {changed.name} has the role {changed.role}{owned}")


@account.command("disable", epilog=example("account disable ana"))
def disable(
    name: Name,
    undo: Annotated[bool, typer.Option("--undo", help="Let it in again.")] = False,
    home: Home = None,
) -> None:
    """Keep an account from everything, at once; its sessions end."""
    from muse_graph.service.accounts import accounts

    with _store(home) as store:
        accounts.set_disabled(store, name, not undo)
    note(f"account {name} is {'enabled again' if undo else 'disabled'}")


@account.command("reset", epilog=example("account reset ana"))
def reset(name: Name, url: Url = _URL, home: Home = None) -> None:
    """Print a link that sets a new password, good once and for an hour."""
    from muse_graph.service.accounts import links

    with _store(home) as store:
        secret = links.start_reset(store, name)
    print_line(f"{url.rstrip('/')}/reset/{secret}")


@account.command("invite", epilog=example("account invite u2"))
def invite(user: UserId, url: Url = _URL, home: Home = None) -> None:
    """Print a link by which a listener of the graph makes an account, good once and for a week."""
    from muse_graph.service.accounts import links

    with _store(home) as store:
        secret = links.invite(store, user)
    print_line(f"{url.rstrip('/')}/join/{secret}")


@account.command("token", epilog=example("account token ana --name player --scope listens:write"))
def token(
    account_name: Name,
    scope: Annotated[
        list[str], typer.Option(help=f"What it may do, of {', '.join(SCOPES)}; may be repeated.")
    ],
    name: Annotated[str, typer.Option(help="What it is for.")] = "command line",
    days: Annotated[int | None, typer.Option(help="Days until it ends; default: never.")] = None,
    home: Home = None,
) -> None:
    """Make an API token of an account, and print it; nobody can read it again."""
    from muse_graph.service.accounts import accounts, tokens

    with _store(home) as store:
        _, secret = tokens.create(store, accounts.get(store, account_name), name, scope, days)
    print_line(secret)
