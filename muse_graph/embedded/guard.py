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


def guard(path: Path) -> None:
    """Watch the home at ``path``; the only one to do so, else return at once."""
    with (path / "guard.lock").open("ab") as lock:
        if not try_lock(lock):
            return
        while True:
            time.sleep(POLL_S)
            # Named as `muse_graph.embedded.home.IN_USE`, which would load far more.
            if not announced(path / "in-use"):
                from muse_graph.embedded.server import stop_unused

                if stop_unused(path, lock.close):
                    return


if __name__ == "__main__":
    guard(Path(sys.argv[1]))
