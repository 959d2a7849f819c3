"""What brings listeners to a track: the ways known, by which plays are counted.

The source of a listen is any text; what is counted is the group it belongs to, by its position in `SOURCES`.
"""

from __future__ import annotations

from typing import Literal, get_args

__all__ = ["SOURCES", "WAYS", "SourceGroup", "Way", "source_of"]

#: The ways that have a group of their own; what records a play by one of them writes this name.
Way = Literal["recommendation", "feed", "search", "sent_track", "influencer", "import"]
#: All groups: none given, the ways, any other text.
SourceGroup = Literal["unknown", Way, "other"]

WAYS: tuple[Way, ...] = get_args(Way)
#: Months of tracks keep positions: after a change of the order they have to be made anew.
SOURCES: tuple[SourceGroup, ...] = ("unknown", *WAYS, "other")

_POSITIONS: dict[str, int] = {way: position for position, way in enumerate(WAYS, 1)}


def source_of(text: str | None) -> int:
    """Position of the group that the source of a listen belongs to."""
    return 0 if text is None else _POSITIONS.get(text, len(WAYS) + 1)
