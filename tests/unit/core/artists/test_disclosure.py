"""The disclosure rule attacked: pairs and triples of figures and breakdowns, by brute force over rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muse_graph.core.artists.cells import Cells, cells, spans_within
from muse_graph.core.artists.disclosure import Shown, Suppressed, shown
from muse_graph.core.artists.presence import DIMENSIONS, Box, Dimension, Presence, masks_of, presence
from muse_graph.errors import InvalidRequest, ShapeError

#: listener, then track, country, unit, segment, source
Row = tuple[int, int, int, int, int, int]
World = list[Row]

CODES = (2, 3, 5, 2, 2)


def sets(size: int) -> st.SearchStrategy[frozenset[int] | None]:
    return st.none() | st.frozensets(st.integers(0, size - 1), min_size=1)


periods = st.none() | st.tuples(st.integers(0, 4), st.integers(0, 4)).map(lambda p: (min(p), max(p)))
boxes = st.builds(Box, sets(2), sets(3), periods, sets(2), sets(2))
dimensions = st.sampled_from(DIMENSIONS)
ks = st.integers(2, 4)


@st.composite
def worlds(draw: st.DrawFn, n_rows: int = 80) -> World:
    """Few values and listeners, so that figures are near each other; now and then no value."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n = draw(st.integers(5, n_rows))
    listener = rng.integers(0, draw(st.integers(3, 40)), n)
    columns = [np.minimum(rng.geometric(draw(st.sampled_from([0.3, 0.7])), n) - 1, c - 1) for c in CODES]
    unknown = rng.random((5, n)) < draw(st.sampled_from([0.0, 0.1]))
    found = [np.where(gone, -1, column) for column, gone in zip(columns, unknown, strict=True)]
    return [(*row,) for row in np.column_stack([listener, *found]).tolist()]


def table_of(world: World) -> Presence:
    return presence(*np.array(world, np.int64).reshape(-1, 6).T)


def within(row: Row, box: Box) -> bool:
    for name, code in zip(DIMENSIONS, row[1:], strict=True):
        named = getattr(box, name)
        if isinstance(named, tuple):
            if not named[0] <= code <= named[1]:
                return False
        elif named is not None and code not in named:
            return False
    return True


def rows_of(world: World, box: Box) -> frozenset[Row]:
    return frozenset(row for row in world if within(row, box))


def listeners(rows: frozenset[Row]) -> int:
    return len({row[0] for row in rows})


def cell_of(box: Box, dimension: Dimension, code: int) -> Box:
    return replace(box, **{dimension: (code, code) if dimension == "period" else frozenset({code})})


def figures(world: World, table: Presence, box: Box, k: int, by: Dimension) -> Iterator[frozenset[Row]]:
    """The rows of each figure that one look at a box gives: itself and its cells."""
    found = shown(table, box, k)
    if isinstance(found, Shown):
        rows = rows_of(world, found.box)
        assert found.listeners == listeners(rows) >= k
        yield rows
        seen = cells(table, box, by, k)
        for code in np.flatnonzero(seen.shown):
            cell = rows_of(world, cell_of(found.box, by, int(code)))
            assert seen.listeners[code] == listeners(cell) >= k
            yield cell


def breach(smaller: frozenset[Row], larger: frozenset[Row], k: int) -> bool:
    return smaller < larger and 0 < listeners(larger - smaller) < k


@given(world=worlds(), k=ks, asked=st.lists(st.tuples(boxes, dimensions), min_size=2, max_size=10))
@settings(max_examples=150, deadline=None)
def test_no_two_figures_are_less_than_k_listeners_apart(
    world: World, k: int, asked: list[tuple[Box, Dimension]]
) -> None:
    table = table_of(world)
    seen = {rows for box, by in asked for rows in figures(world, table, box, k, by)}
    assert [
        pair
        for one, other in combinations(seen, 2)
        for pair in ((one, other), (other, one))
        if breach(*pair, k)
    ] == []


