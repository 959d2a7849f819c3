"""The synthetic world: the same each time, sound, and shaped like a real one."""

import json
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muse_graph.core.listening.sources import SOURCES, source_of
from muse_graph.errors import InvalidRequest
from muse_graph.loaders.columns import SCHEMAS
from muse_graph.loaders.synthetic import END, draw, world
from muse_graph.loaders.synthetic.people import first_only

Tables = dict[str, pa.Table]
#: SHA-256 of the rows of the world of 40 users with seed 1.
SMALL_WORLD = "24f0bddabe164460559643e8542cace952d334fbb9e6acba5a2bcb5adf01530f"
SMALL_FOLLOWS = "25e7fd0b6320e712d193b9076b4b32ec119656fdcee3644b558b04c11ae14032"
KEYS = {
    "genres": ["genre_id"],
    "artists": ["artist_id"],
    "tracks": ["track_id"],
    "users": ["user_id"],
    "friendships": ["user_id", "friend_id"],
    "likes": ["user_id", "genre_id"],
    "tags": ["user_id", "artist_id", "tag"],
    "listens": ["listen_id"],
    "feedback": ["user_id", "track_id"],
    "influencers": ["influencer_id"],
    "follows": ["user_id", "influencer_id"],
}


def gather(users: int, seed: int, end: datetime = END) -> Tables:
    batches: dict[str, list[pa.RecordBatch]] = {}
    for table, rows in world(users, seed, end=end):
        batches.setdefault(table, []).append(rows)
    return {table: pa.Table.from_batches(parts) for table, parts in batches.items()}


@pytest.fixture(scope="module", params=[2_000, 8_000])
def tables(request: pytest.FixtureRequest) -> Tables:
    return gather(request.param, seed=1)


@pytest.fixture(scope="module")
def small() -> Tables:
    return gather(2_000, seed=1)


def numbers(column: pa.ChunkedArray) -> np.ndarray:
    """Positions behind ids such as "u7": (n,) from 0."""
    return pc.cast(pc.utf8_slice_codeunits(column, 1), pa.int64()).to_numpy() - 1


def known(column: pa.ChunkedArray) -> np.ndarray:
    return column.drop_null().to_numpy()


def values(tables: Tables, table: str, column: str) -> set[str]:
    """What a column names, lists opened and nulls left out."""
    found = tables[table][column]
    flat = pc.list_flatten(found) if pa.types.is_list(found.type) else found
    return set(pc.unique(flat).to_pylist()) - {None}


def degrees(tables: Tables) -> np.ndarray:
    ends = np.concatenate([numbers(tables["friendships"][end]) for end in ("user_id", "friend_id")])
    return np.bincount(ends, minlength=tables["users"].num_rows)


def genre_vectors(tables: Tables) -> np.ndarray:
    """Listens of each user in each primary genre, rows of length one: (users, genres)."""
    place = {genre: n for n, genre in enumerate(tables["genres"]["genre_id"].to_pylist())}
    primary = np.array([place[genres[0]] for genres in tables["tracks"]["genre_ids"].to_pylist()])
    listens = tables["listens"]
    cells = numbers(listens["user_id"]) * len(place) + primary[numbers(listens["track_id"])]
    counts = np.bincount(cells, minlength=tables["users"].num_rows * len(place)).reshape(-1, len(place))
    return counts / np.maximum(np.linalg.norm(counts, axis=1, keepdims=True), 1)


# The same each time


def test_same_seed_same_bytes_other_seed_another_world(small: Tables) -> None:
    again, other = gather(2_000, seed=1), gather(2_000, seed=2)
    assert list(small) == list(SCHEMAS)
    for table, rows in small.items():
        assert rows.equals(again[table]), table
        assert table == "genres" or not rows.equals(other[table]), table


