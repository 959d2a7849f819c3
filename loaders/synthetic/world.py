"""The synthetic world, table by table in load order."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa

from muse_graph.errors import InvalidRequest
from muse_graph.loaders.synthetic import draw
from muse_graph.loaders.synthetic.catalogue import (
    SyntheticCatalogue,
    artist_batches,
    compile_catalogue,
    track_batches,
)
from muse_graph.loaders.synthetic.follows import follow_batches
from muse_graph.loaders.synthetic.influencers import influencer_batches, make_influencers
from muse_graph.loaders.synthetic.listening import Listening
from muse_graph.loaders.synthetic.people import (
    People,
    befriend,
    friendship_batches,
    like_batches,
    make_people,
    user_batches,
)
from muse_graph.loaders.synthetic.places import GENRE_IDS, GENRE_NAMES
from muse_graph.loaders.synthetic.words import MOODS

END = datetime(2026, 11, 1, tzinfo=UTC)
MAX_USERS = 10_000_000
Progress = Callable[[str, int, int], None]


def world(
    users: int, seed: int, progress: Progress | None = None, end: datetime = END
) -> Iterator[tuple[str, pa.RecordBatch]]:
    """Yield (table, batch) in the order of SCHEMAS; the same users, seed and end give the same bytes.

    progress(table, rows so far, rows in all as far as known) is called after each batch. Listens lie in the
    365 days before end; a batch has about 250,000 rows at most.

    Raises InvalidRequest, at once, for a size, a seed or an end that breaks its rule.
    """
    if not 1 <= users <= MAX_USERS:
        raise InvalidRequest(f"users must be 1..{MAX_USERS}, got {users}")
    if seed < 0:
        raise InvalidRequest(f"seed must be 0 or more, got {seed}")
    if end.tzinfo is None:
        raise InvalidRequest(f"end must name its time zone, got {end.isoformat()}")
    return _report(_tables(users, seed, int(end.timestamp() * 1000)), progress)


def _report(
    tables: Iterator[tuple[str, int, pa.RecordBatch]], progress: Progress | None
) -> Iterator[tuple[str, pa.RecordBatch]]:
    done: dict[str, int] = {}
    for table, expected, rows in tables:
        yield table, rows
        done[table] = done.get(table, 0) + rows.num_rows
        if progress:
            progress(table, done[table], max(expected, done[table]))


def _tables(users: int, seed: int, end_ms: int) -> Iterator[tuple[str, int, pa.RecordBatch]]:
    """(table, rows in all where known beforehand else 0, batch)."""
    yield "genres", len(GENRE_IDS), _genres()
    catalogue = compile_catalogue(users, seed)
    yield from _each("artists", len(catalogue.artist_country), artist_batches(catalogue, seed))
    yield from _each("tracks", len(catalogue), track_batches(catalogue, seed))
    people = make_people(users, seed, end_ms)
    yield from _each("users", users, user_batches(people, seed))
    pairs = befriend(people, seed)
    yield from _each("friendships", len(pairs), friendship_batches(people, pairs, seed, end_ms))
    del pairs
    yield from _each("likes", 0, like_batches(people, seed))
    yield from _each("tags", 0, _tag_batches(people, catalogue, seed))
    listening = Listening(people, catalogue, seed, end_ms)
    yield from _each("listens", listening.total, listening.listen_batches())
    yield from _each("feedback", 0, listening.feedback_batches())
    influencers = make_influencers(users, seed)
    yield from _each("influencers", len(influencers.country), influencer_batches(influencers))
    yield from _each("follows", 0, follow_batches(people, influencers, seed, end_ms))


def _each(
    table: str, expected: int, batches: Iterator[pa.RecordBatch]
) -> Iterator[tuple[str, int, pa.RecordBatch]]:
    for rows in batches:
        yield table, expected, rows


def _genres() -> pa.RecordBatch:
    return draw.batch("genres", {"genre_id": pa.array(GENRE_IDS), "name": pa.array(GENRE_NAMES)})


def _tag_batches(people: People, catalogue: SyntheticCatalogue, seed: int) -> Iterator[pa.RecordBatch]:
    """The tags table, about one for five users: an artist of one's taste, by its genre's name or a mood."""
    rng = draw.stream(seed, "tags")
    user = np.flatnonzero(rng.random(len(people)) < 0.2)
    genre = people.tastes[user, 0]
    artist = catalogue.artists[catalogue.by_genre.pick(rng, genre), 0]
    words = pa.array([*(name.lower() for name in GENRE_NAMES), *MOODS])
    mood = len(GENRE_NAMES) + rng.integers(0, len(MOODS), len(user))
    word = np.where(rng.random(len(user)) < 0.6, genre, mood)
    columns = {
        "user_id": draw.numbered("u", user + 1),
        "artist_id": draw.numbered("a", artist + 1),
        "tag": words.take(pa.array(word)),
    }
    yield from draw.split(draw.batch("tags", columns))
