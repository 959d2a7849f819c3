"""What listeners do with each other, what-ifs, the start page, beside ``RETURN 1``; what rights cost.

Two services answer side by side, one that asks for a token and one that asks nobody; user by user in turns.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from muse_graph.graph.connection import Graph
from muse_graph.model_store import ModelSlot, ServedModel
from muse_graph.service.accounts import accounts, sessions, tokens
from muse_graph.service.accounts.store import AccountStore
from muse_graph.service.recommendations.options import RecommendationOptions
from muse_graph.service.recommendations.track_cache import TrackCache
from muse_graph.service.users import feed, friendships, people, suggestions
from muse_graph.service.what_if.what_if import Supposition, what_if
from tests.benchmarks.bench_recommend import MOST_S, Wire, served
from tests.benchmarks.measuring import FLOOR, Clock, floor, parser, report, some_users, worker_world

WARM_UP = 100
#: Accounts beside the one that asks.
ACCOUNTS = 100_000


def main(args: Sequence[str] | None = None) -> None:
    options = parser(__doc__, n=500).parse_args(args)
    with worker_world(options.home, options.users) as settings, Graph.connect(settings) as graph:
        store = AccountStore(settings.accounts_file)
        token = operators_token(store)
        users = some_users(graph, options.n + WARM_UP)
        cookies = {user_id: cookie_of(store, user_id) for user_id in users}
        store.close()
        with served(settings) as opened, served(settings, "required", token) as closed:
            model, _ = ModelSlot(settings.models_folder).get()
            report(graph, run(graph, opened, closed, cookies, model), options.output)


def operators_token(store: AccountStore) -> str:
    """A token that may read the lists of everybody, among many accounts."""
    if not accounts.list_all(store):
        with store.transaction() as connection:
            connection.executemany(
                "INSERT INTO accounts (name, name_key, role, created_at) VALUES (?, ?, 'listener', 0)",
                [(f"account{number}", f"account{number}") for number in range(ACCOUNTS)],
            )
        accounts.create(store, "benchmark", role="operator")
    account = accounts.get(store, "benchmark")
    return tokens.create(store, account, "benchmark", ["recommendations:read"], days=1)[1]


def cookie_of(store: AccountStore, user_id: str) -> str:
    """The cookie of a browser in which a listener has signed in."""
    account = accounts.of_user(store, user_id) or accounts.create(store, f"b.{user_id}", user_id=user_id)
    return f"muse_session={sessions.start(store, account, 'benchmark')}"


def run(
    graph: Graph, opened: Wire, closed: Wire, cookies: Mapping[str, str], model: ServedModel | None
) -> Clock:
    """Warm up, then measure the other users."""
    users, cache = list(cookies), TrackCache()
    cache.refresh(graph)
    gc.freeze()
    warm, clock, begin = Clock(), Clock(), time.monotonic()
    for place, user_id in enumerate(users):
        works = of_user(graph, user_id, users[place - 1], cache, model)
        # In turns, and each first as often as the other.
        wires = [("list over HTTP, open", opened), ("list over HTTP, with a token", closed)]
        works |= {name: partial(wire.fetch, user_id) for name, wire in wires[:: 1 if place % 2 else -1]}
        works["start page"] = partial(closed.get, "/", cookies[user_id])
        for name, work in works.items():
            (clock if place >= WARM_UP else warm).measure(name, work)
        if time.monotonic() - begin > MOST_S:
            break
    return clock


def of_user(
    graph: Graph, user_id: str, other_id: str, cache: TrackCache, model: ServedModel | None
) -> dict[str, Callable[[], object]]:
    """What is measured for one user; another one is near by chance only."""
    friends = friendships.list_friends(graph, user_id, limit=1).items
    works: dict[str, Callable[[], object]] = {
        FLOOR: partial(floor, graph),
        "list of friends": partial(friendships.list_friends, graph, user_id, limit=50),
        "feed": partial(feed.read_feed, graph, user_id, cache, limit=50),
        "suggested friends": partial(suggestions.suggest_friends, graph, user_id, 20),
        "people search": partial(people.search_people, graph, user_id, "an", limit=20),
    }
    if other_id != user_id:
        works["profile of a person"] = partial(people.get_person, graph, user_id, other_id, cache)
        works["compatibility"] = partial(people.get_compatibility, graph, user_id, other_id, cache)
        works["ask and withdraw"] = partial(ask_and_withdraw, graph, user_id, other_id)
    supposed = [Supposition(lift_cap=True)]
    if friends and friends[0].state == "friends":
        supposed.append(Supposition(drop_friends=(friends[0].user_id,)))
    for one, name in zip(supposed, ("what-if, no cap", "what-if, a friend less"), strict=False):
        options = RecommendationOptions(k=20)
        works[name] = partial(what_if, graph, user_id, one, options, track_cache=cache, model=model)
    return works


def ask_and_withdraw(graph: Graph, user_id: str, other_id: str) -> None:
    """Two changes of a friendship that leave nothing behind; between friends none."""
    state = friendships.ask(graph, user_id, other_id).state
    if state == "asked":
        friendships.end(graph, user_id, other_id)


def test_people() -> None:
    main([])


if __name__ == "__main__":
    main()
