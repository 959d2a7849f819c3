"""Matrix factorisation on 500,000 synthetic favourites: time, memory, quality, beside implicit.

python -m tests.benchmarks.bench_gradient --output docs/benchmarks/gradient.csv

The models take turns, each fit in a process of its own, so that its peak memory is its own. One favourite in
ten is hidden, and the ten best of all that a listener does not have are asked for. Without implicit, which
not every machine has a wheel for, only our own model is measured.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import numpy as np
from scipy import sparse

from muse_graph.core.models.mf.gradient import GradientOptions, fit_gradient
from muse_graph.core.models.types import TrainingData
from muse_graph.core.types import Interactions
from tests.benchmarks.measuring import machine, show

COLUMNS = [
    *("date", "machine", "users", "tracks", "measure", "favourites", "runs"),
    *("fit_s", "cpu_s", "peak_mib", "recall_10", "ndcg_10"),
]
N_USERS, N_TRACKS, N_TASTES = 20_000, 30_000, 40
FACTORS, THREADS, JUDGES = 64, 2, 3_000

#: The scores of all tracks for some users: (n,) int -> (n, n_tracks).
Scorer = Callable[[np.ndarray], np.ndarray]


class World(NamedTuple):
    """Favourites to learn from and those hidden: (n_users, n_tracks) csr of ones."""

    known: sparse.csr_array
    hidden: sparse.csr_array


def main(args: Sequence[str] | None = None) -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--favourites", type=int, default=500_000)
    options.add_argument("--runs", type=int, default=2)
    options.add_argument("--output", type=Path, help="CSV file that the rows are added to")
    options.add_argument(
        "--one", nargs=2, metavar=("MEASURE", "WORLD"), help="fit one model and print figures"
    )
    chosen = options.parse_args(args)
    if chosen.one:
        sys.stdout.write(json.dumps(measure(chosen.one[0], Path(chosen.one[1]))) + "\n")
        return
    if find_spec("implicit") is None:
        sys.stdout.write("implicit is absent: only our own model is measured\n")
    found = take_turns(chosen.favourites, chosen.runs)
    about = [datetime.now(UTC).date().isoformat(), machine(), N_USERS, N_TRACKS]
    rows = [[*about, name, chosen.favourites, len(runs), *mean(runs)] for name, runs in found.items()]
    show(rows, chosen.output, COLUMNS)


def take_turns(favourites: int, runs: int) -> dict[str, list[dict[str, float]]]:
    """The figures of every model and run."""
    names = [name for name in FITS if find_spec("implicit") or "implicit" not in name]
    found = defaultdict(list)
    with TemporaryDirectory(prefix="muse-bench-") as folder:
        path = Path(folder) / "world.npz"
        save(make(favourites), path)
        for name in names * runs:
            # implicit threads by itself and asks for a BLAS that does not.
            env = os.environ | {"OPENBLAS_NUM_THREADS": "1" if "implicit" in name else str(THREADS)}
            command = [sys.executable, "-m", "tests.benchmarks.bench_gradient", "--one", name, str(path)]
            done = subprocess.run(command, env=env, check=True, stdout=subprocess.PIPE, text=True)
            found[name].append(json.loads(done.stdout.splitlines()[-1]))
    return found


def mean(runs: list[dict[str, float]]) -> list[str]:
    """Mean of each figure over the runs."""
    digits = {"fit_s": 1, "cpu_s": 1, "peak_mib": 0, "recall_10": 2, "ndcg_10": 2}
    return [f"{np.mean([run[name] for run in runs]):.{digits[name]}f}" for name in COLUMNS[7:]]


def make(favourites: int, seed: int = 7) -> World:
    """Tracks are liked by Zipf's law and by taste: each listener has a few of 40, each track is of one."""
    rng = np.random.default_rng(seed)
    popularity = rng.permutation(1 / np.arange(10, N_TRACKS + 10) ** 0.9)
    home = rng.integers(0, N_TASTES, N_TRACKS)
    tastes = rng.dirichlet(np.full(N_TASTES, 0.08), N_USERS)
    sizes = np.minimum(rng.zipf(1.7, N_USERS) + 9, 500)
    # A third more than needed: some are drawn twice.
    sizes = np.maximum(5, (sizes * (favourites * 1.33 / sizes.sum())).astype(int))
    user = np.repeat(np.arange(N_USERS), sizes)
    taste = np.concatenate([rng.choice(N_TASTES, n, p=p) for n, p in zip(sizes, tastes, strict=True)])
    track = rng.choice(N_TRACKS, len(user), p=popularity / popularity.sum())
    by_taste = rng.random(len(user)) < 0.85
    for place in range(N_TASTES):
        tracks, rows = np.flatnonzero(home == place), np.flatnonzero(by_taste & (taste == place))
        track[rows] = rng.choice(tracks, len(rows), p=popularity[tracks] / popularity[tracks].sum())
    pairs = np.unique(user * N_TRACKS + track)
    pairs = rng.permutation(pairs)[:favourites]
    n_hidden = len(pairs) // 10
    return World(ones(np.sort(pairs[n_hidden:])), ones(np.sort(pairs[:n_hidden])))


