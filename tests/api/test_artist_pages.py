"""The pages of artists, as HTML and files, over a service that answers at once."""

from __future__ import annotations

import csv
import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from muse_graph.answers import (
    AnalyticsFilters,
    ArtistCard,
    ArtistCatalogue,
    CatalogueTrack,
    CountryAudience,
    LeftOut,
    Named,
    NewReach,
    Page,
    PeriodAudience,
    Shortlisted,
    ShownCount,
    TrackAudience,
    Unit,
)
from muse_graph.api import create_app
from muse_graph.api.schemas import audience_examples, examples
from muse_graph.config import Settings
from muse_graph.errors import UnknownArtist
from muse_graph.service.accounts import accounts, sessions
from muse_graph.service.accounts.rights import Role
from muse_graph.service.artists.choices import FilterChoices
from tests.api.conftest import CSRF, VISIT, Answering
from tests.api.test_people_pages import text_of, title_of
from tests.fakes import FakeGraph, FakeService

CUMBIA = Named("cumbia", "Cumbia")
ARTIST = ArtistCatalogue(
    "a1",
    "Los <Faroles>",
    "CO",
    2,
    [CatalogueTrack("t1", "Lluvia <en> abril", [CUMBIA]), CatalogueTrack("t2", "Río", [CUMBIA])],
    [CUMBIA],
)
COUNTRIES = [
    CountryAudience("CO", "Colombia", 90, 30, 0.75, 3.0),
    CountryAudience("MX", "Mexico", 30, 11, 0.25, 2.727),
    CountryAudience("PE", "Peru", None, None, None, None),
]
FOUND = replace(examples.ANALYTICS, from_day=None, to_day=None, left_out=[], countries=COUNTRIES, beside=None)
ANALYTICS, MATCHES = "artists.analytics.analytics", "artists.influencers.matches_and_set"
OTHER = replace(
    examples.ARTIST_MATCH,
    rank=2,
    influencer_id="i2",
    handle="@b <b>",
    score=40.0,
    new_reach=NewReach(None, 0, 9, estimated=True, suppressed=True),
)
KEPT = Shortlisted("i2", "@b <b>", "CO", 10.0, None, "2026-05-01T18:30:00Z")
PAGES = [f"/artists/a1/{page}" for page in ("audience", "influencers", "interests", "spread")]
OVERLAP, CHOICES = "artists.overlaps.audience_overlap", "artists.choices.read_choices"
FOUND_CHOICES = FilterChoices(["CO", "MX", "PE"], "week", date(2024, 2, 18))


@pytest.fixture
def service(answering: Answering) -> FakeService:
    answering("artists.catalogue.read_catalogue", ARTIST)
    answering(MATCHES, ([examples.ARTIST_MATCH, OTHER], examples.INFLUENCER_SET))
    answering("artists.influencers.match_influencers", [examples.MATCH])
    answering("artists.shortlist.read_shortlist", [KEPT])
    answering(CHOICES, FOUND_CHOICES)
    answering("artists.shortlist.add_to_shortlist", None)
    answering("artists.shortlist.remove_from_shortlist", None)
    answering("artists.interests.interests", audience_examples.INTERESTS)
    answering(OVERLAP, audience_examples.OVERLAP)
    answering("artists.spread.artist_spread", audience_examples.SPREAD)
    return answering(ANALYTICS, FOUND)


def rows_of(answer: TestResponse, key: str) -> list[list[str]]:
    """The cells of the table of a chart, in their order."""
    block = answer.text[answer.text.index(f'id="{key}-head"') :]
    body = block[block.index("<tbody>") : block.index("</tbody>")]
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in body.split("</tr>")[:-1]]
    return [[re.sub(r"<[^>]+>", "", cell).replace("\u00a0", " ") for cell in row] for row in cells]


def asked(service: FakeService, name: str = ANALYTICS) -> list[dict[str, Any]]:
    return [kwargs for _args, kwargs in service.calls[name]]


def test_the_audience_in_sentences(client: FlaskClient, service: FakeService) -> None:
    answer = client.get("/artists/a1/audience")
    text = text_of(answer)
    assert title_of(answer) == "Los <Faroles> has reached 41 people; 75 % of the plays are in Colombia"
    for said in (
        "56 % of plays reach the last tenth; more end between 70 % and 80 % than in any other",
        "75 % of the plays are in Colombia; other countries have the rest",
        "Most plays were in the week of 5 February 2024: 70",
        "What brought 75 % of the plays is not known",
        "Moderate: on 3 to 7 days of the last 28",
        "Changes are against 22 January to 4 February 2024.",
        "+20 %",
        "11 listeners saved a track",
    ):
        assert said in text, said
    assert "<Faroles>" not in answer.text
    assert "style=" not in answer.text