def test_it_stays_the_same_world_from_release_to_release() -> None:
    """Benchmarks, plots and pictures speak of it: a change here is a change of all of them."""
    made = [(table, json.dumps(rows.to_pylist(), default=str)) for table, rows in world(40, 1)]
    # What came later has a digest of its own: all else is as it was before.
    assert digest("".join(text for table, text in made if table != "follows")) == SMALL_WORLD
    assert digest("".join(text for table, text in made if table == "follows")) == SMALL_FOLLOWS


def digest(text: str) -> str:
    # Six places: processors differ in the last one of a logarithm.
    rounded = re.sub(r"\d+\.\d+(e-\d+)?", lambda found: f"{float(found[0]):.6f}", text)
    return sha256(rounded.encode()).hexdigest()


def test_the_end_moves_the_year(small: Tables) -> None:
    end = datetime(2024, 2, 29, 13, 30, tzinfo=UTC)
    times = known(gather(300, 1, end)["listens"]["listened_at"])
    low, high = (
        np.datetime64(end.replace(tzinfo=None) - timedelta(days=365)),
        np.datetime64("2024-02-29T13:30"),
    )
    assert low <= times.min()
    assert times.max() < high


def test_progress_counts_every_row() -> None:
    told: list[tuple[str, int, int]] = []
    rows = Counter[str]()
    for table, part in world(300, 3, progress=lambda *step: told.append(step)):
        rows[table] += part.num_rows
    last = {table: (done, total) for table, done, total in told}
    assert last == {table: (count, count) for table, count in rows.items()}


@pytest.mark.parametrize(
    ("users", "seed", "end", "rule"),
    [
        (0, 1, END, "users must be 1..10000000, got 0"),
        (10_000_001, 1, END, "users must be 1..10000000, got 10000001"),
        (10, -1, END, "seed must be 0 or more, got -1"),
        (10, 1, END.replace(tzinfo=None), "end must name its time zone"),
    ],
)
def test_a_wrong_size_seed_or_end_is_refused_before_the_first_row(
    users: int, seed: int, end: datetime, rule: str
) -> None:
    with pytest.raises(InvalidRequest, match=rule):
        world(users, seed, end=end)


# Sound


@settings(max_examples=12, deadline=None)
@given(users=st.integers(1, 60), seed=st.integers(0, 2**40))
def test_the_smallest_worlds_are_sound_too(users: int, seed: int) -> None:
    tables = gather(users, seed)
    assert list(tables) == list(SCHEMAS)
    assert tables["users"].num_rows == users
    check_references(tables)
    check_keys(tables)


def test_schema_and_lines(tables: Tables) -> None:
    assert list(tables) == list(SCHEMAS)
    for table, rows in tables.items():
        rows.validate(full=True)
        assert rows.schema.equals(SCHEMAS[table]), table
        assert np.array_equal(rows["line"].to_numpy(), np.arange(1, rows.num_rows + 1)), table


def test_references_and_keys(tables: Tables) -> None:
    check_references(tables)
    check_keys(tables)


def check_references(tables: Tables) -> None:
    owners = {
        "user_id": "users",
        "friend_id": "users",
        "track_id": "tracks",
        "artist_id": "artists",
        "artist_ids": "artists",
        "genre_id": "genres",
        "genre_ids": "genres",
        "influencer_id": "influencers",
    }
    for table in tables:
        for column in owners.keys() & set(SCHEMAS[table].names):
            owner = owners[column]
            key = KEYS[owner][0]
            key = "user_id" if column == "friend_id" else key
            assert values(tables, table, column) <= values(tables, owner, key), (table, column)


def check_keys(tables: Tables) -> None:
    for table, key in KEYS.items():
        groups = tables[table].group_by(key).aggregate([([], "count_all")])
        assert groups.num_rows == tables[table].num_rows, table


def test_pairs_stand_once_and_never_with_oneself(tables: Tables) -> None:
    pairs = np.column_stack([numbers(tables["friendships"][end]) for end in ("user_id", "friend_id")])
    assert (pairs[:, 0] != pairs[:, 1]).all()
    assert len(np.unique(np.sort(pairs, axis=1), axis=0)) == len(pairs)