def ones(pairs: np.ndarray) -> sparse.csr_array:
    shape = (N_USERS, N_TRACKS)
    return sparse.csr_array((np.ones(len(pairs), np.float32), np.divmod(pairs, N_TRACKS)), shape=shape)


def save(world: World, path: Path) -> None:
    np.savez(path, *(part for matrix in world for part in matrix.nonzero()))


def load(path: Path) -> World:
    with np.load(path) as file:
        known_user, known_track, hidden_user, hidden_track = (file[f"arr_{place}"] for place in range(4))
    return World(
        ones(known_user.astype(np.int64) * N_TRACKS + known_track),
        ones(hidden_user.astype(np.int64) * N_TRACKS + hidden_track),
    )


def measure(name: str, path: Path) -> dict[str, float]:
    """Fit one model: seconds, seconds of all cores, the process's peak memory, quality in percent."""
    world = load(path)
    wall, cpu = time.perf_counter(), time.process_time()
    scorer = FITS[name](world.known)
    figures = {"fit_s": time.perf_counter() - wall, "cpu_s": time.process_time() - cpu, "peak_mib": peak()}
    return figures | judge(scorer, world)


def peak() -> float:
    """The most memory this process ever held, in MiB."""
    status = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM"))


def judge(scorer: Scorer, world: World, k: int = 10) -> dict[str, float]:
    """Recall and nDCG at k, mean over some of the listeners with a hidden favourite."""
    able = np.flatnonzero(np.diff(world.hidden.indptr))
    users = np.random.default_rng(1).choice(able, min(JUDGES, len(able)), replace=False)
    gain = 1 / np.log2(np.arange(2, k + 2))
    recalls, ndcgs = [], []
    for block in np.array_split(users, 30):
        scores = scorer(block).astype(np.float32)
        for row, user in zip(scores, block.tolist(), strict=True):
            row[world.known[[user]].indices] = -np.inf
            best = np.argpartition(-row, k)[:k]
            hits = np.isin(best[np.argsort(-row[best])], wanted := world.hidden[[user]].indices)
            recalls.append(hits.sum() / len(wanted))
            ndcgs.append((hits * gain).sum() / gain[: len(wanted)].sum())
    return {"recall_10": 100 * float(np.mean(recalls)), "ndcg_10": 100 * float(np.mean(ndcgs))}


def ours(known: sparse.csr_array) -> Scorer:
    data = training_data(known)
    model = fit_gradient(data, GradientOptions(factors=FACTORS))
    return lambda users: np.array([model.score(data.profile(user)).values for user in users.tolist()])


def training_data(known: sparse.csr_array) -> TrainingData:
    """Favourites as interactions of one play each; nobody has friends or tags."""
    user, track = (axis.astype(np.int64) for axis in known.nonzero())
    return TrainingData(
        N_USERS,
        N_TRACKS,
        Interactions(user, track, np.ones(len(user), np.int64), np.full(len(user), np.nan)),
        sparse.csr_array((N_USERS, N_TRACKS)),
        sparse.csr_array((N_USERS, N_USERS)),
        sparse.csr_array((N_USERS, 0)),
        sparse.csr_array((N_TRACKS, 0)),
        np.full(N_TRACKS, -1, np.int64),
    )


def bpr(known: sparse.csr_array) -> Scorer:
    from implicit.bpr import BayesianPersonalizedRanking

    return theirs(BayesianPersonalizedRanking(factors=FACTORS, num_threads=THREADS, random_state=1), known)


def als(known: sparse.csr_array, alpha: float = 1.0) -> Scorer:
    from implicit.als import AlternatingLeastSquares

    options = {"factors": FACTORS, "num_threads": THREADS, "random_state": 1}
    return theirs(AlternatingLeastSquares(alpha=alpha, **options), known)


def theirs(model: Any, known: sparse.csr_array) -> Scorer:
    model.fit(sparse.csr_matrix(known), show_progress=False)
    return lambda users: np.asarray(model.user_factors[users] @ model.item_factors.T)


def popularity(known: sparse.csr_array) -> Scorer:
    listeners = np.asarray(known.sum(axis=0)).ravel()
    return lambda users: np.tile(listeners, (len(users), 1))


FITS: dict[str, Callable[[sparse.csr_array], Scorer]] = {
    "popularity": popularity,
    "fit_gradient": ours,
    "implicit BPR": bpr,
    "implicit ALS": als,
    "implicit ALS, alpha 10": lambda known: als(known, 10.0),
}


def test_gradient() -> None:
    main(["--runs", "1"])


if __name__ == "__main__":
    main()
