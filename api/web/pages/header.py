"""What the header of a page knows: who is signed in, whom the page shows, and what waits for them."""

from __future__ import annotations

from dataclasses import dataclass

from flask import g

from muse_graph.api.http import identity
from muse_graph.api.http.context import graph
from muse_graph.api.web.pages.view import Avatar, avatar
from muse_graph.api.web.pages.whose import asked_for
from muse_graph.service.accounts.rights import Identity, acts_for_all
from muse_graph.service.users import waiting
from muse_graph.service.users.waiting import Waiting

__all__ = ["Header", "header", "know_waiting", "without_graph"]


@dataclass(frozen=True)
class Header:
    """The listener of a page as its header names and counts.

    Attributes:
        account: the face of who is signed in; None for nobody, and where nobody has to
        looking_at: the listener, where that is not the account's own
        tracks: sent by friends and not opened
        requests: of others, not answered
    """

    account: Avatar | None
    looking_at: Avatar | None = None
    tracks: int = 0
    requests: int = 0


def header() -> Header:
    """What is in the header of this request's page: one round trip where the page has a listener."""
    if "header" not in g:
        g.header = _read()
    found: Header = g.header
    return found


def know_waiting(found: Waiting) -> None:
    """Let the header of this page read nothing: the page has read what waits for its listener."""
    g.waiting = found


def without_graph() -> None:
    """Let the header of this page read nothing: the page says that something went wrong."""
    g.header = Header(_account())


def _read() -> Header:
    who = identity.known()
    shown = None if who is None else _shown(who)
    found = g.get("waiting") or (waiting.waiting_for(graph(), shown) if shown else None)
    if who is None or shown is None or found is None:
        return Header(_account())
    if shown == who.user_id:
        return Header(_account(found.name), None, found.tracks, found.requests)
    return Header(_account(), avatar(shown, found.name), found.tracks, found.requests)


def _shown(who: Identity) -> str | None:
    """The listener of the page; not all pages refuse an address that names another's."""
    if acts_for_all(who) and (asked := g.get("shown_listener") or asked_for()):
        return str(asked)
    return who.user_id


def _account(name: str | None = None) -> Avatar | None:
    """The account as the listener of that name, or by its own."""
    who = identity.known()
    return (
        None if who is None or who.account_id is None else avatar(who.user_id or who.name, name or who.name)
    )
