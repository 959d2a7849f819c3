import csv
import json
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from muse_graph.errors import DataError, InvalidRequest
from muse_graph.loaders.rejects import REASONS, Rejects
from muse_graph.loaders.sources.favourites import COLUMNS, read_favourites

NOW = datetime(2026, 1, 2, tzinfo=UTC)
IN_TMP = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)

ROWS = [
    ["v", "s", "Bo, the second", "Jazz", "2020-05-04T10:00:00Z"],
    ["u", "t", "Ann", None, None],
    ["u", "s", "another", "Fado", None],
    ["v", "s", "Bo", "Jazz", None],
    ["v", "t", "Ann", "Rock", None],
]


def write(folder, kind, rows, columns=COLUMNS):
    path = folder / f"dump.{kind}"
    if kind == "csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([columns, *rows])
    elif kind == "jsonl":
        path.write_text("".join(json.dumps(dict(zip(columns, row, strict=True))) + "\n" for row in rows))
    else:
        pq.write_table(pa.table([list(column) for column in zip(*rows, strict=True)], names=columns), path)
    return path


def read(path, **options):
    """What is read and (line, reason) of every row rejected; the counts have to add up."""
    out = path.parent / "rejected"
    with Rejects(out) as rejects:
        found = read_favourites(path, rejects, now=NOW, **options)
    rejects.tally["favourites"].check()
    assert rejects.tally["favourites"].loaded == len(found)
    if not out.exists():
        return found, []
    with (out / REASONS).open(encoding="utf-8", newline="") as file:
        return found, [(int(row["line"]), row["reason"]) for row in csv.DictReader(file)]


@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet"])
def test_each_format_gives_the_same(tmp_path, kind):
    found, bad = read(write(tmp_path, kind, ROWS))
    assert bad == []
    assert found.user_ids.tolist() == ["v", "u"]
    assert found.track_ids.tolist() == ["s", "t"]
    assert found.pairs.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert found.artists.tolist() == ["Bo, the second", "Ann"]
    assert found.genres.tolist() == ["Jazz", ""]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (["", "t", "Ann", "", ""], "user is missing"),
        (["u", " ", "Ann", "", ""], "track is missing"),
        (["u", "t", "", "", ""], "artist is missing"),
        (["u", "t" * 201, "Ann", "", ""], "track must be text of 1..200 UTF-8 characters"),
        (["u", "t", "Ann", "", "yesterday"], "when must be"),
        (
            ["u", "t", "Ann", "", "2026-01-09T00:00:00Z"],
            "or epoch seconds, from 1970 to tomorrow, got '2026",
        ),
        (["u", "t", "Ann"], "must have 5 fields, got 3"),
    ],
)
def test_a_bad_row_is_rejected_with_its_line_and_reason(tmp_path, row, reason):
    found, [(line, why)] = read(write(tmp_path, "csv", [ROWS[0], row, ROWS[1]]))
    assert line == 3
    assert reason in why
    # Nobody and nothing is known from a bad row alone.
    assert found.track_ids.tolist() == ["s", "t"]
    assert len(found) == 2


def test_json_that_is_none_stops_nothing(tmp_path):
    path = tmp_path / "dump.jsonl"
    path.write_text('{"user": 1, "track": 2, "artist": "Ann", "when": 1}\n[1]\n{"user": 1}\n')
    found, bad = read(path)
    assert (found.user_ids.tolist(), found.track_ids.tolist()) == (["1"], ["2"])
    assert bad == [(2, "must be one JSON object"), (3, "track is missing")]


def test_any_order_of_columns_and_unknown_ones(tmp_path):
    notes = []
    path = write(tmp_path, "csv", [["Ann", "5", "u", "t"]], ["artist", "plays", "user", "track"])
    found, bad = read(path, note=notes.append)
    assert (found.pairs.tolist(), found.artists.tolist(), found.genres.tolist(), bad) == (
        [[0, 0]],
        ["Ann"],
        [""],
        [],
    )
    [note] = notes
    assert note.startswith("dump.csv: columns not used: plays")


def test_a_file_without_a_required_column_is_refused(tmp_path):
    path = write(tmp_path, "csv", [["u", "t"]], ["user", "track"])
    with pytest.raises(DataError, match="must have the columns artist, got user, track"):
        read(path)


@pytest.mark.parametrize("name", ["dump.txt", "none.csv"])
def test_no_such_file_or_format_is_refused(tmp_path, name):
    (tmp_path / "dump.txt").write_text("user,track,artist\n")
    with pytest.raises(InvalidRequest, match="must be a file that ends in"):
        read(tmp_path / name)


def test_only_a_header_is_nothing(tmp_path):
    found, _ = read(write(tmp_path, "csv", []))
    assert (len(found), found.pairs.shape, found.user_ids.shape) == (0, (0, 2), (0,))


def test_every_pair_comes_back_once(tmp_path):
    some = st.lists(st.tuples(st.sampled_from("uvwx"), st.sampled_from("rst")), max_size=15)

    @IN_TMP
    @given(some)
    def once(given_pairs):
        found, _ = read(write(tmp_path, "jsonl", [[*pair, "Ann", "", None] for pair in given_pairs]))
        pairs = [(found.user_ids[user], found.track_ids[track]) for user, track in found.pairs]
        assert sorted(pairs) == sorted(set(given_pairs))
        assert found.pairs.tolist() == sorted(found.pairs.tolist())

    once()
