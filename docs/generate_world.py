"""`api/web/charts/world.json`, the outlines of the world map, drawn once from public-domain boundaries.

Source: Natural Earth 4.1.0, Admin 0 country boundaries 1:10m, public domain (naturalearthdata.com), as the
file ``countries-10m.json`` of the npm package ``world-atlas`` 2.0.2 (ISC), which holds them as TopoJSON:

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python -m docs.generate_world package/countries-10m.json

Each ISO 3166-1 alpha-2 code gets a path, or a dot where the path would be too small to see or to hit. Areas
that ISO counts with another country than Natural Earth does are moved (`_MOVED`, `_NAMED`). Equal Earth
projection, so that areas can be compared, turned so that the cut runs through the Bering Strait.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from heapq import heapify, heappop, heappush
from itertools import combinations, pairwise
from math import asin, cos, hypot, radians, sin, sqrt
from pathlib import Path
from typing import Any

import pycountry

TARGET = Path(__file__).parents[1] / "api" / "web" / "charts" / "world.json"

Point = tuple[float, float]
Chain = tuple[Point, ...]
Box = tuple[float, float, float, float]

WIDTH = 2000
#: Longitude of the middle; what lies west of the cut is drawn in the east.
MIDDLE = 11.0
CUT = MIDDLE - 180
NORTH, SOUTH = 83.8, -56.2
#: In squares of the unit that coordinates are rounded to: smaller corners and islands are left out, and
#: smaller countries are dots.
DETAIL, ISLAND, DOT = 1.0, 2.0, 34.0
#: The least distance of two dots.
BETWEEN = 11.5
#: Not drawn: an equal-area map of all other countries would be a fifth less wide.
LEFT_OUT = {"AQ"}

#: (Natural Earth's code, (west, south, east, north)) -> code of ISO 3166 for parts of a country whose middle
#: is inside this box. Degrees go on east of 180.
_MOVED: dict[tuple[str, Box], str] = {
    ("FR", (-55, 2, -51, 6)): "GF",
    ("FR", (-62, 15.8, -60.9, 16.6)): "GP",
    ("FR", (-61.4, 14.3, -60.7, 15)): "MQ",
    ("FR", (55, -21.6, 56, -20.7)): "RE",
    ("FR", (44.9, -13.2, 45.4, -12.5)): "YT",
    ("NO", (10, 74, 40, 82)): "SJ",
    ("NO", (-10, 70, -7, 72)): "SJ",
    ("NO", (3, -55, 4, -54)): "BV",
    ("NL", (-69, 12, -62, 18)): "BQ",
    ("NZ", (187, -10, 190, -8)): "TK",
    ("RU", (32, 44, 36.7, 46.3)): "UA",
    ("Indian Ocean Ter.", (105, -11, 106, -10)): "CX",
    ("Indian Ocean Ter.", (96, -13, 97, -11)): "CC",
}
#: Areas without a code of their own; None: drawn, with no code.
_NAMED: dict[str, str | None] = {
    "Somaliland": "SO",
    "N. Cyprus": "CY",
    "Cyprus U.N. Buffer Zone": "CY",
    "Baikonur": "KZ",
    "USNB Guantanamo Bay": "CU",
    "Coral Sea Is.": "AU",
    "Kosovo": None,
    "Siachen Glacier": None,
    "Akrotiri": None,
    "Dhekelia": None,
}
_REEFS = {"Spratly Is.", "Clipperton I.", "Bajo Nuevo Bank", "Serranilla Bank", "Scarborough Reef"}
_NO_CODE = ""


def project(longitude: float, latitude: float) -> Point:
    """The Equal Earth projection (Šavrič, Patterson, Jenny 2018); y grows to the north."""
    a1, a2, a3, a4 = 1.340264, -0.081106, 0.000893, 0.003796
    t = asin(sqrt(3) / 2 * sin(radians(latitude)))
    slope = 9 * a4 * t**8 + 7 * a3 * t**6 + 3 * a2 * t**2 + a1
    x = 2 * sqrt(3) * radians(longitude) * cos(t) / (3 * slope)
    return x, t * (a4 * t**8 + a3 * t**6 + a2 * t**2 + a1)


_EAST = project(180, 0)[0]
_SCALE = WIDTH / (2 * _EAST)
_TOP = project(0, NORTH)[1]
HEIGHT = round((_TOP - project(0, SOUTH)[1]) * _SCALE)


def to_page(point: Point) -> Point:
    """Degrees to units of the page; y grows downwards."""
    x, y = project(point[0] - MIDDLE, point[1])
    return (x + _EAST) * _SCALE, (_TOP - y) * _SCALE


def arcs_of(topology: dict[str, Any]) -> list[Chain]:
    """Each arc of a TopoJSON file in degrees, all east of the cut."""
    (kx, ky), (dx, dy) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            points.append((round(x * kx + dx, 4), round(y * ky + dy, 4)))
        arcs.append(_east_of_cut(points))
    return arcs


def _east_of_cut(points: Sequence[Point]) -> Chain:
    """The 180th meridian under one name and with latitudes that meet; islands stay whole."""
    points = [(180.0, round(lat, 2)) if abs(lon) == 180 else (lon, lat) for lon, lat in points]
    west = [lon for lon, _lat in points if lon < 0]
    turn = 360 if west and sum(west) / len(west) < CUT else 0
    return tuple((lon + turn if lon < 0 else lon, lat) for lon, lat in points)


def polygons_of(topology: dict[str, Any], arcs: Sequence[Chain]) -> Iterator[tuple[str, list[list[int]]]]:
    """Each polygon as the rings of its arcs, with its code."""
    alpha = {country.numeric: country.alpha_2 for country in pycountry.countries}
    for shape in topology["objects"]["countries"]["geometries"]:
        name = shape["properties"]["name"]
        code = alpha.get(shape.get("id"), _NAMED.get(name, name))
        if name in _REEFS or code in LEFT_OUT:
            continue
        parts = [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]
        for rings in parts:
            yield _moved(code or _NO_CODE, [point for i in rings[0] for point in _arc(arcs, i)]), rings


def _moved(code: str, points: Sequence[Point]) -> str:
    lon, lat = (sum(axis) / len(points) for axis in zip(*points, strict=True))
    for (had, (west, south, east, north)), gets in _MOVED.items():
        if had == code and west <= lon <= east and south <= lat <= north:
            return gets
    return code


def _arc(arcs: Sequence[Chain], index: int) -> Chain:
    return arcs[index] if index >= 0 else arcs[~index][::-1]


def outlines(
    polygons: Sequence[tuple[str, list[list[int]]]], arcs: Sequence[Chain]
) -> dict[str, list[Chain]]:
    """The rings of each code: what two of its polygons share is no border."""
    of_code: dict[str, list[int]] = defaultdict(list)
    for code, rings in polygons:
        of_code[code] += [index for ring in rings for index in ring]
    simple: dict[int, list[Chain]] = {}
    result = {}
    for code, indices in of_code.items():
        # An arc gone both ways is inside: 1 for along it, -1 for against it.
        ways: Counter[int] = Counter()
        for index in indices:
            ways[max(index, ~index)] += 1 if index >= 0 else -1
        chains = []
        for index, way in ways.items():
            if way and index not in simple:
                simple[index] = [simplify(chain) for chain in _without_seam(arcs[index])]
            if way:
                chains += [chain[::way] for chain in simple[index]]
        result[code] = list(_rings(chains))
    return result


def _without_seam(arc: Chain) -> Iterator[Chain]:
    """An arc without its edges along the 180th meridian, where the source cuts Russia in two."""
    piece: list[Point] = []
    for point in arc:
        if piece and point[0] == 180 == piece[-1][0]:
            if len(piece) > 1:
                yield tuple(map(to_page, piece))
            piece = []
        piece.append(point)
    if len(piece) > 1:
        yield tuple(map(to_page, piece))


def _rings(chains: Sequence[Chain]) -> Iterator[Chain]:
    """Chains joined where one ends and another begins."""
    begins: dict[Point, list[Chain]] = defaultdict(list)
    for chain in chains:
        begins[chain[0]].append(chain)
    for chain in chains:
        if chain not in begins[chain[0]]:
            continue
        begins[chain[0]].remove(chain)
        ring = list(chain)
        while ring[-1] != ring[0]:
            ring += begins[ring[-1]].pop()[1:]
        yield tuple(ring)


def simplify(chain: Chain) -> Chain:
    """Visvalingam's way: points are left out by the area of the triangle they make, smallest first."""
    n = len(chain)
    before, after = list(range(-1, n - 1)), list(range(1, n + 1))
    least = 3 if chain[0] == chain[-1] else 1
    heap = [(_triangle(chain[i - 1], chain[i], chain[i + 1]), i, i - 1, i + 1) for i in range(1, n - 1)]
    heapify(heap)
    kept = set(range(n))
    while heap and len(kept) > least + 1:
        area, i, left, right = heappop(heap)
        if area > DETAIL:
            break
        if i not in kept or before[i] != left or after[i] != right:
            continue
        kept.remove(i)
        after[left], before[right] = right, left
        for j in (left, right):
            if 0 < j < n - 1:
                size = max(area, _triangle(chain[before[j]], chain[j], chain[after[j]]))
                heappush(heap, (size, j, before[j], after[j]))
    return tuple(chain[i] for i in sorted(kept))


