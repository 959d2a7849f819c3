"""The bulk load up to the importer's files, beside the answers of the toy world, worked by hand."""

from __future__ import annotations

import csv
import struct
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from muse_graph.core.keys import key_of
from muse_graph.core.listening.buckets import unpack_listeners
from muse_graph.core.listening.profiles import unpack
from muse_graph.loaders.bulk import derivation as parts
from muse_graph.loaders.bulk import listening_files, listens
from muse_graph.loaders.bulk.derivation import Derivation, ListenerPart, radar_plays
from muse_graph.loaders.bulk.files import ImportFiles, MadeColumn, bytes_text, time_text
from muse_graph.loaders.bulk.gather import Gathered, gather
from muse_graph.loaders.bulk.graph_files import n_nodes, write_files
from muse_graph.loaders.columns import SCHEMAS
from muse_graph.loaders.rejects import Rejects
from tests.worlds import toy

Tables = dict[str, list[dict[str, Any]]]
Files = dict[str, list[dict[str, str]]]
AT = datetime(2026, 9, 30, 23, 30, tzinfo=UTC)


def batches(tables: Tables, rows: int = 4) -> Iterator[tuple[str, pa.RecordBatch]]:
    for table, found in tables.items():
        numbered = [row | {"line": line} for line, row in enumerate(found, 1)]
        for first in range(0, len(numbered), rows):
            yield table, pa.RecordBatch.from_pylist(numbered[first : first + rows], schema=SCHEMAS[table])


def gathered(rejects: Rejects | None = None, **more: list[dict[str, Any]]) -> Gathered:
    """The tables of `tests.worlds.toy`, some of them with more rows at their end."""
    tables = {name: [*rows, *more.pop(name, [])] for name, rows in toy.TABLES.items()}
    assert not more
    rejects = Rejects() if rejects is None else rejects
    for name, rows in tables.items():
        rejects.tally[name].read = len(rows)
    return gather(batches(tables), rejects, lambda _step, _rows: None)


def listen(listen_id: str, **changed: Any) -> dict[str, Any]:
    row = {"listen_id": listen_id, "user_id": "u1", "track_id": "t1", "listened_at": AT, "heard": 0.9}
    return row | {"plays": 1, "country": None, "source": None} | changed


def word(action: str, at: datetime | None, user: str = "u1", track: str = "t4") -> dict[str, Any]:
    return {"user_id": user, "track_id": track, "action": action, "at": at}