def all_boxes(values: tuple[int, ...]) -> Iterator[Box]:
    """Every box of the first three dimensions."""
    tracks, countries = ([None, *_subsets(n)] for n in values[:2])
    units = [None, *((a, b) for a in range(values[2]) for b in range(a, values[2]))]
    return (Box(t, c, p) for t in tracks for c in countries for p in units)


def _subsets(n: int) -> list[frozenset[int]]:
    return [frozenset(some) for size in range(1, n + 1) for some in combinations(range(n), size)]


@pytest.mark.parametrize("seed", range(6))
def test_no_two_of_all_figures_of_a_world_are_less_than_k_listeners_apart(seed: int) -> None:
    rng = np.random.default_rng(seed)
    k, n = int(rng.integers(2, 5)), int(rng.integers(20, 80))
    columns = [rng.integers(0, values, n) for values in (int(rng.integers(5, 40)), 2, 3, 3, 1, 1)]
    world = [(*row,) for row in np.column_stack(columns).tolist()]
    table = table_of(world)
    asked = list(all_boxes((2, 3, 3)))
    found = [shown(table, box, k) for box in asked]
    seen = {rows_of(world, one.box) for one in found if isinstance(one, Shown)}
    assert len(seen) > 5
    assert not any(breach(one, other, k) for one in seen for other in seen)


@given(world=worlds(), k=ks, box=boxes, by=dimensions)
@settings(max_examples=100, deadline=None)
def test_a_cell_is_a_box_that_is_shown(world: World, k: int, box: Box, by: Dimension) -> None:
    check_cells(table_of(world), box, by, k)


def check_cells(table: Presence, box: Box, by: Dimension, k: int) -> int:
    """Compare the cells of a breakdown with the same asked for as boxes; how many are shown."""
    whole, seen = shown(table, box, k), cells(table, box, by, k)
    if not isinstance(whole, Shown):
        return 0
    asked = [cell_of(whole.box, by, code) for code in range(len(seen.shown))]
    found = [shown(table, cell, k) for cell in asked]
    wanted = [
        one == Shown(cell, listeners)
        for one, cell, listeners in zip(found, asked, seen.listeners, strict=True)
    ]
    assert [one for one, visible in zip(wanted, seen.shown, strict=True) if visible and not one] == []
    return int(seen.shown.sum())


spans = st.sampled_from([[(0, 1), (2, 3)], [(0, 2), (3, 4)], [(0, 4)], [(1, 2), (3, 3)]])


@given(world=worlds(), k=st.integers(1, 4), box=boxes, parts=spans)
@settings(max_examples=150, deadline=None)
def test_a_span_is_a_period_that_is_shown(
    world: World, k: int, box: Box, parts: list[tuple[int, int]]
) -> None:
    table = table_of(world)
    whole = shown(table, replace(box, period=None), k)
    if isinstance(whole, Shown) and table.sizes[2] == 5:
        seen = spans_within(table, whole.box, np.array(parts), k)
        for part, visible, count in zip(parts, seen.shown, seen.listeners, strict=True):
            found = shown(table, replace(whole.box, period=part), k)
            assert not visible or found == Shown(replace(whole.box, period=part), count)
            # For operators each of them.
            assert visible or k > 1
        rest = rows_of(world, whole.box).difference(
            *(
                rows_of(world, replace(whole.box, period=part))
                for part, yes in zip(parts, seen.shown, strict=True)
                if yes
            )
        )
        assert not 0 < listeners(rest) < k


@given(world=worlds(), k=ks, box=boxes, by=dimensions, others=st.lists(boxes, max_size=8))
@settings(max_examples=100, deadline=None)
def test_the_total_less_the_cells_is_not_near_another_figure(
    world: World, k: int, box: Box, by: Dimension, others: list[Box]
) -> None:
    table = table_of(world)
    seen = list(figures(world, table, box, k, by))
    if seen:
        rest = seen[0].difference(*seen[1:])
        wider = [one for one in (shown(table, other, k) for other in others) if isinstance(one, Shown)]
        assert not rest or not any(breach(rest, rows_of(world, one.box), k) for one in wider)


