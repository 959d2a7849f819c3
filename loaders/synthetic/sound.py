"""How tracks sound: eight synthetic spectral features, close for related genres and for one artist."""

import numpy as np
import pyarrow as pa

from muse_graph.loaders.synthetic.draw import Flags, Floats, Ints
from muse_graph.loaders.synthetic.places import GENRE_IDS

_WAVES = np.arange(1, 5)
_BY_ARTIST, _BY_TRACK = 0.4, 0.3


def features(rng: np.random.Generator, owner: Ints, genre: Ints, missing: Flags) -> pa.Array:
    """(n,) lists of eight numbers of three decimals, about -3..3; null where missing.

    A genre's place on the ring of kinship, as four waves, gives the middle; artist and track add to it.

    Args:
        owner, genre: (n,) position of the first artist and the primary genre.
    """
    artists = int(owner.max(initial=-1)) + 1
    by_artist = _BY_ARTIST * rng.normal(size=(artists, 2 * len(_WAVES)))
    by_track = _BY_TRACK * rng.normal(size=(len(owner), 2 * len(_WAVES)))
    # Numbers close to 0 may round to -0.0, which is no other sound.
    values = np.round(_middles()[genre] + by_artist[owner] + by_track, 3) + 0.0
    lengths = np.where(missing, 0, values.shape[1])
    offsets = np.concatenate(([0], np.cumsum(lengths))).astype(np.int32)
    kept = pa.array(values[~missing].ravel())
    return pa.ListArray.from_arrays(pa.array(offsets), kept, mask=pa.array(missing))


def _middles() -> Floats:
    """(genres, 8): waves once to four times around the ring, so that neighbours sound similar."""
    turn = 2 * np.pi * np.outer(np.arange(len(GENRE_IDS)) / len(GENRE_IDS), _WAVES)
    return np.column_stack((np.cos(turn), np.sin(turn)))
