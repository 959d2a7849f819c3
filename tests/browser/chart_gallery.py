"""Every chart with usual and with unusual numbers and names, as one page under the policy of the pages.

``python -m tests.browser.chart_gallery`` serves it on 127.0.0.1:8765.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from random import Random

from flask import Flask, Response, send_from_directory
from markupsafe import Markup, escape

from muse_graph.api.http.security import PAGES_POLICY
from muse_graph.api.web import charts
from muse_graph.api.web.charts import SUPPRESSED, Bar, Chart, Curve, Lift, Listener, Unit
from muse_graph.countries import country_choices

STATIC = Path(charts.__file__).parents[1] / "static"
LONG = "The Extraordinarily Long Name of a Travelling Orchestra of Sixty"
RIGHT_TO_LEFT = "موسيقى الليل الطويلة (live)"
HOSTILE = '"><script>alert(1)</script><b onload=x>&amp; ]]> {{ 7 * 7 }}'
UNBROKEN = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogoch"
PARTS = [part / 10 for part in range(1, 10)]


def curve(name: str, *shares: float, band: float = 0.0) -> Curve:
    low = [max(0.0, share - band) for share in shares] if band else []
    high = [min(1.0, share + band) for share in shares] if band else []
    return Curve(name, PARTS, list(shares), low, high)


def survivals() -> Iterator[Chart]:
    first = curve("Night Bus", 0.95, 0.91, 0.86, 0.66, 0.61, 0.58, 0.55, 0.51, 0.47, band=0.03)
    second = curve("Harbour Lights", 0.9, 0.82, 0.77, 0.74, 0.72, 0.7, 0.66, 0.6, 0.52, band=0.05)
    genre = curve("median of cumbia", 0.92, 0.85, 0.8, 0.72, 0.66, 0.6, 0.55, 0.5, 0.45)
    yield charts.survival(
        "s-usual",
        "One in five plays of Night Bus ends between 30 % and 40 %, where the second verse begins",
        first,
        reference=genre,
        note="Band: 95 % interval. 62 % of plays say how far they went.",
    )
    yield charts.survival(
        "s-two", "Harbour Lights keeps more of its listeners to the end", first, other=second, reference=genre
    )
    yield charts.survival(
        "s-near",
        "Three curves that end in one place",
        curve(LONG, *[0.9 - p / 2 for p in PARTS], band=0.2),
        other=curve(RIGHT_TO_LEFT, *[0.91 - p / 2 for p in PARTS], band=0.1),
        reference=curve("genre", *[0.9 - p / 2 for p in PARTS]),
    )
    yield charts.survival("s-all", "Every play goes to the end", curve("All tracks", *[1.0] * 9, band=0.01))
    yield charts.survival("s-none", "No play gets past the first tenth", curve("All tracks", *[0.0] * 9))
    yield charts.survival(
        "s-late", "Most plays end in the last part", curve(HOSTILE, *[0.99] * 7, 0.9, 0.2, band=0.04)
    )
    yield charts.survival("s-empty", "Nothing to draw a curve from yet", None)


def several_series() -> Iterator[Chart]:
    random = Random(3)
    days = [
        Unit(
            f"{1 + day % 28} {['Sep', 'Oct', 'Nov'][day // 28]}",
            80 + 30 * math.sin(day / 4) + 0.9 * day + random.randint(-9, 9),
        )
        for day in range(84)
    ]
    days = [Unit(day.label, float(round(day.value or 0))) for day in days]
    yield charts.series(
        "t-days",
        "Listeners a day rose by a third since September",
        days,
        of="listeners",
        before=[float(random.randint(50, 110)) for _ in range(84)],
    )
    yield charts.series(
        "t-gaps",
        "Some weeks have fewer than 10 listeners",
        [Unit(f"week {week}", None if week in {3, 4, 9, 19} else week % 7 * 3.0 + 11) for week in range(20)],
        of="listeners",
        note="Hatched: fewer than 10 listeners.",
    )
    yield charts.series(
        "t-many",
        "Ten years of days",
        [Unit(f"day {day}", abs(1000 * math.sin(day / 300)) + random.random() * 200) for day in range(3650)],
        of="plays",
    )
    yield charts.series("t-one", "One week so far", [Unit("23 Nov", 14.0)], of="listeners")
    yield charts.series(
        "t-zero",
        "Nobody listened in these weeks",
        [Unit(f"week {week}", 0.0) for week in range(6)],
        of="listeners",
        before=[3.0, 5.0],
    )
    yield charts.series(
        "t-huge",
        "Billions of plays " + HOSTILE,
        [Unit(HOSTILE, 3.2e9), Unit("b", 8.7e9), Unit(LONG, 7.7e12)],
        of="plays",
    )
    yield charts.series(
        "t-empty",
        "No week can be shown",
        [Unit("a", None)],
        of="listeners",
        nothing="Each of the 4 weeks has fewer than 10 listeners. Choose a longer period.",
    )


def several_bars() -> Iterator[Chart]:
    yield charts.bars(
        "b-usual",
        "Brazil and Colombia bring two of three listeners",
        [
            Bar("Brazil", 1204, 0.412, 0.12),
            Bar("Colombia", 730, 0.25, -0.04),
            Bar("United States", 301, 0.103, 0.0),
            Bar("Bosnia and Herzegovina", 96, 0.033, math.inf),
            Bar("Saint Helena, Ascension and Tristan da Cunha", 31, 0.0106, 1.4),
            Bar("Portugal", 12, 0.004, -0.6),
            Bar("Iceland", None),
            Bar("Chad", 0, 0.0, -1.0),
        ],
        of="listeners",
    )
    yield charts.bars(
        "b-names",
        "Names of all kinds fit",
        [
            Bar(LONG, 123_456_789, 0.9, 123.0, 44),
            Bar(RIGHT_TO_LEFT, 98_000, 0.05, 0.01, 12),
            Bar(HOSTILE, 5_000, 0.0001, -0.2, 10),
            Bar(UNBROKEN, 400, 0.02, 0.1, 1_000_000),
            Bar("夜のバスで帰る人たちのための長い長い歌", 40, 0.02, 0.1, 100),
        ],
        of="plays",
    )
    yield charts.bars(
        "b-many",
        "Two hundred countries",
        [Bar(name, 1000.0 / (i + 1), 1 / (i + 3)) for i, (_code, name) in enumerate(country_choices()[:200])],
        of="listeners",
    )
    yield charts.bars(
        "b-one", "All listeners come by recommendation", [Bar("Recommendation", 15, 1.0)], of="listeners"
    )
    yield charts.bars("b-empty", "Nobody came yet", [], of="listeners")


def lifts() -> Iterator[Chart]:
    yield charts.lift_bars(
        "l-usual",
        "Your audience favours cumbia 2.4 times as much as others do",
        [
            Lift("Cumbia", 2.4, 1.9, 3.0, 312),
            Lift("Dub", 1.6, 1.2, 2.1, 120),
            Lift("Bossa nova", 1.2, 0.9, 1.6, 64),
            Lift("Pop", 0.8, 0.7, 0.92, 900),
            Lift("Metal", 0.3, 0.2, 0.5, 22),
        ],
        note="Pale where the interval reaches 1×, the base audience.",
    )
    yield charts.lift_bars(
        "l-wide",
        "Names and factors of all kinds",
        [
            Lift(LONG, 5000.0, 12.0, math.inf, 12),
            Lift(RIGHT_TO_LEFT, 0.0, 0.0, 0.4, 0),
            Lift(HOSTILE, 1.0, 0.5, 2.0, 10**9),
            Lift(UNBROKEN, 1.4),
        ],
    )
    yield charts.lift_bars("l-empty", "Nothing to compare yet", [])


def cascades() -> Iterator[Chart]:
    random = Random(5)
    some = [Listener() for _ in range(9)]
    while len(some) < 90:
        some.append(
            Listener(
                min(random.randrange(len(some)), random.randrange(len(some)), random.randrange(len(some)))
            )
        )
    yield charts.cascade(
        "c-usual",
        "Nine listeners found it by themselves; 81 heard it from a friend",
        some,
        note="Filled: passed it on. Open: the last to hear it.",
    )
    many = [Listener() for _ in range(2_000)]
    while len(many) < 9_000:
        many.append(Listener(random.randrange(len(many))))
    yield charts.cascade("c-many", "It went on for many generations", many)
    yield charts.cascade("c-line", "A chain of twenty", [Listener(i - 1 if i else None) for i in range(20)])
    yield charts.cascade("c-two", "One passed it on to one", [Listener(), Listener(0)])
    yield charts.cascade("c-empty", "Nobody passed it on", [Listener(), Listener()])


def maps() -> Iterator[Chart]:
    random = Random(11)
    codes = [code for code, _name in country_choices()]
    cells: dict[str, charts.Shown] = {
        code: random.choice([0.0, 0.0, SUPPRESSED, float(round(10 ** random.uniform(1, 4.2)))])
        for code in codes
    }
    for code in random.sample(codes, 30):
        del cells[code]
    cells |= {"AQ": 12.0, "ZZ": 90.0, "BR": 16_204.0, "CO": 9_310.0}
    yield charts.world_map(
        "m-usual",
        "Brazil and Colombia listen most; half of Africa has not heard you yet",
        cells,
        of="listeners",
        href=lambda code: f"?country={code}",
        selected={"BR", "MT"},
    )
    few: dict[str, charts.Shown] = dict.fromkeys(codes, 0.0)
    yield charts.world_map(
        "m-few", "Three countries listen", few | {"PT": 12.0, "CV": 31.0, "AO": SUPPRESSED}, of="listeners"
    )
    yield charts.world_map("m-empty", "No country yet", {}, of="listeners")


def sparks() -> Iterator[Markup]:
    values: list[list[float | None]] = [
        [3.0, 4.0, 2.0, 6.0, 9.0, 8.0],
        [1.0],
        [5.0, 5.0, 5.0],
        [1.0, None, 4.0, 3.0],
        [float(i % 97) for i in range(5000)],
    ]
    for place, row in enumerate(values):
        yield Markup('<p class="figure-card"><b>1,204</b>{}</p>').format(
            charts.sparkline(row, f"Listeners by week, {place}")
        )


@cache
def page() -> str:
    """The gallery."""
    kinds: dict[str, Callable[[], Iterator[Chart | Markup]]] = {
        "Maps": maps,
        "Curves": survivals,
        "Periods": several_series,
        "Bars": several_bars,
        "Interests": lifts,
        "Spread": cascades,
        "Small": sparks,
    }
    section = Markup("<section><h2>{}</h2><div class='gallery'>{}</div></section>")
    sections = Markup("").join(
        section.format(name, Markup("").join(map(escape, make()))) for name, make in kinds.items()
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Charts</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<link rel="icon" href="/static/icon.svg"><link rel="stylesheet" href="/static/page.css">'
        '<link rel="stylesheet" href="/static/charts.css"><link rel="stylesheet" href="/gallery.css"></head>'
        f'<body><main id="main"><h1>Charts</h1>{sections}</main></body></html>'
    )


_STYLE = """
main { padding-block: 2rem; }
section { margin-top: 2rem; }
.gallery { display: grid; gap: 1.5rem; margin-top: 1rem;
  grid-template-columns: repeat(auto-fill, minmax(min(100%, 26rem), 1fr)); }
.gallery > * { padding: 1.25rem; background: var(--raised);
  border: 1px solid var(--line); border-radius: 0.9rem; }
.gallery .map { grid-column: 1 / -1; }
.figure-card { max-width: 12rem; }
@media (max-width: 30rem) { .gallery > * { padding: 0; border: 0; } body { background: var(--raised); } }
@media print { .gallery { display: block; } .gallery > * { margin-bottom: 1rem; } }
"""


def gallery_app() -> Flask:
    """An application that has the gallery and the style sheets of the pages."""
    app = Flask("gallery", static_folder=None)

    @app.get("/")
    def gallery() -> Response:
        return Response(page(), headers={"Content-Security-Policy": PAGES_POLICY})

    @app.get("/static/<path:name>")
    def static(name: str) -> Response:
        return send_from_directory(STATIC, name)

    @app.get("/gallery.css")
    def style() -> Response:
        return Response(_STYLE, content_type="text/css")

    return app


if __name__ == "__main__":
    gallery_app().run("127.0.0.1", 8765)