def _triangle(a: Point, b: Point, c: Point) -> float:
    return abs((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])) / 2


def area(ring: Chain) -> float:
    """The area inside a ring, whichever way round it goes."""
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))) / 2


def middle(ring: Chain) -> tuple[int, int]:
    """The mean of the corners, on the page."""
    corners = ring[:-1] or ring
    x, y = (sum(axis) / len(corners) for axis in zip(*corners, strict=True))
    return round(x), round(y)


def apart(dots: dict[str, tuple[int, int]]) -> dict[str, tuple[int, int]]:
    """Dots pushed away from each other until none covers another, as in the Antilles."""
    places = {code: [float(x), float(y)] for code, (x, y) in dots.items()}
    for _round in range(300):
        for one, other in combinations(places, 2):
            (ax, ay), (bx, by) = places[one], places[other]
            gap = hypot(bx - ax, by - ay)
            if gap < BETWEEN:
                push = (BETWEEN - gap) / 4
                dx, dy = ((bx - ax) / gap, (by - ay) / gap) if gap else (0.0, 1.0)
                places[one] = [ax - dx * push, ay - dy * push]
                places[other] = [bx + dx * push, by + dy * push]
    return {code: (round(x), round(y)) for code, (x, y) in places.items()}


def path(rings: Sequence[Chain]) -> str:
    """Rings as the data of an SVG path, in whole units."""
    return "".join(_ring_path(ring) for ring in rings)


