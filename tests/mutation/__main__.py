"""`make mutants`: break the code in small ways, one at a time, and see whether a test notices.

mutmut makes the mutants and runs, for each, the tests that call its function, the fast ones first, until one
fails. There are more than twenty thousand, so a run takes a sample of each folder, drawn from a seed. Without
NEO4J_URI no test asks a database; with it the tests on a real Neo4j take part, one mutant at a time, and
**what it holds is wiped**. What is left alive is tried once more, with all tests of the files in question.
"""

from __future__ import annotations

import contextlib
import fnmatch
import io
import json
import os
import random
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from mutmut.__main__ import create_mutants
from mutmut.mutation.data import SourceFileMutationData
from mutmut.stats import status_by_exit_code
from mutmut.utils.file_utils import copy_also_copy_files, copy_src_dir

from tests.mutation import reach, report, workspace

FOLDERS = ("core", "service", "loaders", "api")


def main(
    folders: Annotated[list[str] | None, typer.Argument(help=f"Of {', '.join(FOLDERS)}; all four.")] = None,
    sample: Annotated[int, typer.Option(min=0, help="Mutants of each folder; 0 takes all.")] = 100,
    seed: Annotated[int, typer.Option(help="Another seed draws other mutants.")] = 1,
    only: Annotated[
        list[str] | None, typer.Option(help="These mutants by name; * stands for anything.")
    ] = None,
    survivors: Annotated[bool, typer.Option(help="Those that the last run left alive, again.")] = False,
    jobs: Annotated[int, typer.Option(min=1, help="Mutants at a time.")] = os.cpu_count() or 1,
) -> None:
    """Break the code in small ways, one at a time, and see whether a test notices."""
    chosen = folders or list(FOLDERS)
    if unknown := set(chosen) - set(FOLDERS):
        raise typer.BadParameter(f"{', '.join(sorted(unknown))}: a folder is one of {', '.join(FOLDERS)}")
    real = "NEO4J_URI" in os.environ
    named = [*(only or []), *(_left_alive() if survivors else [])]
    reach.forget(workspace.prepare("with Neo4j" if real else "without Neo4j"))
    os.chdir(workspace.WORKSPACE)
    _generate(jobs)
    drawn = {folder: _draw(folder, named if only or survivors else None, sample, seed) for folder in chosen}
    if only or survivors or sample:
        asked = [name for names in drawn.values() for name in names]
    else:
        asked = [f"{workspace.PACKAGE}.{folder}.*" for folder in chosen]
    if not asked:
        raise typer.BadParameter("no mutant has such a name")
    _run(asked, jobs=1 if real else jobs, real=real)
    if alive := [mutant.name for mutant in _results(drawn) if mutant.status == "survived"]:
        reach.widen()
        _run(alive, jobs=1 if real else jobs, real=real)
    _tell(_results(drawn), seed)


def _generate(jobs: int) -> None:
    """Write every mutant there is."""
    with contextlib.redirect_stdout(io.StringIO()):
        copy_src_dir()
        copy_also_copy_files()
        create_mutants(jobs)


def _verdicts(folder: str) -> dict[str, tuple[str, int | None]]:
    """Each mutant of a folder with its file and the exit code of its tests."""
    found: dict[str, tuple[str, int | None]] = {}
    for path in sorted(Path(workspace.PACKAGE, folder).rglob("*.py")):
        data = SourceFileMutationData(path=path)
        data.load()
        found |= {name: (str(path), code) for name, code in data.exit_code_by_key.items()}
    return found


def _draw(folder: str, named: list[str] | None, sample: int, seed: int) -> list[str]:
    names = sorted(_verdicts(folder))
    if named is not None:
        return [name for name in names if any(fnmatch.fnmatchcase(name, pattern) for pattern in named)]
    return sorted(random.Random(seed).sample(names, min(sample, len(names)))) if sample else names


def _run(names: list[str], *, jobs: int, real: bool) -> None:
    environment = os.environ | ({} if real else {"MUSE_SKIP_NEO4J": "1"})
    command = [str(Path(sys.executable).parent / "mutmut"), "run", "--max-children", str(jobs), *names]
    subprocess.run(command, env=environment, check=True)


def _results(drawn: dict[str, list[str]]) -> list[report.Mutant]:
    """What became of them; those that a run broken off did not come to are left out."""
    results = []
    for folder, names in drawn.items():
        verdicts = _verdicts(folder)
        for name in names:
            path, code = verdicts[name]
            if code is not None:
                results.append(report.look_at(name, folder, path, status_by_exit_code[code]))
    return results


def _tell(mutants: list[report.Mutant], seed: int) -> None:
    rows = report.scores(mutants)
    outcome = {
        "seed": seed,
        "scores": [asdict(row) for row in rows],
        "mutants": [asdict(one) for one in mutants],
    }
    (workspace.OUTCOME / "result.json").write_text(json.dumps(outcome, indent=1) + "\n", "utf-8")
    (workspace.OUTCOME / "survivors.md").write_text(
        f"{report.table(rows)}\n\n{report.survivors(mutants)}\n", "utf-8"
    )
    typer.echo(
        f"\n{report.table(rows)}\n\nSurvivors: build/mutation/survivors.md; all: build/mutation/result.json"
    )


def _left_alive() -> list[str]:
    result = workspace.OUTCOME / "result.json"
    if not result.exists():
        raise typer.BadParameter("there was no run whose survivors could be tried again")
    last = json.loads(result.read_text("utf-8"))
    return [one["name"] for one in last["mutants"] if one["status"] not in report.NOTICED]


if __name__ == "__main__":
    typer.run(main)
