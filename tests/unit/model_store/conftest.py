"""A small model, whose scorer is any value: nobody asks it here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from muse_graph.core.keys import keys_of
from muse_graph.model_store import Catalogue, Content

Making = Callable[..., Content]


@pytest.fixture(scope="session")
def make() -> Making:
    """Make a model of four tracks by two artists in two genres, three users and two tags."""

    def content(model: Any = None, listeners: int = 3) -> Content:
        catalogue = Catalogue(
            track_keys=np.sort(keys_of(["t1", "t2", "t3", "t4"])),
            genre=np.array([0, 1, -1, 0]),
            artist=np.array([0, 0, 1, 1]),
            listeners=np.array([listeners, 2, 1, 0]),
            under_radar=np.array([False, False, True, True]),
            genre_keys=np.array([5, 6]),
            artist_keys=np.array([7, 8]),
        )
        users, tags = np.sort(keys_of(["u1", "u2", "u3"])), np.sort(keys_of(["late night", "tropical"]))
        return Content(model, catalogue, users, tags)

    return content
