"""The charts of a spread: the largest cascade, steps from the first listener, sizes, borders crossed."""

from __future__ import annotations

from muse_graph.answers import ArtistSpread, CascadeSizes
from muse_graph.api.web import charts
from muse_graph.api.web.charts.wording import count
from muse_graph.api.web.pages.artists.blocks import Block, Cell, Column, Line, Table, suppressible
from muse_graph.api.web.pages.artists.words import FEW, plural
from muse_graph.countries import country_name
from muse_graph.service.artists.shown_counts import LEAST

__all__ = ["spread_blocks"]


def spread_blocks(found: ArtistSpread) -> list[Block]:
    """All of them, in the order of the page."""
    return [_cascade(found), _generations(found), _sizes(found), _crossings(found)]


def _cascade(found: ArtistSpread) -> Block:
    """The largest cascade; its listeners are never named."""
    largest = found.largest
    listeners = largest.listeners if largest else []
    steps = max((one.generation for one in listeners), default=0)
    title = (
        f"The largest cascade went to {plural(largest.size, 'listener')} in {plural(steps, 'step')}"
        if largest
        else "No cascade can be shown"
    )
    note = "A dot is a listener, a line leads from the friend who heard it before."
    if largest and largest.size > len(listeners):
        note += f" Drawn are the first {len(listeners)}."
    chart = charts.cascade(
        "cascade",
        title,
        [charts.Listener(one.parent) for one in listeners],
        note=note,
        nothing="Too few listeners heard it from a friend. A longer window lets more of them count.",
    )
    rows: list[list[Cell]] = [
        [
            float(place),
            float(one.generation),
            None if one.parent is None else float(one.parent + 1),
            country_name(one.country) if one.country else None,
            one.day,
        ]
        for place, one in enumerate(listeners, 1)
    ]
    heads = [Column("Listener", count), Column("Step", count), Column("From listener", count)]
    heads += [Column("Country"), Column("First day")]
    # For artists some are empty all the way down.
    told = [place for place in range(len(heads)) if place < 3 or any(row[place] for row in rows)]
    columns = [heads[place] for place in told]
    lines = [Line([row[place] for place in told]) for row in rows]
    return Block(chart, Table(columns, lines))


def _generations(found: ArtistSpread) -> Block:
    """How many listeners there are at each step."""
    names = [
        "First of a cascade" if one.generation == 0 else plural(one.generation, "step") + " on"
        for one in found.generations
    ]
    most = max((one.generation for one in found.generations if one.listeners.count), default=0)
    title = f"It was passed on up to {plural(most, 'time')} in a row" if most else "It was hardly passed on"
    if most and any(one.generation > most for one in (found.largest.listeners if found.largest else ())):
        # Farther on there are too few to be told.
        title = f"{LEAST} listeners or more had it up to {plural(most, 'step')} on, fewer beyond"
    return Block(
        charts.bars(
            "generations",
            title,
            [
                charts.Bar(name, one.listeners.count)
                for name, one in zip(names, found.generations, strict=True)
            ],
            of="listeners",
            suppressed=FEW,
        ),
        Table(
            [Column("Step"), Column("Listeners", count)],
            [
                Line([name, suppressible(one.listeners.count)])
                for name, one in zip(names, found.generations, strict=True)
            ],
        ),
    )


def _sizes(found: ArtistSpread) -> Block:
    """Cascades by how many listeners they have."""
    # Less than ten listeners in cascades of ten or more each is nobody.
    sizes = [one for one in found.cascades if one.least < LEAST or one.listeners.count]
    alone = next((one for one in found.cascades if one.most == 1), None)
    title = "Cascades by their size"
    if alone and alone.listeners.count is not None:
        title = f"{plural(alone.listeners.count, 'listener')} passed it on to nobody and had it from nobody"
    return Block(
        charts.bars(
            "sizes",
            title,
            [charts.Bar(_size(one), one.listeners.count, n=one.cascades) for one in sizes],
            of="listeners",
            note="n is how many cascades there are of that size.",
            suppressed=FEW,
        ),
        Table(
            [Column("Size of the cascade"), Column("Cascades", count), Column("Listeners", count)],
            [
                Line([_size(one), suppressible(one.cascades), suppressible(one.listeners.count)])
                for one in sizes
            ],
        ),
    )


def _size(one: CascadeSizes) -> str:
    if one.most is None:
        return f"{one.least} listeners and more"
    return plural(one.least, "listener") if one.least == one.most else f"{one.least} to {one.most} listeners"


def _crossings(found: ArtistSpread) -> Block:
    """Between which countries it was passed on."""
    names = [f"{one.from_name} → {one.to_name}" for one in found.crossings]
    best = found.crossings[0] if found.crossings else None
    within = "fewer than 10" if found.within.count is None else count(found.within.count)
    title = (
        f"It crossed most from {best.from_name} to {best.to_name}: {plural(best.listeners, 'listener')}"
        if best
        else "No border is known to have been crossed by many"
    )
    return Block(
        charts.bars(
            "crossings",
            title,
            [charts.Bar(name, one.listeners) for name, one in zip(names, found.crossings, strict=True)],
            of="listeners",
            most=10,
            note=f"Within one country: {within}.",
            nothing=f"Nobody, or {FEW} for each pair of countries, had it from a friend abroad. "
            f"Within one country: {within}.",
        ),
        Table(
            [Column("From"), Column("To"), Column("Listeners", count)],
            [Line([one.from_name, one.to_name, float(one.listeners)]) for one in found.crossings],
        ),
    )
