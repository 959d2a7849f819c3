"""R of artists who pass from friend to friend with a known R, from listens in the graph to the answer."""

from __future__ import annotations

import math

import numpy as np
import pytest

from muse_graph.graph.connection import Graph
from muse_graph.loaders.rejects import Rejects
from muse_graph.loaders.write_batches import load
from muse_graph.service.artists.filters import filters_of
from muse_graph.service.artists.spread import artist_spread
from tests.conftest import wipe
from tests.worlds.cascades import Cascades, cascades, tables

WINDOW = 7
#: R, how many begin, and for how many days: some 400 to 900 listeners each.
WORLDS = {"a-fades": (0.5, 220, 60), "a-stays": (0.9, 60, 60), "a-grows": (1.3, 20, 38)}


@pytest.fixture(scope="module")
def simulated(graph: Graph) -> dict[str, Cascades]:
    """The listens of three artists in one graph, and how they came about."""
    rng = np.random.default_rng(13)
    found = {artist: cascades(rng, r, firsts, days, WINDOW) for artist, (r, firsts, days) in WORLDS.items()}
    wipe(graph)
    rejects = Rejects()
    load(graph, tables(rng, found), rejects, theta=0.2, advance=lambda *_: None)
    assert not any(tally.rejected for tally in rejects.tally.values())
    return found


@pytest.mark.parametrize("artist", WORLDS)
def test_r_is_that_of_the_cascades(graph: Graph, simulated: dict[str, Cascades], artist: str) -> None:
    r, made = WORLDS[artist][0], simulated[artist]
    known, n = made.known_r(WINDOW)
    found = artist_spread(graph, artist, filters_of(), window=WINDOW, exact=True)
    spread = found.reproduction
    assert spread.listeners.count == n
    assert spread.r == pytest.approx(known, rel=1e-12)
    # The sum of n Poisson numbers has the variance n R: three standard errors.
    assert abs(spread.r - r) < 3 * math.sqrt(r / n)
    assert None not in (spread.low, spread.high)
    assert spread.r > spread.high
    assert spread.p == pytest.approx(1 / 101)
    assert found.by_themselves.count == made.parent.count(-1)
    assert found.through_friends.count == len(made.day) - made.parent.count(-1)


@pytest.mark.parametrize("artist", WORLDS)
def test_an_artist_sees_it_rounded(graph: Graph, simulated: dict[str, Cascades], artist: str) -> None:
    known, n = simulated[artist].known_r(WINDOW)
    found = artist_spread(graph, artist, filters_of(), window=WINDOW)
    assert (found.reproduction.r, found.reproduction.listeners.count) == (round(known, 2), n // 10 * 10)


def test_a_shorter_window_sees_fewer_of_them(graph: Graph, simulated: dict[str, Cascades]) -> None:
    wide, narrow = (
        artist_spread(graph, "a-grows", filters_of(), window=window, exact=True).reproduction.r or 0.0
        for window in (WINDOW, 3)
    )
    # Days until it goes on are equally likely.
    assert 0.25 < narrow / wide < 0.6
