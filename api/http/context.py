"""The parts of an application, and how a request reaches them."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock

from flask import current_app, g

from muse_graph.api.http import bookmarks
from muse_graph.api.http.last_write import LastWrite
from muse_graph.api.http.metrics import Metrics
from muse_graph.api.http.sign_in import SignIn
from muse_graph.config import Settings
from muse_graph.errors import GraphUnavailable
from muse_graph.graph.change_log import ChangeLog
from muse_graph.graph.connection import Graph
from muse_graph.graph.deadline import remaining
from muse_graph.graph.heartbeat import Heartbeat
from muse_graph.model_store import ModelSlot, ServedModel
from muse_graph.service.accounts.store import AccountStore
from muse_graph.service.artists.everybody import Everybody
from muse_graph.service.listens.queue import ListenWriter
from muse_graph.service.maintenance.health import Summaries
from muse_graph.service.recommendations.kept_lists import KeptLists
from muse_graph.service.recommendations.kept_neighbourhoods import KeptNeighbourhoods
from muse_graph.service.recommendations.track_cache import TrackCache

__all__ = ["AppContext", "Database", "changes", "context", "graph", "model", "writer"]


#: What a request waits for a database that may come back, at most, is little more than this.
_PATIENCE_S = 5.0


class Database:
    """The graph and its one writer of listens, opened by the first request that needs them.

    So the application starts, and reports that it is not ready, while Neo4j is still starting.
    """

    def __init__(self, settings: Settings, graph: Graph | None = None) -> None:
        self._settings = settings
        self._graph = graph
        self._owned = graph is None
        self._heartbeat: Heartbeat | None = None
        self._writer: ListenWriter | None = None
        self._changes: ChangeLog | None = None
        self._lock = Lock()

    @property
    def opened(self) -> Graph | None:
        """The graph, if a request has needed it already."""
        return self._graph

    @property
    def answers(self) -> bool:
        """False once it is known that no database answers."""
        return self._heartbeat is None or self._heartbeat.answers

    @property
    def graph(self) -> Graph:
        """The graph; raises GraphUnavailable if none answers."""
        with self._lock:
            if self._graph is None:
                self._graph = Graph(self._settings, patience_s=_PATIENCE_S)
                self._heartbeat = Heartbeat(self._graph)
        if self._heartbeat is not None:
            self._heartbeat.wait(remaining())
        if not self.answers:
            raise GraphUnavailable("the database does not answer")
        return self._graph

    @property
    def changes(self) -> ChangeLog:
        """Whom writes have changed, as far as this process knows; raises GraphUnavailable."""
        graph = self.graph
        with self._lock:
            if self._changes is None:
                self._changes = ChangeLog(graph)
            return self._changes

    @property
    def writer(self) -> ListenWriter:
        """The writer all threads share, which gathers their listens; raises GraphUnavailable."""
        graph = self.graph
        with self._lock:
            if self._writer is None:
                self._writer = ListenWriter(graph, self._settings.theta)
            return self._writer

    def close(self) -> None:
        """Finish what is being written and give back the connections this opened; twice is harmless."""
        with self._lock:
            if self._writer is not None:
                self._writer.close()
                self._writer = None
            if self._heartbeat is not None:
                self._heartbeat.close()
                self._heartbeat = None
            if self._graph is not None and self._owned:
                self._graph.close()
                self._graph = None


@dataclass(frozen=True)
class AppContext:
    """Everything a request may need."""

    settings: Settings
    database: Database
    metrics: Metrics
    signer: bookmarks.Signer
    track_cache: TrackCache
    summaries: Summaries
    everybody: Everybody
    models: ModelSlot
    accounts: AccountStore
    kept_lists: KeptLists
    kept_neighbourhoods: KeptNeighbourhoods
    last_write: LastWrite
    sign_in: SignIn


def context() -> AppContext:
    """The parts of the application that answers this request."""
    found: AppContext = current_app.extensions["muse_graph"]
    return found


def graph() -> Graph:
    """The graph, no older for this request than what its client has written; raises GraphUnavailable."""
    opened = context().database.graph
    if not g.get("observed", False):
        g.observed = True
        g.seen = bookmarks.sent(context().signer)
        if g.seen:
            opened.observe(g.seen)
    return opened


def changes() -> tuple[ChangeLog, int]:
    """Whom writes have changed, and up to which moment this request knows; raises GraphUnavailable.

    It knows what its client has written, what any client of this service has on this machine, and what
    others wrote a little before.
    """
    graph()
    found = context().database.changes
    return found, found.moment(g.seen, context().last_write.at)


def model() -> ServedModel | None:
    """The trained model, one and the same for all of this request; None if there is none."""
    if "model" not in g:
        g.model, _ = context().models.get()
    found: ServedModel | None = g.model
    return found


def writer() -> ListenWriter:
    """The shared writer of listens, for this request; raises GraphUnavailable."""
    graph()
    return context().database.writer
