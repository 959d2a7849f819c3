"""What the start page shows, computed from the service's answers; the template only lays it out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from muse_graph.answers import (
    ArtistCard,
    Named,
    Reason,
    ReasonKind,
    Recommendation,
    Recommendations,
)
from muse_graph.api.web.pages.colours import hue, hue_of_person

__all__ = [
    "Avatar",
    "Card",
    "Chip",
    "Part",
    "avatar",
    "card",
    "chip",
    "first_hue",
    "lead_genres",
    "listed",
    "percent",
    "person",
]


@dataclass(frozen=True)
class Chip:
    """A genre with its colour."""

    genre_id: str
    name: str
    hue: int
    is_new: bool = False


@dataclass(frozen=True)
class Avatar:
    """A user's initials on a colour."""

    user_id: str
    name: str
    initials: str
    hue: int


@dataclass(frozen=True)
class Part:
    """One part of a score: whole percent of it, below 0 for what speaks against, and a sentence."""

    kind: ReasonKind
    percent: int
    text: str


@dataclass(frozen=True)
class Card:
    """A recommended track; `others` counts the friends who play it and are not named."""

    item: Recommendation
    artists: str
    hue: int
    chips: list[Chip]
    why: str
    avatars: list[Avatar]
    others: int
    parts: list[Part]


def chip(genre: Named, new: frozenset[str] = frozenset()) -> Chip:
    """The chip of a genre; new holds the ids of those the listener has never streamed."""
    return Chip(genre.id, genre.name, hue(genre.id), genre.id in new)


def avatar(user_id: str, name: str | None) -> Avatar:
    """The avatar of a user; without a name the id is shown."""
    shown = name or user_id
    words = shown.split()
    initials = words[0][0] + (words[-1][0] if len(words) > 1 else "") if words else "?"
    return Avatar(user_id, shown, initials.upper(), hue_of_person(user_id))


def first_hue(genre_ids: Sequence[str], track_id: str) -> int:
    """The colour of a track: that of its first genre, or one of its own."""
    return hue(genre_ids[0]) if genre_ids else hue_of_person(track_id)


def person(named: Named | ArtistCard) -> Avatar:
    """The avatar of a user or an artist."""
    return avatar(named.id if isinstance(named, Named) else named.artist_id, named.name)


def card(item: Recommendation, new: frozenset[str]) -> Card:
    """A recommendation as a card: the strongest reason for it as its sentence, what counts as parts."""
    why = max(item.reasons, key=lambda reason: reason.strength)
    friends = _friends(item.reasons)
    chips = [chip(genre, new) for genre in _leading_first(item)]
    return Card(
        item=item,
        artists=listed([artist.name for artist in item.artists]),
        hue=chips[0].hue if chips else hue_of_person(item.track_id),
        chips=chips,
        why=why.text,
        avatars=[avatar(friend.user_id or "", friend.name) for friend in friends],
        others=sum(reason.n or 0 for reason in item.reasons if reason.kind == "friends"),
        parts=[
            Part(reason.kind, share, reason.text)
            for reason in item.reasons
            if (share := percent(reason.part, item.score)) or reason is why
        ],
    )


def _leading_first(item: Recommendation) -> list[Named]:
    """The genres of a track, the one it is recommended for first."""
    led = {reason.genre_id for reason in item.reasons if reason.kind == "genre"}
    return sorted(item.genres, key=lambda genre: genre.id not in led)


def _friends(reasons: Sequence[Reason]) -> list[Reason]:
    """The named friends who did not leave it early, the one who counts most first."""
    named = [reason for reason in reasons if reason.kind == "friend" and not reason.left_early]
    return sorted(named, key=lambda reason: -reason.part)


def lead_genres(found: Recommendations, most: int = 2) -> list[Chip]:
    """The genres that the first tracks are recommended for, in their order."""
    names = {genre.id: genre for item in found.items for genre in item.genres}
    led = [
        reason.genre_id
        for item in found.items
        for reason in item.reasons
        if reason.kind == "genre" and reason.genre_id in names
    ]
    return [chip(names[genre_id]) for genre_id in list(dict.fromkeys(led))[:most] if genre_id is not None]


def listed(names: Sequence[str]) -> str:
    """Names as a phrase: a, b and c."""
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def percent(part: float, whole: float) -> int:
    """Whole percent, -100..100."""
    return min(100, max(-100, round(100 * part / whole))) if whole > 0 else 0


#: What browsers say of themselves, the most telling first: others name Chrome and Safari too.
_BROWSERS = {
    "Edg": "Edge",
    "OPR": "Opera",
    "Firefox": "Firefox",
    "Chrom": "Chrome",
    "Safari": "Safari",
    "curl": "curl",
}
_SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Mac OS": "macOS",
    "Linux": "Linux",
}


def device(user_agent: str | None) -> str:
    """A browser and its system in words; what it says itself where neither is known."""
    said = user_agent or ""
    known = [
        next((name for sign, name in names.items() if sign in said), "") for names in (_BROWSERS, _SYSTEMS)
    ]
    return " on ".join(filter(None, known)) or said or "Unknown device"
