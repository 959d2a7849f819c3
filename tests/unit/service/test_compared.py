"""How many of everybody have heard an artist, where not everybody was read."""

from __future__ import annotations

import numpy as np

from muse_graph.core.artists.heard import Heard
from muse_graph.service.artists.compared import artist_base
from muse_graph.service.artists.everybody import Languages, Sample

NOBODY = np.empty(0, np.int64)


def sample(pairs: list[tuple[int, int]], *, complete: bool) -> Sample:
    """Ten listeners and what they have heard."""
    user, track = np.array(pairs, np.int64).reshape(-1, 2).T
    heard = Heard(np.arange(10), user, track, NOBODY, NOBODY)
    return Sample(10 if complete else 1_000, complete, heard, Languages(NOBODY, NOBODY, NOBODY, []))


def ints(*values: int) -> np.ndarray:
    return np.array(values, np.int64)


def test_where_everybody_was_read_they_are_counted() -> None:
    everybody = sample([(0, 1), (0, 2), (1, 1), (2, 3)], complete=True)
    found = artist_base(everybody, [[1, 2], [3], [9]], ints(3, 1, 0), ints(2, 1, 0), ints(3, 1, 0))
    assert found.tolist() == [2, 1, 0]


def test_else_who_hears_several_tracks_is_estimated() -> None:
    # In the sample 8 listeners in 10 pairs, in the audience 2 in 10: (8 + 5 x 0.2) / (10 + 5) = 0.6.
    pairs = [(user, 1) for user in range(8)] + [(0, 2), (1, 2)]
    found = artist_base(sample(pairs, complete=False), [[1, 2]], ints(1_000), ints(2), ints(10))
    assert found.tolist() == [600]
    # Nobody in the sample has heard it: the audience alone decides, with as many pairs as there are.
    found = artist_base(sample(pairs, complete=False), [[7]], ints(60), ints(2), ints(3))
    assert found.tolist() == [40]
    found = artist_base(sample(pairs, complete=False), [[7]], ints(60), ints(0), ints(0))
    assert found.tolist() == [0]
