"""A process beside a server: stops it once nobody uses its home any more, even if its users were killed.

Run by its path, so that the waiting needs nothing but locks.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from muse_graph.locks import announced, try_lock

__all__ = ["guard"]

POLL_S = 0.5
#: How long to wait for another guard, which may be just about to end.
STANDBY_S = 30.0


def guard(path: Path) -> None:
    """Watch the home at ``path``, unless another guard does."""
    # Named as `muse_graph.embedded.home.IN_USE`, which would load far more.
    users = path / "in-use"
    deadline = time.monotonic() + STANDBY_S
    with (path / "guard.lock").open("ab") as lock:
        while not try_lock(lock):
            if time.monotonic() > deadline:
                return
            time.sleep(POLL_S)
        while True:
            time.sleep(POLL_S)
            if not announced(users):
                from muse_graph.embedded.server import stop_unused

                if stop_unused(path):
                    return


if __name__ == "__main__":
    guard(Path(sys.argv[1]))
