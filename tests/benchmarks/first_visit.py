"""How good is the list after a first visit? HetRec listeners come anew, through the pages' own requests.

python -m tests.benchmarks.first_visit --data FOLDER

As in the protocol of `muse-graph evaluate cold-start`, a fifth of the listeners is left out of graph and
training: what they play, and the tags they gave it. Their friends stay, or go with ``--without-friends``.
Each picks on the first page the three genres they play most, saves on the second, one after the other, up to
three of the tracks offered that they do play, and looks at the list. What they play and did not save is what
the list should have; beside it, what is played most.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import numpy as np
import pyarrow as pa
import requests

from muse_graph import embedded
from muse_graph.config import Settings
from muse_graph.core.ranking_metrics import ndcg
from muse_graph.core.types import BoolArray
from muse_graph.evaluation.data.datasets import Dataset, Tables, read_dataset
from muse_graph.evaluation.data.splits import assign_folds, turns
from muse_graph.evaluation.data.tables import write_tables
from muse_graph.evaluation.end_to_end import run_command
from muse_graph.service.accounts.store import AccountStore
from tests.benchmarks.bench_people import cookie_of
from tests.benchmarks.bench_recommend import Wire, served

SAVES = GENRES = 3
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
_CARD = re.compile(r'<li class="card.*?</li>|<article class="card.*?</article>', re.DOTALL)
_TRACK = re.compile(r'name="track" value="([^"]+)"')
_PRESS = re.compile(r'name="press" value="([^"]+)"')


@dataclass(frozen=True)
class Newcomer:
    """Who comes anew: the genres they play most, and all they play."""

    user_id: str
    genres: list[str]
    plays: set[str]


class Browser:
    """The requests of a browser without JavaScript in which one listener has signed in."""

    def __init__(self, address: str, cookie: str, user_id: str) -> None:
        self._address, self._user_id = address, user_id
        self._session = requests.Session()
        # As a cookie, and not as a header, which requests leaves out where it is led on.
        self._session.cookies.set(*cookie.split("=", 1))

    def get(self, path: str) -> str:
        answer = self._session.get(self._address + path, timeout=60)
        answer.raise_for_status()
        return answer.text

    def post(self, path: str, page: str, **fields: object) -> str:
        """Send a form of a page, and follow where it leads."""
        data = fields | {"csrf_token": _first(_TOKEN, page)}
        answer = self._session.post(
            self._address + path, data=data, timeout=60, headers={"Origin": self._address}
        )
        answer.raise_for_status()
        return answer.text

    def save(self, page: str, track_id: str) -> str:
        """Press the button of a track on the second page."""
        fields = {"user": self._user_id, "track": track_id, "verb": "save", "place": "first_tracks"}
        return self.post("/actions", page, press=_first(_PRESS, page), **fields)


def _first(pattern: re.Pattern[str], page: str) -> str:
    found = pattern.search(page)
    if found is None:
        raise RuntimeError(f"no {pattern.pattern} on the page")
    return unescape(found[1])


def cards(page: str) -> list[str]:
    """The tracks of the cards on a page, in order."""
    return [_first(_TRACK, card) for card in _CARD.findall(page) if _TRACK.search(card)]


def main(args: Sequence[str] | None = None) -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, required=True, help="folder of HetRec 2011 Last.fm")
    options.add_argument("-n", type=int, default=150, help="how many come")
    options.add_argument("--without-friends", action="store_true")
    given = options.parse_args(args)
    dataset, tables = read_dataset("hetrec", given.data)
    rng = np.random.default_rng(0)
    turns(dataset, rng)  # as the protocol draws, so that the folds are its own
    cold = assign_folds(dataset.n_users, 5, rng) == 0
    with tempfile.TemporaryDirectory(prefix="muse-visit-", ignore_cleanup_errors=True) as folder:
        home = Path(folder) / "home"
        known = _without(tables, dataset, cold, given.without_friends)
        write_tables(known, dataset, ~cold[dataset.user], Path(folder) / "tables")
        rejected = str(Path(folder) / "rejected")
        run_command(home, "load", "tables", str(Path(folder) / "tables"), "--rejects", rejected)
        run_command(home, "train")
        settings = Settings.from_environment().model_copy(update={"home": home, "neo4j_uri": None})
        with embedded.running(settings) as server:
            at = settings.at(server.uri, server.username, server.password)
            come(at, list(newcomers(dataset, cold))[: given.n], _most_played(dataset, cold))


def _without(tables: Tables, dataset: Dataset, cold: BoolArray, without_friends: bool) -> Tables:
    """The tables, if wished without the friendships of newcomers."""
    if not without_friends:
        return tables
    gone = {dataset.user_ids[user] for user in np.flatnonzero(cold)}
    pairs = tables["friendships"]
    keep = [gone.isdisjoint((pair["user_id"], pair["friend_id"])) for pair in pairs.to_pylist()]
    return tables | {"friendships": pairs.filter(pa.array(keep))}


def newcomers(dataset: Dataset, cold: BoolArray) -> Iterator[Newcomer]:
    """Those left out, with what they play."""
    for user in np.flatnonzero(cold).tolist():
        rows = np.flatnonzero(dataset.user == user)
        genres = Counter[int]()
        for row in rows.tolist():
            genre = int(dataset.item_genre[dataset.item[row]])
            if genre >= 0:
                genres[genre] += int(dataset.plays[row])
        favourites = [dataset.genre_ids[genre] for genre, _ in genres.most_common(GENRES)]
        yield Newcomer(
            dataset.user_ids[user],
            favourites,
            {dataset.item_ids[item] for item in dataset.item[rows].tolist()},
        )


def _most_played(dataset: Dataset, cold: BoolArray) -> list[str]:
    """Items by the number of those who play them and do not come anew."""
    listeners = np.bincount(dataset.item[~cold[dataset.user]], minlength=dataset.n_items)
    return [dataset.item_ids[item] for item in np.argsort(-listeners, kind="stable").tolist()]


def come(settings: Settings, people: Sequence[Newcomer], most_played: list[str]) -> None:
    """Let all come, and print the figures of their lists by what they have done so far."""
    store = AccountStore(settings.accounts_file)
    cookies = {one.user_id: cookie_of(store, one.user_id) for one in people}
    store.close()
    figures: dict[str, list[float]] = {}
    saved = Counter[int]()

    def note(name: str, listed: Sequence[str], wanted: set[str]) -> None:
        hits = np.array([[track in wanted for track in listed[:8]] + [False] * (8 - len(listed[:8]))])
        figures.setdefault(name, []).append(float(ndcg(hits, np.array([len(wanted)]))[0]))

    with served(settings, "required") as wire:
        for one in people:
            browser = Browser(address(wire), cookies[one.user_id], one.user_id)
            saved[visit(browser, one, note)] += 1
            note("what is played most", most_played, one.plays)
    for name, values in figures.items():
        sys.stdout.write(f"{name}: nDCG@8 {100 * np.mean(values):.1f} of {len(values)}\n")
    sys.stdout.write(f"listeners by tracks saved: {dict(sorted(saved.items()))}\n")


def visit(browser: Browser, one: Newcomer, note: Callable[[str, Sequence[str], set[str]], None]) -> int:
    """One first visit; return how many tracks were saved."""

    def look(when: str, wanted: set[str]) -> None:
        note(f"{when}, for you", cards(browser.get("/?mode=for-you")), wanted)
        note(f"{when}, new genres", cards(browser.get("/")), wanted)

    look("nothing said", one.plays)
    page = browser.post("/welcome", browser.get("/welcome"), genre=one.genres)
    look("three genres", one.plays)
    done: set[str] = set()
    for _ in range(SAVES):
        known = [track for track in cards(page) if track in one.plays - done]
        if not known:
            break
        page = browser.save(page, known[0])
        done.add(known[0])
        look(f"{len(done)} saved", one.plays - done)
    return len(done)


def address(wire: Wire) -> str:
    """Where the service of a connection is."""
    host, port = wire.address
    return f"http://{host}:{port}"


if __name__ == "__main__":
    main()