def test_map_and_table_agree(client: FlaskClient, service: FakeService) -> None:
    answer = client.get("/artists/a1/audience")
    assert rows_of(answer, "countries") == [
        ["Colombia", "90", "30", "75 %", "3"],
        ["Mexico", "30", "11", "25 %", "2.73"],
        ["Peru", "fewer than 10 listeners"],
    ]
    named = dict(re.findall(r'tabindex="-1" aria-label="(\w+): ([^"]+)"', answer.text))
    assert named == {"Colombia": "90 plays", "Mexico": "30 plays", "Peru": "fewer than 10 listeners"}
    # Both lead to the same addresses.
    for code in ("CO", "MX", "PE"):
        assert answer.text.count(f'href="/artists/a1/audience?country={code}"') == 2


SORTED = {
    "plays": ["Colombia", "Mexico", "Peru"],
    "-plays": ["Mexico", "Colombia", "Peru"],
    "-per_listener": ["Mexico", "Colombia", "Peru"],
    "country": ["Colombia", "Mexico", "Peru"],
    "-country": ["Peru", "Mexico", "Colombia"],
}


def test_a_table_is_sorted_by_the_address(client: FlaskClient, service: FakeService) -> None:
    for sort, names in SORTED.items():
        answer = client.get(f"/artists/a1/audience?sort={sort}")
        assert [row[0] for row in rows_of(answer, "countries")] == names
        (order,) = re.findall(r'aria-sort="(\w+)"', answer.text)
        assert order == ("ascending" if sort in {"country", "-plays", "-per_listener"} else "descending")


ALL_FILTERS = (
    "track=t1&track=t2&country=CO&country=MX&source=search&segment=super&from=2024-02-01&to=2024-02-18"
)


def test_every_filter_of_the_address_is_asked_and_shown(client: FlaskClient, service: FakeService) -> None:
    answer = client.get(f"/artists/a1/audience?{ALL_FILTERS}&beside=genre&map=listeners&by=week")
    whole, shown, everywhere = (args[2] for args, _ in service.calls[ANALYTICS])
    assert whole == AnalyticsFilters([], [], [], [], None, None)
    period = ("2024-02-01", "2024-02-18")
    assert shown == AnalyticsFilters(["t1", "t2"], ["CO", "MX"], ["search"], ["super"], *period)
    assert everywhere == replace(shown, countries=[])
    assert [kwargs["beside"] for kwargs in asked(service)] == [None, "genre", None]
    chips = re.search(r'<ul class="on".*?</ul>', answer.text, re.DOTALL)
    assert chips is not None
    links = dict(
        re.findall(r'href="([^"]+)"><span class="hidden">Remove </span><bdi>([^<]+)</bdi>', chips[0])
    )
    names = ["Lluvia &lt;en&gt; abril", "Río", "Colombia", "Mexico", "Search", "Super"]
    assert list(links.values()) == [*names, "1 February to 18 February 2024"]
    for address, name in links.items():
        service.calls.clear()
        assert client.get(address.replace("&amp;", "&")).status_code == 200
        assert name not in re.findall(r"Remove </span><bdi>([^<]+)", client.get(address).text)
    # A form keeps what it does not ask for itself.
    assert '<input type="hidden" name="map" value="listeners">' in answer.text
    assert '<input type="hidden" name="country" value="MX">' in answer.text


def test_how_often_figures_are_read(client: FlaskClient, service: FakeService) -> None:
    for query, calls in [("", 1), ("?track=t1", 2), ("?country=CO", 2), ("?country=CO&track=t1", 3)]:
        service.calls.clear()
        client.get(f"/artists/a1/audience{query}")
        assert len(asked(service)) == calls


WRONG = [
    ("country=XX", "country"),
    ("segment=all", "segment"),
    ("source=radio", "source"),
    ("from=yesterday", "from"),
    ("from=0", "from"),
    ("to=2024-02-01T00:00", "to"),
    ("from=2024-02-02&to=2024-02-01", "from"),
    ("sort=name", "sort"),
    ("map=area", "map"),
    ("by=hour", "by"),
]


