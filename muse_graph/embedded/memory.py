"""How much memory Neo4j gets."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import psutil

from muse_graph.config import Settings
from muse_graph.errors import InvalidRequest

__all__ = ["Memory", "importer_memory_mb", "machine_memory_mb", "size_memory"]

CONTAINER_LIMIT = Path("/sys/fs/cgroup/memory.max")
FIRST_HEAP_MB = 512
SMALLEST_HEAP_MB = 256
SMALLEST_PAGECACHE_MB = 16


@dataclass(frozen=True)
class Memory:
    """Largest heap and page cache, in MiB."""

    heap_mb: int
    pagecache_mb: int

    @property
    def first_heap_mb(self) -> int:
        """The heap at the start; it grows to its bound, so an idle server of a small graph stays small."""
        return min(FIRST_HEAP_MB, self.heap_mb)


def machine_memory_mb(container_limit: Path = CONTAINER_LIMIT) -> int:
    """Memory of the machine in MiB, or of the container where that is less."""
    total = psutil.virtual_memory().total
    if container_limit.exists():
        limit = container_limit.read_text(encoding="ascii").strip()
        if limit.isdigit():  # "max" where there is none
            total = min(total, int(limit))
    return int(total) >> 20


def importer_memory_mb(memory: Memory, total_mb: int) -> int:
    """What the importer may use besides its heap, in MiB: two thirds of what is free or could be freed.

    By itself it takes what is free, without what the operating system keeps of files: of those it has just
    been given, nearly nothing. It then links relationships in many rounds instead of one.
    """
    available = min(int(psutil.virtual_memory().available) >> 20, total_mb)
    return max((available - memory.heap_mb) * 2 // 3, memory.pagecache_mb)


def size_memory(settings: Settings, total_mb: int, store_mb: int = 0) -> Memory:
    """A sixth of ``total_mb`` for the heap, an eighth for the page cache, within bounds; settings go first.

    A page cache that a graph of ``store_mb`` does not fit into gets more, up to a third of the memory. The
    rest is left to this service, whose models live outside Neo4j, and to everything else on a laptop.

    Raises:
        InvalidRequest: If what is set is too small for Neo4j to start.
    """
    heap_mb, pagecache_mb = settings.neo4j_heap_mb, settings.neo4j_pagecache_mb
    if heap_mb is None:
        heap_mb = min(max(total_mb // 6, 512), 4096)
    if pagecache_mb is None:
        pagecache_mb = max(min(max(total_mb // 8, 128), 4096), min(store_mb, total_mb // 3))
    if heap_mb < SMALLEST_HEAP_MB:
        raise InvalidRequest(f"MUSE_NEO4J_HEAP_MB must be at least {SMALLEST_HEAP_MB}, got {heap_mb}")
    if pagecache_mb < SMALLEST_PAGECACHE_MB:
        raise InvalidRequest(
            f"MUSE_NEO4J_PAGECACHE_MB must be at least {SMALLEST_PAGECACHE_MB}, got {pagecache_mb}"
        )
    return Memory(heap_mb, pagecache_mb)
