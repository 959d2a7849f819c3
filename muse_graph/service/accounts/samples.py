"""The accounts of the demonstration, without passwords: listeners, an artist, an analyst, an operator."""

from __future__ import annotations

from muse_graph.graph.connection import Graph
from muse_graph.service.accounts import accounts
from muse_graph.service.accounts.rights import Role
from muse_graph.service.accounts.store import AccountStore
from muse_graph.service.catalogue import search

__all__ = ["make_samples"]

_LISTENERS = 4


def make_samples(store: AccountStore, graph: Graph) -> None:
    """Make the accounts that are missing; those that are there, perhaps with a password by now, stay."""
    there = accounts.list_all(store)
    names = {account.name for account in there}
    users = {account.user_id for account in there}
    for number, row in enumerate(graph.read("sample_listeners", limit=_LISTENERS), 1):
        if f"listener-{number}" not in names and row["user_id"] not in users:
            accounts.create(store, f"listener-{number}", user_id=row["user_id"])
    artists = [artist.artist_id for artist in search.search_artists(graph, "", limit=1).items]
    others: list[tuple[str, Role, list[str]]] = [
        ("artist", "artist", artists),
        ("analyst", "analyst", []),
        ("operator", "operator", []),
    ]
    for name, role, owned in others:
        if name not in names:
            accounts.create(store, name, role=role, artist_ids=owned)
