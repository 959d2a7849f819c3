"""Neo4j's importer on an empty store."""

from __future__ import annotations

from muse_graph import embedded
from muse_graph.graph import schema
from muse_graph.graph.connection import Graph
from muse_graph.loaders.bulk.derive_tables import derive_tables
from muse_graph.loaders.bulk.files import ImportFiles
from muse_graph.loaders.bulk.gather import gather
from muse_graph.loaders.bulk.graph_files import write_files
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
    gathered = gather(batches, rejects, advance)
    advance("derived values", 0)
    derived = derive_tables(gathered, theta)
    advance("files", 0)
    with home.import_folder() as folder, ImportFiles(folder) as files:
        write_files(files, gathered, derived, advance)
        advance("importer", 0)
        # Told where it is needed only, for it makes the reading of large files slower.
        broken_lines = ["--multiline-fields=true"] if files.broken_lines else []
        home.import_full([*_OPTIONS, *broken_lines, *files.arguments], folder)
    advance("server", 0)
    status = home.server()
    with Graph.connect(home.settings.at(status.uri, status.username, status.password)) as graph:
        advance("indexes", 0)
        schema.migrate(graph)
