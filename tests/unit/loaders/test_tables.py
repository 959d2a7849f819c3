import csv
import json
from datetime import UTC, datetime
from itertools import groupby

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from muse_graph.errors import DataError, InvalidRequest
from muse_graph.loaders.columns import SCHEMAS
from muse_graph.loaders.rejects import Rejects
from muse_graph.loaders.sources.tables import read_tables
from muse_graph.loaders.table_rules import columns_of, drop_repeated, row_check
from muse_graph.service.field_kinds import BLANKS
from muse_graph.service.listens.record import listen_id_of

NOW = datetime(2026, 1, 2, tzinfo=UTC)
IN_TMP = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)


def read(folder, rejects=None, **options):
    """table -> rows without `line`; checks every batch and the counts on the way."""
    rejects = rejects or Rejects()
    tables = {}
    for table, batch in read_tables(folder, rejects, now=NOW, **options):
        batch.validate(full=True)
        assert batch.schema == SCHEMAS[table]
        tables.setdefault(table, []).extend(batch.to_pylist())
    for table, tally in rejects.tally.items():
        assert tally.read == len(tables.get(table, [])) + tally.rejected + tally.repeated
    return tables


def rejected(folder):
    """(line, reason) of every rejected row of a folder."""
    out = folder / "rejected"
    with Rejects(out) as rejects:
        read(folder, rejects)
    with (out / "reasons.csv").open(encoding="utf-8", newline="") as file:
        return [(int(row["line"]), row["reason"]) for row in csv.DictReader(file)]


def lines_of(rows):
    return [row["line"] for row in rows]


ROWS = {
    "genres": [["jazz", "Jazz"], ["fado", None]],
    "artists": [["a", "Ann", "pt"], ["b", 'Bo "B"', None]],
    "tracks": [
        ["t", "One", ["a", "b"], ["jazz"], 180.5, "pt", None, "USRC17607839", [0.5, -2.0, 0.5]],
        ["s", "Two", ["b"], None, None, None, None, None, None],
    ],
    "users": [["u", "Uma", "PT", None], ["v", "Vic,\nthe second", "DE", "nobody"], ["w", None, None, None]],
    "friendships": [["u", "v", 1_700_000_000], ["v", "w", None]],
    "likes": [["u", "jazz"]],
    "tags": [["u", "a", "Sea\tSongs"]],
    "listens": [
        ["l", "u", "t", 1_700_000_000, 0.5, None, None, "PT", "app"],
        [None, "u", "t", 1_700_000_001, None, 0.5, 1, None, None],
        [None, "u", "s", None, None, None, 12, None, "dump"],
    ],
    "feedback": [["u", "t", "save", 1_700_000_000]],
    "influencers": [["i", "@i", "de", ["jazz", "fado"], 10.5, 99, ["DE:0.5", "pt"]]],
    "follows": [["u", "i", 1_700_000_000], ["v", "i", None]],
}


def write_csv(folder, rows):
    for table, block in rows.items():
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(columns_of(table))
            for row in block:
                writer.writerow(
                    ["|".join(map(str, cell)) if isinstance(cell, list) else cell for cell in row]
                )


def write_json(folder, rows):
    for table, block in rows.items():
        lines = [json.dumps(dict(zip(columns_of(table), row, strict=True))) for row in block]
        (folder / f"{table}.jsonl").write_text("\n".join(lines), encoding="utf-8")


def write_parquet(folder, rows):
    for table, block in rows.items():
        columns = dict(zip(columns_of(table), map(list, zip(*block, strict=True)), strict=True))
        arrays = {name: timestamps(name, cells) for name, cells in columns.items()}
        pq.write_table(pa.table(arrays), folder / f"{table}.parquet")


def timestamps(name, cells):
    kind = pa.timestamp("s") if name in ("since", "at", "listened_at") else None
    return pa.array(cells, kind)


def in_every_format(tmp_path, rows):
    found = []
    for write in (write_csv, write_json, write_parquet):
        folder = tmp_path / write.__name__
        folder.mkdir(exist_ok=True)
        write(folder, rows)
        tables = read(folder)
        for row in (row for block in tables.values() for row in block):
            del row["line"]
        found.append(tables)
    return found


