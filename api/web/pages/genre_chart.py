"""The ledger as a chart: genres as bars under one cap line, with space above for home genres."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from muse_graph.answers import GenreState, Ledger, LedgerGenre
from muse_graph.api.web.pages.colours import hue
from muse_graph.api.web.pages.view import percent

__all__ = ["Bar", "GenreChart", "Group", "genre_bar", "genre_chart"]

_MOST: dict[GenreState, int] = {"offered": 8, "resting": 4, "home": 4}


@dataclass(frozen=True)
class Bar:
    """A genre; the cap is at 50 % of the height, so a bar above two caps is cut off.

    Attributes:
        height: whole percent of the chart
        before: the height before the latest play
        kept: drawn even if space is short
    """

    genre_id: str
    name: str
    hue: int
    streams: int
    height: int
    before: int
    beyond: bool
    moved: bool
    kept: bool
    text: str


@dataclass(frozen=True)
class Group:
    """The genres in one state: those drawn, and the names of the others."""

    state: GenreState
    bars: list[Bar]
    more: list[Bar]


@dataclass(frozen=True)
class GenreChart:
    """The chart; `favourite` is the genre that sets the cap, None without streams.

    Attributes:
        is_young: whether the cap is below the first stream
    """

    groups: list[Group]
    moved: list[Bar]
    resting: list[str]
    cap: str | None
    percent: int
    favourite: str | None
    n_genres: int
    is_young: bool


def genre_chart(ledger: Ledger, moved: Collection[str] = (), named: Collection[str] = ()) -> GenreChart:
    """Lay a ledger out.

    Args:
        moved: ids of genres that have just got a stream
        named: ids of genres that the page names; like those moved, they are drawn at any rank
    """
    drawn = {*moved, *named}
    bars = {
        genre.genre_id: genre_bar(
            genre, ledger.cap, moved=genre.genre_id in moved, kept=genre.genre_id in drawn
        )
        for genre in ledger.genres
    }
    groups = [_group(ledger, state, bars) for state in _MOST]
    favourite = max(ledger.genres, key=lambda genre: genre.streams, default=None)
    # Switches may leave the favourite out: the cap is then shown without its name.
    known = favourite is not None and abs(favourite.streams * ledger.theta - ledger.cap) < 1e-6
    return GenreChart(
        groups=[group for group in groups if group.bars],
        moved=[bar for bar in bars.values() if bar.moved],
        resting=[text for genre in ledger.genres if genre.state == "resting" and (text := _sentence(genre))][
            :3
        ],
        cap=f"{ledger.cap:,.1f}".removesuffix(".0") if ledger.cap else None,
        percent=round(100 * ledger.theta),
        favourite=favourite.name if favourite is not None and known and ledger.cap else None,
        n_genres=len(bars),
        is_young=0 < ledger.cap < 1,
    )


def genre_bar(genre: LedgerGenre, cap: float, *, moved: bool = False, kept: bool = False) -> Bar:
    """One genre as a bar under the cap."""
    return Bar(
        genre_id=genre.genre_id,
        name=genre.name,
        hue=hue(genre.genre_id),
        streams=genre.streams,
        height=percent(genre.streams, 2 * cap),
        before=percent(genre.streams - 1, 2 * cap) if moved else percent(genre.streams, 2 * cap),
        beyond=genre.streams > 2 * cap > 0,
        moved=moved,
        kept=kept,
        text=_sentence(genre),
    )


def _sentence(genre: LedgerGenre) -> str:
    """Its first reason; empty without one."""
    return genre.reasons[0].text if genre.reasons else ""


def _group(ledger: Ledger, state: GenreState, bars: dict[str, Bar]) -> Group:
    members = [bars[genre.genre_id] for genre in ledger.genres if genre.state == state]
    asked = sum(bar.kept for bar in members[_MOST[state] :])
    last = max(0, _MOST[state] - asked)
    shown = [bar for place, bar in enumerate(members) if place < last or bar.kept]
    return Group(state, shown, [bar for bar in members if bar not in shown])