def test_a_wrong_filter_is_named(client: FlaskClient, service: FakeService) -> None:
    for query, field in WRONG:
        answer = client.get(f"/artists/a1/audience?{query}")
        assert answer.status_code in {400, 422}
        assert field in text_of(answer, answer.status_code)


def test_what_is_left_out_or_suppressed_is_said(client: FlaskClient, answering: Answering) -> None:
    answering("artists.catalogue.read_catalogue", ARTIST)
    why = "1 country is left out for fewer than 10 listeners."
    answering(ANALYTICS, replace(FOUND, left_out=[LeftOut("countries", ["PE"], why)]))
    assert why in text_of(client.get("/artists/a1/audience?country=PE"))
    nothing = dict.fromkeys(("plays", "listeners", "unknown", "curve", "reports", "before", "undated"))
    lists: dict[str, Any] = {name: [] for name in ("countries", "weeks", "sources", "segments")}
    answering(ANALYTICS, replace(FOUND, suppressed="fewer than 10 listeners.", **nothing, **lists))
    answer = client.get("/artists/a1/audience?country=PE")
    assert "Fewer than 10 listeners." in text_of(answer)
    assert "<dl" not in answer.text
    assert 'href="/artists/a1/audience">Remove all filters' in answer.text


NOT_NEW = {"new_listeners": None, "returning_listeners": None, "savers": None, "save_rate": None}


def test_what_is_not_shown_says_why_and_what_to_choose(
    client: FlaskClient, service: FakeService, answering: Answering
) -> None:
    """Not for few listeners where it is for the period: a period of whole months would show it."""
    days: dict[str, Any] = {"from_day": "2024-02-05", "to_day": "2024-03-18", "newcomers_unit": "month"}
    days["days"] = [PeriodAudience("2024-02-05", 30, 20), PeriodAudience("2024-03-31", 30, 20)]
    answering(ANALYTICS, replace(FOUND, **NOT_NEW, **days, unit="day", savers_unit="week"))
    answer = client.get("/artists/a1/audience?from=2024-02-05&to=2024-03-18&country=CO")
    text = text_of(answer)
    assert "Who is new is counted by whole months. Choose 1 February to 31 March 2024" in text
    address = "/artists/a1/audience?country=CO&amp;from=2024-02-01&amp;to=2024-03-31"
    assert f'<a href="{address}">Choose 1 February to 31 March 2024</a>' in answer.text
    assert "Who has saved a track is counted by whole weeks. Choose 5 February to 24 March 2024" in text
    report = client.get("/artists/a1/report?from=2024-02-05&to=2024-03-18").text
    assert "Who is new is counted by whole months." in report
    assert "Choose 1" not in report

    # The next month that ends with a week has not begun.
    answering(ANALYTICS, replace(FOUND, **NOT_NEW, **days, savers_unit="week"))
    text = text_of(client.get("/artists/a1/audience?from=2024-02-05&to=2024-03-18"))
    assert "Who is new is counted by whole months, and periods here are of whole weeks." in text

    months = {"from_day": "2024-01-01", "to_day": None, "newcomers_unit": "month"}
    answering(ANALYTICS, replace(FOUND, **NOT_NEW, **months, savers_unit="month"))
    text = text_of(client.get("/artists/a1/audience?from=2024-01-01"))
    assert "Fewer than 10 are new, or fewer than 10 heard it before." in text
    assert "Fewer than 10 have saved a track, or fewer than 10 have not." in text
    assert "whole month" not in text


def test_tracks_of_an_audience(client: FlaskClient, service: FakeService, answering: Answering) -> None:
    tracks = [
        TrackAudience("t1", "Lluvia <en> abril", 90, 30, 0.75, 0.5, 12, 0.4),
        TrackAudience("t2", "Río", 30, 20, 0.25, 0.61, None, None),
        TrackAudience("t3", "Sol", None, None, None, None, None, None),
    ]
    answering(ANALYTICS, replace(FOUND, tracks=tracks))
    answer = client.get("/artists/a1/audience?track=t2")
    assert rows_of(answer, "tracks") == [
        ["Lluvia &lt;en&gt; abril", "90", "30", "75 %", "50 %", "40 %"],
        ["Río", "30", "20", "25 %", "61 %", "not shown"],
        ["Sol", "fewer than 10 listeners"],
    ]
    said = "Lluvia <en> abril has 75 % of the plays; Río is most often heard to its last tenth: 61 %"
    assert said in re.sub("[\u2068\u2069]", "", text_of(answer))
    # A name adds its track to the filter, or takes it away.
    assert 'href="/artists/a1/audience?track=t2&amp;track=t1"' in answer.text
    assert '<a href="/artists/a1/audience" aria-current="true"><bdi>Río' in answer.text
    assert "also stands where a number would tell" in answer.text