def test_three_formats_say_the_same(tmp_path) -> None:
    as_csv, as_json, as_parquet = in_every_format(tmp_path, ROWS)
    assert as_csv == as_json == as_parquet
    assert list(as_csv) == list(SCHEMAS)
    assert as_csv["genres"][1] == {"genre_id": "fado", "name": "fado"}
    assert as_csv["tracks"][1]["genre_ids"] == []
    assert [row["features"] for row in as_csv["tracks"]] == [[0.5, -2.0, 0.5], None]
    assert as_csv["tags"][0]["tag"] == "sea\tsongs"
    assert as_csv["users"][1]["name"] == "Vic,\nthe second"
    assert as_csv["influencers"][0]["audience"] == ["DE:0.5", "PT"]
    given, timed, aggregate = as_csv["listens"]
    assert (given["listen_id"], given["plays"]) == ("l", 1)
    assert [(row["heard"], row["heard_at_least"]) for row in (given, timed)] == [(0.5, None), (None, 0.5)]
    assert given["listened_at"] == datetime.fromtimestamp(1_700_000_000, UTC)
    assert timed["listen_id"] == listen_id_of("u", "t", 1_700_000_001_000, "")
    assert aggregate["listen_id"] == listen_id_of("u", "s", None, "dump")


NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\t\n"), max_size=20).map(
    lambda name: name.strip(BLANKS)
)


@IN_TMP
@given(names=st.lists(NAMES, min_size=1, max_size=8))
def test_any_name_comes_through_in_every_format(tmp_path, names) -> None:
    rows = {"users": [[f"u{number}", name or None, None, None] for number, name in enumerate(names)]}
    for tables in in_every_format(tmp_path, rows):
        assert [row["name"] for row in tables["users"]] == [name or None for name in names]


@IN_TMP
@given(hostile=st.binary(max_size=40).filter(lambda raw: b"\n" not in raw), place=st.integers(0, 4))
def test_a_hostile_line_takes_no_good_row_with_it(tmp_path, hostile, place) -> None:
    good = [b"good-%d,Name,PT" % number for number in range(4)]
    lines = [b"user_id,name,country", *good[:place], hostile, *good[place:]]
    (tmp_path / "users.csv").write_bytes(b"\n".join(lines))
    ids = [row["user_id"] for row in read(tmp_path).get("users", []) if row["user_id"].startswith("good-")]
    assert ids == ["good-0", "good-1", "good-2", "good-3"]


@IN_TMP
@given(st.binary(max_size=200), st.sampled_from(["csv", "jsonl"]))
def test_no_bytes_stop_a_load(tmp_path, raw, suffix) -> None:
    for old in tmp_path.glob("users.*"):
        old.unlink()
    head = b"user_id,name\n" if suffix == "csv" else b""
    (tmp_path / f"users.{suffix}").write_bytes(head + raw)
    read(tmp_path)


def test_a_bad_row_is_rejected_with_its_line_column_value_and_rule(tmp_path) -> None:
    (tmp_path / "users.csv").write_bytes(
        b"\xef\xbb\xbfcountry,user_id,shoe,name\r\n"
        b'PT,a,1,"Ana\r\nMaria"\r\n'
        b"XX,b,1,Bo\r\n"
        b"\r\n"
        b"PT,c\xff,1,Cy\r\n"
        b"PT,d\r\n"
        b"PT,,1,Eve\r\n"
        b"PT,f\x00,1,Flo\r\n"
        b'PT,g,1,"Gus\r\n'
        b"PT,h,1,Hal\r\n"
    )
    notes = []
    rows = read(tmp_path, note=notes.append)["users"]
    assert [(row["line"], row["user_id"], row["name"]) for row in rows] == [
        (2, "a", "Ana\r\nMaria"),
        (11, "h", "Hal"),
    ]
    assert notes == [
        "users.csv: columns not used: shoe; known are user_id, name, country, listens_visible_to"
    ]
    reasons = rejected(tmp_path)
    assert [line for line, _ in reasons] == [4, 6, 7, 8, 9, 10]
    for (_, reason), part in zip(
        reasons,
        (
            "country must be an ISO 3166-1 alpha-2 country code, as in CO, got 'XX'",
            "must be UTF-8",
            "must have 4 fields, got 2",
            "user_id is missing",
            r"user_id must be text of 1..200 UTF-8 characters, none of them a control character, got 'f\x00'",
            "not a row of CSV",
        ),
        strict=True,
    ):
        assert part in reason


def test_a_gigantic_field_is_one_bad_row(tmp_path) -> None:
    with (tmp_path / "users.csv").open("wb") as file:
        file.write(b"user_id,name\na,Ann\nb," + b"x" * 3_000_000 + b"\nc," + b"y" * 200_000 + b"\nd,Dan\n")
    assert lines_of(read(tmp_path)["users"]) == [2, 5]
    assert [line for line, _ in rejected(tmp_path)] == [3, 4]