def test_names_and_handles_are_unique_and_lists_have_no_twins(tables: Tables) -> None:
    for table, column in (("artists", "name"), ("influencers", "handle")):
        assert len(values(tables, table, column)) == tables[table].num_rows
    for table, column in (("tracks", "artist_ids"), ("tracks", "genre_ids"), ("influencers", "genre_ids")):
        lists = tables[table][column].to_pylist()
        assert all(1 <= len(items) <= 3 and len(set(items)) == len(items) for items in lists)
    titles = zip(
        (artists[0] for artists in tables["tracks"]["artist_ids"].to_pylist()),
        tables["tracks"]["title"].to_pylist(),
        strict=True,
    )
    assert max(Counter(titles).values()) == 1


def test_pages_meet_long_accented_and_right_to_left_names(small: Tables) -> None:
    artists, titles = "".join(values(small, "artists", "name")), values(small, "tracks", "title")
    assert any("֐" <= letter <= "ۿ" for letter in artists)
    assert any("À" <= letter <= "ſ" for letter in artists)
    assert max(map(len, titles)) >= 60


def test_influencer_audiences_sum_to_at_most_one(tables: Tables) -> None:
    codes = values(tables, "users", "country")
    audiences = tables["influencers"]["audience"].to_pylist()
    for audience in audiences:
        places, _, shares = (
            zip(*(entry.partition(":") for entry in audience), strict=True) if audience else ((),) * 3
        )
        assert sum(float(share or 0) for share in shares) <= 1 + 1e-9
        assert len(set(places)) == len(places)
        assert set(places) <= codes | {"CU", "JM"}
    assert any(not audience for audience in audiences)
    assert known(tables["influencers"]["avg_likes"]).min() > 0
    assert 0 < tables["influencers"]["followers"].null_count < len(audiences) / 4


# Shaped like a real one


def test_people_follow_influencers_of_their_taste_and_country(tables: Tables) -> None:
    follows, influencers = tables["follows"], tables["influencers"]
    user, influencer = numbers(follows["user_id"]), numbers(follows["influencer_id"])
    n_users, n_influencers = tables["users"].num_rows, influencers.num_rows
    assert 2 < len(user) / n_users < 4
    followed = np.bincount(influencer, minlength=n_influencers)
    assert 1 / 16 < (followed == 0).mean() < 1 / 4
    home, based = np.array(tables["users"]["country"]), np.array(influencers["country"])
    chance = np.mean(home[user] == np.random.default_rng(1).permutation(based[influencer]))
    assert np.mean(home[user] == based[influencer]) > 3 * chance
    posts = influencers["genre_ids"].to_pylist()
    primary = {row["track_id"]: row["genre_ids"][0] for row in tables["tracks"].to_pylist()}
    heard: dict[str, set[str]] = {}
    for row in tables["listens"].select(["user_id", "track_id"]).to_pylist():
        heard.setdefault(row["user_id"], set()).add(primary[row["track_id"]])
    names = follows["user_id"].to_pylist()
    own = np.mean([bool(heard.get(u, set()) & set(posts[i])) for u, i in zip(names, influencer, strict=True)])
    other = np.random.default_rng(2).permutation(influencer)
    any_one = np.mean([bool(heard.get(u, set()) & set(posts[i])) for u, i in zip(names, other, strict=True)])
    assert own > 1.5 * any_one
    since = known(follows["since"])
    assert 0 < follows["since"].null_count < len(user) / 5
    assert since.max() < np.datetime64(END.replace(tzinfo=None))


def test_friendships_have_a_heavy_tail_and_cold_users_exist(tables: Tables) -> None:
    degree = degrees(tables)
    wanted = 24 * (len(degree) / 100_000) ** 0.15
    assert degree.mean() == pytest.approx(wanted, rel=0.15)
    assert np.percentile(degree, 99) > 5 * degree.mean()
    assert 10 * degree.mean() < degree.max() < len(degree) / 5
    assert 0.02 < (degree == 0).mean() < 0.12


