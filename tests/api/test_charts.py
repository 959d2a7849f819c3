"""Charts: where things are drawn, what is written, and that no text becomes markup."""

from __future__ import annotations

import itertools
import math
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markupsafe import escape

from muse_graph.api.web import charts
from muse_graph.api.web.charts import Bar, Chart, Curve, Lift, Listener, Unit
from muse_graph.api.web.charts.cascade import generations
from muse_graph.api.web.charts.markup import percent, tag
from muse_graph.api.web.charts.scales import round_up, spread, steps, ticks
from muse_graph.api.web.charts.series import runs, thinned
from muse_graph.api.web.charts.survival import biggest_drop
from muse_graph.api.web.charts.wording import brief, change, count, lines, share, times, width
from tests.browser.chart_gallery import HOSTILE, LONG, RIGHT_TO_LEFT

NBSP = "\u00a0"
SVG = "{http://www.w3.org/2000/svg}"
PARTS = [0.1, 0.5, 0.9]


def parsed(chart: Chart) -> ET.Element:
    return ET.fromstring(str(escape(chart)))


def named(chart: Chart, name: str, class_: str) -> list[ET.Element]:
    """Elements of an SVG that have a class."""
    return [found for found in parsed(chart).iter(SVG + name) if class_ in found.get("class", "").split()]


def words(chart: Chart) -> list[str]:
    return ["".join(found.itertext()) for found in parsed(chart).iter(SVG + "text")]


def hostile() -> Iterator[Chart]:
    """Each kind of chart with a text in each place that takes one."""
    bad = HOSTILE
    curve = Curve(bad, PARTS, [0.9, 0.5, 0.3], [0.8, 0.4, 0.2], [1, 0.6, 0.4])
    yield charts.survival("a", bad, curve, other=curve, reference=curve, note=bad)
    yield charts.survival("b", bad, None, nothing=bad)
    yield charts.series(
        "c", bad, [Unit(bad, 1.0), Unit(bad, None)], of=bad, before=[2], before_name=bad, note=bad
    )
    yield charts.bars(
        "d", bad, [Bar(bad, 1.0, 0.5, 0.1, 3), Bar(bad, None)], of=bad, suppressed=bad, note=bad
    )
    yield charts.lift_bars("e", bad, [Lift(bad, 2, 1, 3, 4)], note=bad)
    yield charts.cascade("f", bad, [Listener(), Listener(0)], note=bad)
    yield charts.world_map("g", bad, {bad: 3, "BR": 4}, of=bad, href=lambda _code: f"?q={bad}", note=bad)


@pytest.mark.parametrize("chart", list(hostile()), ids=lambda chart: chart.key)
def test_no_text_becomes_markup(chart: Chart) -> None:
    elements = list(parsed(chart).iter())
    assert {found.tag.removeprefix(SVG) for found in elements}.isdisjoint({"script", "b", "style", "image"})
    assert not [
        name for found in elements for name in found.attrib if name.startswith("on") or name == "style"
    ]
    assert HOSTILE in "".join(parsed(chart).itertext())


@pytest.mark.parametrize("chart", list(hostile()), ids=lambda chart: chart.key)
def test_a_picture_has_a_name_and_a_description(chart: Chart) -> None:
    ids = {found.get("id"): "".join(found.itertext()) for found in parsed(chart).iter()}
    for picture in (found for found in parsed(chart).iter(SVG + "svg") if found.get("role")):
        assert ids[picture.get("aria-labelledby")] == HOSTILE
        assert ids[picture.get("aria-describedby")]


def test_an_element_escapes_its_parts() -> None:
    made = tag("a", "<b>", tag("i"), x_y='"', class_="c", left_out=None, n=1 / 3)
    assert made == '<a x-y="&#34;" class="c" n="0.33">&lt;b&gt;<i/></a>'


@pytest.mark.parametrize(
    ("part", "written"),
    [(0, "0%"), (1 / 3, "33.33%"), (1, "100%"), (7, "100%"), (-1, "0%"), (math.nan, "0%"), (0.5, "50%")],
)
def test_a_place_is_inside(part: float, written: str) -> None:
    assert percent(part) == written


