"""Worlds that training learns from."""

from __future__ import annotations

from muse_graph.cli.commands.loading import world_batches
from muse_graph.graph.connection import Graph
from muse_graph.loaders.rejects import Rejects
from muse_graph.loaders.write_batches import load
from tests.conftest import wipe


def ignore(_step: str, _done: int) -> None:
    """Take no notice of progress."""


def synthetic(graph: Graph, n_users: int) -> Graph:
    """The graph with a synthetic world and nothing else."""
    wipe(graph)
    with Rejects(None) as rejects:
        load(graph, world_batches(n_users, 3, 2_000)(rejects), rejects, theta=0.2, advance=ignore)
    return graph