class TestGathering:
    def test_the_latest_word_counts_in_whatever_order_words_come(self) -> None:
        rejects = Rejects()
        hour = timedelta(hours=1)
        words = [
            word("discard", AT),
            word("save", AT + hour),
            word("save", AT + hour, track="t6"),
            word("discard", AT, track="t6"),
            word("discard", AT + hour, user="u2"),
        ]
        found = gathered(rejects, feedback=words).tables["feedback"].to_pylist()
        said = {(row["user_id"], row["track_id"]): (row["action"], row["at"]) for row in found}
        assert said == {
            ("u1", "t4"): ("save", AT + hour),
            ("u1", "t6"): ("save", AT + hour),
            ("u2", "t4"): ("discard", AT + hour),
            ("u2", "t5"): ("save", datetime(2026, 10, 14, 12, tzinfo=UTC)),
            ("u5", "t3"): ("discard", datetime(2026, 10, 15, 12, tzinfo=UTC)),
        }
        tally = rejects.tally["feedback"]
        # A word that a later one overtakes was loaded before it, as on the write path.
        assert (tally.read, tally.loaded, tally.repeated, tally.rejected) == (7, 6, 1, 0)

    def test_of_words_at_one_time_the_first_counts_and_one_without_a_time_is_of_now(self) -> None:
        words = [
            word("save", AT),
            word("discard", AT),
            word("save", AT, user="u2"),
            word("discard", None, "u2"),
        ]
        found = gathered(feedback=words).tables["feedback"].to_pylist()
        said = {row["user_id"]: row for row in found if row["track_id"] == "t4"}
        assert (said["u1"]["action"], said["u2"]["action"]) == ("save", "discard")
        assert abs(datetime.now(UTC) - said["u2"]["at"]) < timedelta(minutes=1)

    def test_the_country_is_the_listens_else_the_users_else_unknown(self) -> None:
        users = [{"user_id": "u7", "name": "Gil", "country": None}]
        listens = [
            listen("own", country="FR"),
            listen("home"),
            listen("neither", user_id="u7"),
            listen("own too", user_id="u7", country="PT"),
        ]
        found = gathered(users=users, listens=listens)
        rows = {row["listen_id"]: row["country"] for row in listens_of(found)}
        assert {name: rows[name] for name in ("own", "home", "neither", "own too")} == {
            "own": "FR",
            "home": "CO",
            "neither": "ZZ",
            "own too": "PT",
        }
        # Ben heard l08 abroad, Eva l15 at home.
        assert (rows["l08"], rows["l15"]) == ("CO", "PT")
        assert found.country_codes == ["CO", "FR", "JP", "PT", "ZZ"]

    def test_a_listen_said_again_is_repeated_and_another_of_its_id_refused(self, tmp_path: Path) -> None:
        others = [{"heard": 0.1}, {"plays": 2}, {"heard": None, "heard_at_least": 0.9}]
        listens = [listen("l"), listen("l", source="radio"), *(listen("l", **other) for other in others)]
        with Rejects(tmp_path / "rejected") as rejects:
            found = gathered(rejects, listens=listens)
        tally = rejects.tally["listens"]
        assert (tally.loaded, tally.repeated, tally.rejected) == (16, 1, 3)
        (kept,) = (row for row in listens_of(found) if row["listen_id"] == "l")
        assert (kept["heard"], kept["plays"], kept["source"]) == (0.9, 1, None)
        assert [row[:3] for row in self.read(tmp_path / "rejected" / "reasons.csv")] == [
            ["listens", line, "listen_id 'l' is used by another listen"] for line in ("18", "19", "20")
        ]

    @staticmethod
    def read(path: Path) -> list[list[str]]:
        with path.open(encoding="utf-8", newline="") as file:
            return [*csv.reader(file)][1:]

    def test_ids_that_nothing_has_are_named_as_the_write_path_names_them(self, tmp_path: Path) -> None:
        track = toy.TABLES["tracks"][0] | {"track_id": "t9", "artist_ids": ["a1", "a9"]}
        with Rejects(tmp_path / "rejected") as rejects:
            found = gathered(
                rejects,
                tracks=[track],
                friendships=[{"user_id": "u1", "friend_id": "u9", "since": None}],
                likes=[{"user_id": "u9", "genre_id": "pop"}],
                tags=[{"user_id": "u1", "artist_id": "a9", "tag": "x"}],
                listens=[listen("l", user_id="u9", track_id="t8"), listen("m", track_id="t9")],
                feedback=[word("save", AT, track="t9")],
            )
        assert [(file, reason) for file, _, reason in self.read(tmp_path / "rejected" / "reasons.csv")] == [
            ("tracks", "artist_ids: no artist has the id 'a9'"),
            ("friendships", "friend_id: no user has the id 'u9'"),
            ("likes", "user_id: no user has the id 'u9'"),
            ("tags", "artist_id: no artist has the id 'a9'"),
            ("feedback", "track_id: no track has the id 't9'"),
            ("listens", "no user has the id 'u9'"),
            ("listens", "no track has the id 't9'"),
        ]
        assert len(found.listens) == len(toy.TABLES["listens"])
        for name, table in found.tables.items():
            assert table.num_rows == len(toy.TABLES[name]), name
        for tally in rejects.tally.values():
            tally.check()

    def test_genres_and_countries_that_are_only_used_are_there(self) -> None:
        fan = {"influencer_id": "i9", "handle": "@x", "country": "FR", "genre_ids": ["polka"]}
        found = gathered(
            likes=[{"user_id": "u1", "genre_id": "ska"}],
            influencers=[fan | {"avg_likes": None, "followers": None, "audience": ["DE:0.5", "BR"]}],
        )
        assert found.genre_ids.to_pylist() == ["pop", "rock", "jazz", "cumbia", "fado", "polka", "ska"]
        assert found.country_codes == ["BR", "CO", "DE", "FR", "JP", "PT"]

    def test_empty_tables(self) -> None:
        found = gather(iter(()), Rejects(), lambda _step, _rows: None)
        assert {*found.tables, "listens"} == SCHEMAS.keys()
        derivation = Derivation(found, 0.2)
        (part,), (months,) = derivation.listener_parts(), derivation.month_parts()
        assert (len(part.listened.user), len(months.track), radar_plays(np.empty(0, np.int64))) == (0, 0, 0)
        values, bounds = part.profiles
        assert (len(values), bounds.tolist()) == (0, [0])

    def test_no_rows_are_files_all_the_same(self, tmp_path: Path) -> None:
        """The importer needs the header of each kind, and types do not depend on there being a value."""
        found = gather(iter(()), Rejects(), lambda _step, _rows: None)
        files = ImportFiles(tmp_path, n_nodes(found))
        write_files(files, Derivation(found, 0.2), lambda _step, _rows: None)
        kinds = [argument.split("=")[1].split(":")[0] for argument in files.arguments]
        assert {"User", "Track", "Country", "PLAYED", "HEARD_IN"} <= set(kinds)


