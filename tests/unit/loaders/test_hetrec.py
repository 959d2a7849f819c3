import csv
import os
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muse_graph.errors import DataError, InvalidRequest
from muse_graph.loaders.rejects import Rejects
from muse_graph.loaders.sources.hetrec import read_hetrec
from muse_graph.loaders.sources.tag_genres import assign_genres, read_vocabulary

DATA = Path(os.environ.get("MUSE_DATA", "MUSE_DATA is not set"))
HETREC = DATA / "hetrec2011-lastfm-2k"

FILES = {
    "artists.dat": b"id\tname\turl\tpictureURL\n"
    b"1\tAnn\tu\tp\n2\tB\xf6\tu\tp\n3\tCy\tu\n4\t\tu\tp\n1\tAnn\tu\tp\n",
    "tags.dat": b"tagID\ttagValue\n1\tRock\n2\tseen live\n3\tM\xe9tal\n",
    "user_friends.dat": b"userID\tfriendID\n7\t8\n8\t7\n8\t8\n8\t9\n",
    "user_artists.dat": b"userID\tartistID\tweight\n7\t1\t12\n7\t2\t0\n8\t5\t3\n8\t2\t3\r\n",
    "user_taggedartists.dat": b"userID\tartistID\ttagID\tday\tmonth\tyear\n"
    b"7\t1\t1\t1\t4\t2009\n7\t2\t3\t1\t4\t2009\n7\t5\t1\t1\t4\t2009\n"
    b"7\t1\t9\t1\t4\t2009\n7\t1\t1\t2\t4\t2009\n",
}


def write(folder, **changed):
    for name, content in FILES.items():
        (folder / name).write_bytes(changed.get(name, content))


def read(folder, rejects):
    tables: dict[str, list] = {}
    for table, batch in read_hetrec(folder, rejects):
        batch.validate(full=True)
        tables.setdefault(table, []).extend(batch.to_pylist())
    for table, tally in rejects.tally.items():
        assert tally.read == len(tables.get(table, [])) + tally.rejected + tally.repeated
    return tables


def test_good_rows_load_and_bad_ones_say_why(tmp_path) -> None:
    write(tmp_path)
    with Rejects(tmp_path / "rejected") as rejects:
        tables = read(tmp_path, rejects)
    assert [(row["artist_id"], row["name"], row["line"]) for row in tables["artists"]] == [
        ("1", "Ann", 2),
        ("2", "Bö", 3),
    ]
    assert [(row["track_id"], row["title"], row["artist_ids"]) for row in tables["tracks"]] == [
        ("1", "Ann", ["1"]),
        ("2", "Bö", ["2"]),
    ]
    assert [row["user_id"] for row in tables["users"]] == ["7", "8", "9"]
    assert [(row["user_id"], row["friend_id"]) for row in tables["friendships"]] == [("7", "8"), ("8", "9")]
    assert [(row["tag"], row["line"]) for row in tables["tags"]] == [("rock", 2), ("métal", 3)]
    assert [
        (row["listen_id"], row["plays"], row["listened_at"], row["heard"]) for row in tables["listens"]
    ] == [
        ("hetrec:7:1", 12, None, None),
        ("hetrec:8:2", 3, None, None),
    ]
    written = (tmp_path / "rejected" / "reasons.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert [line.split(",")[:2] for line in written] == [
        ["artists.dat", "4"],
        ["artists.dat", "5"],
        ["user_artists.dat", "3"],
        ["user_artists.dat", "4"],
        ["user_friends.dat", "4"],
        ["user_taggedartists.dat", "4"],
        ["user_taggedartists.dat", "5"],
    ]
    assert "weight must be a whole number in 1..100,000,000, got '0'" in written[2]
    assert "artistID must be in artists.dat, got '5'" in written[3]


def test_a_missing_file_is_named_before_the_first_row(tmp_path) -> None:
    write(tmp_path)
    (tmp_path / "tags.dat").unlink()
    with pytest.raises(InvalidRequest, match=r"missing: tags\.dat"):
        read_hetrec(tmp_path, Rejects())


def test_a_file_with_another_header_is_named(tmp_path) -> None:
    write(tmp_path, **{"tags.dat": b"tagValue\ttagID\n"})
    with pytest.raises(DataError, match=r"tags\.dat:1: must begin with"):
        read(tmp_path, Rejects())


def tagged(artist, **users_by_genre):
    return [(f"u{n}", artist, genre) for genre, users in users_by_genre.items() for n in range(users)]


SAME = {name: name for name in "abcd"}