def test_friends_are_more_alike_than_strangers(tables: Tables) -> None:
    vectors = genre_vectors(tables)
    rng = np.random.default_rng(0)
    ends = [numbers(tables["friendships"][end]) for end in ("user_id", "friend_id")]
    strangers = rng.integers(0, len(vectors), (2, 20_000))
    alike = (vectors[ends[0]] * vectors[ends[1]]).sum(axis=1).mean()
    assert alike > 2 * (vectors[strangers[0]] * vectors[strangers[1]]).sum(axis=1).mean()


def test_activity(tables: Tables) -> None:
    plays = np.bincount(numbers(tables["listens"]["user_id"]), minlength=tables["users"].num_rows)
    assert 22 <= np.median(plays) <= 28
    assert 42 <= plays.mean() <= 54
    assert 0.02 < (plays == 0).mean() < 0.05
    cold = plays == 0
    assert (degrees(tables)[cold] > 0).any()


def test_favourites_are_replayed(tables: Tables) -> None:
    listens = tables["listens"]
    pairs = numbers(listens["user_id"]) * tables["tracks"].num_rows + numbers(listens["track_id"])
    assert 0.65 < len(np.unique(pairs)) / len(pairs) < 0.95


def test_popularity_falls_off_by_a_power_of_the_rank(tables: Tables) -> None:
    counts = np.sort(np.bincount(numbers(tables["listens"]["track_id"])))[::-1]
    assert 0.5 < counts[: len(counts) // 5].sum() / counts.sum() < 0.8
    ranks = np.arange(1, len(counts) // 2)
    slope, _ = np.polyfit(np.log(ranks), np.log(counts[ranks - 1]), 1)
    assert -1.3 < slope < -0.5


def test_tracks_of_one_genre_sound_alike_and_those_of_kin_nearly(tables: Tables) -> None:
    tracks = tables["tracks"].filter(pc.is_valid(tables["tracks"]["features"]))
    assert 0.95 < tracks.num_rows / tables["tracks"].num_rows < 0.99
    sound = np.array(tracks["features"].to_pylist())
    assert sound.shape == (tracks.num_rows, 8)
    place = {genre: n for n, genre in enumerate(tables["genres"]["genre_id"].to_pylist())}
    primary = np.array([place[genres[0]] for genres in tracks["genre_ids"].to_pylist()])
    one, other = np.random.default_rng(0).integers(0, len(sound), (2, 200_000))
    steps = np.abs(primary[one] - primary[other])
    steps = np.minimum(steps, len(place) - steps)
    distance = np.linalg.norm(sound[one] - sound[other], axis=1)
    same, kin, strange = (distance[steps == n].mean() for n in (0, 2, 30))
    assert same < kin < strange
    assert same < strange / 1.5


def test_countries_have_favourites_of_their_own(tables: Tables) -> None:
    primary = pc.list_element(tables["tracks"]["genre_ids"], 0)
    genre = primary.take(pa.array(numbers(tables["listens"]["track_id"])))
    counts = pa.table({"country": tables["listens"]["country"], "genre": genre})
    heard = counts.group_by(["country", "genre"]).aggregate([([], "count_all")]).to_pylist()
    in_all, at_home = Counter[str](), Counter[str]()
    for row in heard:
        in_all[row["genre"]] += row["count_all"]
        at_home[row["genre"]] += row["count_all"] * (row["country"] == "BR")
    local = ["samba", "mpb", "bossa-nova"]
    share = sum(at_home[kind] for kind in local) / at_home.total()
    assert share > 1.5 * sum(in_all[kind] for kind in local) / in_all.total()


def test_many_leave_early_and_most_of_the_rest_hear_it_out(tables: Tables) -> None:
    heard = tables["listens"]["heard"]
    shares = known(heard)
    assert 0.02 < heard.null_count / len(heard) < 0.04
    proven = tables["listens"]["heard_at_least"]
    assert 0.02 < 1 - proven.null_count / len(proven) < 0.03
    assert not pc.any(pc.and_(heard.is_valid(), proven.is_valid())).as_py()
    assert shares.min() >= 0
    assert shares.max() == 1
    assert np.array_equal(shares, np.round(shares, 3))
    deciles = np.histogram(shares, np.linspace(0, 1, 11))[0] / len(shares)
    assert deciles[0] > deciles[1] > deciles[3]
    assert deciles[-1] > 0.4
    assert 0.15 < deciles[:3].sum() < 0.35


def test_listens_say_when_where_and_how(tables: Tables) -> None:
    listens = tables["listens"]
    count = listens.num_rows
    several = listens["plays"].to_numpy() > 1
    unknown = listens["listened_at"].is_null().to_numpy()
    assert np.array_equal(several, unknown)
    assert 0.003 < several.mean() < 0.007
    assert 0.005 < listens["country"].null_count / count < 0.015
    named = {source_of(text) for text in values(tables, "listens", "source")}
    assert named == {n for n, source in enumerate(SOURCES) if source not in {"unknown", "import"}}
    assert 0.08 < listens["source"].null_count / count < 0.12
    lives = tables["users"]["country"].take(pa.array(numbers(listens["user_id"])))
    away = pc.not_equal(listens["country"], lives).drop_null().to_numpy(zero_copy_only=False)
    assert 0.025 < np.mean(away) < 0.045


def test_saved_was_heard_long_and_discarded_was_skipped(tables: Tables) -> None:
    feedback = tables["feedback"]
    assert 1.5 < feedback.num_rows / tables["users"].num_rows < 3
    pairs = (
        tables["listens"].group_by(["user_id", "track_id"]).aggregate([("heard", "min"), ("heard", "max")])
    )
    both = feedback.join(pairs, ["user_id", "track_id"]).drop_null().to_pydict()
    for action, low, high in zip(both["action"], both["heard_min"], both["heard_max"], strict=True):
        assert high >= 0.85 if action == "save" else low <= 0.25
    assert set(both["action"]) == {"save", "discard"}
    assert known(feedback["at"]).max() < np.datetime64(END.replace(tzinfo=None))


# The draws beneath


@settings(max_examples=50)
@given(sizes=st.lists(st.integers(1, 10**7), min_size=1, max_size=50), seed=st.integers(0, 2**32))
def test_zipf_ranks_lie_on_the_shelf(sizes: list[int], seed: int) -> None:
    ranks = draw.zipf_ranks(draw.stream(seed, "ranks"), np.array(sizes))
    assert ((ranks >= 0) & (ranks < sizes)).all()


def test_zipf_ranks_follow_the_power() -> None:
    ranks = draw.zipf_ranks(draw.stream(1, "ranks"), np.full(200_000, 50), exponent=0.8)
    edges = np.arange(1, 52) ** 0.2  # the integral of x ** -0.8, up to a factor
    assert np.allclose(np.bincount(ranks) / len(ranks), np.diff(edges) / (edges[-1] - 1), atol=0.004)


@given(combinations=st.integers(1, 40), size=st.integers(0, 900), seed=st.integers(0, 99))
def test_distinct_pairs_are_distinct_and_bare_while_codes_last(
    combinations: int, size: int, seed: int
) -> None:
    codes, suffixes = draw.distinct(draw.stream(seed, "names"), combinations, size)
    pairs = list(zip(codes.tolist(), suffixes.to_pylist(), strict=True))
    assert len(set(pairs)) == size
    assert all(0 <= code < combinations for code in codes)
    if size <= combinations:
        assert all(suffix == "" for _, suffix in pairs)


@given(st.lists(st.lists(st.integers(0, 3), min_size=3, max_size=3), min_size=1, max_size=20))
def test_first_only_like_a_set_that_fills(rows: list[list[int]]) -> None:
    slow = [[value not in row[:place] for place, value in enumerate(row)] for row in rows]
    assert first_only(np.array(rows)).tolist() == slow
