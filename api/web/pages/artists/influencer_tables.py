"""Influencers as tables and bars: those with the most likes, the matches, a set, the shortlist."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from muse_graph.answers import ArtistMatch, InfluencerSet, Match, NewReach, Shortlisted, ShownCount
from muse_graph.api.web import charts
from muse_graph.api.web.charts import SUPPRESSED
from muse_graph.api.web.charts.wording import count, percentage, share
from muse_graph.api.web.pages.artists.blocks import Block, Cell, Column, Line, Table, suppressible
from muse_graph.api.web.pages.artists.words import place, plural
from muse_graph.countries import country_name

__all__ = ["matches_table", "reach_words", "shortlist_table", "together_block", "top_block"]


def top_block(found: Sequence[Match], country: str, genre: str) -> Block:
    """The influencers of a country and genre with the most likes on average."""
    chart = charts.bars(
        "top",
        _top_title(found, country, genre),
        [charts.Bar(one.handle, one.score, n=one.followers) for one in found],
        of="likes",
        note="Likes of a post on average; n is followers.",
        nothing=f"Nobody known here posts in {genre} from {place(country)}. Choose another country or genre.",
    )
    columns = [Column("Influencer"), Column("Likes on average", count), Column("Followers", count)]
    return Block(
        chart, Table(columns, [Line([one.handle, one.avg_likes, _number(one.followers)]) for one in found])
    )


def _top_title(found: Sequence[Match], country: str, genre: str) -> str:
    if not found:
        return f"Nobody posts in {genre} from {place(country)}"
    best = found[0]
    return f"{best.handle} has the most likes for {genre} in {place(country)}: {count(best.score)} a post"


def matches_table(found: Sequence[ArtistMatch]) -> Table:
    """All that is said of each match, for a file."""
    columns = [
        Column("Influencer"),
        Column("Id"),
        Column("Country"),
        Column("Score", count),
        Column("New reach", count),
        Column("New reach, from", count),
        Column("New reach, to", count),
        Column("New reach is"),
        Column("Engagement", share),
        Column("Likes on average", count),
        Column("Followers", count),
        Column("Fit", share),
    ]
    return Table(columns, [Line(_match_cells(one)) for one in found])


def _match_cells(one: ArtistMatch) -> list[Cell]:
    reach = one.new_reach
    return [
        one.handle,
        one.influencer_id,
        country_name(one.country) if one.country else None,
        round(one.score, 1),
        SUPPRESSED if reach.suppressed else _number(reach.count),
        float(reach.low),
        float(reach.high),
        "estimated" if reach.estimated else "counted",
        one.engagement,
        one.avg_likes,
        _number(one.followers),
        one.fit,
    ]


def reach_words(reach: NewReach) -> str:
    """New reach, with what it lies between where that is open."""
    if reach.suppressed:
        return "fewer than 10"
    return f"{'≈ ' if reach.estimated else ''}{count(reach.count or 0)}"


def together_block(found: InfluencerSet) -> Block:
    """The set chosen together: what each adds to those before."""
    chart = charts.bars(
        "together",
        _together_title(found),
        [charts.Bar(one.handle, one.adds.count, n=one.alone.count) for one in found.items],
        of="new listeners",
        note="Each adds these to the ones before, nobody counted twice; n is what each would bring alone.",
        nothing="Nobody whose followers are known here would add ten listeners or more."
        if found.not_known
        else "Nobody known here would add listeners.",
    )
    columns = [
        Column("Influencer"),
        Column("Adds", count),
        Column("Alone", count),
        Column("Likes on average", count),
        Column("Followers", count),
    ]
    columns += [Column("Cost", count)] if found.cost is not None else []
    lines = [
        Line(
            [
                one.handle,
                suppressible(one.adds.count),
                suppressible(one.alone.count),
                one.avg_likes,
                _number(one.followers),
                *([one.cost] if found.cost is not None else []),
            ]
        )
        for one in found.items
    ]
    return Block(chart, Table(columns, lines))


def _together_title(found: InfluencerSet) -> str:
    if not found.items:
        return "No set of influencers would add listeners"
    who = "One influencer" if len(found.items) == 1 else f"{len(found.items)} influencers together"
    total = _count(found.total)
    if found.gain is None or abs(found.gain) < 0.005:
        return f"{who} would add {total}, as would those with the most likes"
    side = "more" if found.gain > 0 else "fewer"
    plain = len(found.plain.influencer_ids)
    most_liked = f"the {plain} with the most likes" if plain > 1 else "the one with the most likes"
    return f"{who} would add {total}, {percentage(abs(found.gain))} {side} than {most_liked}"


def _count(found: ShownCount) -> str:
    return "fewer than 10 listeners" if found.count is None else plural(found.count, "listener")


def shortlist_table(found: Sequence[Shortlisted], link: Callable[[str], str]) -> Table:
    """Who is kept in mind, for a file.

    Args:
        link: what an influencer hands out
    """
    columns = [Column("Influencer"), Column("Id"), Column("Country")]
    columns += [
        Column("Likes on average", count),
        Column("Followers", count),
        Column("Since"),
        Column("Link"),
    ]
    return Table(
        columns,
        [
            Line(
                [
                    one.handle,
                    one.influencer_id,
                    country_name(one.country) if one.country else None,
                    one.avg_likes,
                    _number(one.followers),
                    one.since,
                    link(one.influencer_id),
                ]
            )
            for one in found
        ],
    )


def _number(value: int | None) -> float | None:
    return None if value is None else float(value)
