"""What an artist's figures can be filtered by, and how far they go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from muse_graph.answers import Unit
from muse_graph.core.artists.presence import COUNTRIES, masks_of
from muse_graph.core.artists.standing import standing
from muse_graph.graph.connection import Graph
from muse_graph.service.artists.audiences import ArtistAudience, read_audience
from muse_graph.service.artists.filters import filters_of

__all__ = ["FilterChoices", "read_choices"]


@dataclass(frozen=True)
class FilterChoices:
    """What can be chosen.

    Attributes:
        countries: codes of all that the artist is heard in: the most listeners first, then by code; last
            those whose listeners are not shown
        unit: of time, which periods are whole ones of
        last_day: of the last unit with a play; null without a play that has a time
    """

    countries: list[str]
    unit: Unit
    last_day: date | None


def read_choices(graph: Graph, artist_id: str, *, exact: bool) -> FilterChoices:
    """What the figures of an artist can be filtered by; one round trip.

    Args:
        exact: for operators and analysts: periods are of days

    Raises:
        UnknownArtist: If no artist has that id.
    """
    audience = read_audience(graph, artist_id, filters_of(), exact=exact)
    days = audience.units.last
    last = date.fromisoformat(str(days[-1])) if len(days) else None
    return FilterChoices(_countries(audience), audience.units.unit, last)


def _countries(audience: ArtistAudience) -> list[str]:
    table, everything = audience.table, masks_of(audience.asked, audience.table.sizes)
    heard = table.listeners_by_code(COUNTRIES, table.within(everything))
    ordered = np.where(standing(table, everything, COUNTRIES, audience.k), heard, 0)[1:]
    # Codes are in the order of their names, which a stable sort keeps among equals.
    order = np.argsort(-ordered, kind="stable")
    return [audience.stored.countries[code] for code in order.tolist()]
