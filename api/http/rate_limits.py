"""How often one client may ask: by its session or token if it has one, else by its address.

Where nobody has to sign in, nothing is limited. Each process counts by itself, and forgets a client when its
time is over.
"""

from __future__ import annotations

import math
import time

from flask import request
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from muse_graph.api.http import identity
from muse_graph.api.http.context import context
from muse_graph.api.http.proxies import client_address
from muse_graph.config import Settings
from muse_graph.errors import TooManyRequests
from muse_graph.service.accounts.rights import Identity

__all__ = ["RateLimits"]

#: Asked often by those who run the service, and cheap.
_UNLIMITED = frozenset({"health.livez", "health.readyz", "health.version", "health.metrics", "pages.static"})


class RateLimits:
    """Counts requests of each client and refuses those above the limit.

    Args:
        settings: the limits, as in "600/minute"
    """

    def __init__(self, settings: Settings) -> None:
        self._by_account = parse(settings.rate_limit)
        self._by_address = parse(settings.rate_limit_address)
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())

    def check(self) -> None:
        """Count this request; raises TooManyRequests if its client has sent too many."""
        if context().sign_in != "required" or request.endpoint in _UNLIMITED:
            return
        # A bad token is no way around the limit of the address.
        limit, key = self._counted(identity.known())
        if not self._limiter.hit(limit, key):
            resets = self._limiter.get_window_stats(limit, key).reset_time
            raise TooManyRequests(f"more than {limit}", max(1, math.ceil(resets - time.time())))

    def _counted(self, who: Identity | None) -> tuple[RateLimitItem, str]:
        if who is None or who.account_id is None:
            return self._by_address, f"address {client_address()}"
        kind = "session" if who.is_session else "token"
        return self._by_account, f"{kind} {who.secret_id}"
