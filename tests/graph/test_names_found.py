"""Every name finds itself, in any script; and no text that somebody types breaks a search."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as trying
from hypothesis import strategies as st

from muse_graph.core.search_text import search_params
from muse_graph.graph import queries
from muse_graph.graph.connection import Graph
from muse_graph.loaders.synthetic import world
from muse_graph.service.catalogue import search
from muse_graph.service.maintenance.loaded_rows import LoadedRows
from muse_graph.service.maintenance.tables import write_rows
from muse_graph.service.users import users
from tests.conftest import wipe

#: Names that rules for English, for letters without marks or for words between blanks lose.
HARD = """
ガラパゴス・ジャズ|ずっと|ぽんぽん|ヴァイオレット|椎の木 林檎|ｻﾞ･ｶｾｯﾄ|紅白歌合戦|Ёжик в тумане|Зимний йод|Їжак
Αθήνα Νύχτες|ΌΝΕΙΡΟΣ|όνειρος|إيقاع|الليل مؤنث|آه يا ليل|كاتـــب|گلچهره|می‌خوانم
नृत्य संगीत|ক্লান্ত পথিক|இசைப்பறவை|ไพลินสีน้ำเงิน|ເພງລາວ|မြန်မာတေး|ខ្មែរ|שִׁירָה
בְּרֵאשִׁית|ძველი თბილისი|Հայրենիք|ሙዚቃ|봄날의 소리|Đường Về|Şımarık Ðögg
Ångström & Ørsted|Þórr|Œdipe Æther|Łódź|The Them|To Be or Not|Will It|And|Or|NOT
Is This It Then|I|Of|A - B|R.E.S.T.|Mr. O'Clock|¿Qué Será?|AND OR NOT|???|...|+
--|&&|(*)|“ ”|♥|🎷🎺|★彡|\\|/|~|^|{}|[]|:)|"|title:luna|a AND (b|x~2|wor?d*|3/4|½
№ 5|²|1999
"""
NAMES = sorted({name for line in HARD.strip().splitlines() for name in line.split("|") if name})

FIND = {
    "tracks": search.search_tracks,
    "artists": search.search_artists,
    "genres": search.search_genres,
    "users": users.list_users,
}

LEGAL = (
    st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=40)
    .map(str.strip)
    .filter(bool)
)
#: What the language of the index could take for its own.
TYPED = (
    st.text(st.sampled_from('+-&|!(){}[]^"~*?:\\/ \u3000=<>aAND OR NOT TO é😀１＊'), min_size=1, max_size=60)
    .map(str.strip)
    .filter(bool)
)
#: The tests share the database with one another, and clear it themselves.
SEEDED = trying(
    max_examples=8,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def first_ten(graph: Graph, query: str, texts: Iterable[str]) -> dict[str, list[str]]:
    """Ids of the first ten hits of each text: the query as it is, run for many texts at once."""
    text = queries.load(query).text.replace("CALL () {", "CALL (asked) {")
    for name in ("words", "text", "whole"):
        text = text.replace(f"${name}", f"asked.{name}")
    asked = [search_params(one) for one in texts]
    rows = graph.run(
        f"UNWIND $asked AS asked CALL (asked) {{ {text} }} RETURN asked.text AS text, collect(id) AS ids",
        {"asked": asked, "skip": 0, "limit": 10},
        writes=False,
    )
    return {row["text"]: row["ids"] for row in rows}


def lost(graph: Graph, query: str, names: dict[str, str]) -> list[str]:
    """Names of which none, or not ten, of those that have them are among the first ten hits."""
    having: dict[str, set[str]] = {}
    for identifier, name in names.items():
        having.setdefault(name, set()).add(identifier)
    found = first_ten(graph, query, having)
    return [
        name for name, those in having.items() if len(those & {*found.get(name, ())}) < min(10, len(those))
    ]


def lost_artists(graph: Graph, names: list[str]) -> list[str]:
    """Names that are lost in a graph of artists with these and nothing else."""
    wipe(graph)
    by_id = {str(number): name for number, name in enumerate(names)}
    write_artists(graph, by_id)
    return lost(graph, "artist_hits", by_id)


def write_artists(graph: Graph, names: dict[str, str]) -> None:
    rows = [{"artist_id": one, "name": name, "country": None} for one, name in names.items()]
    graph.transact(lambda transaction: write_rows(transaction, "artists", rows, LoadedRows()))


@pytest.mark.parametrize("find", ["tracks", "artists", "genres", "users"])
def test_a_name_in_any_script_finds_itself(empty_graph: Graph, find: str) -> None:
    write_artists(empty_graph, dict(zip(NAMES, NAMES, strict=True)))
    blank = dict.fromkeys(("duration_s", "language", "mbid", "isrc", "features"))
    tracks = [
        blank | {"track_id": name, "title": name, "artist_ids": ["I"], "genre_ids": None} for name in NAMES
    ]
    genres = [{"genre_id": name, "name": name} for name in NAMES]
    people = [{"user_id": name, "name": name, "country": None, "listens_visible_to": None} for name in NAMES]
    for table, rows in (("tracks", tracks), ("genres", genres), ("users", people)):
        empty_graph.transact(lambda transaction, t=table, r=rows: write_rows(transaction, t, r, LoadedRows()))
    missing = []
    for name in NAMES:
        page = FIND[find](empty_graph, name, limit=10)
        if name not in [next(iter(vars(card).values())) for card in page.items]:
            missing.append(name)
    assert missing == []


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Ёжик", "ежик"),
        ("Йога", "ИОГА"),
        ("Ωδείο", "ωδειο"),
        ("ΝΌΣΤΟΣ", "νόστος"),
        ("إيقاع", "ايقاع"),
        ("שִׁירָה", "שירה"),
        ("Đường Về", "duong ve"),
        ("Œdipe", "OEDIPE"),
        ("ｶﾞﾗｽ", "ガラス"),
        ("紅白歌合戦", "歌合"),
        ("ไพลินสีน้ำเงิน", "สีน้ำเงิน"),
        ("می‌خوانم", "میخوانم"),
        ("Mr. O'Clock", "mr oclock"),
        ("Mr. O'Clock", "o’clo"),
        ("+44 Calling", "+"),
        ("★彡", "★"),
    ],
)
def test_a_name_is_found_as_it_is_typed(empty_graph: Graph, name: str, typed: str) -> None:
    write_artists(empty_graph, {"a": name, "b": "Somebody Else"})
    assert [card.name for card in search.search_artists(empty_graph, typed, limit=9).items] == [name]


@pytest.mark.parametrize(("name", "other"), [("ハス", "バズ"), ("か", "が"), ("पल", "पुल"), ("มา", "ม้า")])
def test_marks_that_make_another_letter_tell_names_apart(empty_graph: Graph, name: str, other: str) -> None:
    write_artists(empty_graph, {"a": name, "b": other})
    assert [card.name for card in search.search_artists(empty_graph, name, limit=9).items] == [name]


def test_every_name_of_the_sample_world_finds_itself(empty_graph: Graph) -> None:
    names: dict[str, dict[str, str]] = {"tracks": {}, "artists": {}, "genres": {}, "users": {}}
    for table, batch in world(200, seed=5):
        if table in names:
            rows = batch.to_pylist()
            empty_graph.transact(
                lambda transaction, t=table, r=rows: write_rows(transaction, t, r, LoadedRows())
            )
            names[table] |= {row[f"{table[:-1]}_id"]: row.get("title") or row["name"] for row in rows}
        elif names["users"]:
            break
    assert len(names["tracks"]) > 2_000
    assert len(names["users"]) == 200
    for table in names:
        assert lost(empty_graph, f"{table[:-1]}_hits", names[table]) == []


@SEEDED
@given(names=st.lists(LEGAL, min_size=1, max_size=60, unique=True))
def test_any_name_finds_itself(graph: Graph, names: list[str]) -> None:
    assert lost_artists(graph, names) == []


@SEEDED
@given(texts=st.lists(TYPED, min_size=1, max_size=60, unique=True))
def test_any_text_can_be_searched_for(graph: Graph, texts: list[str]) -> None:
    assert lost_artists(graph, texts) == []


@pytest.mark.parametrize("part", ["na ", "㌖", "é", "?", "ﷺ", "? "])
def test_a_long_name_finds_itself(empty_graph: Graph, part: str) -> None:
    name = (part * 1_000)[:1_000].strip()
    write_artists(empty_graph, {"a": name, "b": name[:700].strip()})
    first, *_ = search.search_artists(empty_graph, name, limit=9).items
    assert first.artist_id == "a"


def test_a_name_is_found_among_thousands_that_have_its_words(empty_graph: Graph) -> None:
    names = {str(number): f"Luna Luna Luna {number}" for number in range(1_200)} | {"luna": "Luna"}
    write_artists(empty_graph, names)
    empty_graph.run("MATCH (a:Artist) WHERE a.artist_id <> 'luna' SET a.plays = 9", writes=True)
    first, *_ = search.search_artists(empty_graph, "luna", limit=1).items
    assert first.name == "Luna"
