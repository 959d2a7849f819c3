"""A what-if laid out: what would be lost and gained, and each genre and song as it is and as it would be."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from muse_graph.answers import GenreMove, GenreState, Ledger, Named, Recommendation, Recommendations, WhatIf
from muse_graph.api.web.pages.view import Chip, chip, listed, percent

__all__ = ["Comparison", "GenreBar", "Side", "Song", "comparison", "supposed_words"]

_BARS = 9
#: How far to the right the higher of the two caps is, in percent of where the bars are.
_CAP_AT = 80
_ORDER: dict[GenreState, int] = {"resting": 0, "offered": 1, "home": 2}


@dataclass(frozen=True)
class GenreBar:
    """A genre in one of the two ledgers, in whole percent of the width; without a state it is not in it."""

    chip: Chip
    state: GenreState | None
    streams: int
    at: int
    changed: bool


@dataclass(frozen=True)
class Song:
    """A track in one of the two lists.

    Attributes:
        rank_else: its rank in the other list, None where that does not have it
    """

    item: Recommendation
    artists: str
    chips: list[Chip]
    rank_else: int | None

    @property
    def up(self) -> int:
        """How many places above its place in the other list; below 0 for places down."""
        return 0 if self.rank_else is None else self.rank_else - self.item.rank


@dataclass(frozen=True)
class Side:
    """The ledger and the list as they are, or would be; the cap as text and in percent of the width."""

    bars: list[GenreBar]
    cap: str | None
    cap_at: int
    songs: list[Song]


@dataclass(frozen=True)
class Comparison:
    """Both sides, and what the sentence above them names.

    Attributes:
        songs_lost, songs_gained: how many of the list
        lost, gained, rested: genres
        more: genres that would change and are not drawn
        reordered: whether songs of both lists would change their places
    """

    now: Side
    then: Side
    songs_lost: int
    songs_gained: int
    lost: list[Chip]
    gained: list[Chip]
    rested: list[Chip]
    more: list[Chip]
    reordered: bool

    @property
    def changes(self) -> bool:
        """Whether anything would."""
        genres = any(bar.changed for bar in self.then.bars)
        return bool(genres or self.songs_lost or self.songs_gained or self.reordered)


def comparison(found: WhatIf, liked: Collection[str] = ()) -> Comparison:
    """Lay a what-if out: genres that would change come first, and all bars have one scale.

    Args:
        liked: genres that come before the others
    """
    changed = sorted((move.genre_id for move in found.genres), key=lambda one: one not in liked)
    drawn = [*changed, *_kept(found.ledger_then, set(changed))][:_BARS]
    names = {one.genre_id: one for ledger in (found.ledger_now, found.ledger_then) for one in ledger.genres}
    chips = {one: chip(Named(one, genre.name)) for one, genre in names.items()}
    whole = max(found.ledger_now.cap, found.ledger_then.cap) * 100 / _CAP_AT

    def side(ledger: Ledger, songs: list[Song]) -> Side:
        genres = {one.genre_id: one for one in ledger.genres}
        bars = []
        for one in drawn:
            genre = genres.get(one)
            streams = genre.streams if genre else 0
            state = genre.state if genre else None
            bars.append(GenreBar(chips[one], state, streams, percent(streams, whole), one in changed))
        cap = f"{ledger.cap:,.1f}".removesuffix(".0") if ledger.cap else None
        return Side(bars, cap, percent(ledger.cap, whole), songs)

    ranks_now = {move.track_id: move.rank_now for move in found.tracks}
    ranks_then = {move.track_id: move.rank_then for move in found.tracks}
    lost, gained, rested = _told(found.genres)
    return Comparison(
        side(found.ledger_now, _songs(found.now, ranks_then)),
        side(found.ledger_then, _songs(found.then, ranks_now)),
        sum(rank is None for rank in ranks_then.values()),
        sum(rank is None for rank in ranks_now.values()),
        [chips[one] for one in lost],
        [chips[one] for one in gained],
        [chips[one] for one in rested],
        [chips[one] for one in changed if one not in drawn],
        any(move.rank_now != move.rank_then for move in found.tracks),
    )


def _kept(ledger: Ledger, changed: set[str]) -> list[str]:
    """Genres that stay as they are: those that rest, then those offered, the most played first."""
    kept = [one for one in ledger.genres if one.genre_id not in changed]
    return [
        one.genre_id for one in sorted(kept, key=lambda one: (_ORDER[one.state], -one.streams, one.genre_id))
    ]


def _told(moves: Sequence[GenreMove]) -> tuple[list[str], list[str], list[str]]:
    """The ids of genres that would be offered no more, would be offered, and would rest."""
    lost, gained, rested = [], [], []
    for move in moves:
        if move.state_then == move.state_now:
            continue
        if move.state_then == "offered":
            gained.append(move.genre_id)
        elif move.state_then == "resting":
            rested.append(move.genre_id)
        elif move.state_now == "offered":
            lost.append(move.genre_id)
    return lost, gained, rested


def _songs(found: Recommendations, ranks: Mapping[str, int | None]) -> list[Song]:
    return [
        Song(
            item,
            listed([artist.name for artist in item.artists]),
            [chip(genre) for genre in item.genres],
            ranks.get(item.track_id),
        )
        for item in found.items
    ]


def supposed_words(dropped: Sequence[str], liked: Sequence[str], theta: int | None, *, lifted: bool) -> str:
    """What is supposed, in words that the sentence goes on from.

    Args:
        dropped, liked: names of friends and of genres
        theta: the cap in percent; None for what it is
    """
    parts = [
        f"without {listed(dropped)}" if dropped else "",
        "without a cap" if lifted else "",
        f"with the cap at {theta} %" if theta is not None else "",
        f"if you liked {listed(liked)}" if liked else "",
    ]
    said = [part for part in parts if part]
    words = ", ".join(said) + ("," if liked or len(said) > 1 else "")
    return words[:1].upper() + words[1:]
