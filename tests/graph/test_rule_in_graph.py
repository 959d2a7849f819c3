"""The 20 % rule in a real graph: the worked table step by step, a slow twin for random histories."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from fractions import Fraction

import pytest

from muse_graph.answers import Ledger
from muse_graph.graph.connection import Graph, Row
from muse_graph.service.listens.record import Listen, record_listens
from muse_graph.service.maintenance.loaded_rows import LoadedRows
from muse_graph.service.maintenance.tables import write_rows
from muse_graph.service.users import feedback, friendships, users
from tests.options import discover_genres

FRIEND_GENRES = ("pop", "jazz", "cumbia", "fado")
GENRES = (*FRIEND_GENRES, "rock", "metal")
AT = datetime(2026, 10, 20, 12, tzinfo=UTC)


@pytest.fixture
def listener(empty_graph: Graph) -> Graph:
    """Ana, her friends Ben and Cleo who play pop, jazz, cumbia and fado between them, a track of each genre.

    Nobody plays metal; Ana's streams are those of the first row of the table.
    """
    users, tracks = ("ana", "ben", "cleo"), [(genre, (genre,)) for genre in GENRES]
    fill(empty_graph, users, tracks)
    play(empty_graph, "ben", pop=3, jazz=2)
    play(empty_graph, "cleo", cumbia=4, fado=1)
    # Before there are friends: what is played without them was always home.
    play(empty_graph, "ana", pop=50, rock=20, jazz=4)
    befriend(empty_graph, "ana", "ben")
    befriend(empty_graph, "ana", "cleo")
    return empty_graph


def test_the_worked_table(listener: Graph) -> None:
    pool = {"jazz", "cumbia", "fado"}
    rows: list[tuple[dict[str, int], float, set[str]]] = [
        ({}, 10, set()),
        ({"jazz": 6}, 10, {"jazz"}),
        ({"cumbia": 10, "fado": 9}, 10, {"jazz", "cumbia"}),
        ({"fado": 1}, 10, set()),
    ]
    for streams, cap, resting in rows:
        play(listener, "ana", **streams)
        ledger = discover_genres(listener, "ana")
        assert (ledger.cap, states(ledger, "resting")) == (cap, resting)
        assert states(ledger, "offered") == pool - resting
        assert states(ledger, "home") == {"pop", "rock"}
        assert recorded_pool(listener, "ana") <= pool


def test_the_last_row_of_the_table(listener: Graph) -> None:
    play(listener, "ana", jazz=6)
    assert states(discover_genres(listener, "ana"), "resting") == {"jazz"}
    play(listener, "ana", pop=10)
    ledger = discover_genres(listener, "ana")
    assert (ledger.cap, states(ledger, "resting")) == (12, set())
    assert states(ledger, "offered") == {"jazz", "cumbia", "fado"}


def test_a_resting_genre_says_what_brings_it_back(listener: Graph) -> None:
    play(listener, "ana", jazz=6)
    (jazz,) = [genre for genre in discover_genres(listener, "ana").genres if genre.state == "resting"]
    text = "jazz rests until cumbia, fado catch up, or your favourite genre reaches 51 streams"
    assert [reason.text for reason in jazz.reasons] == [text]


def test_only_genres_without_a_stream(listener: Graph) -> None:
    ledger = discover_genres(listener, "ana", new_only=True)
    assert states(ledger, "offered") == {"cumbia", "fado"}


def test_beyond_friends_adds_what_nobody_plays(listener: Graph) -> None:
    ledger = discover_genres(listener, "ana", beyond_friends=True)
    assert states(ledger, "offered") == {"jazz", "cumbia", "fado", "metal"}
    (metal,) = [genre for genre in ledger.genres if genre.genre_id == "metal"]
    assert metal.reasons[0].text == "metal is new to you; none of your friends plays it yet"
    assert metal.reasons[0].n == 0


def test_a_genre_turned_away_holds_nobody_back_until_a_save(listener: Graph) -> None:
    play(listener, "ana", jazz=6)
    for genre in ("cumbia", "fado"):
        feedback.give_feedback(listener, "ana", genre, "discard", AT)
    ledger = discover_genres(listener, "ana")
    assert states(ledger, "offered") == {"jazz"}
    assert states(ledger, "resting") == {"cumbia", "fado"}
    assert {
        reason.kind for genre in ledger.genres if genre.state == "resting" for reason in genre.reasons
    } == {"turned-away"}
    feedback.give_feedback(listener, "ana", "fado", "save", AT.replace(hour=13))
    ledger = discover_genres(listener, "ana")
    assert states(ledger, "offered") == {"fado"}
    assert states(ledger, "resting") == {"jazz", "cumbia"}


def test_what_a_friendship_brought_stays_when_it_ends(listener: Graph) -> None:
    friendships.end(listener, "ana", "cleo")
    assert states(discover_genres(listener, "ana"), "offered") == {"jazz", "cumbia", "fado"}
    play(listener, "ana", cumbia=30)
    ledger = discover_genres(listener, "ana")
    # Out of a friendship, over the cap, and still one the listener is being led into.
    assert states(ledger, "resting") == {"cumbia"}
    assert states(ledger, "offered") == {"jazz", "fado"}


def test_what_was_always_home_never_enters(listener: Graph) -> None:
    play(listener, "ben", rock=5)
    assert "rock" in states(discover_genres(listener, "ana"), "home")
    play(listener, "ana", pop=60)
    # The cap has risen above rock: now it is below, and friends play it.
    assert discover_genres(listener, "ana").cap == 22
    assert "rock" in states(discover_genres(listener, "ana"), "offered")


def test_a_listener_without_streams_is_offered_all_that_friends_play(listener: Graph) -> None:
    fill(listener, ["dov"], [])
    befriend(listener, "dov", "ana")
    ledger = discover_genres(listener, "dov")
    assert (ledger.cap, states(ledger, "offered")) == (0, {"pop", "rock", "jazz"})
    play(listener, "dov", pop=7)
    # Pop was in the pool when it was first heard, and rests now that it is the favourite.
    assert states(discover_genres(listener, "dov"), "resting") == {"pop"}


@pytest.mark.parametrize("theta", [0.1, 0.2, 0.35, 1.0])
def test_the_share_is_the_decimal_it_prints_as(theta: float, listener: Graph) -> None:
    ledger = discover_genres(listener, "ana", theta=theta)
    assert ledger.cap == float(Fraction(repr(theta)) * 50)
    assert ledger.theta == theta


@dataclass
class Twin:
    """The rule as product.md words it, kept event by event in sets and dicts."""

    genres_of: dict[str, tuple[str, ...]]
    theta: Fraction
    streams: dict[str, dict[str, int]] = field(default_factory=dict)
    friends: dict[str, set[str]] = field(default_factory=dict)
    pool: dict[str, set[str]] = field(default_factory=dict)
    words: dict[str, dict[str, str]] = field(default_factory=dict)

    def add(self, user: str) -> None:
        for table in (self.streams, self.words):
            table[user] = {}
        for sets in (self.friends, self.pool):
            sets[user] = set()

    def enter(self) -> None:
        """Whatever qualifies enters: asked after each event, so nothing that ever qualified is missed."""
        for user, streams in self.streams.items():
            most = max(streams.values(), default=0)
            for friend in self.friends[user]:
                for genre in self.streams[friend]:
                    if most == 0 or streams.get(genre, 0) < self.theta * most:
                        self.pool[user].add(genre)

    def listen(self, user: str, track: str, plays: int) -> None:
        for genre in self.genres_of[track]:
            self.streams[user][genre] = self.streams[user].get(genre, 0) + plays
        self.enter()

    def ledger(self, user: str) -> dict[str, set[str]]:
        streams, pool = self.streams[user], self.pool[user]
        most = max(streams.values(), default=0)
        said: dict[str, set[str]] = {"save": set(), "discard": set()}
        for track, word in self.words[user].items():
            said[word].update(self.genres_of[track])
        away = said["discard"] - said["save"]
        rest = {
            genre
            for genre in pool
            if most > 0
            and streams.get(genre, 0) >= self.theta * most
            and any(streams.get(other, 0) < streams.get(genre, 0) for other in pool - away)
        }
        return {
            "offered": pool - rest - away,
            "resting": rest | (pool & away),
            "home": streams.keys() - pool,
        }


@pytest.mark.parametrize("seed", range(6))
def test_random_histories_agree_with_the_twin(seed: int, empty_graph: Graph) -> None:
    rng = random.Random(seed)
    theta = rng.choice((0.2, 0.3, 0.5))
    users = [f"user{i}" for i in range(5)]
    tracks = [(f"track{i}", tuple(sorted(rng.sample(GENRES, rng.choice((1, 1, 2)))))) for i in range(9)]
    fill(empty_graph, users, tracks)
    twin = Twin(dict(tracks), Fraction(repr(theta)))
    for user in users:
        twin.add(user)
    for step in range(45):
        _do_something(empty_graph, twin, rng, theta, step)
        user = rng.choice(users)
        assert _ledger_of(empty_graph, user, theta) == twin.ledger(user), f"{user} after step {step}"
    for user in users:
        assert _ledger_of(empty_graph, user, theta) == twin.ledger(user), user


def _do_something(graph: Graph, twin: Twin, rng: random.Random, theta: float, step: int) -> None:
    """A listen, a new friendship, the end of one or a word on a track, to the graph and to its twin."""
    user, other = rng.sample(sorted(twin.streams), 2)
    track, dice = rng.choice(sorted(twin.genres_of)), rng.random()
    if dice < 0.6:
        plays = rng.choice((1, 1, 2, 5, 9))
        record_listens(graph, [Listen(f"listen{step}", user, track, None, None, plays)], theta=theta)
        twin.listen(user, track, plays)
    elif dice < 0.85:
        if other in twin.friends[user]:
            friendships.end(graph, user, other, theta=theta)
            twin.friends[user].remove(other)
            twin.friends[other].remove(user)
        else:
            befriend(graph, user, other)
            twin.friends[user].add(other)
            twin.friends[other].add(user)
            twin.enter()
    else:
        word: users.Action = "save" if rng.random() < 0.5 else "discard"
        feedback.give_feedback(graph, user, track, word, AT.replace(minute=step))
        twin.words[user][track] = word


def fill(graph: Graph, users: Sequence[str], tracks: Sequence[tuple[str, tuple[str, ...]]]) -> None:
    """Users, and tracks of genres."""
    people_rows: list[Row] = [
        {"user_id": user, "name": user.title(), "country": None, "listens_visible_to": None} for user in users
    ]
    track_rows: list[Row] = [
        {"track_id": track, "title": track, "artist_ids": [], "genre_ids": list(genres)}
        | dict.fromkeys(("duration_s", "language", "mbid", "isrc", "features"))
        for track, genres in tracks
    ]
    graph.transact(lambda transaction: write_rows(transaction, "users", people_rows, LoadedRows()))
    graph.transact(lambda transaction: write_rows(transaction, "tracks", track_rows, LoadedRows()))


def befriend(graph: Graph, user: str, friend: str) -> None:
    friendships.ask(graph, user, friend)
    friendships.accept(graph, friend, user)


def play(graph: Graph, user: str, **streams: int) -> None:
    """Listens of a user to the tracks named after genres, one request for each genre, many plays in each."""
    for genre, plays in streams.items():
        (row,) = graph.run("MATCH ()-[p:PLAYED]->() RETURN count(p) AS n", writes=False)
        receipt = record_listens(graph, [Listen(f"l{row['n']}", user, genre, None, None, plays)])
        assert receipt.recorded == 1


def states(ledger: Ledger, state: str) -> set[str]:
    return {genre.genre_id for genre in ledger.genres if genre.state == state}


def recorded_pool(graph: Graph, user: str) -> set[str]:
    text = "MATCH (:User {user_id: $user})-[:DISCOVERS]->(g:Genre) RETURN g.genre_id AS genre"
    return {row["genre"] for row in graph.run(text, {"user": user}, writes=False)}


def _ledger_of(graph: Graph, user: str, theta: float) -> dict[str, set[str]]:
    ledger = discover_genres(graph, user, theta=theta)
    return {state: states(ledger, state) for state in ("offered", "resting", "home")}
