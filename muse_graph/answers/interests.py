"""What an artist's audience likes beside everybody, and what it shares with another artist's."""

from __future__ import annotations

from dataclasses import dataclass

from muse_graph.answers.artists import AnalyticsFilters, LeftOut
from muse_graph.answers.common import Named

__all__ = ["AudienceOverlap", "BridgeGenre", "Interest", "Interests", "LanguageShare"]


@dataclass(frozen=True)
class Interest:
    """A genre, track or artist that the audience has heard, beside everybody.

    Attributes:
        artists: of a track
        listeners: of those of the audience who were compared; for artists to the nearest ten
        share, base_share: of them, of everybody, 0..1
        lift: share over base_share, small counts drawn to the lift of all items; above 1 the audience favours
            it
        low, high: 95 % interval of the lift
    """

    id: str
    name: str
    artists: list[Named]
    listeners: int
    share: float
    base_share: float
    lift: float
    low: float
    high: float


@dataclass(frozen=True)
class BridgeGenre:
    """A genre the artist is not in, by which the audience is tied to the artist's own genres.

    Attributes:
        listeners, lift, low, high: of the audience, as of `Interest`
        back_lift, back_low, back_high: how much more those who play it play the artist's genres than
            everybody does
    """

    id: str
    name: str
    listeners: int
    lift: float
    low: float
    high: float
    back_lift: float
    back_low: float
    back_high: float


@dataclass(frozen=True)
class LanguageShare:
    """How much of what is heard is in a language, each track once for each of its listeners.

    Attributes:
        language: null where it is not known
        share, base_share: of the audience, of everybody, 0..1
    """

    language: str | None
    share: float
    base_share: float


@dataclass(frozen=True)
class Interests:
    """What an audience has heard besides the artist, beside everybody.

    Attributes:
        left_out: what of the filter is not in it
        suppressed: why nothing is shown, as a sentence; null if something is
        listeners: the audience; null where suppressed
        compared: those of them whose listening was read: all, or 2,000 drawn from them
        base_listeners: everybody who has heard anything; an estimate where not everybody was read
        base_compared: those of them whose listening was read
        genres: all of them, the most favoured first
        tracks, artists: the most favoured first, of the 1,000 tracks that most of the audience have heard
            and their artists
        bridges: the strongest first
        languages: by share from the most down, the unknown last
    """

    artist_id: str
    name: str
    filters: AnalyticsFilters
    left_out: list[LeftOut]
    suppressed: str | None
    listeners: int | None
    compared: int
    base_listeners: int
    base_compared: int
    genres: list[Interest]
    tracks: list[Interest]
    artists: list[Interest]
    bridges: list[BridgeGenre]
    languages: list[LanguageShare]


@dataclass(frozen=True)
class AudienceOverlap:
    """What two audiences share; all of it is null where it is suppressed.

    Attributes:
        suppressed: why nothing is shown, as a sentence; null if something is
        listeners: of the artist
        other_listeners: of the other; null for artists
        shared: listeners of both; for artists to the nearest ten, 0 for none
        jaccard: shared over the listeners of either, 0..1; null where there are none
        of_artist, of_other: shared over the listeners of each, 0..1; null where there are none. For artists
            all three to the nearest hundredth
    """

    artist_id: str
    name: str
    other_id: str
    other_name: str
    suppressed: str | None
    listeners: int | None
    other_listeners: int | None
    shared: int | None
    jaccard: float | None
    of_artist: float | None
    of_other: float | None
