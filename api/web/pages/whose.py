"""Whose things a page shows: the listener's own, or for those who see everybody whom the address names."""

from __future__ import annotations

from flask import g, request

from muse_graph.api.http import identity
from muse_graph.api.http.access import refuse
from muse_graph.api.web.pages.samples import samples
from muse_graph.api.web.pages.view import Avatar
from muse_graph.errors import NotAllowed
from muse_graph.service.accounts.rights import Access, Identity, Scope, acts_for_all

__all__ = [
    "asked_for",
    "check_listener",
    "forget_listener",
    "others_for",
    "same_listener",
    "shown_listener",
    "shown_listener_if_any",
]


def asked_for() -> str:
    """The listener that the address names; empty for none."""
    return request.args.get("user", "").strip()


def same_listener() -> dict[str, str]:
    """What a link needs so that the next page shows the same listener."""
    return {"user": user} if (user := asked_for()) and not g.get("is_forgotten") else {}


def forget_listener() -> None:
    """Let the links of this page name nobody: whom the address names does not exist."""
    g.is_forgotten = True


def others_for(who: Identity) -> list[Avatar]:
    """Some listeners, for those who may look at everybody."""
    return samples() if acts_for_all(who) else []


def shown_listener(others: list[Avatar] | None = None) -> str:
    """Whose things the page shows; raises NotSignedIn, NotAllowed for another's.

    Args:
        others: what `others_for` found; None to look where there is nobody else to show
    """
    found = _asked_or_own() or _first(others_for(identity.required()) if others is None else others)
    if found is None:
        raise NotAllowed("this account is no listener")
    check_listener(found, "recommendations:read")
    g.shown_listener = found
    return found


def shown_listener_if_any() -> str | None:
    """The same; None for accounts that are no listener."""
    found = _asked_or_own()
    if found is not None:
        check_listener(found, "recommendations:read")
    return found


def check_listener(user_id: str, scope: Scope) -> None:
    """Refuse what is about another's things; raises NotSignedIn, NotAllowed."""
    who = identity.required()
    if refusal := who.may(Access(scope, "user_id"), user_id):
        refuse(who, refusal)


def _asked_or_own() -> str | None:
    return asked_for() or identity.required().user_id


def _first(others: list[Avatar]) -> str | None:
    return others[0].user_id if others else None
