"""Models of the library `implicit` at several settings, run by bench_training in a Python that has it.

python training_peers.py FOLDER K: reads played.npz and users.npy, and writes lists-….npz for each setting.
"""

from __future__ import annotations

import os

# The library works in threads of its own, beside which those of BLAS stand in the way.
os.environ["OPENBLAS_NUM_THREADS"] = "1"

import sys
import time
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse

THREADS = os.cpu_count() or 1


def models() -> Iterator[tuple[str, str, Any]]:
    """Name, settings and the model."""
    from implicit.als import AlternatingLeastSquares  # type: ignore[import-untyped]
    from implicit.nearest_neighbours import (  # type: ignore[import-untyped]
        BM25Recommender,
        CosineRecommender,
        TFIDFRecommender,
    )

    kinds = {"cosine": CosineRecommender, "tf-idf": TFIDFRecommender, "BM25": BM25Recommender}
    for (kind, make), k in product(kinds.items(), (200, 1_000)):
        yield "item-kNN (implicit)", f"{kind}, k {k}", make(K=k, num_threads=THREADS)
    for factors, alpha in ((32, 10), (64, 5), (64, 10), (64, 20), (128, 10)):
        als = AlternatingLeastSquares(
            factors=factors,
            alpha=alpha,
            regularization=10.0,
            iterations=15,
            num_threads=THREADS,
            random_state=0,
        )
        yield "implicit ALS (implicit)", f"factors {factors}, alpha {alpha}", als


def main(folder: Path, k: int) -> None:
    played = sparse.csr_matrix(sparse.load_npz(folder / "played.npz"), dtype=np.float32)
    users = np.load(folder / "users.npy")
    for number, (name, settings, model) in enumerate(models()):
        begin = time.perf_counter()
        model.fit(played, show_progress=False)
        seconds = time.perf_counter() - begin
        lists, _ = model.recommend(users, played[users], N=k, filter_already_liked_items=True)
        path = folder / f"lists-{number:03}.npz"
        np.savez(path, lists=lists, seconds=seconds, name=name, settings=settings)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
