"""Models of the library `implicit` at several settings, run by bench_training in a Python that has it.

python training_peers.py FOLDER K: reads played.npz, users.npy and settings.json, and writes lists-….npz for
each setting.
"""

from __future__ import annotations

import os

# The library works in threads of its own, beside which those of BLAS stand in the way.
os.environ["OPENBLAS_NUM_THREADS"] = "1"

import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse

THREADS = os.cpu_count() or 1


def model_of(setting: dict[str, Any]) -> tuple[str, Any]:
    """Name of the kind, and the model."""
    from implicit.als import AlternatingLeastSquares  # type: ignore[import-untyped]
    from implicit.nearest_neighbours import (  # type: ignore[import-untyped]
        BM25Recommender,
        CosineRecommender,
        TFIDFRecommender,
    )

    kinds = {"cosine": CosineRecommender, "tf-idf": TFIDFRecommender, "BM25": BM25Recommender}
    if make := kinds.get(setting["kind"]):
        return "item-kNN (implicit)", make(K=setting["k"], num_threads=THREADS)
    options = {name: value for name, value in setting.items() if name != "kind"}
    return "ALS (implicit)", AlternatingLeastSquares(**options, num_threads=THREADS, random_state=0)


def main(folder: Path, k: int) -> None:
    played = sparse.csr_matrix(sparse.load_npz(folder / "played.npz"), dtype=np.float32)
    users = np.load(folder / "users.npy")
    for number, setting in enumerate(json.loads((folder / "settings.json").read_text("utf-8"))):
        name, model = model_of(setting)
        begin = time.perf_counter()
        model.fit(played, show_progress=False)
        seconds = time.perf_counter() - begin
        lists, _ = model.recommend(users, played[users], N=k, filter_already_liked_items=True)
        path = folder / f"lists-{number:03}.npz"
        np.savez(path, lists=lists, seconds=seconds, name=name)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
