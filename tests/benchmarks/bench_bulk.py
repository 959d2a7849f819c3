"""A load of files by Neo4j's importer, phase by phase, beside the importer alone on the same prepared files.

python -m tests.benchmarks.bench_bulk --users 100000 --output docs/benchmarks/bulk.csv

A row is a row of the files that are given. Writing them is not part of it. What the importer is given has
more rows, for what is derived; it is measured by those of the files all the same.
"""

from __future__ import annotations

import argparse
import os
import resource
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from muse_graph import embedded
from muse_graph.config import Settings
from muse_graph.loaders.bulk import bulk_load
from muse_graph.loaders.columns import SCHEMAS
from muse_graph.loaders.rejects import Rejects
from muse_graph.loaders.sources.tables import read_tables
from muse_graph.loaders.synthetic.world_files import write_world
from tests.benchmarks.measuring import machine, show

COLUMNS = ["date", "machine", "users", "rows", "phase", "seconds", "cpu_s", "rows_per_s", "peak_mb"]
#: What a load reports -> the phase that begins there.
PHASES = {
    **dict.fromkeys(SCHEMAS, "read and judge"),
    "checks": "references and repeats",
    "files": "derived values and importer's files",
    "importer": "importer",
    "server": "start of the server",
    "indexes": "indexes",
}


def main(args: Sequence[str] | None = None) -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--users", type=int, default=2_000, help="listeners of the world")
    options.add_argument(
        "--files", type=Path, help="folder of the world's files; else they are written first"
    )
    options.add_argument("--once", action="store_true", help="do not measure the importer alone")
    options.add_argument("--output", type=Path, help="CSV file that the rows are added to")
    chosen = options.parse_args(args)
    with TemporaryDirectory(prefix="muse-bench-") as folder:
        files = chosen.files or Path(folder, "files")
        if not chosen.files:
            write_world(files, chosen.users, seed=7)
        measured = Load(files, Path(folder, "home"), alone=not chosen.once)
        measured.run()
        show(measured.rows(chosen.users), chosen.output, COLUMNS)


class Load:
    """One load and where its time went, in s."""

    def __init__(self, files: Path, home: Path, *, alone: bool) -> None:
        self.files = files
        self.settings = Settings.from_environment().model_copy(update={"home": home, "neo4j_uri": None})
        self.twice = alone
        self.seconds: dict[str, float] = dict.fromkeys(["read and judge", *PHASES.values()], 0.0)
        #: Of all cores, ours and of what we wait for: the server's is not among them.
        self.cpu: dict[str, float] = dict.fromkeys(self.seconds, 0.0)
        self.alone = 0.0
        self.n_rows = 0
        self._phase, self._since, self._used = "read and judge", time.perf_counter(), cpu_seconds()

    def run(self) -> None:
        with Rejects() as rejects, embedded.alone(self.settings, "a benchmark") as home:
            self._since = time.perf_counter()
            importing = home.import_full
            object.__setattr__(home, "import_full", lambda *given: self._import(importing, *given))
            bulk_load(home, read_tables(self.files, rejects), rejects, theta=0.2, advance=self._advance)
            self._enter("over")
        self.n_rows = sum(tally.read for tally in rejects.tally.values())

    def _import(self, importing: Callable[[Sequence[str], Path], None], *given: object) -> None:
        importing(*given)  # type: ignore[arg-type]
        if self.twice:
            begin, used = time.perf_counter(), cpu_seconds()
            importing(*given)  # type: ignore[arg-type]
            self.alone = time.perf_counter() - begin
            self._since += self.alone
            self._used += cpu_seconds() - used

    def _advance(self, step: str, _rows: int) -> None:
        self._enter(PHASES[step])

    def _enter(self, phase: str) -> None:
        now = time.perf_counter()
        self.seconds[self._phase] += now - self._since
        self.cpu[self._phase] += cpu_seconds() - self._used
        self._phase, self._since, self._used = phase, now, cpu_seconds()

    def rows(self, users: int) -> list[list[object]]:
        about = [datetime.now(UTC).date().isoformat(), machine(), users, self.n_rows]
        peaks = {"whole load": resource.RUSAGE_SELF, "importer": resource.RUSAGE_CHILDREN}
        figures = {**self.seconds, "whole load": sum(self.seconds.values())}
        cpu = {**self.cpu, "whole load": sum(self.cpu.values())}
        if self.alone:
            figures["importer alone"] = self.alone
        return [
            [
                *about,
                phase,
                f"{seconds:.1f}",
                f"{cpu[phase]:.1f}" if phase in cpu else "",
                round(self.n_rows / seconds) if seconds else "",
                peak(peaks, phase),
            ]
            for phase, seconds in figures.items()
        ]


def cpu_seconds() -> float:
    return sum(os.times()[:4])


def peak(peaks: dict[str, int], phase: str) -> object:
    """The largest resident memory so far, in MiB."""
    return resource.getrusage(peaks[phase]).ru_maxrss >> 10 if phase in peaks else ""


if __name__ == "__main__":
    main()