def listens_of(found: Gathered) -> list[dict[str, Any]]:
    """The listens as rows, with the texts that their numbers stand for."""
    columns = found.listens
    texts = [(*columns.countries, None), (*columns.sources, None)]
    rows = zip(columns.ids.to_pylist(), columns.heard.tolist(), columns.plays.tolist(), strict=True)
    places = zip(columns.country.tolist(), columns.source.tolist(), strict=True)
    return [
        {
            "listen_id": listen_id,
            "heard": heard,
            "plays": plays,
            "country": texts[0][one],
            "source": texts[1][two],
        }
        for (listen_id, heard, plays), (one, two) in zip(rows, places, strict=True)
    ]


class World:
    """What is derived of gathered tables, all in one part."""

    def __init__(self, theta: float = 0.2) -> None:
        self.derivation = Derivation(gathered(), theta)
        self.gathered = self.derivation.gathered
        (self.part,), (self.months,) = self.derivation.listener_parts(), self.derivation.month_parts()
        self.totals = self.derivation.no_totals()
        self.totals.add(self.part)
        self.pool = self.derivation.pool(self.totals.genre_plays())


@pytest.fixture(scope="module")
def world() -> World:
    return World()


class TestDeriving:
    def test_what_each_user_listened_to(self, world: World) -> None:
        listened = world.part.listened
        rows = zip(listened.user, listened.track, listened.plays, listened.heard, strict=True)
        found = {(f"u{user + 1}", f"t{track + 1}"): (plays, heard) for user, track, plays, heard in rows}
        assert found.keys() == toy.HEARD.keys()
        for pair, (plays, heard) in toy.HEARD.items():
            assert found[pair] == (plays, pytest.approx(heard)), pair

    def test_streams_of_genres(self, world: World) -> None:
        genres, found = world.gathered.genre_ids.to_pylist(), defaultdict[str, dict[str, int]](dict)
        plays = world.part.genre_plays
        for user, genre, n in zip(plays.user, plays.genre, plays.plays, strict=True):
            found[f"u{user + 1}"][genres[genre]] = int(n)
        assert dict(found) == {user: streams for user, streams in toy.STREAMS.items() if streams}

    def test_pools(self, world: World) -> None:
        assert self.pools(world) == {user: genres for user, genres in toy.POOL.items() if genres}

    def test_pools_by_another_theta(self) -> None:
        # Eva's cap is 1 at a tenth: her one stream of jazz is at it.
        assert self.pools(World(0.1))["u5"] == {"pop", "rock"}

    @staticmethod
    def pools(world: World) -> dict[str, set[str]]:
        genres, found = world.gathered.genre_ids.to_pylist(), defaultdict[str, set[str]](set)
        for user, genre in zip(world.pool.source, world.pool.target, strict=True):
            found[f"u{user + 1}"].add(genres[genre])
        return dict(found)

    def test_counters(self, world: World) -> None:
        assert world.totals.track_plays.tolist() == [*toy.TRACK_PLAYS.values()]
        assert world.totals.track_listeners.tolist() == [*toy.TRACK_LISTENERS.values()]
        assert world.totals.artist_plays(world.gathered).tolist() == [*toy.ARTIST_PLAYS.values()]

    def test_months(self, world: World) -> None:
        months, codes = world.months, world.gathered.country_codes
        rows = zip(months.track, months.country, months.month, strict=True)
        found = {
            (f"t{track + 1}", codes[country], int(month)): bucket
            for (track, country, month), bucket in zip(rows, months.buckets.properties(), strict=True)
        }
        assert len(found) == len(months.track) == 12
        in_september, without_time = found["t1", "CO", 202609], found["t1", "JP", 0]
        assert (in_september["plays"], in_september["days"]) == (30, [1, 15])
        assert (in_september["day_plays"], in_september["day_reports"]) == ([10, 20], [7, 9])
        assert in_september["listeners"] == struct.pack("<qBI", key_of("u1"), 7, 1 << 1 | 1 << 15)
        assert in_september["cells"] == struct.pack("<IBBIIBBI", 0, 1, 7, 10, 0, 15, 9, 20)
        assert (without_time["days"], without_time["day_plays"]) == ([0], [2])
        assert without_time["listeners"] == struct.pack("<qBI", key_of("u4"), 0, 1)
        # Twelve plays by an app, heard to the end; eight by radio, heard for more than half.
        of_two = found["t2", "CO", 202609]
        assert (of_two["day_sources"], of_two["day_reports"]) == ([7, 7], [9, 15])
        # In October two heard it in Colombia, one of them from Portugal.
        people = unpack_listeners([found["t5", "CO", 202610]["listeners"]])[0]
        assert people["listener"].tolist() == sorted([key_of("u2"), key_of("u3")])
        assert found["t7", "PT", 202610]["plays"] == 1

    def test_profiles(self, world: World) -> None:
        values, bounds = world.part.profiles
        users = world.gathered.tables["users"]["user_id"].to_pylist()
        ends = zip(users, bounds[:-1], bounds[1:], strict=True)
        packed = {user: values[begin:end].tobytes() for user, begin, end in ends if end > begin}
        assert packed.keys() == {"u1", "u2", "u3", "u4", "u5"}
        for user, profile in packed.items():
            found = unpack([profile])
            heard = dict(zip(found.track.tolist(), found.heard.tolist(), strict=True))
            plays = dict(zip(found.track.tolist(), found.plays.tolist(), strict=True))
            own = {key_of(track): told for (who, track), told in toy.HEARD.items() if who == user}
            assert plays == {track: plays for track, (plays, _) in own.items()}
            assert heard == pytest.approx({track: heard for track, (_, heard) in own.items()}, abs=1e-6)
        of_dov = unpack([packed["u4"]])
        assert sorted(zip(of_dov.track.tolist(), of_dov.genre.tolist(), strict=True)) == sorted(
            (key_of(track), key_of(genre)) for track, genre in (("t1", "pop"), ("t7", "jazz"), ("t7", "fado"))
        )


