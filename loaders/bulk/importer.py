"""Neo4j's importer on an empty store."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from muse_graph import embedded
from muse_graph.graph import schema
from muse_graph.graph.connection import Graph
from muse_graph.loaders.bulk.derivation import Derivation
from muse_graph.loaders.bulk.files import ImportFiles
from muse_graph.loaders.bulk.gather import gather
from muse_graph.loaders.bulk.graph_files import n_nodes, write_files
from muse_graph.loaders.rejects import Rejects
from muse_graph.loaders.write_batches import Batches
from muse_graph.service.pagination import Advance

__all__ = ["bulk_load"]

# Names of our own files are no patterns.
_OPTIONS = ("--id-type=actual", "--array-delimiter=;", "--bad-tolerance=0", "--path-pattern-style=none")


def bulk_load(
    home: embedded.Alone, batches: Batches, rejects: Rejects, *, theta: float, advance: Advance
) -> None:
    """Fill an empty graph of the embedded Neo4j, wholly or not at all.

    Counts go to ``rejects.tally``, as with `muse_graph.loaders.write_batches.load`.

    Raises:
        EmbeddedError: With the importer's own words if it fails.
    """
    derivation = Derivation(gather(batches, rejects, advance), theta)
    with home.import_folder() as folder:
        arguments = _files(folder, derivation, advance)
        # The importer needs the memory, which Arrow would keep.
        del derivation
        pa.default_memory_pool().release_unused()
        advance("importer", 0)
        home.import_full([*_OPTIONS, *arguments], folder)
    advance("server", 0)
    status = home.server()
    with Graph.connect(home.settings.at(status.uri, status.username, status.password)) as graph:
        advance("indexes", 0)
        schema.migrate(graph)


def _files(folder: Path, derivation: Derivation, advance: Advance) -> list[str]:
    """Write the importer's files and return what it is told of them."""
    advance("files", 0)
    with ImportFiles(folder, n_nodes(derivation.gathered)) as files:
        write_files(files, derivation, advance)
    # Told where it is needed only, for it makes the reading of large files slower.
    return [*(["--multiline-fields=true"] if files.broken_lines else []), *files.arguments]
