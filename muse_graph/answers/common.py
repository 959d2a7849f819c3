"""What several answers have: names, reasons, pages, and how all are sent."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, Literal

__all__ = ["LEFT_EARLY", "Named", "Page", "Reason", "ReasonKind", "Source", "as_json", "left_early"]

#: Where tracks come from when friends have nothing to offer, in this order.
Source = Literal["friends-of-friends", "similar-listeners", "popular-in-country", "popular-everywhere"]
#: What a reason is about.
ReasonKind = Literal[
    "friend",
    "friends",
    "own",
    "taste",
    "genre",
    "country",
    "radar",
    "resting",
    "turned-away",
    "new-reach",
    "engagement",
    Source,
]


#: Who heard less of a track on the whole has left it early.
LEFT_EARLY = 0.5


def as_json(answer: Any) -> Any:
    """Dicts, lists and scalars of an answer, ready for ``json.dumps``."""
    return dataclasses.asdict(answer)


@dataclass(frozen=True)
class Named:
    """An id and the name people know it by."""

    id: str
    name: str


@dataclass
class Reason:
    """One reason of a score.

    Attributes:
        kind: "friend", "friends" (those not named one by one), "own" (a track of the listener's), "taste",
            "similar-listeners", "genre", "country", "radar"; of a genre that is not offered "resting" or
            "turned-away"; or where a track comes from when friends have nothing to offer:
            "friends-of-friends", "similar-listeners", "popular-in-country", "popular-everywhere"; of an
            influencer also "new-reach", "engagement"
        text: the sentence for people
        part: this reason's part of the score; below 0 for what speaks against it
        user_id, name: the friend; null for everybody else and for friends whose listens nobody may see
        heard: share of the track heard by the friend, 0..1, or by "friends" who all left it early; null when
            unknown
        plays: times the friend played it
        n: how many friends or listeners are meant
        genre_id: the genre meant
    """

    kind: ReasonKind
    text: str
    part: float
    user_id: str | None = None
    name: str | None = None
    heard: float | None = None
    plays: int | None = None
    n: int | None = None
    genre_id: str | None = None

    @property
    def left_early(self) -> bool:
        """Whether it is about friends who left the track before the half of it."""
        return self.heard is not None and left_early(self.heard)

    @property
    def speaks(self) -> bool:
        """Whether it speaks for the track."""
        return self.part > 0 and not self.left_early

    @property
    def is_rest(self) -> bool:
        """Whether it is what many small things add together, which persuades nobody."""
        return self.kind == "taste" or (self.kind in {"friends", "similar-listeners"} and not self.n)

    @property
    def strength(self) -> tuple[bool, bool, float]:
        """What the headline has most of: whether it speaks for it, whether it says by what, and how much."""
        return self.speaks, not self.is_rest, self.part


def left_early(heard: float) -> bool:
    """Whether this share heard, NaN if unknown, is that of somebody who left the track early."""
    return heard < LEFT_EARLY


@dataclass(frozen=True)
class Page:
    """A part of a long list; `next` is the opaque cursor of the following part, null at the end."""

    items: list[Any]
    next: str | None