@pytest.fixture(scope="module")
def files(world: World, tmp_path_factory: pytest.TempPathFactory) -> Files:
    steps: list[str] = []
    found = written(world.derivation, tmp_path_factory.mktemp("files"), steps)
    assert steps == ["files"] * 3
    for name in FIRST:
        assert [int(row[":ID"]) for row in found[name]] == [FIRST[name] + n for n in range(len(found[name]))]
    return found


def written(derivation: Derivation, folder: Path, steps: list[str] | None = None) -> Files:
    """Rows of the importer's files by kind; ends of relationships are positions."""
    files = ImportFiles(folder, n_nodes(derivation.gathered))
    write_files(files, derivation, lambda step, _rows: None if steps is None else steps.append(step))
    assert not files.broken_lines
    found = defaultdict[str, list[dict[str, str]]](list)
    for argument in files.arguments:
        _, name, paths = argument.split("=")
        header, rows = paths.split(",")
        columns = (folder / header).read_text("utf-8").strip().split(",")
        with (folder / rows).open(encoding="utf-8", newline="") as file:
            found[name] += [dict(zip(columns, row, strict=True)) for row in csv.reader(file)]
    return dict(found)


class TestParts:
    """What is too large to be in memory at once: how many parts there are changes nothing."""

    @pytest.mark.parametrize("part", [1, 3, 8])
    def test_parts_give_the_files_that_the_whole_gives(
        self, part: int, files: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(parts, "PART_LISTENS", part)
        monkeypatch.setattr(listening_files, "PART_LISTENS", part)
        monkeypatch.setattr(listens, "_CHUNK", part)
        steps: list[str] = []
        in_parts = written(Derivation(gathered(), 0.2), tmp_path, steps)
        assert len(steps) > 3
        assert in_parts == files

    def test_parts_have_whole_users_and_tracks_and_all_of_them(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(parts, "PART_LISTENS", 4)
        derivation = Derivation(gathered(), 0.2)
        found: list[ListenerPart] = [*derivation.listener_parts()]
        assert [part.first for part in found] == [0, 1, 2, 4]
        assert [len(part.users) for part in found] == [1, 1, 2, 2]
        tracks = [set(months.track.tolist()) for months in derivation.month_parts()]
        assert len(tracks) > 1
        assert sum(map(len, tracks)) == len(set().union(*tracks)) == 8

    def test_ids_that_come_again_in_another_chunk(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setattr(listens, "_CHUNK", 2)
        rejects = Rejects()
        more = [listen("l01"), listen("ab", heard=0.2), listen("ba", heard=0.2), listen("ab", heard=0.2)]
        found = gathered(rejects, listens=more)
        tally = rejects.tally["listens"]
        assert (tally.read, tally.repeated, tally.rejected) == (19, 1, 1)
        assert [row["listen_id"] for row in listens_of(found)][-2:] == ["ab", "ba"]
        assert len(found.listens) == tally.loaded == 17


#: The id of the first node of each kind: ids go through all kinds, in the order of their files.
FIRST = {"User": 0, "Artist": 6, "Genre": 14, "Country": 19, "Statistics": 22, "Track": 23, "Influencer": 31}


class TestFiles:
    def test_nodes(self, files: Files) -> None:
        first = files["User"][0]
        profile = np.array(first.pop("profile:byte[]").split(";"), np.int8).tobytes()
        assert set(unpack([profile]).track) == {key_of(track) for user, track in toy.HEARD if user == "u1"}
        recent = list(map(int, first.pop("recent:long[]").split(";")))
        assert recent[::2] == [key_of(track) for track in ("t1", "t4", "t2")]
        assert recent[1] == toy.TABLES["listens"][1]["listened_at"].timestamp() * 1000
        assert first == {
            ":ID": "0",
            "user_id:string": "u1",
            "key:long": str(key_of("u1")),
            "name:string": "Ana",
            "search_text:string": "ana_ ana",
            "listens_visible_to:string": "",
        }
        assert files["User"][5]["profile:byte[]"] == files["User"][5]["recent:long[]"] == ""
        assert files["Artist"][7] == {
            ":ID": "13",
            "artist_id:string": "a8",
            "name:string": "Dúo Sol",
            "search_text:string": "duo_sol_ duo sol",
            "plays:long": "1",
        }
        assert files["Genre"][3] == {
            ":ID": "17",
            "genre_id:string": "cumbia",
            "key:long": str(key_of("cumbia")),
            "name:string": "Cumbia",
            "search_text:string": "cumbia_ cumbia",
        }
        assert [row["code:string"] for row in files["Country"]] == ["CO", "JP", "PT"]
        assert files["Country"][0]["name:string"] == "Colombia"
        # Of eight artists the second most played is the most played under the radar.
        plays = sorted(int(row["plays:long"]) for row in files["Artist"])
        assert files["Statistics"] == [
            {":ID": "22", "name:string": "statistics", "radar_plays:long": str(plays[-2])}
        ]
        second = files["Track"][1]
        assert {name.partition(":")[0]: value for name, value in second.items()} == {
            "": "24",
            "track_id": "t2",
            "key": str(key_of("t2")),
            "title": "Stone Heart",
            "search_text": "stone_heart_ stone heart",
            "duration_s": "240",
            "language": "en",
            "mbid": "",
            "isrc": "USAAA2600002",
            "features": "0.5;1;2",
            "plays": "20",
            "listeners": "1",
        }
        assert files["Influencer"][1] == {
            ":ID": "32",
            "influencer_id:string": "i2",
            "handle:string": "@rui",
            "avg_likes:double": "900",
            "followers:long": "",
        }

    @pytest.mark.parametrize(
        ("kind", "ends", "pairs"),
        [
            ("LIVES_IN", ("User", "Country"), [(0, 0), (1, 2), (2, 0), (3, 1), (4, 2), (5, 1)]),
            ("FRIENDS_WITH", ("User", "User"), [(0, 1), (0, 4), (1, 2), (4, 5)]),
            ("LIKES_GENRE", ("User", "Genre"), [(3, 3)]),
            ("TAGGED", ("User", "Artist"), [(1, 3), (1, 4), (2, 4)]),
            ("SAVED", ("User", "Track"), [(1, 4)]),
            ("DISCARDED", ("User", "Track"), [(4, 2)]),
            ("POSTS_IN", ("Influencer", "Genre"), [(0, 3), (0, 0), (1, 4), (1, 2), (2, 2), (2, 3)]),
            ("REACHES", ("Influencer", "Country"), [(0, 0), (0, 2), (1, 2), (2, 1), (2, 0)]),
            ("BY", ("Track", "Artist"), [*((n, n) for n in range(7)), (7, 0), (7, 7)]),
        ],
    )
    def test_links(
        self,
        files: Files,
        kind: str,
        ends: tuple[str, str],
        pairs: list[tuple[int, int]],
    ) -> None:
        start, end = (FIRST[label] for label in ends)
        found = [(int(row[":START_ID"]) - start, int(row[":END_ID"]) - end) for row in files[kind]]
        assert found == pairs

    def test_where_artists_and_influencers_are_based(self, files: Files) -> None:
        of = {"Artist": [], "Influencer": []}  # type: dict[str, list[tuple[int, int]]]
        for row in files["BASED_IN"]:
            start = int(row[":START_ID"])
            kind = "Influencer" if start >= FIRST["Influencer"] else "Artist"
            of[kind].append((start - FIRST[kind], int(row[":END_ID"]) - FIRST["Country"]))
        assert of == {
            "Artist": [(0, 0), (3, 1), (4, 0), (5, 2), (6, 2)],
            "Influencer": [(0, 0), (1, 2), (2, 1)],
        }

    def test_what_links_hold(self, files: Files) -> None:
        def column(kind: str, name: str) -> list[str]:
            (found,) = (one for one in files[kind][0] if one.startswith(name + ":"))
            return [row[found] for row in files[kind]]

        assert column("IN_GENRE", "rank") == ["1", "1", "2", "1", "1", "1", "1", "1", "2", "1", "2"]
        assert column("FRIENDS_WITH", "since") == [
            "2026-01-01T12:00:00.000Z",
            "2026-02-01T12:00:00.000Z",
            "",
            "2026-03-01T12:00:00.000Z",
        ]
        assert column("TAGGED", "tag") == ["late night", "tropical", "tropical"]
        assert column("SAVED", "at") == ["2026-10-14T12:00:00.000Z"]
        assert column("DISCARDED", "at") == ["2026-10-15T12:00:00.000Z"]
        assert column("REACHES", "share") == ["0.8", "0.1", "", "0.6", "0.3"]
        assert column("PLAYED", "listen_id") == [f"l{n:02}" for n in range(1, 16)]
        assert column("PLAYED", "country")[-1] == "PT"
        assert column("PLAYED", "listened_at")[11] == ""
        assert column("PLAYED", "heard")[3] == ""
        assert column("PLAYED", "source")[2:4] == ["app", "radio"]

    def test_what_is_derived(self, files: Files) -> None:
        first = {name.partition(":")[0]: value for name, value in files["LISTENED"][1].items()}
        # Ana's t2: 20 plays, of which the share heard is known of 12.
        assert (first["plays"], first["heard_plays"], first["heard_ppm"]) == ("20", "12", "12000000")
        assert (first["heard"], first["last_at"]) == ("1", "2026-09-03T12:00:00.000Z")
        rows = [{name.partition(":")[0]: value for name, value in row.items()} for row in files["HEARD_IN"]]
        (row,) = (r for r in rows if (r["track_id"], r["country"], r["month"]) == ("t1", "CO", "202609"))
        assert (row["plays"], row["days"], row["day_plays"]) == ("30", "1;15", "10;20")
        assert (row["day_sources"], row["day_reports"]) == ("7;7", "7;9")
        people = struct.pack("<qBI", key_of("u1"), 7, 1 << 1 | 1 << 15)
        cells = struct.pack("<IBBIIBBI", 0, 1, 7, 10, 0, 15, 9, 20)
        for name, expected in (("listeners", people), ("cells", cells)):
            assert row[name] == ";".join(map(str, struct.unpack(f"{len(expected)}b", expected)))
        assert len(files["PLAYS_GENRE"]) == sum(map(len, toy.STREAMS.values()))
        assert len(files["DISCOVERS"]) == sum(map(len, toy.POOL.values()))


def test_links_to_nowhere_are_left_out(tmp_path: Path) -> None:
    written = ImportFiles(tmp_path, {"Track": 3, "Artist": 6})
    written.nodes("Track", {"n:long": [0] * 3})
    written.nodes("Artist", {"n:long": [0] * 6})
    written.relationships(
        "BY", ("Track", "Artist"), np.array([0, 1, 2]), np.array([5, -1, 3]), {"n:long": [7, 8, 9]}
    )
    written.finish()
    argument = written.arguments[-1]
    assert argument.startswith("--relationships=BY=")
    rows = (tmp_path / argument.partition(",")[2]).read_text("utf-8").split()
    assert rows == ["0,8,7", "2,6,9"]


@pytest.mark.parametrize("character", ["\n", "\r"])
def test_a_line_break_in_any_value_is_remembered(character: str, tmp_path: Path) -> None:
    written = ImportFiles(tmp_path, {"Artist": 7, "Genre": 1})
    written.nodes("Artist", {"name:string": pa.array(["one line", 'quoted "', None, "a\u2028b", "\x85"])})
    written.finish()
    assert not written.broken_lines
    written.nodes("Artist", {"name:string": pa.array([None, f"two{character}lines"])}, begin=5)
    written.nodes("Genre", {"name:string": pa.array(["pop"])})
    written.finish()
    assert written.broken_lines


def test_bytes_as_the_importer_reads_them() -> None:
    values = np.array([0, 127, 128, 255, 7], np.uint8)
    assert bytes_text(values, np.array([0, 4, 4, 5])).to_pylist() == ["0;127;-128;-1", None, "7"]
    assert bytes_text(values, np.array([4, 5])).to_pylist() == ["7"]


def test_times_as_the_importer_reads_them() -> None:
    ms = np.array([-1, 0, 999, 1_769_903_999_999])
    assert time_text(ms).to_pylist() == [
        None,
        "1970-01-01T00:00:00.000Z",
        "1970-01-01T00:00:00.999Z",
        "2026-01-31T23:59:59.999Z",
    ]


def test_an_interruption_does_not_wait_for_a_large_file(tmp_path: Path) -> None:
    asked: list[int] = []

    def make(begin: int, end: int) -> pa.Array:
        asked.append(begin)
        return pa.array(["x"] * (end - begin))

    with pytest.raises(KeyboardInterrupt):
        write_and_interrupt(tmp_path, make)
    assert len(asked) < 1000


def write_and_interrupt(folder: Path, make: MadeColumn) -> None:
    """Interrupt while two thousand parts of a file are to be made."""
    with ImportFiles(folder, {"User": 4_000_000}) as written:
        written.nodes("User", {"key:long": np.arange(4_000_000)}, {"name:string": make})
        raise KeyboardInterrupt


def test_what_goes_wrong_in_writing_is_raised(tmp_path: Path) -> None:
    def fail(begin: int, end: int) -> pa.Array:
        raise ValueError(f"no {begin}..{end}")

    with ImportFiles(tmp_path, {"User": 3}) as written:
        written.nodes("User", {"key:long": np.arange(3)}, {"name:string": fail})
        with pytest.raises(ValueError, match=r"no 0\.\.3"):
            written.finish()
