"""The bytes of a column of texts, as Arrow has them."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from muse_graph.core.types import IntArray

__all__ = ["bytes_of"]


def bytes_of(texts: pa.Array) -> tuple[IntArray, NDArray[np.uint8]]:
    """(n + 1,) int64 offsets of texts, from 0, and all their bytes."""
    _, offsets, content = texts.buffers()
    bounds = np.frombuffer(offsets, np.int32)[texts.offset : texts.offset + len(texts) + 1].astype(np.int64)
    held = np.frombuffer(content or b"", np.uint8)[bounds[0] : bounds[-1]]
    return bounds - bounds[0], held
