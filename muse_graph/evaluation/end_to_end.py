"""Genre discovery through the product: tables into Neo4j, training there, and what the command line answers.

The commands are those of `muse-graph` itself, each a process of its own, on a home of its own: what is
measured is what a user is served.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from muse_graph.core.types import IntArray
from muse_graph.errors import MuseError
from muse_graph.evaluation.answer_files import offered_genres, tracks_listed
from muse_graph.evaluation.data.datasets import Dataset, Tables
from muse_graph.evaluation.data.splits import hidden_genres, hidden_rows
from muse_graph.evaluation.data.tables import write_tables
from muse_graph.evaluation.lists import EvalCase, EvalCatalogue, list_figures
from muse_graph.evaluation.protocols.discovery import genre_figures, well_known
from muse_graph.evaluation.report.results import Figures, Result, Section, mean_figures

__all__ = ["Served", "evaluate_through_graph", "run_command", "run_commands", "score_answers"]

GENRE_COLUMNS = ("hit1", "hit3", "mrr", "macro_mrr", "niche_hit1")
ARTIST_COLUMNS = (
    "recall", "ndcg", "hit", "radar_recall", "radar_share", "percentile", "coverage", "gini", "entropy",
)  # fmt: skip

_FRIENDS, _BEYOND = "friends' genres first", "beyond friends"
_GENRES = {_FRIENDS: ("--new-only",), _BEYOND: ("--new-only", "--beyond-friends")}
_ALL = ("--new-only", "--beyond-friends")
_LISTS = {
    "friends' genres, as served by default": ("--new-only",),
    "friends' genres, focus 1": ("--new-only", "--focus", "1", "--radar-share", "0"),
    "beyond friends, as served by default": _ALL,
    "beyond friends, focus 1": (*_ALL, "--focus", "1", "--radar-share", "0"),
    "beyond friends, focus 1, 25 % under the radar": (*_ALL, "--focus", "1", "--radar-share", "0.25"),
    "beyond friends, mode under-the-radar": (*_ALL, "--mode", "under-the-radar"),
}

Note = Callable[[str], None]


@dataclass(frozen=True)
class Served:
    """Files of answers by row of the report; genres of later files follow those of earlier ones."""

    genres: dict[str, list[Path]]
    lists: dict[str, Path]


def evaluate_through_graph(
    dataset: Dataset,
    tables: Tables,
    *,
    k: int = 20,
    seed: int = 0,
    folds: Sequence[int] = (1, 2, 3, 4),
    note: Note,
) -> Result:
    """Figures of what is served; the hidden genres are those of `evaluate_discovery` at the same seed.

    Args:
        note: called with what is being done

    Raises:
        MuseError: If a command fails, with the end of its output.
    """
    holdout = hidden_genres(dataset, np.random.default_rng(seed))
    of_genres: dict[str, list[Figures]] = {}
    of_lists: dict[str, list[Figures]] = {}
    for fold in folds:
        users, genres = holdout.of_fold(fold)
        with tempfile.TemporaryDirectory(prefix="muse-evaluate-") as name:
            folder = Path(name)
            hidden = hidden_rows(dataset, users, genres)
            write_tables(tables, dataset, ~hidden, folder / "tables")
            served = run_commands(folder, k, lambda text, fold=fold: note(f"fold {fold}: {text}"))  # type: ignore[misc]
            by_genre, by_list = score_answers(dataset, served, users, genres, k)
        for row, figures in by_genre.items():
            of_genres.setdefault(row, []).append(figures)
        for row, figures in by_list.items():
            of_lists.setdefault(row, []).append(figures)
    return Result(
        "through-graph",
        dataset.name,
        {"k": k, "seed": seed, "folds": list(folds), "users": int(np.isin(holdout.fold, folds).sum())},
        (
            Section("Unexplored genres, served", GENRE_COLUMNS, _means(of_genres)),
            Section(f"Artists of unexplored genres @{k}, served", ARTIST_COLUMNS, _means(of_lists)),
        ),
    )


def score_answers(
    dataset: Dataset, served: Served, users: IntArray, genres: IntArray, k: int
) -> tuple[dict[str, Figures], dict[str, Figures]]:
    """Figures of answers in files, for genres and for lists; users without an answer count as not served."""
    hidden = hidden_rows(dataset, users, genres)
    data = dataset.training(~hidden)
    catalogue = EvalCatalogue.of(data)
    wanted = dataset.matrix(hidden)
    asked = [
        EvalCase(
            data.profile(int(user)), catalogue.candidates, np.sort(wanted[[user]].indices).astype(np.int64)
        )
        for user in users
    ]
    names = [dataset.user_ids[user] for user in users]
    of_genres = {}
    for row, files in served.genres.items():
        offered = offered_genres(files)
        ranks = [
            _rank(dataset.genre_ids[genre], offered.get(name, []))
            for name, genre in zip(names, genres, strict=True)
        ]
        of_genres[row] = genre_figures(np.array(ranks), genres, well_known(data))
    index = {item_id: item for item, item_id in enumerate(dataset.item_ids)}
    of_lists = {}
    for row, file in served.lists.items():
        listed = tracks_listed(file)
        lists = np.full((len(users), k), -1)
        for user, name in enumerate(names):
            items = [index[track] for track in listed.get(name, [])[:k]]
            lists[user, : len(items)] = items
        of_lists[row] = list_figures(lists, asked, catalogue)
    return of_genres, of_lists


def _rank(wanted: str, offered: Sequence[str]) -> int:
    """The rank from 1, 0 if it is not offered."""
    return offered.index(wanted) + 1 if wanted in offered else 0


def run_commands(folder: Path, k: int, note: Note) -> Served:
    """Load `folder`/tables into a Neo4j of its own, train, and ask for everybody.

    Raises:
        MuseError: If a command fails.
    """
    home = folder / "home"
    genre_files = {row: folder / f"genres{n}.jsonl" for n, row in enumerate(_GENRES)}
    list_files = {row: folder / f"lists{n}.jsonl" for n, row in enumerate(_LISTS)}
    try:
        run_command(home, "neo4j", "start")
        note("loading")
        run_command(home, "load", "tables", str(folder / "tables"), "--rejects", str(folder / "rejected"))
        note("training")
        run_command(home, "train")
        for row, options in _GENRES.items():
            note(f"genres, {row}")
            run_command(home, "genres", "--all", *options, "--output", str(genre_files[row]))
        for row, options in _LISTS.items():
            note(f"lists, {row}")
            run_command(home, "recommend", "--all", "-k", str(k), *options, "--output", str(list_files[row]))
    finally:
        run_command(home, "neo4j", "stop")
    first, beyond = genre_files[_FRIENDS], genre_files[_BEYOND]
    return Served({_FRIENDS: [first, beyond], _BEYOND: [beyond]}, list_files)


def run_command(home: Path, *arguments: str) -> None:
    """Run a command of `muse-graph` on a home of its own; raises MuseError if it fails."""
    # A server or a folder of models set for the user must never be touched by a test load.
    left_out = ("NEO4J_", "MUSE_HOME", "MUSE_MODELS")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
    command = [sys.executable, "-m", "muse_graph", *arguments, "--home", str(home)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise MuseError(f"muse-graph {' '.join(arguments)} failed: {done.stderr[-1000:].strip()}")


def _means(rows: dict[str, list[Figures]]) -> dict[str, Figures]:
    return {row: mean_figures(parts) for row, parts in rows.items()}
