"""Addresses and schemes as the client has them, where a trusted proxy tells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

from flask import request

__all__ = ["TrustedProxies", "client_address"]

Network = IPv4Network | IPv6Network
#: What one subscriber has of IPv6 at least, every address of it.
_ONE_CLIENT = 64


def client_address() -> str:
    """Whom limits by address count this request for: an address, or the /64 of one of IPv6."""
    address = _address(request.remote_addr or "")
    if address is None:
        return "unknown"
    if isinstance(address, IPv4Address):
        return str(address)
    return str(ip_network((int(address), _ONE_CLIENT), strict=False))


class TrustedProxies:
    """A WSGI application that believes X-Forwarded-For, -Proto and -Host of trusted proxies, and no others.

    Args:
        networks: where these proxies are
    """

    def __init__(self, app: WSGIApplication, networks: Sequence[Network]) -> None:
        self._app = app
        self._networks = networks

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[Any]:
        """Answer a request."""
        forwarded = {name: environ.pop(f"HTTP_X_FORWARDED_{name}", "") for name in ("FOR", "PROTO", "HOST")}
        if self._is_trusted(environ.get("REMOTE_ADDR", "")):
            if client := self._client(forwarded["FOR"]):
                environ["REMOTE_ADDR"] = client
            if (scheme := _last(forwarded["PROTO"])) in {"http", "https"}:
                environ["wsgi.url_scheme"] = scheme
            if host := _last(forwarded["HOST"]):
                environ["HTTP_HOST"] = host
        return self._app(environ, start_response)

    def _client(self, forwarded: str) -> str | None:
        """The last address that is not a trusted proxy: those before it may be made up."""
        addresses = [part.strip() for part in forwarded.split(",") if _address(part.strip())]
        others = [address for address in addresses if not self._is_trusted(address)]
        return others[-1] if others else next(iter(addresses), None)

    def _is_trusted(self, address: str) -> bool:
        found = _address(address)
        return found is not None and any(found in network for network in self._networks)


def _last(values: str) -> str:
    return values.rpartition(",")[2].strip()


def _address(text: str) -> IPv4Address | IPv6Address | None:
    """The address that a text is, None for no address; one of IPv4 in the clothes of IPv6 is of IPv4."""
    try:
        found = ip_address(text)
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found