@pytest.mark.parametrize(
    ("make", "value", "written"),
    [
        (count, 0, "0"),
        (count, 999_499, "999,499"),
        (count, 1204.0, "1,204"),
        (count, 2.5, "2.5"),
        (count, 0.125, "0.125"),
        (count, 999_600, "1 m"),
        (count, 3_210_000, "3.21 m"),
        (count, 99_960_000, "100 m"),
        (count, 8.7e9, "8.7 bn"),
        (count, 4.2e15, "4,200 tn"),
        (count, -4, "−4"),
        (brief, 9_999, "9,999"),
        (brief, 21_931, "21.9k"),
        (brief, 999_499, "999k"),
        (brief, 2_000_000, "2 m"),
        (share, 0, f"0{NBSP}%"),
        (share, 0.0001, f"<0.1{NBSP}%"),
        (share, 0.0106, f"1.1{NBSP}%"),
        (share, 0.412, f"41{NBSP}%"),
        (share, 1, f"100{NBSP}%"),
        (change, 0.12, f"+12{NBSP}%"),
        (change, -0.04, f"−4{NBSP}%"),
        (change, 0.001, f"±0{NBSP}%"),
        (change, math.inf, "new"),
        (change, 123.0, "+123×"),
        (times, 2.4, "2.4×"),
        (times, 0.3, "0.30×"),
        (times, 0, "0×"),
        (times, 12, "12×"),
        (times, 5000, "5,000×"),
    ],
)
def test_a_number_in_words(make: Callable[[float], str], value: float, written: str) -> None:
    assert make(value) == written


def test_lines_keep_what_fits_and_say_what_does_not() -> None:
    assert lines("Saint Helena, Ascension", 40, 2) == ["Saint Helena, Ascension"]
    assert lines("one two three", 5, 3) == ["one", "two", "three"]
    assert lines("aaaa bbbb cccc", 6, 2) == ["aaaa", "bbbb…"]
    assert lines("a" * 50, 10, 2) == ["a" * 9 + "…"]
    assert lines("", 10, 2) == [""]
    assert width("夜の") == 4
    assert width("a\u0301") == 1


@given(st.text(max_size=90), st.floats(3, 50), st.integers(1, 3))
def test_lines_are_never_too_long_or_too_many(text: str, most: float, n: int) -> None:
    found = lines(text, most, n)
    assert 1 <= len(found) <= n
    assert all(width(part) <= most for part in found)


@pytest.mark.parametrize(
    ("most", "marks"),
    [(0, [0, 1]), (9, [0, 5, 10]), (29, [0, 10, 20, 30]), (187, [0, 100, 200]), (1, [0, 1])],
)
def test_an_axis_has_round_marks(most: float, marks: list[float]) -> None:
    assert ticks(most, whole=True) == marks


@given(st.floats(1e-6, 1e15))
def test_an_axis_reaches_its_largest_value(most: float) -> None:
    marks = ticks(most)
    assert marks[-1] >= most * (1 - 1e-9)
    assert 2 <= len(marks) <= 5
    assert round_up(most) >= most * (1 - 1e-9)


@example([499_999_999.9375])
@given(st.lists(st.floats(1e-4, 1e9), min_size=1, max_size=60))
def test_each_step_of_a_map_has_a_country(values: list[float]) -> None:
    bounds = steps(values)
    assert 1 <= len(bounds) <= 5
    assert bounds == sorted(set(bounds))
    assert bounds[0] <= min(values) * (1 + 1e-9)
    for low, high in zip(bounds, [*bounds[1:], math.inf], strict=True):
        assert any(low <= value < high for value in values)


def test_steps_of_a_map() -> None:
    assert steps([]) == []
    assert steps([0.0, 0.0]) == []
    assert steps([7.0]) == [7.0]
    assert steps([12, 90, 300, 2_000, 16_204]) == [10, 50, 200, 1000, 3000]
    assert steps([12, 40, 300, 2_000, 16_204]) == [10, 200, 1000, 3000]


@given(st.lists(st.floats(0, 200), min_size=1, max_size=8))
def test_labels_are_moved_apart_in_their_order(places: list[float]) -> None:
    moved = spread(places, 15, 0, 200)
    order = sorted(range(len(places)), key=lambda i: places[i])
    in_order = [moved[i] for i in order]
    assert all(after - before >= 15 - 1e-9 for before, after in itertools.pairwise(in_order))
    assert max(moved) <= 200
    assert min(moved) >= 0


