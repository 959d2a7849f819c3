"""What keeps a listen from being stored, found before anything is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from muse_graph.service.field_kinds import is_utf8
from muse_graph.service.field_rules import ONE_SHARE

if TYPE_CHECKING:
    from muse_graph.service.listens.record import Listen

__all__ = ["PPM", "unstorable"]

#: Shares heard are summed in whole millionths.
PPM = 1_000_000
#: Of one listen: its sum of shares heard has 64 bits.
_MOST_PLAYS = (2**63 - 1) // PPM


def unstorable(listen: Listen) -> str | None:
    """The rule that a listen breaks, whoever sent it; None if it can be stored."""
    for name in ("listen_id", "user_id", "track_id", "country", "source"):
        text = getattr(listen, name)
        if text is not None and not is_utf8(text):
            return f"{name} must be text that UTF-8 can hold, got {text!r}"
    if listen.heard is not None and listen.heard_at_least is not None:
        return ONE_SHARE
    if not 1 <= listen.plays <= _MOST_PLAYS:
        return f"plays must be 1..{_MOST_PLAYS}, got {listen.plays}"
    return None