def test_nobody_has_heard_it(client: FlaskClient, answering: Answering) -> None:
    answering("artists.catalogue.read_catalogue", ARTIST)
    answering(
        ANALYTICS, replace(FOUND, plays=0, listeners=0, countries=[], weeks=[], sources=[], segments=[])
    )
    answer = client.get("/artists/a1/audience")
    assert title_of(answer) == "Los <Faroles> is not heard here"
    assert 'href="/artists/a1/influencers">See who could bring listeners' in answer.text


def test_times_between_plays_have_none_and_few_listeners_are_a_gap(
    client: FlaskClient, answering: Answering
) -> None:
    answering("artists.catalogue.read_catalogue", ARTIST)
    days = [PeriodAudience("2024-02-27", 30, 20), PeriodAudience("2024-03-01", None, None)]
    answering(ANALYTICS, replace(FOUND, unit="day", days=days, weeks=[]))
    answer = client.get("/artists/a1/audience?by=day")
    assert rows_of(answer, "time") == [
        ["2024-02-27", "30", "20"],
        ["2024-02-28", "0", "0"],
        ["2024-02-29", "0", "0"],
        ["2024-03-01", "fewer than 10 listeners"],
    ]
    assert "Hatched are times with fewer than 10 listeners." in text_of(answer)


def test_a_period_of_all_time_is_drawn_around_its_plays(client: FlaskClient, answering: Answering) -> None:
    answering("artists.catalogue.read_catalogue", ARTIST)
    filters = replace(FOUND.filters, from_day="0001-01-01", to_day="9999-12-31")
    days = [PeriodAudience("2024-02-27", 30, 20), PeriodAudience("2024-03-01", 20, 12)]
    found = replace(FOUND, filters=filters, from_day=filters.from_day, to_day=filters.to_day)
    answering(ANALYTICS, replace(found, unit="day", days=days))
    for by, first, n in (("day", "2023-02-26", 366 + 4 + 366), ("week", "2023-01-30", 53 + 1 + 53)):
        rows = rows_of(client.get(f"/artists/a1/audience?from=0001-01-01&to=9999-12-31&by={by}"), "time")
        assert (rows[0], len(rows)) == ([first, "0", "0"], n)


@pytest.mark.parametrize("unit", ["week", "month", "year"])
@pytest.mark.parametrize("ends", [("0001-01-01", "9999-12-31"), ("0001-01-03", None), (None, "9999-12-30")])
def test_no_period_is_offered_around_one_that_goes_on_for_ever(
    client: FlaskClient, answering: Answering, unit: Unit, ends: tuple[str | None, str | None]
) -> None:
    answering("artists.catalogue.read_catalogue", ARTIST)
    days = [PeriodAudience("2024-03-01", 20, 12)]
    hidden = replace(FOUND, savers=None, save_rate=None, savers_unit=unit, unit="day", days=days)
    answering(ANALYTICS, replace(hidden, from_day=ends[0], to_day=ends[1]))
    answer = client.get("/artists/a1/audience")
    assert answer.status_code == 200
    assert "9999" not in answer.text


CHARTS = {
    "/artists/a1/audience": ["curve", "countries", "tracks", "time", "sources", "segments"],
    "/artists/a1/influencers": ["together", "top"],
    "/artists/a1/interests": ["genres", "artists", "tracks", "bridges", "languages"],
    "/artists/a1/spread": ["cascade", "generations", "sizes", "crossings"],
}


def test_each_chart_is_a_picture_and_a_table(client: FlaskClient, service: FakeService) -> None:
    for path, keys in CHARTS.items():
        page = client.get(path).text
        for key in keys:
            for kind in ("csv", "svg"):
                assert f'href="{path}?file={key}.{kind}" download' in page
            picture = client.get(f"{path}?file={key}.svg")
            assert picture.headers["Content-Disposition"] == f'attachment; filename="a1-{key}.svg"'
            assert not re.search('href="(?!#)', picture.text)
            ET.fromstring(picture.text)
            table = list(csv.reader(io.StringIO(client.get(f"{path}?file={key}.csv").text)))
            assert len(table) > 1
            assert len({len(row) for row in table}) == 1


