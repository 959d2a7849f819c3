"""Files about an artist's audience, as the service sends them to an operator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import quote, urlencode

from muse_graph.api import create_app
from muse_graph.cli.output import open_binary_output
from muse_graph.config import Settings
from muse_graph.errors import MuseError
from muse_graph.graph.connection import Graph

__all__ = ["write_files"]


def write_files(
    settings: Settings,
    graph: Graph,
    artist_id: str,
    filters: Sequence[tuple[str, str]],
    files: Mapping[str, Path],
) -> None:
    """Write files of an audience, each whole or not at all.

    Args:
        filters: parameters of the audience's address
        files: by the last step of their addresses: report or tables

    Raises:
        InvalidRequest: If a file cannot be written.
        MuseError: If the service refuses.
    """
    app = create_app(settings, graph, sign_in="off")
    try:
        for name, path in files.items():
            with open_binary_output(path) as file:
                answer = app.test_client().get(
                    f"/artists/{quote(artist_id, safe='')}/{name}?{urlencode(filters)}"
                )
                if answer.status_code != 200:
                    raise MuseError(f"the service answered {answer.status}")
                file.write(answer.data)
    finally:
        app.extensions["muse_graph"].database.close()
