"""Training: time of each step and peak memory, and how good the model is beside item-kNN and implicit ALS.

Quality: a fifth of the listens of some users is hidden, all models are fitted to the rest, and each ranks all
tracks that somebody has heard, but not the user's own. The peers are those of the library `implicit`, each
at several settings, in a Python that has it (`--peers`); without it, the project's own at several settings.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from scipy import sparse

from muse_graph.core.models.ensemble.ensemble import fit_ensemble
from muse_graph.core.models.ensemble.holdout import holdout, without
from muse_graph.core.models.interaction_weights import item_factors, weight_matrix
from muse_graph.core.models.knn.knn import ITEM_KNN, fit_item_knn
from muse_graph.core.models.mf.als import AlsOptions, fit_als
from muse_graph.core.models.types import Model, TrainingData
from muse_graph.core.ranking_metrics import ndcg, recall
from muse_graph.core.types import FloatMatrix, IntArray
from muse_graph.graph.connection import Graph
from muse_graph.training.reading import read_training_set
from tests.benchmarks.measuring import machine, show, world

COLUMNS = ["date", "machine", "users", "tracks", "measure", "settings", "seconds", "peak_mib",
           "recall_10", "ndcg_10", "recall_20", "ndcg_20"]  # fmt: skip
CUTOFFS = (10, 20)
PEERS = Path(__file__).parent / "training_peers.py"

Figures = dict[str, object]


def main(args: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, help="store of an embedded Neo4j; else a new world")
    parser.add_argument("--users", type=int, default=1_000, help="listeners of a new world")
    parser.add_argument(
        "--test-users", type=int, default=5_000, help="users some of whose listens are hidden"
    )
    parser.add_argument("--seed", type=int, default=7, help="of what is hidden")
    parser.add_argument("--peers", type=Path, default=Path(sys.executable), help="Python with `implicit`")
    parser.add_argument("--only", choices=("time", "quality"), help="leave the other part out")
    parser.add_argument("--output", type=Path, help="CSV file that the rows are added to")
    options = parser.parse_args(args)
    with world(options.home, options.users) as settings, Graph.connect(settings) as graph:
        if options.only != "quality":
            for measured in train_times(settings.home):
                tell(graph, [measured], options.output)
        if options.only != "time":
            data = read_training_set(graph, lambda _step, _done: None).data
            tell(graph, list(quality(data, options)), options.output)


def train_times(home: Path) -> Iterator[Figures]:
    """A training as it is run by hand, in a process and a folder of its own."""
    with TemporaryDirectory(prefix="muse-bench-") as folder:
        command = ["train", "--json", "--home", str(home), "--models", folder]
        done = subprocess.run(
            [sys.executable, "-m", "muse_graph", *command], check=True, stdout=subprocess.PIPE
        )
        report = json.loads(done.stdout)
    changed = f"{report['changed_users']} users with other neighbours, {report['bytes'] / 1e6:.0f} MB"
    for step, seconds in report["seconds"].items():
        whole = {"peak_mib": report["peak_mb"], "settings": changed} if step == "in all" else {}
        yield {"measure": f"train: {step}", "seconds": seconds, **whole}


@dataclass(frozen=True, eq=False)
class Trial:
    """What is known, and what was hidden of whom: (n_users, n_items) csr, 1 where hidden."""

    known: TrainingData
    users: IntArray
    hidden: FloatMatrix

    @classmethod
    def of(cls, data: TrainingData, n_users: int, seed: int) -> Trial:
        """Hide a fifth of what users with five listens or more like."""
        rng = np.random.default_rng(seed)
        listens = np.bincount(data.interactions.user_index, minlength=data.n_users)
        able = np.flatnonzero(listens >= 5)
        users = np.sort(rng.choice(able, min(n_users, len(able)), replace=False))
        hidden = holdout(data, users, rng)
        known = without(data, np.empty(0, np.int64), hidden)
        return cls(known, users[np.diff(hidden.indptr)[users] > 0], hidden)

    def figures(self, lists: IntArray) -> Figures:
        """Recall and nDCG, per cent. lists : (n_users, at least 20) items, best first"""
        found: Figures = {}
        n_hidden = np.diff(self.hidden.indptr)[self.users].astype(np.int64)
        for k in CUTOFFS:
            rows = zip(self.users.tolist(), lists[:, :k], strict=True)
            hits = np.array([np.isin(row, self.hidden[[user]].indices) for user, row in rows])
            found[f"recall_{k}"] = f"{100 * recall(hits, n_hidden).mean():.2f}"
            found[f"ndcg_{k}"] = f"{100 * ndcg(hits, n_hidden).mean():.2f}"
        return found

    def lists(self, model: Model) -> IntArray:
        """The best items of each user."""
        heard = np.bincount(self.known.interactions.item, minlength=self.known.n_items) > 0
        found = []
        for user in self.users.tolist():
            profile = self.known.profile(user)
            scores = np.where(heard, model.score(profile).values, -np.inf)
            scores[profile.items] = -np.inf
            best = np.argpartition(-scores, max(CUTOFFS))[: max(CUTOFFS)]
            found.append(best[np.argsort(-scores[best], kind="stable")])
        return np.array(found)


def quality(data: TrainingData, options: argparse.Namespace) -> Iterator[Figures]:
    """Figures of the model that is served, and of its peers at each setting."""
    trial = Trial.of(data, options.test_users, options.seed)
    yield measured(trial, "ensemble (served)", "", partial(fit_ensemble, trial.known))
    reason = missing(options.peers)
    if reason is None:
        yield from implicit_peers(trial, options.peers)
        return
    sys.stdout.write(f"no peers of `implicit`, the project's own instead: {reason}\n")
    yield from own_peers(trial)


def measured(trial: Trial, name: str, settings: str, fit: Callable[[], Model]) -> Figures:
    """Fit a model and ask it about everybody."""
    begin = time.perf_counter()
    model = fit()
    seconds = f"{time.perf_counter() - begin:.1f}"
    return {
        "measure": name,
        "settings": settings,
        "seconds": seconds,
        **trial.figures(trial.lists(model)),
    }


def missing(python: Path) -> str | None:
    """Why a Python has no peers; None if it has."""
    command = [str(python), "-c", "import implicit"]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    return done.stderr.strip().splitlines()[-1] if done.returncode else None


def implicit_peers(trial: Trial, python: Path) -> Iterator[Figures]:
    """Lists of the library's models, fitted in that Python, measured here."""
    known = trial.known
    played = weight_matrix(known, "binary", item_factors(known, "binary"), 0.0)
    with TemporaryDirectory(prefix="muse-bench-") as name:
        folder = Path(name)
        sparse.save_npz(folder / "played.npz", sparse.csr_matrix(played))
        np.save(folder / "users.npy", trial.users)
        subprocess.run([str(python), str(PEERS), name, str(max(CUTOFFS))], check=True)
        for path in sorted(folder.glob("lists-*.npz")):
            found = np.load(path)
            yield {
                "measure": str(found["name"]),
                "settings": str(found["settings"]),
                "seconds": f"{float(found['seconds']):.1f}",
                **trial.figures(found["lists"]),
            }


