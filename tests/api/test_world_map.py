"""The map: each of the 249 countries is on it or beside it, in the colour of its number."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest
from markupsafe import escape

from muse_graph.api.web.charts import SUPPRESSED, Chart, Shown, world_map
from muse_graph.api.web.charts.world import outlines
from muse_graph.countries import country_choices, country_name

SVG = "{http://www.w3.org/2000/svg}"
CODES = [code for code, _name in country_choices()]


def by_name(chart: Chart) -> dict[str, ET.Element]:
    """The elements of countries by what their tooltips begin with."""
    root = ET.fromstring(str(escape(chart)))
    return {
        (title.text or "").partition(": ")[0]: found
        for found in root.iter()
        if found.tag in {SVG + "path", SVG + "g"} and (title := found.find(SVG + "title")) is not None
    }


def drawn_as(chart: Chart, code: str) -> ET.Element | None:
    return by_name(chart).get(country_name(code))


@pytest.fixture(scope="module")
def everywhere() -> tuple[Chart, dict[str, ET.Element]]:
    """The map of 20 listeners in each country."""
    chart = world_map("m", "x", dict.fromkeys(CODES, 20.0), of="listeners")
    return chart, by_name(chart)


@pytest.mark.parametrize("code", CODES)
def test_every_country_is_drawn_or_listed(code: str, everywhere: tuple[Chart, dict[str, ET.Element]]) -> None:
    world = outlines()
    assert (code in world.paths) + (code in world.dots) + (code in world.not_drawn) == 1
    chart, elements = everywhere
    found = elements.get(country_name(code))
    if code in world.not_drawn:
        assert found is None
        assert f"{country_name(code)}: 20 listeners" in chart.beside
    else:
        assert found is not None
        shown = found if code in world.paths else found[-1]
        assert "step-4" in shown.get("class", "").split()
        x, y = place(code)
        assert 0 < x < world.width
        assert 0 <= y < world.height


def place(code: str) -> tuple[float, float]:
    """Where a country is: its dot, or where its largest outline begins."""
    world = outlines()
    if code in world.dots:
        return world.dots[code][0], world.dots[code][1]
    begin = re.match(r"M(\d+) (\d+)l-?\d", world.paths[code])
    assert begin is not None
    return float(begin[1]), float(begin[2])


def test_nothing_else_is_drawn() -> None:
    world = outlines()
    assert {*world.paths, *world.dots, *world.not_drawn} == set(CODES)
    assert list(world.not_drawn) == ["AQ"]


@pytest.mark.parametrize(
    ("west", "east"), [("US", "FR"), ("FR", "IN"), ("IN", "JP"), ("GF", "FR"), ("BQ", "NL"), ("JP", "TK")]
)
def test_countries_are_where_they_are(west: str, east: str) -> None:
    assert place(west)[0] < place(east)[0]


@pytest.mark.parametrize(
    ("north", "south"), [("NO", "IT"), ("SJ", "NO"), ("IT", "ZA"), ("FR", "RE"), ("MX", "CL"), ("NO", "BV")]
)
def test_north_is_up(north: str, south: str) -> None:
    assert place(north)[1] < place(south)[1]


def test_no_dot_covers_another() -> None:
    dots = list(outlines().dots.values())
    gaps = [(ax - bx) ** 2 + (ay - by) ** 2 for i, (ax, ay) in enumerate(dots) for bx, by in dots[:i]]
    assert min(gaps) >= 100


def test_none_suppressed_and_no_data_look_different() -> None:
    cells: dict[str, Shown] = {"BR": 40.0, "CO": 0.0, "PT": SUPPRESSED, "MT": SUPPRESSED}
    chart = world_map("m", "x", cells, of="listeners")
    classes = {code: _class(chart, code) for code in ("BR", "CO", "PT", "IN")}
    assert classes == {
        "BR": "country step-4",
        "CO": "country zero",
        "PT": "country suppressed",
        "IN": "country no-data",
    }
    root = ET.fromstring(str(escape(chart)))
    for code, kind, ways in (("PT", "suppressed", {1, -1}), ("IN", "no-data", {-1})):
        drawn = drawn_as(chart, code)
        assert drawn is not None
        assert (drawn.get("id"), drawn.get("fill")) == (f"m-{code}", "none")
        (area,) = (one for one in root.iter(SVG + "g") if one.get("clip-path") == f"url(#m-{kind})")
        assert {-1 if "l-" in one else 1 for one in (area[-1].get("d") or "").split("M")[1:]} == ways
        (cut,) = (one for one in root.iter(SVG + "clipPath") if one.get("id") == f"m-{kind}")
        assert f"#m-{code}" in [one.get("href") for one in cut]
        assert "#m-BR" not in [one.get("href") for one in cut]
    legend = list(ET.fromstring(str(chart.pictures[1].markup)).itertext())
    assert legend == ["listeners", "40+", "none", "fewer than 10 listeners", "no data"]
    assert "fewer than 10 listeners" in "".join(ET.fromstring(str(escape(chart))).itertext())


def _class(chart: Chart, code: str) -> str | None:
    found = drawn_as(chart, code)
    return found.get("class") if found is not None else None


def test_colours_go_from_the_least_to_the_most() -> None:
    cells: dict[str, Shown] = {"PT": 12, "ES": 90, "FR": 700, "IT": 4_000, "BR": 90_000}
    chart = world_map("m", "x", cells, of="listeners")
    assert [_class(chart, code) for code in cells] == [f"country step-{step}" for step in range(1, 6)]


def test_countries_with_a_number_are_links_that_the_keyboard_passes_by() -> None:
    cells: dict[str, Shown] = {"BR": 40.0, "MT": 0.0, "CO": SUPPRESSED, "ZZ": 12.0}
    chart = world_map(
        "m", "x", cells, of="listeners", href=lambda code: None if code == "CO" else f"?a=1&country={code}"
    )
    root = ET.fromstring(str(escape(chart)))
    links = {found.get("href"): found for found in root.iter(SVG + "a")}
    assert set(links) == {"?a=1&country=BR", "?a=1&country=MT"}
    assert {found.get("tabindex") for found in links.values()} == {"-1"}
    assert links["?a=1&country=BR"].get("aria-label") == "Brazil: 40 listeners"
    assert {found.get("role") for found in root.iter(SVG + "svg") if found.get("role")} == {"group"}
    assert chart.beside == "Not on the map: Unknown: 12 listeners."


def test_the_countries_chosen_are_drawn_last() -> None:
    chart = world_map("m", "x", {"BR": 40.0}, of="listeners", selected={"BR"})
    last = [found for found in ET.fromstring(str(chart.pictures[0].markup)) if found.tag == SVG + "g"][-1]
    assert last[0].get("class") == "country step-4 selected"
