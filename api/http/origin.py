"""Whether a request comes from the service's own pages."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import request
from werkzeug.exceptions import Forbidden

from muse_graph.loopback import is_loopback

__all__ = ["check_host", "check_origin"]


def check_origin() -> None:
    """Raise 403 for a request that another site made the browser send.

    Browsers send the origin of a request in Sec-Fetch-Site or, older ones, in Origin; a client that sends
    neither is not a browser, so no other site can make it send anything.
    """
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if site not in {"same-origin", "none"} if site else origin and _host_of(origin) != request.host:
        raise Forbidden("this was sent by another site")


def check_host() -> None:
    """Raise 403 for a request that has reached this machine under a name of elsewhere.

    Any site can give its own name the address of this machine; a browser then takes both for one site.
    """
    if not is_loopback(_hostname(request.host)):
        raise Forbidden(f"nobody signs in here: ask localhost or a loopback address, not {request.host!r}")


def _hostname(host: str) -> str:
    """A host without its port; empty for what is none."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _host_of(origin: str) -> str | None:
    """The host and port of an origin; None for what is none."""
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return None
