"""Lists that were made before and still hold, kept in memory as they were sent.

A list depends on its listener, the friends and the listeners with similar taste. As long as none of them has
changed (`muse_graph.graph.change_log`) it would be made in the same way again.
"""

from __future__ import annotations

import time
import weakref
import zlib
from array import array
from collections.abc import Callable, Hashable
from threading import Lock
from typing import NamedTuple

import orjson

from muse_graph.answers import ListMode
from muse_graph.graph.change_log import ChangeLog
from muse_graph.model_store import ServedModel
from muse_graph.service.recommendations.lists import RankedList
from muse_graph.service.recommendations.unchanged import LONGEST_S, KeptUnchanged, Unchanged

__all__ = ["KeptList", "KeptLists"]

#: Memory for all lists of a process; a list takes some 5 kB.
_MOST_BYTES = 64_000_000
#: How long a list holds whatever happens where it depends on others than those it names, such as on a chart.
_FURTHER_S = 1.0


class KeptList(NamedTuple):
    """A list as it was sent."""

    packed: bytes
    mode: ListMode
    track_keys: array[int]

    @property
    def body(self) -> bytes:
        """The list as JSON."""
        return zlib.decompress(self.packed)

    @property
    def n_bytes(self) -> int:
        """About how much memory it takes."""
        return len(self.packed) + 8 * len(self.track_keys) + 500


class KeptLists:
    """The lists of a process, for all its threads."""

    def __init__(self, most_bytes: int = _MOST_BYTES, clock: Callable[[], float] = time.monotonic) -> None:
        self._lists = KeptUnchanged[KeptList](most_bytes, clock)
        self._lock = Lock()
        # No more than a reference: a model that is no longer served must be closed.
        self._model: weakref.ref[ServedModel] | None = None
        self._refreshes = 0
        self._n_bases = 0

    def __len__(self) -> int:
        return len(self._lists)

    def get(self, key: Hashable, changes: ChangeLog, moment: int) -> Unchanged[KeptList] | None:
        """The list of a key if it still holds at a moment, None if there is none."""
        return self._lists.get(key, changes, moment)

    def keep(self, key: Hashable, ranked: RankedList, moment: int) -> bytes:
        """Keep a list, and return it as JSON.

        Args:
            moment: which it was before anything of the list was read
        """
        found, body = ranked.found, orjson.dumps(ranked.found)
        kept = KeptList(zlib.compress(body, 1), found.mode, ranked.track_keys)
        longest_s = LONGEST_S if ranked.is_of_neighbourhood else _FURTHER_S
        self._lists.put(key, kept, ranked.users, moment, n_bytes=kept.n_bytes, longest_s=longest_s)
        return body

    def basis(self, model: ServedModel | None, refreshes: int) -> int:
        """A number that changes with the model, and with the names of tracks: to be a part of each key."""
        with self._lock:
            known = None if self._model is None else self._model()
            is_same = known is model and (self._model is None) == (model is None)
            if not is_same or self._refreshes != refreshes:
                self._model = None if model is None else weakref.ref(model)
                self._refreshes = refreshes
                self._n_bases += 1
                self._lists.clear()
            return self._n_bases

    def age_s(self, kept: Unchanged[KeptList]) -> float:
        """Seconds since a list was made."""
        return self._lists.age_s(kept)