def test_json_lines_that_are_no_row(tmp_path) -> None:
    (tmp_path / "users.ndjson").write_bytes(
        b'{"name": "no id"}\n{"user_id": 1}\n[1]\n{"user_id": \n\n'
        b'{"name": "x"}\n{"user_id": "a\\ud800"}\n\xff\n' + b"[" * 100_000 + b"\n"
        b'{"user_id": "b", "name": {"first": "Bo"}}\n{"user_id": "z", "country": "pt"}'
    )
    rows = read(tmp_path)["users"]
    assert [(row["line"], row["user_id"]) for row in rows] == [(2, "1"), (11, "z")]
    assert [line for line, _ in rejected(tmp_path)] == [1, 3, 4, 6, 7, 8, 9, 10]


@pytest.mark.parametrize("first", [b"[" * 100_000, b"x" * 3_000_000, b"1", b"\xff"])
def test_a_bad_first_line_of_json_is_one_bad_row(tmp_path, first) -> None:
    (tmp_path / "users.jsonl").write_bytes(first + b'\n{"user_id": "a"}\n')
    assert lines_of(read(tmp_path)["users"]) == [2]


def test_parquet_rows_that_are_not_utf_8(tmp_path) -> None:
    text = pa.array([b"a", b"\xff", b"c"]).view(pa.string())
    pq.write_table(pa.table({"user_id": text}), tmp_path / "users.parquet")
    assert lines_of(read(tmp_path)["users"]) == [1, 3]
    assert [line for line, _ in rejected(tmp_path)] == [2]


def test_parquet_times_finer_than_milliseconds(tmp_path) -> None:
    at = pa.array([1_700_000_000_123_456_789, 2**62], pa.timestamp("ns", "Europe/Lisbon"))
    columns = {"user_id": ["a", "b"], "track_id": ["t", "t"], "listened_at": at}
    pq.write_table(pa.table(columns), tmp_path / "listens.parquet")
    (row,) = read(tmp_path)["listens"]
    assert row["listened_at"] == datetime.fromtimestamp(1_700_000_000.123, UTC)


def test_which_rows_repeat_others_is_left_to_the_load(tmp_path) -> None:
    (tmp_path / "users.csv").write_text("user_id,name\na,Ann\na,Ann\na,Amy\nb,Bo\n")
    (tmp_path / "friendships.csv").write_text("user_id,friend_id\na,b\nb,a\na,a\na,b\n")
    rejects = Rejects()
    tables = read(tmp_path, rejects)
    assert [row["name"] for row in tables["users"]] == ["Ann", "Ann", "Amy", "Bo"]
    assert lines_of(tables["friendships"]) == [2, 3, 5]
    assert rejects.tally["users"].repeated == 0
    assert (rejects.tally["friendships"].repeated, rejects.tally["friendships"].rejected) == (0, 1)


def test_of_a_source_that_knows_all_its_ids_the_first_of_two_rows_stands() -> None:
    rejects = Rejects()
    rows = [["a", "Ann", None, 2], ["a", "Amy", None, 3], ["b", "Bo", None, 4]]
    assert list(drop_repeated("users", rows, rejects)) == [rows[0], rows[2]]
    assert list(drop_repeated("friendships", [["a", "b", None, 2], ["b", "a", None, 3]], rejects)) == [
        ["a", "b", None, 2]
    ]
    assert (rejects.tally["users"].repeated, rejects.tally["friendships"].repeated) == (1, 1)


def test_an_aggregate_has_no_time(tmp_path) -> None:
    (tmp_path / "listens.csv").write_text("user_id,track_id,listened_at,plays\na,t,1700000000,2\na,t,,2\n")
    assert lines_of(read(tmp_path)["listens"]) == [3]
    assert rejected(tmp_path)[0][1].startswith("listened_at must be empty in an aggregate row (plays > 1)")


@pytest.mark.parametrize("batch_rows", [1, 3, 100])
def test_batches_are_no_longer_than_asked(tmp_path, batch_rows) -> None:
    (tmp_path / "users.csv").write_text("user_id\n" + "".join(f"u{number}\n" for number in range(10)))
    (tmp_path / "genres.csv").write_text("genre_id\njazz\n")
    batches = list(read_tables(tmp_path, Rejects(), batch_rows=batch_rows))
    assert [table for table, _ in groupby(batches, key=lambda batch: batch[0])] == ["genres", "users"]
    assert max(batch.num_rows for _, batch in batches) <= batch_rows
    assert sum(batch.num_rows for _, batch in batches) == 11