def own_peers(trial: Trial) -> Iterator[Figures]:
    """The project's item-kNN and ALS at several settings."""
    for k, shrinkage in product((100, 300, 1_000), (0.0, 3.0)):
        knn = replace(ITEM_KNN, k=k, shrinkage=shrinkage)
        settings = f"k {k}, shrinkage {shrinkage:g}"
        yield measured(trial, "item-kNN (own)", settings, partial(fit_item_knn, trial.known, knn))
    for factors, confidence in product((32, 64), (3.0, 10.0, 30.0)):
        als = AlsOptions(factors=factors, confidence=confidence)
        settings = f"factors {factors}, confidence {confidence:g}"
        yield measured(trial, "implicit ALS (own)", settings, partial(fit_als, trial.known, als))


def tell(graph: Graph, found: list[Figures], output: Path | None) -> None:
    """Print figures, and add them to the file."""
    (row,) = graph.run("RETURN COUNT { (:User) } AS users, COUNT { (:Track) } AS tracks", writes=False)
    about = {"date": datetime.now(UTC).date().isoformat(), "machine": machine(), **row}
    show([[{**about, **one}.get(column, "") for column in COLUMNS] for one in found], output, COLUMNS)


def test_training() -> None:
    main([])


if __name__ == "__main__":
    main()
