"""What the server in front of the application knows of a request, and the application of its server."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from flask import request
from werkzeug.exceptions import HTTPException

__all__ = ["KEY", "Ticket", "ticket"]

#: Where a request's environment has its ticket; another WSGI server puts none there.
KEY = "muse_graph.ticket"


@dataclass(slots=True)
class Ticket:
    """A request on its way.

    Attributes:
        arrived: when its headers had come, on the clock of `time.perf_counter`
        end: by when it has to be answered, on the same clock; None without such a time
        refusal: raised in place of an answer
        abandoned: somebody else has answered meanwhile, so that this answer reaches nobody
    """

    arrived: float = field(default_factory=lambda: time.perf_counter())
    end: float | None = None
    refusal: HTTPException | None = None
    abandoned: bool = False


def ticket() -> Ticket:
    """The ticket of this request."""
    found: Ticket = request.environ.setdefault(KEY, Ticket())
    return found
