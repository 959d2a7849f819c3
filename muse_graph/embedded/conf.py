"""``neo4j.conf``: the server's settings."""

from __future__ import annotations

from muse_graph.embedded.ports import HOST, Ports
from muse_graph.embedded.runtime import Runtime

__all__ = ["conf_text"]


def conf_text(ports: Ports, runtime: Runtime) -> str:
    """The file: loopback only, no usage reports, no preallocated logs."""
    bolt, http, memory = f"{HOST}:{ports.bolt}", f"{HOST}:{ports.http}", runtime.memory
    settings = {
        "server.default_listen_address": HOST,
        "server.default_advertised_address": HOST,
        "server.bolt.listen_address": bolt,
        "server.bolt.advertised_address": bolt,
        "server.http.listen_address": http,
        "server.http.advertised_address": http,
        "server.http.x_forward.enabled": "false",
        "server.https.enabled": "false",
        "server.fleet_discovery.enabled": "false",
        "dbms.fleet_manager.enabled": "false",
        "dbms.usage_report.enabled": "false",
        "client.allow_telemetry": "false",
        "server.memory.heap.initial_size": f"{memory.first_heap_mb}m",
        "server.memory.heap.max_size": f"{memory.heap_mb}m",
        "server.memory.pagecache.size": f"{memory.pagecache_mb}m",
        "db.tx_log.preallocate": "false",
        # What was deleted stays in these logs: short ones, and none longer than a restart may need it.
        "db.tx_log.rotation.size": "16m",
        "db.tx_log.rotation.retention_policy": "keep_none",
        # Twice this long the server would wait on connections that are closed by then: 10 s of each stop.
        "internal.dbms.bolt.netty_server_shutdown_quiet_period_duration": "0s",
        "server.directories.lib": runtime.lib.as_posix(),
    }
    lines = ["# Written at every start: change it by MUSE_* variables, not here."]
    lines += [f"{name}={value}" for name, value in settings.items()]
    lines += [f"server.jvm.additional={option}" for option in runtime.options]
    return "\n".join(lines) + "\n"
