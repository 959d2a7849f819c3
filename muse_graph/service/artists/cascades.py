"""The listeners through whom an artist spread, and the largest cascade of them as a picture shows it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from muse_graph.answers import Cascade, CascadeListener
from muse_graph.core.artists.spread import Spread
from muse_graph.core.artists.units import Days
from muse_graph.core.types import BoolArray, IntArray
from muse_graph.service.artists.shown_counts import LEAST

__all__ = ["Followed", "largest_cascade"]

_MOST_DRAWN = 500


@dataclass(frozen=True, slots=True, eq=False)
class Followed:
    """The n listeners who were followed, by first day.

    Attributes:
        first: (n,) int64 first days, ascending, since 1970
        friends: (m, 2) int64 positions, each pair once
        country: (n,) int64 positions in `codes`, -1 where unknown
        spread: through whom it went on
        cut: whether later listeners are left out
        last: the last day that is seen
    """

    first: IntArray
    friends: IntArray
    country: IntArray
    codes: list[str]
    spread: Spread
    cut: bool
    last: int

    @property
    def days(self) -> Days:
        """(n,) datetime64[D] first days."""
        return self.first.astype("datetime64[D]")


def largest_cascade(followed: Followed, *, exact: bool) -> Cascade | None:
    """The largest cascade; None where nobody came through a friend, or it has fewer than ten, unless exact.

    Unless exact, a listener has no day, and a country only where ten of the cascade live and none or ten are
    left without: a dot of the picture is one person.
    """
    found = followed.spread
    least = 2 if exact else LEAST
    if not len(found.sizes) or found.sizes[0] < least:
        return None
    members = np.flatnonzero(found.root == found.roots[0])
    # Within a generation by day: positions are by day, and a parent comes a generation before.
    members = members[np.argsort(found.generation[members], kind="stable")]
    named = _named(followed.country[members], len(followed.codes), 1 if exact else LEAST)
    place = {int(member): position for position, member in enumerate(members)}
    drawn = [
        CascadeListener(
            parent=place.get(int(found.parent[member])),
            generation=int(found.generation[member]),
            country=followed.codes[followed.country[member]] if named[followed.country[member]] else None,
            day=str(followed.days[member]) if exact else None,
        )
        for member in members[:_MOST_DRAWN]
    ]
    return Cascade(int(found.sizes[0]), drawn)


def _named(country: IntArray, n: int, least: int) -> BoolArray:
    """(n + 1,) bool, which countries are named, the unknown last: each and all others have so many listeners,
    or the others none.
    """
    counts = np.bincount(np.where(country < 0, n, country), minlength=n + 1)
    named = counts >= least
    named[n] = False
    while 0 < counts[~named].sum() < least and named.any():
        there = np.flatnonzero(named)
        named[there[np.argmin(counts[there])]] = False
    return named