@given(world=worlds(), k=ks, box=boxes, by=dimensions)
@settings(max_examples=150, deadline=None)
def test_the_total_less_the_cells_never_leaves_less_than_k(
    world: World, k: int, box: Box, by: Dimension
) -> None:
    seen = list(figures(world, table_of(world), box, k, by))
    if seen:
        rest = seen[0].difference(*seen[1:])
        assert not 0 < listeners(rest) < k


@given(world=worlds(), k=ks, box=boxes)
@settings(max_examples=100, deadline=None)
def test_three_periods_leave_nothing_below_k(world: World, k: int, box: Box) -> None:
    """Theorem 2: one period less two others inside it, all else equal."""
    table = table_of(world)
    settled = shown(table, box, k)
    base = replace(settled.box if isinstance(settled, Shown) else box, period=None)
    periods = [None, *((a, b) for a in range(5) for b in range(a, 5))]
    found = [shown(table, replace(base, period=period), k) for period in periods]
    same = [one.box for one in found if isinstance(one, Shown) and replace(one.box, period=None) == base]
    seen = {rows_of(world, box) for box in same}
    for whole in seen:
        for one, other in combinations([rows for rows in seen if rows < whole], 2):
            if not one & other:
                assert not 0 < listeners(whole - one - other) < k


@given(world=worlds(30), box=boxes, by=dimensions)
@settings(max_examples=60, deadline=None)
def test_for_operators_everything_is_exact(world: World, box: Box, by: Dimension) -> None:
    table = table_of(world)
    assert shown(table, box, 1) == Shown(box, listeners(rows_of(world, box)))
    seen, named = cells(table, box, by, 1), getattr(box, by)
    for code in range(len(seen.shown)):
        asked = named is None or (named[0] <= code <= named[1] if isinstance(named, tuple) else code in named)
        count = listeners(rows_of(world, box) & rows_of(world, cell_of(box, by, code)))
        assert (seen.shown[code], seen.listeners[code]) == (asked, count if asked else 0)


def test_a_thousand_pairs_recover_no_cell() -> None:
    """Pairs made to be near each other; figures of all boxes would give dozens of small groups away."""
    rng = np.random.default_rng(11)
    k, table = 10, middling(rng)
    recovered = given_away = 0
    for _ in range(1_000):
        pair = _near_pair(rng)
        answers = [shown(table, box, k) for box in pair]
        given_away += _apart(table, *pair) in range(1, k)
        if isinstance(answers[0], Shown) and isinstance(answers[1], Shown):
            boxes_seen = [one.box for one in answers if isinstance(one, Shown)]
            recovered += _apart(table, *boxes_seen) in range(1, k)
    assert given_away > 50
    assert recovered == 0


def middling(rng: np.random.Generator) -> Presence:
    """900 listeners, most of them in one country each; some values have hundreds of them, some a few."""
    n = 3_000
    home, level = np.minimum(rng.geometric(0.3, 900), 12) - 1, rng.integers(0, 4, 900)
    listener = rng.integers(0, 900, n)
    track, source = (np.minimum(rng.geometric(p, n), c) - 1 for p, c in ((0.3, 10), (0.5, 8)))
    country = np.where(rng.random(n) < 0.9, home[listener], rng.integers(0, 12, n))
    return presence(listener, track, country, rng.integers(-1, 12, n), level[listener], source)


@pytest.mark.parametrize("by", DIMENSIONS)
def test_cells_of_a_larger_world(by: Dimension) -> None:
    table = middling(np.random.default_rng(5))
    few = Box(countries=frozenset({0, 1}), period=(2, 9), sources=frozenset({0}))
    assert check_cells(table, Box(), by, 10) > 3
    assert check_cells(table, few, by, 10) > 0


