"""Checks of single options: each refusal names the option, its value and the rule."""

from __future__ import annotations

import math

from muse_graph.errors import InvalidRequest

__all__ = ["check_at_least", "refusal"]


def refusal(name: str, rule: str, value: object) -> InvalidRequest:
    """Return the error of an option whose value breaks a rule: "must be ..."."""
    return InvalidRequest(f"{name} {rule}, got {value!r}", ((name, f"{rule}, got {value!r}"),))


def check_at_least(name: str, value: float, least: float) -> None:
    """Refuse an option that is not a finite number >= least.

    Raises:
        InvalidRequest: If a value breaks its rule.
    """
    if not (math.isfinite(value) and value >= least):
        raise refusal(name, f"must be a finite number >= {least:g}", value)
