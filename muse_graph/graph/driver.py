"""The official driver, as its only two users here import it.

It imports pandas and pyarrow wherever they are installed, for results as tables, which nobody here asks for.
They would take 65 MB of each worker of the service.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["exceptions", "neo4j"]


@contextmanager
def _not_installed(*names: str) -> Iterator[None]:
    """As if modules that are not there yet were not installed."""
    hidden = [name for name in names if name not in sys.modules]
    # None makes an import fail as one of what is not installed.
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in hidden:
            sys.modules.pop(name, None)


with _not_installed("pandas", "pyarrow"):
    import neo4j
    from neo4j import exceptions
