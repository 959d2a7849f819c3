"""The drawing of the map's outlines, on a world of three countries."""

from __future__ import annotations

from math import cos, radians

import pytest

from docs.generate_world import HEIGHT, WIDTH, apart, project, simplify, to_page, world


def topology(arcs: list[list[list[int]]], **countries: list[list[int]]) -> dict[str, object]:
    """TopoJSON in whole degrees; arcs are given by their steps."""
    return {
        "transform": {"scale": [1, 1], "translate": [0, 0]},
        "arcs": arcs,
        "objects": {
            "countries": {
                "geometries": [
                    {"type": "Polygon", "id": code[1:], "properties": {"name": code}, "arcs": rings}
                    for code, rings in countries.items()
                ]
            }
        },
    }


# France and Germany share a border; their outlines go on from it.
BORDER = [[6, 45], [2, 5]]
WEST = [[8, 50], [-8, 0], [0, -5], [6, 0]]
EAST = [[8, 50], [6, 0], [0, -5], [-8, 0]]


def test_neighbours_share_their_border() -> None:
    drawn = world(topology([BORDER, WEST, EAST], c250=[[0, 1]], c276=[[-1, -3]]))
    assert set(drawn["paths"]) == {"FR", "DE"}
    corners = [tuple(map(round, to_page(point))) for point in ((6, 45), (8, 50))]
    for code in ("FR", "DE"):
        assert corners[0] in corners_of(drawn["paths"][code])
        assert corners[1] in corners_of(drawn["paths"][code])
    assert len(drawn["not_drawn"]) == 247


def corners_of(path: str) -> list[tuple[int, int]]:
    """The corners of a path of one ring."""
    begin, steps = path.removeprefix("M").removesuffix("z").split("l")
    x, y = map(int, begin.split())
    found = [(x, y)]
    numbers = list(map(int, steps.replace("-", " -").split()))
    for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
        x, y = x + dx, y + dy
        found.append((x, y))
    return found


def test_a_border_within_a_country_is_none() -> None:
    both = topology([BORDER, WEST, EAST], c250=[[0, 1]], d250=[[-1, -3]])
    assert world(both)["paths"]["FR"].count("M") == 1


def test_a_country_on_both_sides_of_the_180th_meridian_is_one() -> None:
    west = [[180, 60], [0, 8], [-20, 0], [0, -8], [20, 0]]
    east = [[-180, 60], [5, 0], [0, 8], [-5, 0], [0, -8]]
    path = world(topology([west, east], c643=[[0]], d643=[[1]]))["paths"]["RU"]
    assert path.count("M") == 1
    xs = [x for x, _y in corners_of(path)]
    assert max(xs) > to_page((184, 68))[0] - 1


def test_a_part_that_iso_counts_elsewhere_is_moved() -> None:
    guiana = [[-54, 3], [0, 2], [2, 0], [0, -2], [-2, 0]]
    drawn = world(topology([BORDER, WEST, guiana], c250=[[0, 1]], d250=[[2]]))
    assert {*drawn["paths"], *drawn["dots"]} == {"FR", "GF"}


def test_small_countries_are_dots() -> None:
    tiny = [[103, 1], [0, 1], [1, 0], [0, -1], [-1, 0]]
    drawn = world(topology([tiny], c702=[[0]]))
    assert drawn["paths"].keys() | drawn["dots"].keys() == {"SG"}


def test_the_projection_keeps_areas() -> None:
    def area(latitude: float) -> float:
        width = project(1, latitude)[0] - project(0, latitude)[0]
        return width * (project(0, latitude + 0.01)[1] - project(0, latitude)[1])

    ratios = [area(latitude) / cos(radians(latitude)) for latitude in (0, 30, 60, 80)]
    assert ratios == pytest.approx([ratios[0]] * 4, rel=1e-3)
    assert (WIDTH, HEIGHT) == (2000, 865)


def test_simple_lines_keep_their_ends_and_large_corners() -> None:
    line = tuple((float(x), 0.01 * (x % 2)) for x in range(50))
    assert simplify(line) == (line[0], line[-1])
    corner = ((0.0, 0.0), (50.0, 0.0), (50.0, 50.0))
    assert simplify(corner) == corner
    ring = ((0.0, 0.0), (0.1, 0.0), (0.1, 0.1), (0.0, 0.1), (0.0, 0.0))
    assert len(simplify(ring)) == 4


def test_dots_are_pushed_apart() -> None:
    places = list(apart({"AA": (10, 10), "BB": (10, 10), "CC": (12, 10), "DD": (500, 500)}).values())
    assert places[3] == (500, 500)
    gaps = [(a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 for i, a in enumerate(places) for b in places[:i]]
    assert min(gaps) >= 100