def test_a_file_says_what_is_suppressed_and_holds_no_formula(
    client: FlaskClient, service: FakeService
) -> None:
    text = client.get("/artists/a1/audience?file=countries.csv").text
    assert "Peru,fewer than 10 listeners,fewer than 10 listeners" in text
    assert "Colombia,90,30,0.75,3\r\n" in text
    matches = client.get("/artists/a1/influencers?file=matches.csv").text
    assert "'@cumbiera,i1,Colombia,87,120,120,129,counted,0.064,5200,81000,0.4" in matches
    assert "'@b <b>,i2,Colombia,40,fewer than 10 listeners,0,9,estimated" in matches
    assert "'@b <b>,i2,Colombia,10,,2026-05-01" in client.get(f"{PAGES[1]}?file=shortlist.csv").text


def test_files_that_are_not_there(client: FlaskClient, service: FakeService) -> None:
    for path in PAGES:
        for name in ["curve.png", "nothing.csv", "matches.svg", "x"]:
            assert client.get(f"{path}?file={name}").status_code == 404


def test_influencers_to_sort_compare_and_keep(client: FlaskClient, service: FakeService) -> None:
    answer = client.get("/artists/a1/influencers?sort=likes&compare=i1&compare=i2&based=CO&genre=cumbia")
    text = text_of(answer)
    assert title_of(answer) == "@cumbiera would bring 120 new listeners to Los <Faroles>"
    assert "2 side by side" in text
    assert "One influencer would add 120 listeners, 33 % more than the one with the most likes" in text
    assert "@cumbiera has the most likes for Cumbia in Colombia: 5,200 a post" in text
    assert "1 on the shortlist" in text
    (kwargs,) = asked(service, MATCHES)
    assert (kwargs["sort"], kwargs["country"], kwargs["genre_id"]) == ("likes", "CO", "cumbia")
    assert answer.text.count("take <bdi>@b &lt;b&gt;</bdi> off the shortlist") == 3


def test_each_influencer_has_a_link_to_hand_out(client: FlaskClient, service: FakeService) -> None:
    answer = client.get("/artists/a1/influencers")
    assert answer.text.count('value="http://localhost/artists/a1?by=i1"') == 1
    # Among the matches and on the shortlist.
    assert answer.text.count('value="http://localhost/artists/a1?by=i2"') == 2
    answer = client.get("/artists/a1/influencers?leads=t2")
    assert answer.text.count('value="http://localhost/tracks/t2?by=i2"') == 2
    assert '<option value="t2" selected>' in answer.text
    assert "http://localhost/tracks/t2?by=i2" in client.get(f"{PAGES[1]}?leads=t2&file=shortlist.csv").text
    other = client.get("/artists/a1/influencers?leads=of-another")
    assert 'value="http://localhost/artists/a1?by=i2"' in other.text


def test_what_may_be_spent(client: FlaskClient, service: FakeService) -> None:
    client.get("/artists/a1/influencers?k=3&cost_per_1000=10&budget=500")
    (kwargs,) = asked(service, MATCHES)
    assert (kwargs["together"], kwargs["price"].per_1000, kwargs["price"].budget) == (3, 10, 500)
    answer = client.get("/artists/a1/influencers?budget=500")
    assert (answer.status_code, "cost_per_1000" in answer.text) == (422, True)


def test_the_shortlist_is_changed_and_the_page_says_so(client: FlaskClient, service: FakeService) -> None:
    form = {"artist": "a1", "influencer": "i2", "verb": "remove"} | CSRF
    answer = client.post("/shortlist?sort=likes&country=MX", data=form)
    assert answer.headers["Location"] == "/artists/a1/influencers?country=MX&sort=likes&did=remove&who=i2"
    assert service.calls["artists.shortlist.remove_from_shortlist"][0][0][1:] == ("a1", "i2")
    assert "@b <b> is off the shortlist" in text_of(client.get(answer.headers["Location"]))
    assert client.post("/shortlist", data=form | {"verb": "sing"}).status_code == 422


