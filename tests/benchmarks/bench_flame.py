"""Where the time of a list goes: stacks of a process that makes lists, sampled by py-spy.

python -m tests.benchmarks.bench_flame --home STORE --output docs/benchmarks/flame.csv

Needs py-spy on the path, and the right to look into processes; a trained model is used if the store has one.
"""

from __future__ import annotations

import gc
import os
import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory

from muse_graph.graph.connection import Graph
from muse_graph.model_store import ModelSlot
from muse_graph.service.recommendations.lists import recommend
from muse_graph.service.recommendations.track_cache import TrackCache
from tests.benchmarks.measuring import facts, parser, show, some_users, worker_world

COLUMNS = ["date", "machine", "neo4j", "users", "stack", "share"]
#: Samples a second, and for how long.
_RATE, _SECONDS = 500, 20
#: Stacks with less than this are told with the function that called them.
_LEAST = 0.004
_ROOT = "recommend"
#: What has no name of its own: properties that are kept, comprehensions, wrappers.
_UNTOLD = {"__get__", "<listcomp>", "<dictcomp>", "<genexpr>", "<lambda>", "inner", "_wrapfunc"}
_FRAME = re.compile(r"(?P<name>.+) \((?P<file>.+):\d+\)")


def main(args: Sequence[str] | None = None) -> None:
    spy = shutil.which("py-spy")
    if spy is None:
        sys.stdout.write("py-spy is not installed: no flame graph\n")
        return
    options = parser(__doc__, n=500).parse_args(args)
    with worker_world(options.home, options.users) as settings, Graph.connect(settings) as graph:
        model, _ = ModelSlot(settings.models_folder).get()
        cache, users = TrackCache(), some_users(graph, options.n)
        cache.refresh(graph)
        for user_id in users:
            recommend(graph, user_id, track_cache=cache, model=model)
        gc.freeze()
        with TemporaryDirectory() as folder:
            path = Path(folder) / "stacks"
            command = [spy, "record", "--pid", str(os.getpid()), "--duration", str(_SECONDS), "--function",
                       "--rate", str(_RATE), "--format", "raw", "--output", str(path)]  # fmt: skip
            with subprocess.Popen(command, stdout=subprocess.DEVNULL) as sampler:
                ends = time.monotonic() + _SECONDS + 1
                for user_id in cycle(users):
                    recommend(graph, user_id, track_cache=cache, model=model)
                    if time.monotonic() > ends:
                        break
            if sampler.returncode:
                raise RuntimeError("py-spy could not look into this process")
            rows = [[*facts(graph), stack, f"{share:.4f}"] for stack, share in shares(path.read_text())]
        # A graph is of one run.
        if options.output is not None:
            options.output.unlink(missing_ok=True)
        show(rows, options.output, COLUMNS)


def shares(text: str) -> list[tuple[str, float]]:
    """Stacks of functions from `recommend` down, joined by ";", and the share of samples of each.

    Args:
        text: a line for each stack, with the number of its samples at the end
    """
    found = Counter[tuple[str, ...]]()
    for line in text.splitlines():
        stack, _, n = line.rpartition(" ")
        frames = [_function(frame) for frame in stack.split(";")]
        start = next((at for at, frame in enumerate(frames) if frame.endswith(f":{_ROOT}")), None)
        if start is not None:
            named = [frame for frame in frames[start:] if frame.partition(":")[2] not in _UNTOLD]
            found[tuple(named)] += int(n)
    total = sum(found.values())
    # From the deepest on, what is too little goes to the caller.
    for depth in range(max(map(len, found), default=1), 1, -1):
        below = Counter[tuple[str, ...]]()
        for stack, samples in found.items():
            below[stack[:depth]] += samples
        for stack in [one for one in found if len(one) == depth and below[one] < _LEAST * total]:
            found[stack[:-1]] += found.pop(stack)
    return sorted((";".join(stack), n / total) for stack, n in found.items() if n)


def _function(frame: str) -> str:
    """The package a frame is of, and the function: "core:score"."""
    match = _FRAME.fullmatch(frame)
    if match is None:
        return f"python:{frame}"
    *folders, _ = match["file"].split("/")
    name = match["name"].split(".")[-1]
    if "muse_graph" in folders:
        inside = folders[folders.index("muse_graph") + 1 :]
        return f"{inside[0] if inside else 'muse_graph'}:{name}"
    library = next((one for one in ("numpy", "scipy", "neo4j") if one in folders), "python")
    return f"{library}:{name}"


def test_flame() -> None:
    main([])


if __name__ == "__main__":
    sys.exit(main())