def test_features_are_as_many_as_in_the_first_row_that_has_any(tmp_path) -> None:
    (tmp_path / "tracks.jsonl").write_text(
        "\n".join(
            json.dumps({"track_id": f"t{number}", "title": "T", "artist_ids": ["a"], "features": features})
            for number, features in enumerate([None, [], [1, "2"], [1], [3.5, 3.5], 3, "4|5", [0.0] * 65], 1)
        )
    )
    rows = read(tmp_path)["tracks"]
    assert {row["line"]: row["features"] for row in rows} == {
        1: None,
        2: None,
        3: [1.0, 2.0],
        5: [3.5, 3.5],
        7: [4.0, 5.0],
    }
    assert rejected(tmp_path) == [
        (4, "features must be 2 numbers, as in the first row that has any, got [1.0]"),
        (6, "features must be 1..64 numbers between -10^15 and 10^15, got 3"),
        (8, f"features must be 1..64 numbers between -10^15 and 10^15, got {str([0.0] * 65)[:77]}..."),
    ]


def test_a_header_alone_is_an_empty_table(tmp_path) -> None:
    (tmp_path / "users.csv").write_text("user_id,name")
    (tmp_path / "genres.jsonl").write_text("")
    assert read(tmp_path) == {}


@pytest.mark.parametrize(
    ("files", "error", "message"),
    [
        ({}, InvalidRequest, "at least one table"),
        ({"plays.csv": "user_id\n"}, InvalidRequest, "at least one table"),
        (
            {"users.csv": "user_id\n", "users.jsonl": ""},
            InvalidRequest,
            r"one file, got users.csv and users.jsonl",
        ),
        ({"users.csv": ""}, DataError, r"users.csv:1: must begin with a header"),
        ({"users.csv": "name,country\n"}, DataError, "must have the columns user_id, got name, country"),
        ({"users.csv": "user_id,user_id\n"}, DataError, "named once"),
        ({"users.parquet": "user_id\n"}, DataError, "must be a Parquet file"),
        ({"genres.csv": "genre_id\njazz\n", "tags.csv": "user_id;tag\n"}, DataError, "tags.csv:1"),
    ],
)
def test_a_folder_that_cannot_be_read_says_so_before_the_first_row(tmp_path, files, error, message) -> None:
    for name, content in files.items():
        (tmp_path / name).write_text(content)
    with pytest.raises(error, match=message):
        read_tables(tmp_path, Rejects())


def test_a_folder_that_is_not_there(tmp_path) -> None:
    with pytest.raises(InvalidRequest, match="must be a folder"):
        read_tables(tmp_path / "nowhere", Rejects())


def test_columns_named_twice_are_named_by_the_alphabet_on_the_first_line(tmp_path):
    (tmp_path / "users.csv").write_text("user_id,name,user_id,country,name\n", encoding="utf-8")
    with pytest.raises(DataError) as refused:
        read(tmp_path)
    rule = "each column must be named once, got name, user_id more than once"
    assert str(refused.value) == f"users.csv:1: {rule}"
    assert (refused.value.file, refused.value.line, refused.value.reason) == ("users.csv", 1, rule)


def test_a_share_is_known_exactly_or_at_least(tmp_path):
    """Empty is unknown, so both may be empty, and one of them may be there."""
    (tmp_path / "listens.csv").write_text(
        "user_id,track_id,heard,heard_at_least\na,t,0.5,\na,s,,0.5\na,r,,\na,q,0.5,0.25\na,p,,-0.0\na,o,,1.5\n"
    )
    shares = [(row["heard"], row["heard_at_least"]) for row in read(tmp_path)["listens"]]
    assert repr(shares) == "[(0.5, None), (None, 0.5), (None, None), (None, 0.0)]"
    assert rejected(tmp_path) == [
        (5, "give heard or heard_at_least, not both, got 0.5 and 0.25"),
        (7, "heard_at_least must be a number in 0..1, got '1.5'"),
    ]


@pytest.mark.parametrize(
    ("table", "column", "most"),
    [
        ("genres", "name", 1_000),
        ("artists", "name", 1_000),
        ("users", "name", 1_000),
        ("tracks", "title", 1_000),
        ("tracks", "language", 20),
        ("tracks", "features", 64),
        ("tags", "tag", 200),
        ("listens", "source", 50),
        ("influencers", "handle", 200),
        ("genres", "genre_id", 200),
        ("listens", "listen_id", 200),
    ],
)
def test_how_long_a_value_may_be(table, column, most):
    index, row = columns_of(table).index(column), [*ROWS[table][0]]
    entry = [0.5] if column == "features" else "x"
    row[index] = entry * most
    assert row_check(table, NOW)(row)[index] == entry * most
    row[index] = entry * (most + 1)
    with pytest.raises(ValueError, match=f"^{column} must be .*1..{most:,} "):
        row_check(table, NOW)(row)