def test_without_influencers(client: FlaskClient, answering: Answering, service: FakeService) -> None:
    answering("artists.shortlist.read_shortlist", [])
    nobody = replace(
        examples.INFLUENCER_SET, items=[], total=ShownCount(0, suppressed=False), gain=None, not_known=0
    )
    answering(MATCHES, ([], nobody))
    text = text_of(client.get("/artists/a1/influencers"))
    assert "No influencer known here posts in genres of Los <Faroles>" in text
    assert "Nobody is on the shortlist yet" in text


def test_what_an_audience_likes(client: FlaskClient, service: FakeService) -> None:
    answer = client.get("/artists/a1/interests?segment=super&track=t1")
    text = text_of(answer)
    assert title_of(answer) == "Los <Faroles> is heard by people who love cumbia"
    for said in (
        "They play cumbia 3.5× as much as everybody",
        "Los Mirasoles is the artist that sets them apart most: 4.1×",
        "Río Abajo, Los Mirasoles is the track that sets them apart most: 5.9×",
        "salsa is the nearest way out: its listeners play the artist's genres 1.4× as much as everybody",
        "71 % of what they hear is in Spanish, of what everybody hears 34 %",
        "420 listeners beside about 18,300 people",
    ):
        assert said in text.replace("&#39;", "'"), said
    ((args, kwargs),) = service.calls["artists.interests.interests"]
    assert (args[2].segments, args[2].tracks, kwargs["exact"]) == (["super"], ["t1"], True)
    assert OVERLAP not in service.calls


def test_an_audience_beside_that_of_another(
    client: FlaskClient, service: FakeService, answering: Answering
) -> None:
    text = text_of(client.get("/artists/a1/interests?with=a5"))
    assert "21&nbsp;% of them hear Los Mirasoles" in text
    assert "In both audiences 90" in text
    answering("catalogue.search.search_artists", Page([card("a1", 9), card("a5", 5)], None))
    client.get("/artists/a1/interests?name=los")
    assert [args[1:] for args, _ in service.calls[OVERLAP]] == [("a1", "a5"), ("a1", "a5")]
    answering("catalogue.search.search_artists", Page([], None))
    assert "No other artist here is called “zz”" in text_of(client.get("/artists/a1/interests?name=zz"))
    answering(OVERLAP, UnknownArtist("a9"))
    assert "There is no artist &#39;a9&#39; here" in text_of(client.get("/artists/a1/interests?with=a9"))
    few = replace(
        audience_examples.OVERLAP,
        suppressed="The audiences share fewer than 10 listeners.",
        **dict.fromkeys(("listeners", "shared", "jaccard", "of_artist", "of_other")),
    )
    answering(OVERLAP, few)
    text = text_of(client.get("/artists/a1/interests?with=a5"))
    assert "Too few listeners to compare with Los Mirasoles" in text


def test_how_it_spreads(client: FlaskClient, service: FakeService) -> None:
    answer = client.get("/artists/a1/spread?window=30&country=CO")
    text = text_of(answer)
    assert title_of(answer) == "Los <Faroles> came to 22 % of the listeners through a friend"
    for said in (
        "The largest cascade went to 14 listeners in 1 step",
        "Drawn are the first 2.",
        "It was passed on up to 1 time in a row",
        "It crossed most from Colombia to Mexico: 20 listeners",
        "by chance 0.15, 95 % in 0.12–0.18",
        "a number as large came up in 0.5 % of the draws",
    ):
        assert said in text, said
    (kwargs,) = asked(service, "artists.spread.artist_spread")
    assert (kwargs["window"], kwargs["exact"]) == (30, True)
    assert '<input type="hidden" name="country" value="CO">' in answer.text
    for wrong in ("0", "61", "x", "²", "9" * 5_000):
        assert client.get(f"/artists/a1/spread?window={wrong}").status_code == 400


def test_too_few_listeners_for_interests_and_spread(client: FlaskClient, answering: Answering) -> None:
    answering("artists.catalogue.read_catalogue", ARTIST)
    answering(CHOICES, FOUND_CHOICES)
    why = "fewer than 10 listeners, perhaps none."
    answering("artists.interests.interests", replace(audience_examples.INTERESTS, suppressed=why))
    answering("artists.spread.artist_spread", replace(audience_examples.SPREAD, suppressed=why))
    for page in ("interests", "spread"):
        answer = client.get(f"/artists/a1/{page}?country=PE")
        assert "Fewer than 10 listeners, perhaps none." in text_of(answer)
        assert "<figure" not in answer.text
        assert f'href="/artists/a1/{page}">Remove all filters' in answer.text


