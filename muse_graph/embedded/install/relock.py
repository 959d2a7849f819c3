"""Make ``jars.lock.json`` again, after a change of version: ``python -m muse_graph.embedded.install.relock``.

A maintainer's command. It needs ``pip install 'jgo[cli]'`` (the resolver's command line, which running the
service does not need) and the network; it takes about a minute.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

from muse_graph.embedded.install.jars import LOCK_FILE

COORDINATES = (
    "org.neo4j:neo4j:2026.08.1",
    "org.neo4j.app:neo4j-server:2026.08.1",
    "org.neo4j:neo4j-import-tool:2026.08.1",
    "org.neo4j.client:neo4j-browser:5.24.0",
)
# What jgo finds by way of test scopes; Maven's own runtime class path has none of them.
TEST_GROUPS = frozenset({"junit", "net.bytebuddy", "org.hamcrest", "org.mockito", "org.objenesis"})


def resolve() -> list[dict[str, Any]]:
    """Every jar of the class path, as jgo's own lock file has it; the jars end up in the Maven folder."""
    with tempfile.TemporaryDirectory() as folder:
        lines = [f'  "{coordinate}",' for coordinate in COORDINATES]
        spec = [
            "[environment]",
            'name = "neo4j"',
            "[repositories]",
            "[dependencies]",
            "coordinates = [",
            *lines,
            "]",
        ]
        Path(folder, "jgo.toml").write_text("\n".join(spec), encoding="utf-8")
        subprocess.run([sys.executable, "-m", "jgo", "lock"], cwd=folder, check=True)
        locked = tomllib.loads(Path(folder, "jgo.lock.toml").read_text(encoding="utf-8"))
    return [entry for entry in locked["dependencies"] if entry["groupId"] not in TEST_GROUPS]


def describe(entry: dict[str, Any], repository: Path) -> dict[str, str | int]:
    """One line of our lock: jgo's entry with the size of the file, without what only jgo reads."""
    group, artifact, version = entry["groupId"], entry["artifactId"], entry["version"]
    classifier = entry.get("classifier", "")
    name = "-".join(part for part in (artifact, version, classifier) if part)
    path = repository.joinpath(*group.split("."), artifact, version, f"{name}.jar")
    return {
        "group": group,
        "artifact": artifact,
        "version": version,
        "classifier": classifier,
        "sha256": entry["sha256"],
        "size": path.stat().st_size,
    }


def main() -> None:
    """Resolve and write the lock, sorted, one jar a line."""
    from jgo.constants import default_maven_repo

    rows = [describe(entry, default_maven_repo()) for entry in resolve()]
    rows.sort(key=lambda row: (row["group"], row["artifact"], row["classifier"]))
    LOCK_FILE.write_text("[\n" + ",\n".join(map(json.dumps, rows)) + "\n]\n", encoding="utf-8")
    sys.stderr.write(f"{len(rows)} jars, {sum(int(row['size']) for row in rows) / 1e6:.0f} MB: {LOCK_FILE}\n")


if __name__ == "__main__":
    main()
