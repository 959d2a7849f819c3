"""How an artist spreads: who heard it first, through which friendships it went on, and over which borders."""

from __future__ import annotations

import math

import numpy as np

from muse_graph.answers import (
    AnalyticsFilters,
    ArtistSpread,
    CascadeSizes,
    CountryCrossing,
    Generation,
    Reproduction,
)
from muse_graph.core.artists import spread as core
from muse_graph.core.artists.earliest import earliest
from muse_graph.core.types import IntArray
from muse_graph.countries import country_name
from muse_graph.errors import invalid
from muse_graph.graph.connection import Graph
from muse_graph.service.artists.audiences import ArtistAudience, read_audience
from muse_graph.service.artists.cascades import Followed, largest_cascade
from muse_graph.service.artists.shown_counts import LEAST, shown_count

__all__ = ["DAYS", "MAX_DAYS", "artist_spread"]

#: Days between a friend's first listen and one's own: by default, and at most.
DAYS, MAX_DAYS = 7, 60
#: Listeners followed at most.
_MOST = 10_000
_SHUFFLES, _SEED = 100, 11
#: Sizes of cascades are counted in these steps.
_SIZES = ((1, 1), (2, 2), (3, 5), (6, 9), (10, 49), (50, None))


def artist_spread(
    graph: Graph, artist_id: str, filters: AnalyticsFilters, *, window: int = DAYS, exact: bool = False
) -> ArtistSpread:
    """Follow an artist from friend to friend; two round trips.

    A listener may have it from the friend who heard it first at most `window` days before the listener did,
    the latest of them. Days are those of the first listen to the artist, whatever the filter; the filter says
    who is followed. Of many listeners the first 10,000 are followed. Nobody is named.

    Args:
        filters: from `muse_graph.service.artists.filters.filters_of`
        window: days
        exact: for operators; else counts are in tens, none below ten, and so is what is computed from them

    Raises:
        UnknownArtist: If no artist has that id.
        UnknownTrack: If a track is not by the artist.
        InvalidRequest: For a window out of range.
    """
    if not 1 <= window <= MAX_DAYS:
        raise invalid("window", f"must be 1..{MAX_DAYS}", window)
    audience = read_audience(graph, artist_id, filters, exact=exact)
    followed = _follow(graph, audience, window)
    return _answer(audience, followed, window, exact=exact)


def _follow(graph: Graph, audience: ArtistAudience, window: int) -> Followed:
    chosen, cut = earliest(audience.listeners, audience.first_days, _MOST)
    keys, days = audience.listeners[chosen], audience.first_days[chosen]
    (row,) = graph.read("friends_among", keys=keys.tolist())
    codes = [home.country for home in row["homes"]]
    country = np.full(len(keys), -1)
    order = np.argsort(keys)
    for code, home in enumerate(row["homes"]):
        country[order[np.searchsorted(keys, home.keys, sorter=order)]] = code
    ends = np.array(row["friends"], np.int64)
    friends = order[np.searchsorted(keys, ends, sorter=order)].reshape(-1, 2) if len(ends) else _NO_PAIRS
    first = days.astype(np.int64)
    last = int(first.max(initial=0)) if cut else _last_day(audience, first)
    return Followed(first, friends, country, codes, core.spread(first, friends, window), cut, last)


_NO_PAIRS = np.empty((0, 2), np.int64)


def _last_day(audience: ArtistAudience, first: IntArray) -> int:
    """The last day on which anybody heard the artist."""
    days = audience.row_day[~np.isnat(audience.row_day)]
    return int(days.max().astype(np.int64)) if len(days) else int(first.max(initial=0))


def _answer(audience: ArtistAudience, followed: Followed, window: int, *, exact: bool) -> ArtistSpread:
    found = followed.spread
    through = int(np.count_nonzero(found.parent >= 0))
    counts = (len(followed.first), through, len(followed.first) - through)
    n, through_friends, by_themselves = (shown_count(count, exact=exact) for count in counts)
    undated = shown_count(int(np.isnat(audience.first_days).sum()), exact=exact)
    of = n.count if followed.cut else len(audience.listeners) - (undated.count or 0)
    crossed = core.crossings(found.parent, followed.country)
    days = followed.days if exact else followed.days[:0]
    return ArtistSpread(
        artist_id=audience.artist_id,
        name=audience.name,
        filters=audience.filters,
        left_out=audience.left_out,
        suppressed=audience.suppressed,
        window=window,
        listeners=None if audience.suppressed else len(audience.listeners),
        followed=n.count,
        cut=followed.cut,
        undated=undated,
        first_day=str(days[0]) if len(days) else None,
        last_day=str(days[-1]) if len(days) else None,
        through_friends=through_friends,
        through_share=None if through_friends.count is None or not of else through_friends.count / of,
        by_themselves=by_themselves,
        cascades=[] if audience.suppressed else _sizes(found.sizes, exact=exact),
        generations=_generations(found.generation, exact=exact),
        largest=largest_cascade(followed, exact=exact),
        reproduction=_reproduction(followed, window, exact=exact),
        crossings=_crossings(crossed, followed.codes, exact=exact),
        within=shown_count(crossed.within, exact=exact),
        unknown_country=shown_count(crossed.unknown, exact=exact),
    )


def _sizes(sizes: IntArray, *, exact: bool) -> list[CascadeSizes]:
    """Cascades by size; from ten listeners on each of them may be counted, and that there is none."""
    rows = []
    for least, most in _SIZES:
        these = sizes[(sizes >= least) & (sizes <= (most or sizes.max(initial=0)))]
        counted = exact or least >= LEAST
        cascades = shown_count(len(these), exact=counted)
        listeners = shown_count(int(these.sum()), exact=exact or (counted and not len(these)))
        rows.append(CascadeSizes(least, most, cascades.count, listeners))
    return rows


def _generations(generation: IntArray, *, exact: bool) -> list[Generation]:
    """From the first on; unless exact, none after the last with ten."""
    counts = np.bincount(generation)
    last = np.flatnonzero(counts >= (1 if exact else LEAST)).max(initial=-1)
    return [
        Generation(step, shown_count(count, exact=exact))
        for step, count in enumerate(counts[: last + 1].tolist())
    ]


def _reproduction(followed: Followed, window: int, *, exact: bool) -> Reproduction:
    """Of fewer than ten who came through friends nothing is shown, unless exact; else hundredths."""
    found = core.reproduction(followed.first, followed.friends, window, followed.last, _SHUFFLES, _SEED)
    listeners = shown_count(found.n, exact=exact)
    children = 0 if math.isnan(found.r) else round(found.r * found.n)
    if math.isnan(found.r) or not (exact or (children >= LEAST and listeners.count)):
        return Reproduction(None, listeners, None, None, None, None)
    numbers = (found.r, found.shuffled, found.low, found.high)
    # All of them are numbers of listeners over n: in full they would tell n, and so how many came.
    r, shuffled, low, high = numbers if exact else (round(number, 2) for number in numbers)
    return Reproduction(r, listeners, shuffled, low, high, found.p)


def _crossings(found: core.Crossings, codes: list[str], *, exact: bool) -> list[CountryCrossing]:
    rows = zip(found.source.tolist(), found.target.tolist(), found.counts.tolist(), strict=True)
    shown = [
        (codes[source], codes[target], shown_count(count, exact=exact).count)
        for source, target, count in rows
    ]
    return [
        CountryCrossing(source, country_name(source), target, country_name(target), count)
        for source, target, count in shown
        if count
    ]
