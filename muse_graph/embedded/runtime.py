"""What runs Neo4j: a Java, the jars, and the memory they get."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from muse_graph.config import Settings
from muse_graph.embedded.home import Home
from muse_graph.embedded.install.jars import fetch_jars
from muse_graph.embedded.install.java import Java, find_java
from muse_graph.embedded.memory import Memory, machine_memory_mb, size_memory

__all__ = ["Runtime", "prepare_runtime"]

UNSAFE_OPTION_SINCE = 23
OPENED_PACKAGES = ("java.nio", "java.io", "sun.nio.ch")


@dataclass(frozen=True)
class Runtime:
    """Enough to start a program of Neo4j; ``lib`` is the folder of its jars."""

    java: Java
    lib: Path
    memory: Memory

    @property
    def options(self) -> list[str]:
        """Options of the virtual machine, without the heap."""
        options = [f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in OPENED_PACKAGES]
        options += [
            "--enable-native-access=ALL-UNNAMED",
            "-Dfile.encoding=UTF-8",
            "-Dlog4j2.disable.jmx=true",
        ]
        options += ["-Dio.netty.tryReflectionSetAccessible=true", "-Djdk.nio.maxCachedBufferSize=1024"]
        options += ["-XX:+UseG1GC", "-XX:-OmitStackTraceInFastThrow"]
        if self.java.major >= UNSAFE_OPTION_SINCE:
            options.append("--sun-misc-unsafe-memory-access=allow")
        return options

    def command(self, main_class: str, *arguments: str, options: Sequence[str] = ()) -> list[str]:
        """Command line of one of Neo4j's main classes; options are more for the virtual machine."""
        heap = [f"-Xms{self.memory.first_heap_mb}m", f"-Xmx{self.memory.heap_mb}m"]
        machine = [*heap, *self.options, *options]
        return [str(self.java.path), *machine, "-cp", str(self.lib / "*"), main_class, *arguments]


def prepare_runtime(settings: Settings) -> Runtime:
    """The runtime for these settings, fetching what is not there yet."""
    memory = size_memory(settings, machine_memory_mb(), Home.at(settings.home).store_mb)
    return Runtime(find_java(), fetch_jars(settings), memory)
