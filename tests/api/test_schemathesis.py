"""What schemathesis makes of the OpenAPI document, sent to the whole service over a real graph.

All its phases, with a seed. MUSE_SCHEMATHESIS_CASES asks for more examples of each operation than these few,
and MUSE_SCHEMATHESIS_S for more time.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from muse_graph.config import Settings
from muse_graph.graph.connection import Graph
from tests.api.test_server import wait_for

pytestmark = pytest.mark.neo4j

#: How long it may send requests; the few examples need a fifth of that on a machine with nothing else to do.
SECONDS = int(os.environ.get("MUSE_SCHEMATHESIS_S", "150"))
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
)


@pytest.fixture
def served(settings: Settings, toy_graph: Graph) -> Iterator[str]:
    """The address of `muse-graph serve`."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {
        "NEO4J_URI": settings.neo4j_uri or "",
        "NEO4J_USERNAME": settings.neo4j_username,
        "NEO4J_PASSWORD": settings.neo4j_password,
        "NEO4J_DATABASE": settings.neo4j_database,
        # A slow machine is no fault of the answers.
        "MUSE_REQUEST_TIMEOUT_S": "60",
    }
    command = [sys.executable, "-m", "muse_graph", "serve", "--open", "--port", str(port)]
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as process:
        try:
            wait_for(f"http://127.0.0.1:{port}/livez")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(60)


@pytest.mark.timeout(SECONDS + 600)
def test_no_answer_is_undocumented_and_none_is_an_internal_error(served: str, tmp_path: Path) -> None:
    command = [
        str(Path(sys.executable).with_name("schemathesis")),
        "run",
        f"{served}/openapi.json",
        "--seed=1",
        f"--checks={','.join(CHECKS)}",
        f"--max-examples={os.environ.get('MUSE_SCHEMATHESIS_CASES', '5')}",
        f"--max-time={SECONDS}",
        "--no-shrink",
        "--no-color",
        "--continue-on-failure",
        "--suppress-health-check=all",
        "--generation-database=none",
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=SECONDS + 500)
    # How many cases there were; pytest shows it with -rP.
    sys.stdout.write(done.stdout[-2000:])
    assert done.returncode == 0, done.stdout[-5000:]
    for phase in ("Examples", "Coverage", "Fuzzing", "Stateful"):
        assert f"✅ {phase}" in done.stdout
