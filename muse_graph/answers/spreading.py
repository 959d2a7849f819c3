"""How an artist spreads along friendships."""

from __future__ import annotations

from dataclasses import dataclass

from muse_graph.answers.artists import AnalyticsFilters, LeftOut
from muse_graph.answers.influencers import ShownCount

__all__ = [
    "ArtistSpread",
    "Cascade",
    "CascadeListener",
    "CascadeSizes",
    "CountryCrossing",
    "Generation",
    "Reproduction",
]


@dataclass(frozen=True)
class CascadeSizes:
    """Cascades of similar size: of how many there are, and of how many listeners all of them together.

    Attributes:
        most: null for no limit
        cascades: of less than 10 listeners each they are for artists rounded down to tens, null for fewer
    """

    least: int
    most: int | None
    cascades: int | None
    listeners: ShownCount


@dataclass(frozen=True)
class Generation:
    """How many listeners have it at so many steps from the first of their cascade."""

    generation: int
    listeners: ShownCount


@dataclass(frozen=True)
class CascadeListener:
    """A listener of the largest cascade, who is never named.

    Attributes:
        parent: position in the list of the friend before; null for the first
        country: where the listener lives; for artists null unless 10 listeners of the cascade live there
        day: of the first listen; null for artists
    """

    parent: int | None
    generation: int
    country: str | None
    day: str | None


@dataclass(frozen=True)
class Cascade:
    """The largest cascade.

    Attributes:
        size: all its listeners
        listeners: the first 500 of them, by generation and then by day
    """

    size: int
    listeners: list[CascadeListener]


@dataclass(frozen=True)
class Reproduction:
    """How many listeners a listener brings on, beside the same where the times are shuffled.

    Attributes:
        r: mean number of those who came through a listener; null where too few did
        listeners: those early enough to have had the whole window
        shuffled, low, high: the mean over the shuffles, and where the middle 95 % of them lie
        p: the share of shuffles with an r as large: small where friends follow one another more than chance
            has it

    For artists r, shuffled, low and high are to the nearest hundredth.
    """

    r: float | None
    listeners: ShownCount
    shuffled: float | None
    low: float | None
    high: float | None
    p: float | None


@dataclass(frozen=True)
class CountryCrossing:
    """Listeners in one country who came through a friend in another."""

    from_country: str
    from_name: str
    to_country: str
    to_name: str
    listeners: int


@dataclass(frozen=True)
class ArtistSpread:
    """How an artist spread from friend to friend; what could have been, for friends share tastes, too.

    Attributes:
        left_out: what of the filter is not in it
        suppressed: why nothing is shown, as a sentence; null if something is
        window: a friend's first day counts if it is at most so many days before
        listeners: the audience; null where suppressed
        followed: those of them who were followed: all with a first day, or the first 10,000, less in order to
            end with a whole day. For artists rounded down to tens; null for fewer
        cut: whether later ones were not followed
        undated: those without a known first day
        first_day, last_day: of those followed; null for artists
        through_friends: those who came through a friend; `through_share` of those followed, for artists as
            far as both are shown
        by_themselves: the others
        cascades: by size; empty where suppressed
        generations: from the first listeners on
        largest: null where nobody came through a friend, or it is of too few
        crossings: from the most down; for artists those of 10 listeners and more
        within: listeners who came through a friend in their own country
        unknown_country: those who came through a friend, where the country of one of both is not known
    """

    artist_id: str
    name: str
    filters: AnalyticsFilters
    left_out: list[LeftOut]
    suppressed: str | None
    window: int
    listeners: int | None
    followed: int | None
    cut: bool
    undated: ShownCount
    first_day: str | None
    last_day: str | None
    through_friends: ShownCount
    through_share: float | None
    by_themselves: ShownCount
    cascades: list[CascadeSizes]
    generations: list[Generation]
    largest: Cascade | None
    reproduction: Reproduction
    crossings: list[CountryCrossing]
    within: ShownCount
    unknown_country: ShownCount
