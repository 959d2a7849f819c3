"""What became of listens."""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = ["Receipt", "Rejected"]


@dataclass(frozen=True)
class Rejected:
    """A listen that was not written: its place in the request and the rule it breaks."""

    index: int
    listen_id: str
    reason: str


@dataclass(frozen=True)
class Receipt:
    """What became of the listens of one request: received = recorded + repeated + rejected."""

    received: int
    recorded: int
    repeated: int
    rejected: list[Rejected] = field(default_factory=list)