def test_a_curve_begins_with_every_play_and_keeps_its_band() -> None:
    curve = Curve("Night Bus", PARTS, [0.8, 0.5, 0.25], [0.7, 0.4, 0.2], [0.9, 0.6, 0.3])
    chart = charts.survival("s", "Half", curve)
    drawn = named(chart, "path", "curve")[0].get("d")
    assert drawn == "M0.0 2.0L100.0 51.6L500.0 126.0L900.0 188.0"
    band = named(chart, "path", "band")[0].get("d", "")
    assert band.startswith("M0.0 2.0L100.0 26.8")
    assert band.endswith("L0.0 2.0Z")
    assert f"\u2068Night Bus\u2069 25{NBSP}%" in words(chart)


def test_the_biggest_drop_is_marked() -> None:
    curve = Curve("", PARTS, [0.9, 0.4, 0.3])
    assert biggest_drop(curve) == pytest.approx((0.1, 0.5, 0.5))
    assert biggest_drop(Curve("", PARTS, [1, 1, 1])) is None
    assert biggest_drop(Curve("", PARTS, [0.5, 0.4, 0.3])) == pytest.approx((0, 0.1, 0.5))
    chart = charts.survival("s", "Half", curve)
    assert len(named(chart, "path", "drop")) == 1
    assert f"between 10{NBSP}% and 50{NBSP}%" in words(chart)
    assert not named(charts.survival("s", "All", Curve("", PARTS, [1, 1, 1])), "path", "drop")


@given(st.lists(st.floats(0, 1), min_size=9, max_size=9), st.lists(st.floats(0, 1), min_size=9, max_size=9))
def test_names_of_curves_stay_inside_and_apart(first: list[float], second: list[float]) -> None:
    parts = [i / 10 for i in range(1, 10)]
    one, other = (Curve("x", parts, sorted(values, reverse=True)) for values in (first, second))
    chart = charts.survival("s", "t", one, other=other, reference=other)
    heights = sorted(float(found.get("y", "0")) for found in named(chart, "text", "name"))
    assert all(22 < height <= 272 for height in heights)
    assert all(below - above >= 16.9 for above, below in itertools.pairwise(heights))


def test_a_series_has_gaps_where_nothing_is_known() -> None:
    assert runs([None, 1, 2, None, 3, None]) == [[(1, 1), (2, 2)], [(4, 3)]]
    values = [None, 1.0, 2.0, None, 3.0, None]
    chart = charts.series("t", "x", [Unit(str(i), value) for i, value in enumerate(values)], of="plays")
    hatched = named(chart, "svg", "hatch")
    assert [(found.get("x"), found.get("width")) for found in hatched] == [
        ("0%", "20%"),
        ("40%", "40%"),
        ("80%", "20%"),
    ]
    assert len(named(chart, "path", "first")) == 2
    assert "3 of 6 not shown" in "".join(parsed(chart).itertext())


def test_many_values_keep_their_peaks() -> None:
    run = [(day, 5.0) for day in range(5000)]
    run[1234], run[4000] = (1234, 99.0), (4000, -7.0)
    drawn = thinned(run)
    assert len(drawn) <= 602
    assert {run[0], run[1234], run[4000], run[-1]} <= set(drawn)
    assert thinned(run[:10]) == run[:10]


def test_the_period_before_is_cut_to_the_period() -> None:
    units = [Unit(str(i), float(i)) for i in range(3)]
    chart = charts.series("t", "x", units, of="plays", before=[4.0, 4.0, 4.0, 900.0])
    assert named(chart, "path", "reference")[0].get("d", "").count("L") == 2
    assert "900" not in words(chart)
    assert "period before" in words(chart)


def test_bars_are_as_long_as_their_values() -> None:
    rows = [Bar("a", 200, 0.5), Bar("b", 50, 0.1), Bar("c", 0.0, 0), Bar("d", 0.001, 0), Bar("e", None)]
    chart = charts.bars("b", "x", rows, of="plays")
    assert [found.get("width") for found in named(chart, "rect", "mark")] == ["100%", "25%", "0.6%"]
    assert "fewer than 10" in words(chart)
    assert "change" not in words(chart)
    assert "nan" not in str(escape(charts.bars("b", "x", [Bar("a", 0)], of="plays")))


def test_more_bars_than_fit_are_counted() -> None:
    chart = charts.bars("b", "x", [Bar(str(i), 9 - i / 10) for i in range(50)], of="plays", most=4)
    assert len(named(chart, "rect", "track")) == 4
    assert "and 46 more in the table" in words(chart)