@pytest.fixture
def strict_app(fake_graph: FakeGraph, tmp_path: Path) -> Iterator[Flask]:
    app = create_app(Settings(models=tmp_path / "models", home=tmp_path), fake_graph)
    yield app
    app.extensions["muse_graph"].database.close()
    app.extensions["muse_graph"].accounts.close()


def signed_in(app: Flask, role: Role, *artist_ids: str, user_id: str | None = None) -> FlaskClient:
    store = app.extensions["muse_graph"].accounts
    account = accounts.create(store, f"name-{role}", role=role, artist_ids=artist_ids, user_id=user_id)
    client = app.test_client()
    client.set_cookie("muse_session", sessions.start(store, account, ""))
    client.set_cookie("muse_visit", VISIT)
    return client


def token_on(answer: TestResponse) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', answer.text)
    assert found is not None
    return found[1]


def test_only_ones_own_artists(strict_app: Flask, service: FakeService) -> None:
    client = signed_in(strict_app, "artist", "a1")
    page = client.get("/artists/a1/influencers")
    token = token_on(page)
    for path in PAGES:
        assert client.get(path).status_code == 200
        for query in ("", "?file=curve.csv", "?country=CO"):
            answer = client.get(f"{path.replace('a1', 'a2')}{query}")
            assert (answer.status_code, title_of(answer)) == (403, "This is not open to you")
    form = {"influencer": "i1", "verb": "add", "csrf_token": token}
    assert client.post("/shortlist", data=form | {"artist": "a2"}).status_code == 403
    assert "artists.shortlist.add_to_shortlist" not in service.calls
    assert client.post("/shortlist", data=form | {"artist": "a1"}).status_code == 303
    assert {kwargs["exact"] for kwargs in asked(service)} == {False}


def test_a_listener_sees_none_and_an_analyst_changes_nothing(strict_app: Flask, service: FakeService) -> None:
    listener, analyst = signed_in(strict_app, "listener"), signed_in(strict_app, "analyst")
    for path in (*PAGES, "/your-artists"):
        assert listener.get(path).status_code == 403
    page = analyst.get("/artists/a1/influencers")
    assert 'action="/shortlist' not in page.text
    assert {kwargs["exact"] for kwargs in asked(service, MATCHES)} == {True}
    form = {"artist": "a1", "influencer": "i1", "verb": "add", "csrf_token": token_on(page)}
    assert analyst.post("/shortlist", data=form).status_code == 403


def card(artist_id: str, plays: int) -> ArtistCard:
    return ArtistCard(artist_id, f"Name of {artist_id}", "CO", 1, plays, under_the_radar=False)


def test_where_an_artist_lands(strict_app: Flask, fake_graph: FakeGraph, answering: Answering) -> None:
    kinds = "users friendships tracks artists genres listens countries influencers"
    fake_graph.rows["graph_counts"] = [dict.fromkeys(kinds.split(), 1)]
    one = signed_in(strict_app, "artist", "a1")
    assert one.get("/").headers["Location"] == "/your-artists"
    assert one.get("/your-artists").headers["Location"] == "/artists/a1/audience"
    answering("catalogue.search.artist_cards", [card("a1", 5), card("a2", 9)])
    store = strict_app.extensions["muse_graph"].accounts
    accounts.set_role(store, "name-artist", "artist", ["a1", "a2"])
    answer = one.get("/your-artists")
    assert title_of(answer) == "You look after 2 artists"
    assert re.findall(r"Name of (a\d)", answer.text) == ["a2", "a1"]
    assert '<a href="/your-artists" aria-current="page">' in answer.text
    accounts.set_role(store, "name-artist", "artist", [])
    answering("catalogue.search.artist_cards", [])
    assert title_of(one.get("/your-artists")) == "No artist belongs to this account yet"


def test_an_operator_finds_artists(client: FlaskClient, answering: Answering) -> None:
    calls = answering("catalogue.search.search_artists", Page([card("a1", 5)], "next")).calls
    answer = client.get("/your-artists?q=name")
    assert title_of(answer) == "Artists called “name”"
    assert 'href="/your-artists?q=name&amp;cursor=next"' in answer.text
    ((args, _kwargs),) = calls["catalogue.search.search_artists"]
    assert args[1] == "name"
    answering("catalogue.search.search_artists", Page([], None))
    assert title_of(client.get("/your-artists?q=x")) == "No artist is called “x”"
