"""Loads at once each end their own record; that of an interrupted one stays until repeated or given up."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pyarrow as pa
import pytest

from muse_graph.graph.connection import Graph
from muse_graph.loaders.rejects import Rejects
from muse_graph.loaders.write_batches import Batches, load
from muse_graph.service.listens.refresh import unfinished
from muse_graph.service.maintenance.doctor import examine
from tests.conftest import toy_batches
from tests.worlds.toy import TABLES

ONE, OTHER = "load tables one", "load tables other"


def run(graph: Graph, command: str, batches: Batches | None = None) -> None:
    """Load the toy graph, or other batches, by a command."""
    load(
        graph,
        toy_batches() if batches is None else batches,
        Rejects(),
        theta=0.2,
        advance=lambda _step, _rows: None,
        command=command,
    )


def halfway(meanwhile: Callable[[], object]) -> Iterator[tuple[str, pa.RecordBatch]]:
    """The toy graph; something happens in the middle of it."""
    for number, batch in enumerate(toy_batches()):
        if number == len(TABLES) // 2:
            meanwhile()
        yield batch


def interrupt(graph: Graph, command: str) -> None:
    """Begin a load and stop it in its middle."""

    def stop() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(graph, command, halfway(stop))


def commands(graph: Graph) -> list[str]:
    return sorted(unfinished(graph).values())


@pytest.mark.parametrize("second", [ONE, OTHER])
def test_a_load_that_ends_leaves_the_record_of_one_that_goes_on(empty_graph: Graph, second: str) -> None:
    seen: list[list[str]] = []

    def meanwhile() -> None:
        def look() -> None:
            seen.append(commands(empty_graph))

        run(empty_graph, second, halfway(look))
        seen.append(commands(empty_graph))

    run(empty_graph, OTHER, halfway(meanwhile))
    # A load of the same command has loaded the same rows, so nothing of the first is missing.
    assert seen == [sorted([OTHER, second]), [OTHER] if second != OTHER else []]
    assert commands(empty_graph) == []
    assert [one for one in examine(empty_graph) if one.severity == "error"] == []


def test_what_an_interrupted_load_left_goes_when_that_is_repeated(empty_graph: Graph) -> None:
    interrupt(empty_graph, ONE)
    interrupt(empty_graph, ONE)
    assert commands(empty_graph) == [ONE, ONE]
    run(empty_graph, OTHER)
    assert commands(empty_graph) == [ONE, ONE]
    run(empty_graph, ONE)
    assert commands(empty_graph) == []


def test_a_repair_gives_up_the_loads_that_it_found_and_no_later_one(empty_graph: Graph) -> None:
    interrupt(empty_graph, ONE)
    begun = False

    def advance(_check: str, _more: int) -> None:
        nonlocal begun
        if not begun:
            begun = True
            empty_graph.write("start_import", run="later", command=OTHER)

    examine(empty_graph, repair=True, advance=advance)
    assert commands(empty_graph) == [OTHER]
    examine(empty_graph, repair=True)
    assert commands(empty_graph) == []