@pytest.mark.parametrize(
    ("tags", "genres"),
    [
        (tagged("x", a=4, b=2, c=1), {"x": ["a", "b"]}),
        (tagged("x", a=2, b=2, c=2, d=2), {"x": ["a", "b", "c"]}),
        (tagged("x", a=1, b=1), {"x": ["a"]}),
        ([*tagged("x", a=1, b=1), *tagged("y", b=1)], {"x": ["b"], "y": ["b"]}),
        ([("u", "x", "live")], {}),
    ],
)
def test_genres_by_hand(tags, genres) -> None:
    assert assign_genres(tags, SAME, fewest_artists=0) == genres


def test_a_genre_of_few_artists_is_dropped_and_its_artists_take_their_next() -> None:
    tags = [*tagged("x", a=3), *tagged("y", a=2), *tagged("z", b=4, a=1), *tagged("w", c=5)]
    assert assign_genres(tags, SAME, fewest_artists=2) == {"x": ["a"], "y": ["a"], "z": ["a"]}


def test_two_tags_of_one_genre_from_one_user_count_once() -> None:
    tags = [("u", "x", "hip hop"), ("u", "x", "hip-hop"), ("v", "x", "pop"), ("w", "x", "pop")]
    assert assign_genres(tags, read_vocabulary(), fewest_artists=1) == {"x": ["pop"]}


@given(st.sets(st.tuples(st.integers(0, 5), st.integers(0, 4), st.sampled_from("abcdz"))), st.integers(1, 3))
def test_primary_genres_agree_with_counting_anew(tags, fewest) -> None:
    def users(artist, genre):
        return sum(1 for _, other, tag in tags if (other, tag) == (artist, genre))

    def best(artist, allowed):
        overall = {genre: sum(1 for *_, tag in tags if tag == genre) for genre in allowed}
        given_ = [genre for genre in allowed if users(artist, genre)]
        return min(given_, key=lambda genre: (-users(artist, genre), -overall[genre], genre), default=None)

    artists = {artist for _, artist, _ in tags}
    first = Counter(best(artist, "abcd") for artist in artists)
    kept = [genre for genre in "abcd" if first[genre] >= fewest]
    expected = {artist: best(artist, kept) for artist in artists if best(artist, kept)}
    found = assign_genres(tags, SAME, fewest_artists=fewest)
    assert {artist: genres[0] for artist, genres in found.items()} == expected


def test_the_vocabulary() -> None:
    vocabulary = read_vocabulary()
    assert (len(vocabulary), len(set(vocabulary.values()))) == (166, 143)
    assert all(tag == tag.strip().lower() for tag in vocabulary)
    assert "seen live" not in vocabulary


@pytest.mark.skipif(not HETREC.is_dir(), reason=f"no {HETREC.name} in the folder MUSE_DATA names")
def test_the_published_counts() -> None:
    rejects = Rejects()
    tables = read(HETREC, rejects)
    assert {table: len(rows) for table, rows in tables.items()} == {
        "genres": 97,
        "artists": 17_632,
        "tracks": 17_632,
        "users": 1_892,
        "friendships": 12_717,
        "tags": 184_941,
        "listens": 92_834,
    }
    # 1,538 tags are on 390 artists that artists.dat does not have.
    assert (rejects.tally["tags"].read, rejects.tally["tags"].rejected) == (186_479, 1_538)
    assert rejects.tally["friendships"].repeated == 12_717
    genres = Counter(len(row["genre_ids"]) for row in tables["tracks"])
    assert genres == {0: 7_427, 1: 7_281, 2: 1_585, 3: 1_339}
    assert len({row["genre_ids"][0] for row in tables["tracks"] if row["genre_ids"]}) == 97


def test_a_bad_line_of_tags_is_written_down_with_its_reason_and_counts_for_no_table(tmp_path) -> None:
    tags = b"tagID\ttagValue\n1\tRock\n2\n3\tM\xe9tal\n4\t\n"
    write(tmp_path, **{"tags.dat": tags})
    with Rejects(tmp_path / "rejected") as rejects:
        tables = read(tmp_path, rejects)
    with (tmp_path / "rejected" / "reasons.csv").open(encoding="utf-8", newline="") as file:
        found = [row for row in csv.DictReader(file) if row["file"] == "tags.dat"]
    assert [(row["line"], row["reason"]) for row in found] == [
        ("3", "must have 2 fields, got 1"),
        ("5", "tagValue is missing"),
    ]
    assert (tmp_path / "rejected" / "tags.dat").read_bytes() == b"tagID\ttagValue\n2\n4\t\n"
    assert [row["tag"] for row in tables["tags"]] == ["rock", "métal"]
    assert "tags.dat" not in rejects.tally