def _near_pair(rng: np.random.Generator) -> tuple[Box, Box]:
    """A box, and one that names one thing more or one value less."""
    some = {
        "tracks": frozenset(rng.choice(10, rng.integers(1, 4), replace=False).tolist()),
        "countries": frozenset(rng.choice(12, rng.integers(1, 4), replace=False).tolist()),
        "period": tuple(sorted(rng.integers(0, 12, 2).tolist())),
        "segments": frozenset(rng.choice(4, rng.integers(1, 3), replace=False).tolist()),
        "sources": frozenset(rng.choice(8, rng.integers(1, 4), replace=False).tolist()),
    }
    names = rng.permutation(list(some))[: rng.integers(1, 4)].tolist()
    narrow = Box(**{name: some[name] for name in names})
    changed, named = names[0], some[names[0]]
    if rng.random() < 0.5 or len(named) < 2:
        return narrow, replace(narrow, **{changed: None})
    if changed == "period":
        return replace(narrow, period=(named[0], max(named[0], named[1] - 1))), narrow
    return replace(narrow, **{changed: named - {min(named)}}), narrow


def _apart(table: Presence, one: Box, other: Box) -> int:
    """Listeners of the larger box outside the smaller; 0 if neither is in the other."""
    rows = [table.within(masks_of(box, table.sizes)) for box in (one, other)]
    for small, large in (rows, rows[::-1]):
        if not (small & ~large).any():
            return len(set(table.listener[large & ~small].tolist()))
    return 0


def world_of(*groups: tuple[int, int, int, int]) -> Presence:
    """Groups of (listeners, track, country, unit), each listener in one."""
    rows, at = [], 0
    for size, track, country, unit in groups:
        rows += [(listener, track, country, unit, 0, 0) for listener in range(at, at + size)]
        at += size
    return table_of(rows)


def test_a_box_is_compared_with_what_it_happens_to_have() -> None:
    """Country 0 has only track 0, which 3 play elsewhere: {country 0} and {track 0} would be 3 apart."""
    table = world_of((20, 0, 0, 0), (3, 0, 1, 0), (20, 1, 1, 0))
    assert shown(table, Box(countries=frozenset({0})), 10) == Suppressed("close")
    assert isinstance(shown(table, Box(tracks=frozenset({0})), 10), Shown)
    near = world_of((20, 0, 0, 0), (9, 0, 1, 0), (20, 1, 1, 0))
    assert shown(near, Box(countries=frozenset({0})), 10) == Suppressed("close")
    far = world_of((20, 0, 0, 0), (10, 0, 1, 0), (20, 1, 1, 0))
    assert shown(far, Box(countries=frozenset({0})), 10) == Shown(Box(countries=frozenset({0})), 20)


def test_what_a_box_happens_to_have_of_time_is_a_period() -> None:
    """Country 0 is heard in units 0, 1 and 3; the period from 0 to 3 has 3 listeners more, in unit 2."""
    table = world_of((20, 0, 0, 0), (8, 0, 0, 1), (20, 0, 0, 3), (3, 0, 1, 2), (20, 0, 1, 4))
    assert shown(table, Box(period=(0, 3)), 10) == Shown(Box(period=(0, 3)), 51)
    assert shown(table, Box(countries=frozenset({0})), 10) == Suppressed("close")


def test_a_cell_near_the_same_value_without_the_filter_is_hidden() -> None:
    """Track 0 in country 0 is 3 apart from country 0 in unit 0; country 1 is hidden since it would tell."""
    elsewhere = [(20, track, 1, unit) for track in (0, 1) for unit in (0, 1)]
    table = world_of((20, 0, 0, 0), (3, 1, 0, 0), (20, 1, 0, 1), *elsewhere)
    assert shown(table, Box(tracks=frozenset({0})), 10) == Shown(Box(tracks=frozenset({0})), 60)
    assert cells(table, Box(tracks=frozenset({0})), "countries", 10).listeners.tolist() == [0, 0]


def test_a_cell_that_the_others_would_tell_hides_another() -> None:
    """The same: without country 0 the total less 1 and 2 would be country 0, 3 apart from {track 0}."""
    table = world_of((20, 0, 0, 0), (3, 0, 1, 0), (20, 1, 1, 0), (30, 1, 2, 0))
    assert cells(table, Box(), "countries", 10).listeners.tolist() == [0, 0, 30]


