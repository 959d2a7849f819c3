"""The charts of what an audience likes: bars to both sides of everybody."""

from __future__ import annotations

from collections.abc import Sequence

from muse_graph.answers import BridgeGenre, Interest, Interests, LanguageShare
from muse_graph.api.web import charts
from muse_graph.api.web.charts.wording import count, share, times
from muse_graph.api.web.pages.artists.blocks import Block, Column, Line, Table
from muse_graph.countries import language_name

__all__ = ["interest_blocks"]

_OVER, _UNDER = 8, 4
_NOTE = "1× is everybody; lines are 95 % intervals, pale where 1× is possible. n is listeners."


def interest_blocks(found: Interests) -> list[Block]:
    """Genres, tracks, artists, bridges and languages."""
    return [
        _genres(found),
        _favourites("artists", found.artists, "artist"),
        _favourites("tracks", found.tracks, "track"),
        _bridges(found.bridges),
        _languages(found.languages),
    ]


def _lift(one: Interest | BridgeGenre, label: str = "") -> charts.Lift:
    return charts.Lift(label or one.name, one.lift, one.low, one.high, one.listeners)


def _genres(found: Interests) -> Block:
    """The genres favoured most, and those favoured least."""
    over = [one for one in found.genres if one.lift >= 1][:_OVER]
    under = [one for one in found.genres if one.lift < 1][-_UNDER:]
    title = "No genre stands out"
    if over and over[0].low > 1:
        title = f"They play {over[0].name} {times(over[0].lift)} as much as everybody"
        least = under[-1] if under and under[-1].high < 1 else None
        title += f", and {least.name} {times(least.lift)}" if least else ""
    chart = charts.lift_bars(
        "genres", title, [_lift(one) for one in [*over, *under]], most=_OVER + _UNDER, note=_NOTE
    )
    return Block(chart, _table("Genre", found.genres))


def _favourites(key: str, items: Sequence[Interest], kind: str) -> Block:
    labels = [_label(one) for one in items]
    best = items[0] if items else None
    title = (
        f"{labels[0]} is the {kind} that sets them apart most: {times(best.lift)}"
        if best and best.low > 1
        else f"No {kind} sets them apart"
    )
    rows = [_lift(one, label) for one, label in zip(items, labels, strict=True)]
    chart = charts.lift_bars(key, title, rows, most=10, note=_NOTE)
    return Block(chart, _table(kind.capitalize(), items))


def _label(one: Interest) -> str:
    by = ", ".join(artist.name for artist in one.artists)
    return f"{one.name}, {by}" if by else one.name


def _table(head: str, items: Sequence[Interest]) -> Table:
    columns = [Column(head), Column("Lift", times), Column("From", times), Column("To", times)]
    columns += [Column("Listeners", count), Column("Share of them", share), Column("Of everybody", share)]
    return Table(
        columns,
        [
            Line([_label(one), one.lift, one.low, one.high, float(one.listeners), one.share, one.base_share])
            for one in items
        ],
    )


def _bridges(bridges: Sequence[BridgeGenre]) -> Block:
    """Genres the artist is not in, with listeners who would understand."""
    best = bridges[0] if bridges else None
    title = (
        f"{best.name} is the nearest way out: its listeners play the artist's genres "
        f"{times(best.back_lift)} as much as everybody"
        if best
        else "No genre leads from this audience to a new one"
    )
    chart = charts.lift_bars(
        "bridges",
        title,
        [_lift(one) for one in bridges],
        note="The audience favours these genres, the artist is not in them, and their listeners favour the "
        "artist's genres.",
        nothing="No genre that the artist is not in is favoured by this audience and leads back to it.",
    )
    columns = [Column("Genre"), Column("Lift", times), Column("From", times), Column("To", times)]
    columns += [Column("Back", times), Column("Back, from", times), Column("Back, to", times)]
    columns += [Column("Listeners", count)]
    lines = [
        Line(
            [
                *(one.name, one.lift, one.low, one.high),
                *(one.back_lift, one.back_low, one.back_high, float(one.listeners)),
            ]
        )
        for one in bridges
    ]
    return Block(chart, Table(columns, lines))


def _languages(languages: Sequence[LanguageShare]) -> Block:
    """What is heard by language, beside everybody."""
    known = [one for one in languages if one.language is not None]
    title = "The languages of what they hear are not known"
    if known:
        best = known[0]
        name = language_name(best.language or "")
        mine, base = share(best.share), share(best.base_share)
        title = f"{mine} of what they hear is in {name}, "
        title += "as of what everybody hears" if mine == base else f"of what everybody hears {base}"
    rows = [
        charts.Lift(language_name(one.language or ""), one.share / one.base_share)
        for one in known
        if one.base_share > 0
    ]
    unknown = sum(one.share for one in languages if one.language is None)
    chart = charts.lift_bars(
        "languages",
        title,
        rows,
        most=8,
        note=f"1× is everybody. Of {share(unknown)} of what they hear the language is not known."
        if unknown
        else "1× is everybody.",
        nothing="No track that they hear says its language.",
    )
    columns = [Column("Language"), Column("Share", share), Column("Of everybody", share)]
    lines = [
        Line([language_name(one.language) if one.language else "Not known", one.share, one.base_share])
        for one in languages
    ]
    return Block(chart, Table(columns, lines))
