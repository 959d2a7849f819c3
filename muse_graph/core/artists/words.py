"""The words of an artist's figures: what they are filtered by, units of time, segments of listeners."""

from __future__ import annotations

from typing import Literal, get_args

__all__ = ["DIMENSIONS", "SEGMENTS", "UNITS", "Dimension", "Segment", "Unit"]

Dimension = Literal["tracks", "countries", "period", "segments", "sources"]
Unit = Literal["day", "week", "month", "year"]
#: Of the last 28 days up to the last one with a play of the artist, the days on which they heard it: 8 and
#: more; 3 to 7; 1 or 2; none, but before or at an unknown time.
Segment = Literal["super", "moderate", "light", "lapsed"]

DIMENSIONS: tuple[Dimension, ...] = get_args(Dimension)
#: From the finest on.
UNITS: tuple[Unit, ...] = get_args(Unit)
SEGMENTS: tuple[Segment, ...] = get_args(Segment)
