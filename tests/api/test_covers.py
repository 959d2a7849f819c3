"""Covers and colours: people recognise a track by its cover, so none may ever change."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from hashlib import sha256

import pytest

from muse_graph.api.web.pages import colours, covers

TRACKS = ("t1", "t2", "t3", "t4")
GENRES = ("cumbia", "jazz")
#: An artist for each motif, and the SHA-256 of the covers of the four tracks, a line each.
MOTIFS = {
    "grooves": ("a3", "455843a4b439ef3a4a02dcbc58852837b0642f6b1742d2deab604587404b7e64"),
    "hills": ("a4", "0d601cacca7d6f6aefcd26b2f93402eddf0f194591629568bc7925f8bfef2ade"),
    "bars": ("a9", "1110e8e3862be5c1f72c530c41288982495f5d404f5a90439f6579909b18b05b"),
    "petals": ("a1", "6eb76eca68643d144aff2a064ff0825c86eee270e98cbf70051eb394e76f1ae4"),
    "threads": ("a30", "30937d92d28f8366127171645bed15ddf83bdef86b761cf343f725d205285768"),
    "tiles": ("a0", "e94fcfd8eac35ca567d81c6073c49897b382c6aae4ce613e303ad3c6a6a45b52"),
}
every_motif = pytest.mark.parametrize(
    ("motif", "artist", "known"), [(m, *known) for m, known in MOTIFS.items()]
)
#: The cover of track t1 of artist a1 in cumbia, but for its leaves.
SKY = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 320">'
    '<defs><linearGradient id="sky" x1="0" y1="0" x2="0.93" y2="1">'
    '<stop offset="0" stop-color="oklch(0.26 0.07 183)"/><stop offset="1" stop-color="oklch(0.42 0.12 143)"/>'
    '</linearGradient><radialGradient id="glow"><stop offset="0" stop-color="oklch(0.85 0.13 183)" '
    'stop-opacity="0.5"/><stop offset="1" stop-color="oklch(0.85 0.13 183)" stop-opacity="0"/>'
    '</radialGradient></defs><rect width="320" height="320" fill="url(#sky)"/>'
    '<circle cx="182" cy="96" r="190" fill="url(#glow)"/>'
)
FIRST_LEAF = (
    '<ellipse cx="134" cy="72" rx="19" ry="45" fill="oklch(0.50 0.14 187)" fill-opacity="0.72" '
    'transform="rotate(0.0 134 117)"/>'
)


def colours_of(drawn: str) -> list[tuple[float, float, int]]:
    """Lightness, chroma and hue of every colour of a cover, in its order."""
    found = re.findall(r"oklch\(([\d.]+) ([\d.]+) (\d+)\)", drawn)
    return [(float(lightness), float(chroma), int(degree)) for lightness, chroma, degree in found]


def apart(one: int, other: int) -> int:
    degrees = abs(one - other) % 360
    return min(degrees, 360 - degrees)


@every_motif
def test_a_track_keeps_its_cover_for_ever(motif: str, artist: str, known: str) -> None:
    """People recognise a track by its cover, and a small change of a motif changes all of them."""
    drawn = "\n".join(covers.draw(track, artist, GENRES) for track in TRACKS)
    assert sha256(drawn.encode()).hexdigest() == known, motif


def test_a_cover_to_the_letter() -> None:
    """People recognise a track by its cover; this one says in words what the sums of the others hide."""
    drawn = covers.draw("t1", "a1", ["cumbia"])
    assert drawn.startswith(SKY + FIRST_LEAF)
    assert re.findall(r"rotate\(([\d.]+) 134 117\)", drawn) == [f"{36 * leaf}.0" for leaf in range(10)]
    assert drawn.endswith('transform="rotate(324.0 134 117)"/></svg>')


@every_motif
def test_a_cover_is_a_square_of_shapes_and_nothing_else(motif: str, artist: str, known: str) -> None:
    root = ET.fromstring(covers.draw("t1", artist, GENRES))
    assert root.get("viewBox") == "0 0 320 320"
    assert {(node.text or "").strip() + (node.tail or "").strip() for node in root.iter()} == {""}
    shapes = [node.tag.rpartition("}")[2] for node in root][3:]
    kinds = {"grooves": {"circle"}, "hills": {"circle", "path"}, "bars": {"rect"}, "petals": {"ellipse"}}
    assert set(shapes) == kinds.get(motif, {"path"})


@every_motif
def test_its_colours_are_those_of_its_genres(motif: str, artist: str, known: str) -> None:
    """Each hue is a genre's, or one second colour 40 or 55 degrees from the last genre's."""
    for track in TRACKS:
        found = colours_of(covers.draw(track, artist, GENRES))
        assert all(0 < lightness <= 1 and 0 < chroma < 0.2 for lightness, chroma, _ in found)
        second = found[1][2]
        assert apart(second, colours.hue("jazz")) in {40, 55}
        hues = [colours.hue("cumbia"), colours.hue("jazz"), second]
        assert all(min(apart(degree, hue) for hue in hues) <= 6 for *_, degree in found)
        assert found[0][2] == found[2][2] == colours.hue("cumbia")


def test_a_cover_without_genres_has_the_colour_of_its_artist() -> None:
    assert colours_of(covers.draw("t1", "a1", []))[0] == (0.26, 0.07, colours.hue_of_person("a1"))


def test_other_tracks_artists_and_genres_have_other_covers() -> None:
    drawn = {
        covers.draw("t1", "a1", ["jazz"]),
        covers.draw("t2", "a1", ["jazz"]),
        covers.draw("t1", "a2", ["jazz"]),
        covers.draw("t1", "a1", ["fado"]),
        covers.draw("t1", "a1", ["jazz", "fado"]),
        covers.draw("t1", "a1", ["fado", "jazz"]),
    }
    assert len(drawn) == 6


def test_bars_stand_side_by_side() -> None:
    for track in TRACKS:
        root = ET.fromstring(covers.draw(track, "a9", GENRES))
        bars = [(float(node.get("x", "")), float(node.get("width", ""))) for node in list(root)[3:]]
        ends = [x + width for x, width in bars]
        assert all(end < x for end, (x, _) in zip(ends, bars[1:], strict=False))
        assert bars[0][0] >= 0
        assert ends[-1] <= 320


def test_tiles_lie_three_four_or_five_a_side() -> None:
    drawn = [covers.draw(f"t{number}", "a0", GENRES) for number in range(30)]
    sides = [set(re.findall(r"h([\d.]+)a", one)) for one in drawn]
    assert all(len(side) == 1 for side in sides)
    assert set.union(*sides) == {"106.7", "80.0", "64.0"}


@pytest.mark.parametrize(
    ("genre_id", "degree"),
    [
        ("metal", 0),
        ("jazz", 140),
        ("cumbia", 183),
        ("pop", 243),
        ("gothic", 356),
        ("Hip_Hop", 270),
        ("dixieland jazz", 136),
        ("zydeco", 350),
    ],
)
def test_a_genre_keeps_its_hue(genre_id: str, degree: int) -> None:
    """A known one by its place, its kin near it, any other by its id; 108 genres go round the circle."""
    assert colours.hue(genre_id) == degree


def test_a_person_keeps_a_hue() -> None:
    assert [colours.hue_of_person(one) for one in ("u1", "u2", "t1", "a1")] == [50, 12, 163, 31]


def test_the_style_sheet_has_a_class_for_every_hue_and_share() -> None:
    lines = colours.steps().splitlines()
    assert lines[:360] == [f".hue-{degree}{{--hue:{degree}}}" for degree in range(360)]
    assert lines[360:] == [f".at-{share}{{--at:{share}}}" for share in range(101)]
    assert colours.steps().endswith("}\n")