@pytest.mark.parametrize("label", [LONG, RIGHT_TO_LEFT, "Bosnia and Herzegovina", "x" * 500])
def test_a_long_name_and_its_numbers_never_share_a_line(label: str) -> None:
    chart = charts.bars("b", "x", [Bar(label, 1234567, 0.5, 0.1, 12)], of="plays")
    name, number = named(chart, "text", "label"), named(chart, "text", "number")
    assert 1 <= len(name) <= 3
    heights = {found.get("y") for found in name if width("".join(found.itertext())) * 7.8 > 320 - 250}
    assert heights.isdisjoint({found.get("y") for found in number})


def test_lift_is_to_the_side_of_one() -> None:
    rows = [Lift("a", 4, 2, 8, 10), Lift("b", 0.5, 0.25, 2), Lift("c", 1)]
    chart = charts.lift_bars("l", "x", rows)
    over, under = named(chart, "rect", "lift-over"), named(chart, "rect", "lift-under")
    # Three doublings to each side.
    assert [(found.get("x"), found.get("width")) for found in over] == [("50%", "33.33%"), ("50%", "0%")]
    assert [(found.get("x"), found.get("width")) for found in under] == [("33.33%", "16.67%")]
    assert "unsure" in under[0].get("class", "")
    assert "unsure" not in over[0].get("class", "")


@given(st.floats(0), st.floats(0), st.floats(0))
def test_any_lift_is_drawn_inside(lift: float, low: float, high: float) -> None:
    chart = charts.lift_bars("l", "x", [Lift("a", lift, low, high)])
    for found in parsed(chart).iter():
        for name in ("x", "x1", "x2", "width"):
            value = found.get(name, "0%")
            assert not value.endswith("%") or 0 <= float(value[:-1]) <= 100


def test_generations_follow_parents() -> None:
    assert generations([Listener(), Listener(0), Listener(1), Listener(), Listener(0)]) == [0, 1, 2, 0, 1]
    for wrong in ([Listener(0)], [Listener(1), Listener()], [Listener(), Listener(-1)]):
        with pytest.raises(ValueError, match="a parent comes before its child"):
            generations(wrong)


def test_a_cascade_counts_what_it_leaves_out() -> None:
    many = (
        [Listener() for _ in range(30)]
        + [Listener(i) for i in range(30)]
        + [Listener(30 + i) for i in range(3)]
    )
    chart = charts.cascade("c", "x", many)
    assert len(named(chart, "circle", "passed-on")) == 18 + 3
    assert len(named(chart, "path", "link")) == 18 + 3
    assert {"30", "3", "+12"} <= set(words(chart))
    line = charts.cascade("c", "x", [Listener(i - 1 if i else None) for i in range(20)])
    assert "and 13 in later steps" in words(line)


def test_an_empty_chart_says_so_and_draws_nothing() -> None:
    empty = [
        charts.survival("a", "x", Curve("", [], [])),
        charts.series("b", "x", [Unit("a", None)], of="plays", nothing="Choose a longer period."),
        charts.bars("c", "x", [], of="plays"),
        charts.lift_bars("d", "x", []),
        charts.cascade("e", "x", [Listener(), Listener()]),
        charts.world_map("f", "x", {}, of="plays"),
    ]
    assert [chart.pictures for chart in empty] == [()] * 6
    assert "Choose a longer period." in str(escape(empty[1]))


def test_a_sparkline_ends_at_its_last_value() -> None:
    drawn = ET.fromstring(str(charts.sparkline([1.0, None, 3.0, 2.0], 'Plays "x"')))
    assert drawn.get("aria-label") == 'Plays "x"'
    end = drawn.find(SVG + "circle")
    assert end is not None
    assert (end.get("cx"), end.get("cy")) == ("97%", "16")
    assert charts.sparkline([], "x") == charts.sparkline([None], "x") == ""


@pytest.mark.parametrize(
    "chart", [*hostile(), charts.bars("z", LONG, [], of="plays")], ids=lambda chart: chart.key
)
def test_a_file_holds_all_of_a_chart_and_asks_for_nothing(chart: Chart) -> None:
    root = ET.fromstring(charts.document(chart))
    style = root.find(SVG + "style")
    assert style is not None
    used = set(re.findall(r"var\((--[\w-]+)", style.text or ""))
    assert used <= set(re.findall(r"(--[\w-]+):", style.text or ""))
    assert not re.search(r"@|light-dark|url\(", style.text or "")
    assert {found.tag.removeprefix(SVG) for found in root.iter()}.isdisjoint(
        {"script", "image", "foreignObject"}
    )
    assert len(root.findall(SVG + "svg")) == len(chart.pictures)
    assert float(root.get("height", "0")) > sum(0 if one.view else one.height for one in chart.pictures)
