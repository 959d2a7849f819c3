"""What Neo4j and its Java are told: ``neo4j.conf`` and the options of the virtual machine."""

from __future__ import annotations

from pathlib import Path

from muse_graph.embedded.java import Java
from muse_graph.embedded.memory import Memory
from muse_graph.embedded.ports import HOST, Ports

__all__ = ["conf_text", "jvm_options"]

UNSAFE_OPTION_SINCE = 23
# The heap starts small and grows to its bound, so an idle server of a small graph stays small.
FIRST_HEAP_MB = 512


def jvm_options(java: Java) -> list[str]:
    """Options Neo4j wants of this Java, for the server and for its admin commands."""
    packages = ("java.nio", "java.io", "sun.nio.ch")
    options = [f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in packages]
    options += ["--enable-native-access=ALL-UNNAMED", "-Dfile.encoding=UTF-8", "-Dlog4j2.disable.jmx=true"]
    options += ["-Dio.netty.tryReflectionSetAccessible=true", "-Djdk.nio.maxCachedBufferSize=1024"]
    options += ["-XX:+UseG1GC", "-XX:-OmitStackTraceInFastThrow"]
    if java.major >= UNSAFE_OPTION_SINCE:
        options.append("--sun-misc-unsafe-memory-access=allow")
    return options


def heap_options(memory: Memory) -> list[str]:
    """First and largest heap."""
    return [f"-Xms{min(FIRST_HEAP_MB, memory.heap_mb)}m", f"-Xmx{memory.heap_mb}m"]


def conf_text(ports: Ports, memory: Memory, lib: Path, options: list[str]) -> str:
    """``neo4j.conf``: loopback only, nothing reported to anyone, no log space taken ahead."""
    bolt, http = f"{HOST}:{ports.bolt}", f"{HOST}:{ports.http}"
    settings = {
        "server.default_listen_address": HOST,
        "server.default_advertised_address": HOST,
        "server.bolt.listen_address": bolt,
        "server.bolt.advertised_address": bolt,
        "server.http.listen_address": http,
        "server.http.advertised_address": http,
        "server.https.enabled": "false",
        "dbms.usage_report.enabled": "false",
        "client.allow_telemetry": "false",
        "server.memory.heap.initial_size": f"{min(FIRST_HEAP_MB, memory.heap_mb)}m",
        "server.memory.heap.max_size": f"{memory.heap_mb}m",
        "server.memory.pagecache.size": f"{memory.pagecache_mb}m",
        "db.tx_log.preallocate": "false",
        "server.directories.lib": lib.as_posix(),
    }
    lines = ["# Written at every start: change settings by MUSE_* variables, not here."]
    lines += [f"{name}={value}" for name, value in settings.items()]
    lines += [f"server.jvm.additional={option}" for option in options]
    return "\n".join(lines) + "\n"
