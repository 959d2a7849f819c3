"""What happens to accounts, in the log: by the number of the account, never by a name or a secret."""

from __future__ import annotations

import logging
from typing import Literal

__all__ = ["Event", "log_event"]

Event = Literal[
    "signed in",
    "failed to sign in",
    "signed out",
    "signed up",
    "account claimed",
    "password changed",
    "password reset",
    "session ended",
    "token made",
    "token revoked",
    "report shared",
    "report no longer shared",
    "account erased",
    "refused",
]
_log = logging.getLogger("muse_graph.security")
_FAILURES = frozenset({"failed to sign in", "refused"})


def log_event(event: Event, account_id: int | None = None) -> None:
    """Log an event; failures are warnings."""
    level = logging.WARNING if event in _FAILURES else logging.INFO
    _log.log(level, event, extra={"event": event, "account": account_id})