def _ring_path(ring: Chain) -> str:
    points = [(round(x), round(y)) for x, y in ring[:-1]]
    points = [point for i, point in enumerate(points) if i == 0 or point != points[i - 1]]
    if len(points) < 3:
        return ""
    steps = "".join(
        f"{'-' if bx < ax else ' '}{abs(bx - ax)}{'-' if by < ay else ' '}{abs(by - ay)}"
        for (ax, ay), (bx, by) in pairwise(points)
    )
    return f"M{points[0][0]} {points[0][1]}l{steps.lstrip()}z"


def world(topology: dict[str, Any]) -> dict[str, Any]:
    """The whole file: a path or a dot for each code, and those left out."""
    arcs = arcs_of(topology)
    of_code = outlines(list(polygons_of(topology, arcs)), arcs)
    paths, dots = {}, {}
    for code in sorted(of_code):
        rings = sorted(of_code[code], key=area, reverse=True)
        large = [ring for ring in rings if area(ring) >= ISLAND] or rings[:1]
        if code != _NO_CODE and sum(map(area, rings)) < DOT:
            dots[code] = middle(rings[0])
        else:
            paths[code] = path(large)
    return {
        "source": "Natural Earth 4.1.0, Admin 0 country boundaries 1:10m, public domain",
        "width": WIDTH,
        "height": HEIGHT,
        "land": paths.pop(_NO_CODE, ""),
        "paths": paths,
        "dots": apart(dots),
        "not_drawn": sorted(
            {country.alpha_2 for country in pycountry.countries} - paths.keys() - dots.keys()
        ),
    }


def main(source: Path) -> None:
    """Write the file, one code a line."""
    drawn = world(json.loads(source.read_text(encoding="utf-8")))
    text = json.dumps(drawn, indent=0, ensure_ascii=False)
    TARGET.write_text(re.sub(r"\[\n(\d+),\n(\d+)\n\]", r"[\1, \2]", text) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
