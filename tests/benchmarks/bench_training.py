"""Training, full and warm: time of each step and peak memory, and how good the model is beside its peers.

It writes a day's listens, a 365th of those there are, between the trainings: it wants a store of its own
or a copy.

Quality: a fifth of the listens of some users is hidden, all models are fitted to the rest, and each ranks all
tracks that somebody has heard, but not the user's own. A warm training goes on from a model that knows 99 %
of the rest. The peers are item-kNN and ALS of the library `implicit`, in a Python that has it (`--peers`):
each at every setting of a grid, then ALS at other regularisations and with more iterations where it was best.
What was best is in the output, all that was tried in a file beside it whose name ends with `_grid`.
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
from typing import Any

import numpy as np
from scipy import sparse

from muse_graph.core.models.ensemble.ensemble import EnsembleOptions, fit_ensemble
from muse_graph.core.models.ensemble.holdout import holdout, without
from muse_graph.core.models.ensemble.refit import refit_ensemble
from muse_graph.core.models.interaction_weights import item_factors, weight_matrix
from muse_graph.core.models.knn.knn import fit_item_knn
from muse_graph.core.models.types import Model, TrainingData
from muse_graph.core.ranking_metrics import ndcg, recall
from muse_graph.core.types import FloatMatrix, IntArray, Interactions
from muse_graph.graph.connection import Graph
from muse_graph.service.listens.record import record_listens
from muse_graph.service.users import users
from muse_graph.training.reading import read_training_set
from tests.benchmarks.bench_listens import Source
from tests.benchmarks.measuring import machine, show, world

COLUMNS = ["date", "machine", "users", "tracks", "measure", "settings", "seconds", "peak_mib",
           "recall_10", "ndcg_10", "recall_20", "ndcg_20"]  # fmt: skip
CUTOFFS = (10, 20)
PEERS = Path(__file__).parent / "training_peers.py"

Figures = dict[str, object]
Setting = dict[str, Any]

KNN_GRID: list[Setting] = [
    {"kind": kind, "k": k} for kind, k in product(("cosine", "tf-idf", "BM25"), (100, 200, 500, 1_000))
]
ALS_GRID: list[Setting] = [
    {"kind": "ALS", "factors": factors, "alpha": alpha, "regularization": 10.0, "iterations": 15}
    for factors, alpha in product((16, 32, 64, 128, 256), (0.3, 1.0, 3.0, 10.0, 30.0))
]
REGULARISATIONS = (0.1, 1.0, 3.0, 30.0, 100.0)


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
            for found in train_times(graph, settings.home):
                tell(graph, [found], options.output)
        if options.only != "time":
            data = read_training_set(graph, lambda _step, _done: None).data
            for found in quality(graph, data, options):
                tell(graph, [found], options.output)


def train_times(graph: Graph, home: Path) -> Iterator[Figures]:
    """A full training, and after a day's listens each a warm and a full one, as they are run by hand.

    The first may find the neighbours that it would write; the last has as many to write as the warm one.
    """
    with TemporaryDirectory(prefix="muse-bench-") as folder:
        yield from train_time(home, folder, "full training")
        after = write_day(graph)
        yield from train_time(home, folder, "warm training", "--warm", after=after)
        after = write_day(graph)
        yield from train_time(home, folder, "full training after a day", after=after)


def write_day(graph: Graph) -> str:
    """Write a 365th of the listens there are, and some users; say how many."""
    (row,) = graph.run("MATCH ()-[p:PLAYED]->() RETURN count(p) AS listens", writes=False)
    day = Source(graph).take(max(row["listens"] // 365, 1))
    for number in range(20):
        users.put_user(graph, f"bench-{time.time_ns()}-{number}")
    recorded = 0
    for first in range(0, len(day), 1_000):
        recorded += record_listens(graph, day[first : first + 1_000]).recorded
    return f"{recorded:,} listens, 20 new users"


def train_time(home: Path, folder: str, name: str, *more: str, after: str = "") -> Iterator[Figures]:
    """A training in a process of its own: each step, and in all with its peak memory."""
    command = ["train", "--json", "--home", str(home), "--models", folder, *more]
    done = subprocess.run([sys.executable, "-m", "muse_graph", *command], check=True, stdout=subprocess.PIPE)
    report = json.loads(done.stdout)
    assert bool(report["warm_from"]) == ("--warm" in more), report["full_because"]
    for step, seconds in report["seconds"].items():
        whole = {"peak_mib": report["peak_mb"], "settings": after} if step == "in all" else {}
        yield {"measure": f"{name}, {step}", "seconds": seconds, **whole}


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


def quality(graph: Graph, data: TrainingData, options: argparse.Namespace) -> Iterator[Figures]:
    """Figures of the model that is served, full and warm, of its members, and of its peers at their best."""
    trial = Trial.of(data, options.test_users, options.seed)
    yield from own_models(trial)
    yield measured(trial, "item-kNN (own)", "k 300, tf-idf", partial(fit_item_knn, trial.known))
    yield warm_model(trial, options.seed)
    if reason := missing(options.peers):
        sys.stdout.write(f"no peers of `implicit`: {reason}\n")
        return
    output: Path | None = options.output
    tried = output and output.with_stem(f"{output.stem}_grid")

    def best(settings: list[Setting]) -> tuple[Figures, Setting]:
        found = list(implicit_peers(trial, options.peers, settings))
        tell(graph, found, tried)
        return max(zip(found, settings, strict=True), key=ndcg_10)

    yield best(KNN_GRID)[0]
    als = best(ALS_GRID)
    around = [{**als[1], "regularization": one} for one in REGULARISATIONS]
    yield max(als, best([*around, {**als[1], "iterations": 30}]), key=ndcg_10)[0]


def ndcg_10(found: tuple[Figures, Setting]) -> float:
    return float(str(found[0]["ndcg_10"]))


def own_models(trial: Trial) -> Iterator[Figures]:
    """The ensemble as it is trained and served, and each of its members that knows of listens."""
    begin = time.perf_counter()
    model = fit_ensemble(trial.known, EnsembleOptions())
    seconds = time.perf_counter() - begin
    yield {**asked(trial, "ensemble (served)", model), "seconds": f"{seconds:.1f}"}
    members = model.members
    for name, member in (("EASE", members.ease), ("ALS", members.als), ("user-kNN", members.listeners)):
        yield asked(trial, f"{name}, a member", member)


def warm_model(trial: Trial, seed: int) -> Figures:
    """The ensemble of a warm training, after one of what was known before."""
    options = EnsembleOptions()
    last = fit_ensemble(before_the_last(trial.known, seed), options)
    again = partial(refit_ensemble, trial.known, options, last, np.arange(trial.known.n_items))
    return measured(trial, "ensemble, warm after 1 %", "", again)


def before_the_last(data: TrainingData, seed: int) -> TrainingData:
    """All but a quarter of the listens of one in 25 users: what was known before the last 1 %."""
    played, rng = data.interactions, np.random.default_rng(seed)
    some = rng.choice(data.n_users, data.n_users // 25, replace=False)
    kept = ~(np.isin(played.user_index, some) & (rng.random(len(played)) < 0.25))
    columns = (played.user_index, played.item, played.plays, played.heard)
    return replace(data, interactions=Interactions(*(column[kept] for column in columns)))


def measured(trial: Trial, name: str, settings: str, fit: Callable[[], Model]) -> Figures:
    """Fit a model and ask it about everybody."""
    begin = time.perf_counter()
    model = fit()
    seconds = f"{time.perf_counter() - begin:.1f}"
    return {**asked(trial, name, model), "settings": settings, "seconds": seconds}


def asked(trial: Trial, name: str, model: Model) -> Figures:
    """Ask a model about everybody."""
    return {"measure": name, **trial.figures(trial.lists(model))}


def missing(python: Path) -> str | None:
    """Why a Python has no peers; None if it has."""
    command = [str(python), "-c", "import implicit"]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    return done.stderr.strip().splitlines()[-1] if done.returncode else None


def implicit_peers(trial: Trial, python: Path, settings: list[Setting]) -> Iterator[Figures]:
    """Lists of the library's models, fitted in that Python, measured here."""
    known = trial.known
    played = weight_matrix(known, "binary", item_factors(known, "binary"), 0.0)
    with TemporaryDirectory(prefix="muse-bench-") as name:
        folder = Path(name)
        sparse.save_npz(folder / "played.npz", sparse.csr_matrix(played))
        np.save(folder / "users.npy", trial.users)
        (folder / "settings.json").write_text(json.dumps(settings), "utf-8")
        subprocess.run([str(python), str(PEERS), name, str(max(CUTOFFS))], check=True)
        for path, setting in zip(sorted(folder.glob("lists-*.npz")), settings, strict=True):
            found = np.load(path)
            figures = trial.figures(found["lists"])
            text = ", ".join(f"{name} {value:g}" for name, value in setting.items() if name != "kind")
            about = {"measure": str(found["name"]), "settings": f"{setting['kind']}, {text}"}
            yield {**about, "seconds": f"{float(found['seconds']):.1f}", **figures}


def tell(graph: Graph, found: list[Figures], output: Path | None) -> None:
    """Print figures, and add them to the file."""
    (row,) = graph.run("RETURN COUNT { (:User) } AS users, COUNT { (:Track) } AS tracks", writes=False)
    about = {"date": datetime.now(UTC).date().isoformat(), "machine": machine(), **row}
    show([[{**about, **one}.get(column, "") for column in COLUMNS] for one in found], output, COLUMNS)


def test_training() -> None:
    main([])


if __name__ == "__main__":
    main()
