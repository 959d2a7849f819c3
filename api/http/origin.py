"""Whether a request comes from the service's own pages."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import request
from werkzeug.exceptions import Forbidden

__all__ = ["check_origin"]


def check_origin() -> None:
    """Raise 403 for a request that another site made the browser send.

    Browsers send the origin of a request in Sec-Fetch-Site or, older ones, in Origin; a client that sends
    neither is not a browser, so no other site can make it send anything.
    """
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if site not in {"same-origin", "none"} if site else origin and _host_of(origin) != request.host:
        raise Forbidden("this was sent by another site")


def _host_of(origin: str) -> str | None:
    """The host and port of an origin; None for what is none."""
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return None
