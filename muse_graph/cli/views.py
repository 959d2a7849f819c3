"""Answers as tables for a terminal."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from colorsys import hls_to_rgb
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.console import Console, ConsoleOptions, Group, RenderableType
from rich.table import Table
from rich.text import Text

from muse_graph.answers import (
    ArtistMatch,
    InfluencerSet,
    Ledger,
    LedgerGenre,
    Match,
    Named,
    Reason,
    Recommendation,
    Recommendations,
    ShownCount,
)
from muse_graph.cli.output import bar, clean, count, make_table, short

if TYPE_CHECKING:
    from muse_graph.service.recommendations.placement import Placement

__all__ = [
    "BAR",
    "NARROW",
    "Fitted",
    "influencer_set_view",
    "ledger_view",
    "make_title",
    "matches_view",
    "percent",
    "placement_view",
    "recommendations_view",
]

#: Characters of a full bar.
BAR = 40
#: Below this width, in characters, tables have fewer columns.
NARROW = 110
_STATES = {"offered": "green", "resting": "yellow", "home": "dim"}
#: A part below this is 0.000.
_LEAST_PART = 5e-4

_MODES = {
    "discovery": "from what friends play, in genres to discover",
    "for-you": "from what friends play, in all genres",
    "under-the-radar": "from what friends play, by artists under the radar",
    "taste": "by taste, from all there is: friends have nothing new to offer",
    "friends-of-friends": "from friends of friends: friends have nothing new to offer",
    "similar-listeners": "from listeners with similar taste: friends have nothing new to offer",
    "popular-in-country": "popular in the country: friends have nothing new to offer",
    "popular-everywhere": "popular everywhere: friends have nothing new to offer",
    "empty": "nothing new in this graph",
}


def recommendations_view(answer: Recommendations) -> RenderableType:
    """The list, with the reasons that add up to each score."""
    title = make_title(f"Recommendations for {answer.user_id}", _MODES.get(answer.mode, answer.mode))
    table = make_table(">", "track", ">score")
    for item in answer.items:
        _add_item(table, item)
    return Group(title, table) if answer.items else title


@dataclass(frozen=True)
class Fitted:
    """Drawn for the width that there is, in characters."""

    draw: Callable[[int], RenderableType]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        """Draw it; rich calls this."""
        del console
        yield self.draw(options.max_width)


def placement_view(answer: Placement) -> RenderableType:
    """One track of a list with its reasons, or why it is not there."""
    if answer.item is not None:
        table = make_table(">", "track", ">score")
        _add_item(table, answer.item)
        return table
    title = Text.assemble((short(answer.title), "bold"), "  ", short(_names(answer.artists)), "  ")
    not_there = Text(f"not in the list of {clean(answer.user_id)}: ", style="dim")
    return Group(title + _chips(answer.genres), not_there + Text(clean("; ".join(answer.kept_out))))


def ledger_view(answer: Ledger, most: int | None = None) -> RenderableType:
    """Genres as bars under one cap line, with why each is offered or rests.

    Args:
        most: genres shown of each state; None shows all
    """
    return Fitted(lambda width: _ledger(answer, most, narrow=width < NARROW))


def _ledger(answer: Ledger, most: int | None, *, narrow: bool) -> RenderableType:
    wide = BAR // 3 if narrow else BAR
    longest = max((genre.streams for genre in answer.genres), default=0)
    scale = max(float(longest), answer.cap, 1.0)
    cap_at = min(round(answer.cap / scale * wide), wide - 1)
    title = make_title(
        f"Genres of {answer.user_id}",
        f"cap {answer.cap:,.1f} streams, {percent(answer.theta)} of the favourite genre",
    )
    head = " " * cap_at + "▾ cap"
    table = (
        make_table("", "genre", head, ">streams", ">score")
        if narrow
        else make_table("", "genre", "state", head, ">streams", ">score", "why")
    )
    left_out: list[str] = []
    for state in _STATES:
        genres = [genre for genre in answer.genres if genre.state == state]
        for genre in genres[:most]:
            _add_genre(table, genre, _column(genre.streams / scale, cap_at, wide, genre), narrow=narrow)
        if more := len(genres) - len(genres[:most]):
            left_out.append(f"{more} more {state}")
    if not answer.genres:
        return Group(title, Text("no genres yet", style="dim"))
    return (
        Group(title, table, Text(f"and {', '.join(left_out)}", style="dim"))
        if left_out
        else Group(title, table)
    )


def _column(share: float, cap_at: int, wide: int, genre: LedgerGenre) -> Text:
    """The streams of a genre as a bar, with the line of the cap through it."""
    line = bar(share, wide).ljust(wide)
    return Text.assemble(
        (line[:cap_at], _hue(genre.genre_id)),
        ("│", "bold"),
        (line[cap_at + 1 :].rstrip(), _hue(genre.genre_id)),
    )


def _add_genre(table: Table, genre: LedgerGenre, drawn: Text, *, narrow: bool) -> None:
    name = Text(short(genre.name), style=_hue(genre.genre_id))
    state = Text(genre.state, style=_STATES[genre.state])
    # The first reason is the sentence to show; the others only make the parts add up.
    why = Text(clean(genre.reasons[0].text) if genre.reasons else "", style="dim")
    rank, score = Text(str(genre.rank), style="dim"), _number(genre.score) if genre.score else ""
    if narrow:
        # What is long shares one column, which may wrap between words.
        about = Text.assemble(name, "  ", state, "\n" if why else "", why)
        table.add_row(rank, about, drawn, count(genre.streams), score)
    else:
        table.add_row(rank, name, state, drawn, count(genre.streams), score, why)


def matches_view(matches: Sequence[Match | ArtistMatch]) -> RenderableType:
    """Influencers, best first, with reasons; what is long shares one column, which may wrap between words."""
    if not matches:
        return Text("no influencer fits", style="dim")
    table = make_table(">", "influencer", ">avg likes", ">followers", ">score")
    for match in matches:
        genres = [Named(genre_id, genre_id) for genre_id in match.genres]
        table.add_row(
            Text(str(match.rank), style="dim"),
            Text.assemble((short(match.handle), "bold"), f"  {match.country or '–'}  ") + _chips(genres),
            count(match.avg_likes),
            count(match.followers),
            _number(match.score, "bold"),
        )
        for reason in match.reasons:
            why = Text(f"  {clean(reason.text)}", style="dim")
            table.add_row("", why, "", "", _number(reason.part, "dim"))
    return table


def influencer_set_view(answer: InfluencerSet) -> RenderableType:
    """Influencers chosen together, with the listeners each adds, and what choosing by likes would give."""
    title = make_title(f"Influencers for {answer.name}", f"{_shown(answer.total)} listeners added together")
    table = make_table(">", "influencer", ">cost", ">alone", ">adds")
    for one in answer.items:
        table.add_row(
            Text(str(one.rank), style="dim"),
            Text.assemble((short(one.handle), "bold"), f"  {one.country or '–'}"),
            _whole(one.cost),
            _shown(one.alone),
            Text(_shown(one.adds), style="bold"),
        )
        known = f"  likes {_whole(one.avg_likes)}, followers {count(one.followers)}"
        table.add_row("", Text(known, style="dim"), "", "", "")
    gain = "" if answer.gain is None else f", {100 * answer.gain:+.0f} % by choosing together"
    notes = [f"those with the most likes would add {_shown(answer.plain.total)}{gain}"]
    if answer.cost is not None:
        notes.append(f"cost {_whole(answer.cost)}; of those by likes {_whole(answer.plain.cost)}")
    if answer.not_known:
        notes.append(f"left out: {count(answer.not_known)} whose followers are not known")
    if answer.not_priced:
        notes.append(f"left out: {count(answer.not_priced)} whose cost is not known")
    nobody = Text("no influencer is known to add a listener", style="dim")
    return Group(title, table if answer.items else nobody, *(Text(note, style="dim") for note in notes))


def _shown(found: ShownCount) -> str:
    return "< 10" if found.count is None else f"{found.count:,}"


def _whole(value: float | None) -> str:
    return "–" if value is None else f"{value:,.0f}"


def _add_item(table: Table, item: Recommendation) -> None:
    """A track with its reasons under it."""
    track = Text.assemble((short(item.title), "bold"), "  ", short(_names(item.artists)), "  ")
    table.add_row(Text(str(item.rank), style="dim"), track + _chips(item.genres), _number(item.score, "bold"))
    _add_reasons(table, item.reasons)


def _add_reasons(table: Table, reasons: Iterable[Reason]) -> None:
    for place, reason in enumerate(reasons):
        # The first is why it is there; of the others, what counts nothing is left out.
        if place == 0 or abs(reason.part) >= _LEAST_PART:
            table.add_row("", Text(f"  {clean(reason.text)}", style="dim"), _number(reason.part, "dim"))


def make_title(text: str, more: str) -> Text:
    """What an answer is of, and more about it."""
    return Text.assemble((clean(text), "bold"), ("  " + clean(more) if more else "", "dim"))


def _names(things: Iterable[Named]) -> str:
    return ", ".join(thing.name for thing in things)


def _chips(genres: Iterable[Named]) -> Text:
    return Text(" ").join(Text(f"[{clean(genre.name)}]", style=_hue(genre.id)) for genre in genres)


def _hue(genre_id: str) -> str:
    """The colour of a genre, the same everywhere: one lightness, its own hue."""
    turn = zlib.crc32(genre_id.encode("utf-8", "surrogatepass")) / 2**32
    red, green, blue = (round(255 * part) for part in hls_to_rgb(turn, 0.72, 0.42))
    return f"#{red:02x}{green:02x}{blue:02x}"


def percent(share: float, decimals: int = 0) -> str:
    """A share, 0..1, in per cent."""
    return f"{100 * share:.{decimals}f} %"


def _number(value: float, style: str = "") -> Text:
    """A score with three decimals if it is small, with one if it is about likes."""
    return Text(f"{value:,.3f}" if abs(value) < 100 else f"{value:,.1f}", style=style)
