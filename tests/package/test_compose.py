"""docker-compose.yml against the Compose Specification, and what it must never do."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
FILE = ROOT / "docker-compose.yml"
COMPOSE: dict[str, Any] = yaml.safe_load(FILE.read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]

every_service = pytest.mark.parametrize("service", SERVICES.values(), ids=SERVICES)


def test_the_file_follows_the_compose_specification() -> None:
    # check-jsonschema carries the specification's own schema (compose-spec, Apache-2.0).
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", FILE]
    checked = subprocess.run(command, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout + checked.stderr


@every_service
def test_no_service_runs_as_root(service: dict[str, Any]) -> None:
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", service["user"])
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert not service.get("privileged")


@every_service
def test_ports_are_open_to_this_machine_alone(service: dict[str, Any]) -> None:
    assert service["ports"]
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])


@every_service
def test_health_is_checked_and_a_fall_is_mended(service: dict[str, Any]) -> None:
    assert service["healthcheck"]["test"][0] == "CMD"
    assert service["restart"] == "unless-stopped"


@every_service
def test_the_password_comes_from_the_secret(service: dict[str, Any]) -> None:
    assert service["secrets"] == ["neo4j_password"]
    settings = {name: value for name, value in service["environment"].items() if "PASSWORD" in name}
    assert all(
        name.endswith("_FILE") and value.startswith("/run/secrets/") for name, value in settings.items()
    )


def test_the_secret_stays_outside_the_repository() -> None:
    secret = COMPOSE["secrets"]["neo4j_password"]["file"]
    assert secret == "./secrets/neo4j_password.txt"
    assert "secrets/" in (ROOT / ".gitignore").read_text().splitlines()
    assert "*" in (ROOT / ".dockerignore").read_text().splitlines()


def test_the_service_waits_for_a_healthy_database() -> None:
    assert SERVICES["muse"]["depends_on"] == {"neo4j": {"condition": "service_healthy"}}


def test_the_graph_outlives_its_container() -> None:
    assert "neo4j-data:/data" in SERVICES["neo4j"]["volumes"]
    assert "neo4j-data" in COMPOSE["volumes"]


def test_image_and_compose_agree() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text()
    assert f"USER {SERVICES['muse']['user']}" in dockerfile
    bases = re.findall(r"^FROM (\S+)", dockerfile, re.MULTILINE)
    assert len(set(bases)) == 1
    assert re.fullmatch(r"python:\d+\.\d+\.\d+-slim-\w+", bases[0])
    assert not re.search(r"(?i)password|token=", dockerfile)
