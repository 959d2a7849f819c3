"""What GitHub, pre-commit and citation managers read: each file is valid, and true to the rest."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
GITHUB = ROOT / ".github"
# check-jsonschema carries these schemas, so nothing is fetched.
SCHEMAS = {
    GITHUB / "workflows" / "test.yml": "vendor.github-workflows",
    GITHUB / "dependabot.yml": "vendor.dependabot",
    GITHUB / "ISSUE_TEMPLATE" / "bug.yml": "vendor.github-issue-forms",
    GITHUB / "ISSUE_TEMPLATE" / "feature.yml": "vendor.github-issue-forms",
    GITHUB / "ISSUE_TEMPLATE" / "config.yml": "vendor.github-issue-config",
    ROOT / "CITATION.cff": "vendor.citation-file-format",
}
HOOKS = ROOT / ".pre-commit-config.yaml"


def read(file: Path) -> dict[str, Any]:
    # The base loader takes `on` for a word and 3.10 for text.
    content: dict[str, Any] = yaml.load(file.read_text(encoding="utf-8"), yaml.BaseLoader)
    return content


def passes(*command: str | Path) -> None:
    checked = subprocess.run([sys.executable, "-m", *command], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize("file", SCHEMAS, ids=lambda file: file.name)
def test_a_file_follows_its_schema(file: Path) -> None:
    passes("check_jsonschema", "--builtin-schema", SCHEMAS[file], file)


def test_every_file_for_github_is_checked() -> None:
    assert set(GITHUB.rglob("*.yml")) == {file for file in SCHEMAS if file.is_relative_to(GITHUB)}


def test_the_hooks_are_valid() -> None:
    passes("pre_commit", "validate-config", HOOKS)


def test_hooks_and_workflow_call_make_targets_that_exist() -> None:
    (test,) = read(GITHUB / "workflows" / "test.yml")["jobs"].values()
    runs = [step["run"] for step in test["steps"] if step.get("run", "").startswith("make ")]
    hooks = [hook["entry"] for repo in read(HOOKS)["repos"] for hook in repo["hooks"]]
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert {command.split()[1] for command in runs} == {"test"}
    assert {command.split()[1] for command in hooks} == {"lint", "types"} <= targets


def test_the_workflow_begins_with_the_oldest_python_that_is_allowed() -> None:
    (test,) = read(GITHUB / "workflows" / "test.yml")["jobs"].values()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["requires-python"] == f">={test['strategy']['matrix']['python'][0]}"


def test_the_citation_says_what_the_package_says() -> None:
    citation = read(ROOT / "CITATION.cff")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert citation["license"] == project["license"]
    assert citation["keywords"] == project["keywords"]
    assert citation["abstract"] == project["description"] + "."
