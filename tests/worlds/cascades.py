"""Artists that pass from friend to friend, each listener to as many as a number drawn around a known R."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from muse_graph.loaders.columns import SCHEMAS

__all__ = ["Cascades", "cascades", "tables"]

BEGIN = datetime(2026, 3, 1, 12, tzinfo=UTC)
#: Friends of each listener who never hear an artist.
_OTHERS = 1


@dataclass
class Cascades:
    """Listeners 0, 1, ... in the order in which they came.

    Attributes:
        day: on which each first heard it
        parent: who passed it on to each; -1 for a first
        friends: pairs of listeners
    """

    day: list[int] = field(default_factory=list)
    parent: list[int] = field(default_factory=list)
    friends: list[tuple[int, int]] = field(default_factory=list)

    def add(self, day: int, parent: int) -> int:
        self.day.append(day)
        self.parent.append(parent)
        return len(self.day) - 1

    def known_r(self, window: int) -> tuple[float, int]:
        """To how many a listener passed it on, on average, a window or more before the end; of how many."""
        last = max(self.day) - window
        early = [one for one, day in enumerate(self.day) if day <= last]
        children = np.bincount([one for one in self.parent if one >= 0], minlength=len(self.day))
        return float(children[early].mean()), len(early)


def cascades(rng: np.random.Generator, r: float, firsts: int, days: int, window: int) -> Cascades:
    """Firsts begin in the first days; each listener passes it on to Poisson(r) friends, 1..window days later.

    Who brought on whom are friends, and so are a child and the one before its parent, and firsts that came
    more than a window apart: neither makes anybody the child of somebody else.
    """
    found = Cascades()
    spread = max(days // 4, 1)
    due = [(found.add(int(day), -1), int(day)) for day in np.sort(rng.integers(0, spread, firsts))]
    for one, day in due:
        for _ in range(rng.poisson(r)):
            on = day + int(rng.integers(1, window + 1))
            if on > days:
                continue
            child = found.add(on, one)
            found.friends.append((one, child))
            if found.parent[one] >= 0 and rng.random() < 0.3:
                found.friends.append((found.parent[one], child))
            due.append((child, on))
    apart = rng.integers(0, firsts, (firsts, 2)).tolist()
    pairs = {(min(pair), max(pair)) for pair in apart}
    found.friends += sorted(pair for pair in pairs if found.day[pair[1]] - found.day[pair[0]] > window)
    return found


def tables(rng: np.random.Generator, artists: dict[str, Cascades]) -> Iterator[tuple[str, pa.RecordBatch]]:
    """A world where each artist has one track and listeners of its own, as a loader yields it."""
    who = {artist: [f"{artist}-{n}" for n in range(len(one.day))] for artist, one in artists.items()}
    everybody = [user for some in who.values() for user in some]
    pairs = {
        tuple(sorted((who[artist][a], who[artist][b])))
        for artist, one in artists.items()
        for a, b in one.friends
    }
    others = [f"other-{n}" for n in range(len(everybody) // 5)]
    pairs |= {(user, str(one)) for user in everybody for one in rng.choice(others, _OTHERS)}
    rows: dict[str, list[dict[str, Any]]] = {
        "artists": [{"artist_id": artist, "name": artist} for artist in artists],
        "tracks": [
            {"track_id": f"t-{artist}", "title": "One", "artist_ids": [artist], "genre_ids": []}
            for artist in artists
        ],
        "users": [{"user_id": user, "name": user} for user in [*everybody, *others]],
        "friendships": [{"user_id": one, "friend_id": other} for one, other in sorted(pairs)],
        "listens": [
            {"listen_id": f"{user}/{again}", "user_id": user, "track_id": f"t-{artist}", "plays": 1}
            | {"listened_at": BEGIN + timedelta(days=day + 2 * again)}
            for artist, one in artists.items()
            for user, day in zip(who[artist], one.day, strict=True)
            # Every third hears it again; the last day stays that of a first listen.
            for again in range(2 if hash_of(user) == 0 and day + 2 <= max(one.day) else 1)
        ],
    }
    for table, some in rows.items():
        numbered = [row | {"line": number} for number, row in enumerate(some, 1)]
        yield table, pa.RecordBatch.from_pylist(numbered, schema=SCHEMAS[table])


def hash_of(user: str) -> int:
    """0, 1 or 2, the same for one user each time."""
    return int(user.rsplit("-", 1)[1]) % 3
