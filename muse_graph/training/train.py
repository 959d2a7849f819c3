"""Training from end to end: read, fit, write neighbours, publish."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psutil

from muse_graph import __version__
from muse_graph.core.models.ensemble.ensemble import EnsembleOptions
from muse_graph.core.models.types import Fit
from muse_graph.errors import ModelError
from muse_graph.graph.connection import Graph
from muse_graph.loaders.sources.favourites import Favourites
from muse_graph.model_store import Content, publish, writing
from muse_graph.model_store.erased import erased_users, forget_erased
from muse_graph.model_store.store import KEPT
from muse_graph.service.pagination import Advance
from muse_graph.training.pretrained import Matched, add_favourites
from muse_graph.training.reading import TrainingSet, read_training_set
from muse_graph.training.similar_listeners import Written, write_neighbours
from muse_graph.training.warm import Start, digest_of, find_start

__all__ = ["Sizes", "TrainingReport", "train"]


@dataclass(frozen=True)
class Sizes:
    """How much there was to learn from; interactions are pairs of a user and a track played."""

    users: int
    tracks: int
    interactions: int
    feedback: int
    friendships: int
    tags: int


@dataclass(frozen=True)
class TrainingReport:
    """What training did.

    Attributes:
        version: name of the model that is the current one now
        folder: where it is
        bytes: size of its files
        favourites: what was learned from exported favourites, None without them; sizes count its users too
        warm_from: the version it went on from, None for a full training
        full_because: why it did not though it was asked to, None if it did or was not
        since_full: pairs of a user and a track that came or went since the last full training
        neighbours: SIMILAR_TO there are now
        changed_users: users whose SIMILAR_TO are others than before
        seconds: of each step, and in all; neighbours are written while the model is fitted
        peak_mb: most memory this process has had, MiB
    """

    version: str
    folder: str
    bytes: int
    sizes: Sizes
    favourites: Matched | None
    warm_from: str | None
    full_because: str | None
    since_full: int
    neighbours: int
    changed_users: int
    seconds: dict[str, float]
    peak_mb: float


def train(
    graph: Graph,
    folder: Path,
    fit: Fit,
    advance: Advance,
    export: Favourites | None = None,
    *,
    warm: EnsembleOptions | None = None,
    note: Callable[[str], object] = lambda _text: None,
) -> TrainingReport:
    """Train on a graph, and publish the model in a folder; workers change over to it by themselves.

    Args:
        export: favourites of others to learn from besides, or alone where the graph has no users yet
        warm: go on from the last model if it was fitted with these options, else `fit` a new one
        note: called with why that is not possible

    Raises:
        ModelError: If another process trains there, the folder cannot be written, a load is unfinished, or
            there is nothing to learn from.
    """
    # In this order, whichever ends first.
    seconds = dict.fromkeys(("reading", "fitting", "neighbours", "publishing"), 0.0)
    begin = time.perf_counter()
    with writing(folder):
        # Who is erased from here on may be among those read.
        erased = erased_users(folder)
        with _timed(seconds, "reading"):
            training_set, matched = _read(graph, export, advance)
            digest = digest_of(training_set)
            origin = _origin(folder, training_set, digest, warm, matched, erased=bool(erased))
        if origin.full_because:
            note(f"all is trained anew: {origin.full_because}")
        with _neighbours_beside(graph, training_set, origin, seconds, advance) as neighbours:
            with _timed(seconds, "fitting"):
                advance("fitting", 0)
                model = (origin.start.fit if origin.start else fit)(training_set.data)
            written = neighbours.result()
        with _timed(seconds, "publishing"):
            content = Content(model, training_set.catalogue, training_set.user_keys, training_set.tag_keys)
            # The version before holds those who were erased since: it goes now and not at the next training.
            about = _about(training_set, matched, origin, digest)
            version, size = publish(folder, content, about, keep=1 if erased else KEPT)
            forget_erased(folder, erased, version)
    seconds["in all"] = round(time.perf_counter() - begin, 2)
    return TrainingReport(
        version=version,
        folder=str(folder),
        bytes=size,
        sizes=_sizes(training_set),
        favourites=matched,
        **origin.report(),
        neighbours=written.neighbours,
        changed_users=written.changed_users,
        seconds=seconds,
        peak_mb=peak_memory(),
    )


def _read(graph: Graph, export: Favourites | None, advance: Advance) -> tuple[TrainingSet, Matched | None]:
    """All there is to learn from; raises ModelError if that is nothing."""
    training_set, matched = read_training_set(graph, advance), None
    if export is not None:
        training_set, matched = add_favourites(graph, training_set, export, advance)
    sizes = _sizes(training_set)
    if not sizes.interactions + sizes.feedback:
        no_favourite = " and no favourite is of a track in the graph" if matched else ""
        raise ModelError(f"there are no listens, saves or discards to learn from{no_favourite}")
    return training_set, matched


@dataclass(frozen=True)
class _Origin:
    """Where a training begins: at the last model, or without one for a reason if it was asked to."""

    start: Start | None = None
    full_because: str | None = None

    @property
    def since_full(self) -> int:
        """As in `TrainingReport`."""
        return self.start.since_full if self.start else 0

    def report(self) -> dict[str, Any]:
        """What the report says of it."""
        version = self.start.version if self.start else None
        return {"warm_from": version, "full_because": self.full_because, "since_full": self.since_full}


def _origin(
    folder: Path,
    training_set: TrainingSet,
    digest: str,
    warm: EnsembleOptions | None,
    matched: Matched | None,
    *,
    erased: bool,
) -> _Origin:
    if warm is None:
        return _Origin()
    if matched is not None:
        return _Origin(full_because="only a full training learns from exported favourites")
    found = find_start(folder, training_set, digest, warm, erased=erased)
    return _Origin(full_because=found) if isinstance(found, str) else _Origin(found)


def _about(
    training_set: TrainingSet, matched: Matched | None, origin: _Origin, digest: str
) -> dict[str, Any]:
    """What is published beside the model."""
    return {
        "muse_graph": __version__,
        **asdict(_sizes(training_set)),
        "favourites": matched.used if matched else 0,
        "warm_from": origin.start.version if origin.start else None,
        "since_full": origin.since_full,
        "data": digest,
    }


@contextmanager
def _neighbours_beside(
    graph: Graph, training_set: TrainingSet, origin: _Origin, seconds: dict[str, float], advance: Advance
) -> Iterator[Future[Written]]:
    """Find and write neighbours in a thread, for most of the time it is the database that works.

    Who leaves early, as by an error or Ctrl-C, waits for the transaction under way and no other.
    """
    left = threading.Event()
    changed = origin.start.changed if origin.start else None

    def work() -> Written:
        with _timed(seconds, "neighbours"):
            return write_neighbours(graph, training_set, advance, changed=changed, stopped=left.is_set)

    with ThreadPoolExecutor(1, "neighbours") as pool:
        try:
            yield pool.submit(work)
        finally:
            left.set()


def _sizes(training_set: TrainingSet) -> Sizes:
    data = training_set.data
    return Sizes(
        users=data.n_users,
        tracks=data.n_items,
        interactions=len(data.interactions),
        feedback=data.feedback.nnz,
        friendships=data.friends.nnz // 2,
        tags=int(data.user_tags.sum()),
    )


@contextmanager
def _timed(seconds: dict[str, float], step: str) -> Iterator[None]:
    begin = time.perf_counter()
    yield
    seconds[step] = round(time.perf_counter() - begin, 2)


def peak_memory() -> float:
    """Most memory this process has had since it started, MiB."""
    if sys.platform == "win32":
        return round(psutil.Process().memory_info().peak_wset / 2**20, 1)
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (2**20 if sys.platform == "darwin" else 2**10), 1)
