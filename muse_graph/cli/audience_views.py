"""Answers about audiences as tables for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from muse_graph.answers import (
    ArtistSpread,
    AudienceOverlap,
    Interest,
    Interests,
    LanguageShare,
    Reproduction,
    ShownCount,
)
from muse_graph.cli.output import clean, count, make_table, short

__all__ = ["interests_view", "overlap_view", "spread_view"]


def interests_view(answer: Interests, most: int) -> RenderableType:
    """Genres, tracks, artists, bridges and languages, each as a table.

    Args:
        most: rows of a table
    """
    of = f"{count(answer.compared)} of {count(answer.listeners)} listeners"
    base = f"{count(answer.base_listeners)} listeners"
    parts: list[RenderableType] = [_title(answer.name, f"{of}, beside everybody: {base}")]
    parts += [Text(clean(one.why), style="dim") for one in answer.left_out]
    parts += [
        part
        for kind, items in (("genre", answer.genres), ("track", answer.tracks), ("artist", answer.artists))
        for part in _favoured(kind, items[:most])
    ]
    if answer.bridges:
        bridges = make_table("bridge genre", ">listeners", ">lift", ">back")
        for one in answer.bridges[:most]:
            bridges.add_row(short(one.name), count(one.listeners), _times(one.lift), _times(one.back_lift))
        parts += [Text(), bridges]
    return Group(*parts, *_languages(answer.languages[:most]))


def _favoured(kind: str, items: Sequence[Interest]) -> list[RenderableType]:
    if not items:
        return []
    table = make_table(kind, ">listeners", ">share", ">of everybody", ">lift", ">95 %")
    for one in items:
        by = ", ".join(artist.name for artist in one.artists)
        table.add_row(
            Text.assemble(short(one.name), (f"  {short(by)}" if by else "", "dim")),
            count(one.listeners),
            _percent(one.share),
            _percent(one.base_share),
            Text(_times(one.lift), style="bold"),
            f"{one.low:.2f}–{one.high:.2f}",
        )
    return [Text(), table]


def _languages(rows: Sequence[LanguageShare]) -> list[RenderableType]:
    if not rows:
        return []
    table = make_table("language", ">share", ">of everybody")
    for row in rows:
        table.add_row(clean(row.language or "unknown"), _percent(row.share), _percent(row.base_share))
    return [Text(), table]


def overlap_view(answer: AudienceOverlap) -> RenderableType:
    """What two audiences share, in a table."""
    table = make_table("", ">listeners", ">shared")
    rows = (
        (answer.name, answer.listeners, answer.of_artist),
        (answer.other_name, answer.other_listeners, answer.of_other),
    )
    for name, listeners, share in rows:
        table.add_row(short(name), count(listeners), _percent(share))
    words = f"{count(answer.shared)} listeners of both; {_percent(answer.jaccard)} of the listeners of either"
    return Group(_title(answer.name, answer.other_name), table, Text(words, style="dim"))


def spread_view(answer: ArtistSpread) -> RenderableType:
    """How listeners came to it: through friends or by themselves, in cascades, over borders."""
    days = "" if answer.first_day is None else f", {answer.first_day} to {answer.last_day}"
    title = f"{count(answer.followed)} of {count(answer.listeners)} listeners followed{days}"
    through = f"{_shown(answer.through_friends)} came through a friend ({_percent(answer.through_share)}), "
    words = [
        f"{through}{_shown(answer.by_themselves)} by themselves; "
        f"no first day is known of {_shown(answer.undated)}",
        _reproduced(answer.reproduction),
    ]
    cascades = make_table("cascade of", ">cascades", ">listeners")
    for one in answer.cascades:
        size = f"{one.least}" if one.most == one.least else f"{one.least}–{one.most or ''}"
        cascades.add_row(size, count(one.cascades), _shown(one.listeners))
    generations = make_table("generation", ">listeners")
    for step in answer.generations:
        generations.add_row(f"{step.generation}", _shown(step.listeners))
    parts: list[RenderableType] = [_title(answer.name, title)]
    parts += [Text(clean(one.why), style="dim") for one in answer.left_out]
    parts += [Text(line, style="dim") for line in words]
    return Group(*parts, Text(), cascades, Text(), generations, *_crossings(answer))


def _reproduced(found: Reproduction) -> str:
    if found.r is None:
        return "too few to say how many listeners a listener brings on"
    beside = ""
    if (
        found.shuffled is not None
        and found.low is not None
        and found.high is not None
        and found.p is not None
    ):
        chance = f"{found.shuffled:.3f} ({found.low:.3f}–{found.high:.3f})"
        beside = f"; with shuffled times {chance}, p = {found.p:.3f}"
    return f"R = {found.r:.3f} over {_shown(found.listeners)} listeners{beside}"


def _crossings(answer: ArtistSpread) -> list[RenderableType]:
    if not answer.crossings:
        return []
    table: Table = make_table("from", "to", ">listeners")
    for one in answer.crossings:
        table.add_row(clean(one.from_name), clean(one.to_name), count(one.listeners))
    table.add_row("within a country", "", _shown(answer.within))
    return [Text(), table]


def _title(text: str, more: str) -> Text:
    return Text.assemble((clean(text), "bold"), (f"  {clean(more)}", "dim"))


def _shown(found: ShownCount) -> str:
    return "< 10" if found.count is None else count(found.count)


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f} %"


def _times(lift: float) -> str:
    return f"{lift:.2f}×"