def test_what_is_left_out_is_said() -> None:
    table = world_of((30, 0, 0, 0), (40, 0, 1, 1), (4, 0, 2, 2), (7, 0, 3, 2), (50, 0, 4, 3))
    assert shown(table, Box(countries=frozenset({0, 1, 2, 9})), 10) == Shown(
        Box(countries=frozenset({0, 1})), 70, {"countries": (2, 9)}
    )
    assert shown(table, Box(period=(0, 9)), 10) == Shown(Box(period=(0, 3)), 131)
    assert shown(table, Box(countries=frozenset({2, 3})), 10) == Suppressed("few", {"countries": (2, 3)})


def test_the_smallest_that_stands_hides_a_smaller() -> None:
    table = world_of((30, 0, 0, 0), (20, 0, 1, 0), (20, 0, 2, 0), (4, 0, 3, 0))
    seen = cells(table, Box(), "countries", 10)
    assert seen.listeners.tolist() == [30, 0, 20, 0]
    assert seen.shown.tolist() == [True, False, True, False]
    assert shown(table, Box(countries=frozenset({1})), 10) == Suppressed("few", {"countries": (1,)})


def test_a_small_unit_between_two_that_stand_hides_one_of_them() -> None:
    table = world_of((30, 0, 0, 0), (20, 0, 0, 1), (4, 0, 0, 2), (25, 0, 0, 3), (15, 0, 0, 4))
    assert cells(table, Box(), "period", 10).listeners.tolist() == [30, 0, 0, 25, 15]
    after = world_of((30, 0, 0, 0), (25, 0, 0, 1), (4, 0, 0, 2), (20, 0, 0, 3), (15, 0, 0, 4))
    assert cells(after, Box(), "period", 10).listeners.tolist() == [30, 25, 0, 0, 15]
    assert shown(table, Box(period=(0, 1)), 10) == Shown(Box(period=(0, 0)), 30, {"period": (1,)})
    assert shown(table, Box(period=(0, 3)), 10) == Shown(Box(period=(0, 3)), 79)


def test_small_ends_and_rows_without_a_time_are_one_group() -> None:
    apart = world_of((4, 0, 0, -1), (30, 0, 0, 1), (20, 0, 0, 2))
    assert cells(apart, Box(), "period", 10).listeners.tolist() == [0, 30, 0]
    together = world_of((4, 0, 0, -1), (6, 0, 0, 0), (30, 0, 0, 1), (20, 0, 0, 2), (3, 0, 0, 3))
    assert cells(together, Box(), "period", 10).listeners.tolist() == [0, 30, 20, 0]


def test_a_cell_whose_named_values_do_not_stand_is_hidden() -> None:
    table = world_of((30, 0, 0, 0), (30, 1, 0, 0), (40, 0, 1, 0), (5, 1, 1, 0), (30, 2, 0, 0), (30, 2, 1, 0))
    seen = cells(table, Box(tracks=frozenset({0, 1})), "countries", 10)
    assert seen.listeners.tolist() == [60, 0]
    assert isinstance(shown(table, Box(countries=frozenset({1})), 10), Shown)


def test_no_cells_of_a_box_that_is_not_shown() -> None:
    seen = cells(world_of((4, 0, 0, 0)), Box(), "countries", 10)
    assert isinstance(seen, Cells)
    assert (seen.listeners.tolist(), seen.shown.tolist()) == ([0], [False])


def test_an_empty_world() -> None:
    table = table_of([])
    assert shown(table, Box(period=(0, 3)), 10) == Suppressed("few")
    assert shown(table, Box(), 1) == Shown(Box(), 0)
    assert len(cells(table, Box(), "tracks", 10).shown) == 0


def test_refusals() -> None:
    with pytest.raises(InvalidRequest, match="k must be a finite number >= 1, got 0"):
        shown(table_of([]), Box(), 0)
    column = np.zeros(3, np.int64)
    with pytest.raises(ShapeError, match=r"country must be -1\.\.65533, got 0\.\.65534"):
        presence(column, column, np.array([0, 1, 65_534]), column, column, column)
    with pytest.raises(ShapeError, match="equally long"):
        presence(column, column[:2], column, column, column, column)
