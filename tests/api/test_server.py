"""The server starts, answers, and stops when it is told to."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest
import requests

# More threads than granian thinks right for the cores, as the default of eight is on a small machine.
SOURCE = """
import os
from muse_graph.api.server import serve
from muse_graph.config import Settings
if __name__ == "__main__":
    settings = Settings(neo4j_uri=None, neo4j_database="told-by-argument")
    serve(settings, port={port}, threads=2 * os.cpu_count() + 2, sign_in="off")
"""


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture
def server(port: int) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", SOURCE.format(port=port)]
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        yield process
        process.kill()


def wait_for(url: str) -> requests.Response:
    for _ in range(300):
        try:
            return requests.get(url, timeout=5)
        except requests.ConnectionError:
            time.sleep(0.1)
    return requests.get(url, timeout=5)


@pytest.mark.skipif(sys.platform == "win32", reason="signals as POSIX has them")
@pytest.mark.parametrize(
    ("tell", "number"),
    # The last is Ctrl-C in a terminal: all processes there hear it.
    [(os.kill, signal.SIGTERM), (os.kill, signal.SIGINT), (getattr(os, "killpg", os.kill), signal.SIGINT)],
    ids=["SIGTERM", "SIGINT", "Ctrl-C"],
)
def test_it_serves_until_it_is_told_to_stop(
    server: subprocess.Popen[str], port: int, tell: Callable[[int, int], None], number: int
) -> None:
    base = f"http://127.0.0.1:{port}"
    assert wait_for(f"{base}/livez").json() == {"status": "alive"}
    assert requests.get(f"{base}/readyz", timeout=5).status_code == 503
    chunks = iter([b'[{"user_id', b'": 1}]'])
    chunked = requests.post(
        f"{base}/api/v1/listens", data=chunks, headers={"Content-Type": "application/json"}, timeout=5
    )
    assert chunked.json()["errors"][0]["pointer"] == "/0/user_id"
    tell(server.pid, number)
    out, err = server.communicate(timeout=25)
    assert server.returncode == 0, err
    assert out == ""
    lines = [json.loads(line) for line in err.splitlines()]
    access = [line for line in lines if line["logger"] == "muse_graph.access"]
    assert [line["status"] for line in access] == [200, 503, 422]
    assert [line["message"] for line in lines if line["logger"].startswith("_granian")] == []
    assert all(re.fullmatch("[0-9a-f]{32}", line["request_id"]) for line in access)


def test_linear_algebra_of_a_worker_has_one_thread() -> None:
    source = """
from threadpoolctl import threadpool_info
from muse_graph.api.server import _application
from muse_graph.config import Settings
_application(Settings(neo4j_uri=None), 8, "off")
print({pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"})
"""
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "2", "MKL_NUM_THREADS": "2"}
    command = [sys.executable, "-c", source]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "{1}\n"
