"""What became of a row or a listen that was to be written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["RECORDED", "REPEATED", "Outcome", "OutcomeStatus", "rejected"]

OutcomeStatus = Literal["recorded", "repeated", "rejected"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one row.

    Attributes:
        status: "recorded" is new, "repeated" was known and changed nothing, "rejected" was not written
        reason: the rule that a rejected row breaks; None for the others
    """

    status: OutcomeStatus
    reason: str | None = None


#: Shared, for a load has millions of them.
RECORDED = Outcome("recorded")
REPEATED = Outcome("repeated")


def rejected(reason: str) -> Outcome:
    """Return the outcome of a row that breaks a rule."""
    return Outcome("rejected", reason)
