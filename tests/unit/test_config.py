"""Settings: what each variable turns into, and what is refused."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from muse_graph.config import Settings
from muse_graph.errors import InvalidRequest


def test_each_variable_sets_its_field_and_blanks_around_it_do_not_count() -> None:
    assert Settings.from_environment(
        {
            "NEO4J_URI": " bolt://db:7687 ",
            "NEO4J_USERNAME": "ann",
            "NEO4J_PASSWORD": "secret\n",
            "NEO4J_DATABASE": "music",
            "MUSE_HOME": " /a ",
            "MUSE_CACHE": "/b",
            "MUSE_MODELS": "/c",
            "MUSE_DATA": "/d",
            "MUSE_MAVEN_URL": "https://jars.example",
            "MUSE_NEO4J_HEAP_MB": "512",
            "MUSE_NEO4J_PAGECACHE_MB": " 64",
            "MUSE_THETA": "1",
            "MUSE_MAX_FRIENDS": "7",
        }
    ) == Settings(
        neo4j_uri="bolt://db:7687",
        neo4j_username="ann",
        neo4j_password="secret",
        neo4j_database="music",
        home=Path("/a"),
        cache=Path("/b"),
        models=Path("/c"),
        data=Path("/d"),
        maven_url="https://jars.example",
        neo4j_heap_mb=512,
        neo4j_pagecache_mb=64,
        theta=1.0,
        max_friends=7,
    )


def test_what_is_blank_is_not_set_and_other_names_are_not_read() -> None:
    environment = {
        "NEO4J_URI": " ",
        "MUSE_THETA": "",
        "neo4j_browser": "x",
        "NEO4J_BROWSER": "x",
        "theta": "1",
    }
    assert Settings.from_environment(environment) == Settings.from_environment({}) == Settings()


def test_only_one_door_reads_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUSE_THETA", "0.5")
    assert Settings().theta == 0.2
    assert Settings.from_environment().theta == 0.5


def test_importing_reads_no_variable_of_ours() -> None:
    source = """
import os
read = type(os.environ).__getitem__
def guarded(self, name):
    assert not name.startswith(("NEO4J_", "MUSE_")), name
    return read(self, name)
type(os.environ).__getitem__ = guarded
import muse_graph.config, muse_graph.api
"""
    subprocess.run([sys.executable, "-c", source], check=True)


@pytest.mark.parametrize(
    ("variable", "text", "rule"),
    [
        ("MUSE_THETA", "much", "must be a valid number"),
        ("MUSE_THETA", "0", "must be greater than 0"),
        ("MUSE_THETA", "1.01", "must be less than or equal to 1"),
        ("MUSE_THETA", "nan", "must be a finite number"),
        ("MUSE_MAX_FRIENDS", "0", "must be greater than or equal to 1"),
        ("MUSE_MAX_FRIENDS", "1.5", "must be a valid integer"),
        ("MUSE_NEO4J_HEAP_MB", "1g", "must be a valid integer"),
        ("MUSE_NEO4J_PAGECACHE_MB", "half", "must be a valid integer"),
    ],
)
def test_a_wrong_value_is_named_with_its_variable_and_the_rule(variable: str, text: str, rule: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        Settings.from_environment({variable: text})
    assert str(caught.value) == f"{variable} {rule}, got {text!r}"


def test_the_rules_hold_for_settings_made_directly() -> None:
    with pytest.raises(InvalidRequest, match=r"^MUSE_THETA must be less than or equal to 1, got 2$"):
        Settings(theta=2)
    with pytest.raises(InvalidRequest, match=r"^MUSE_MAX_FRIENDS must be greater than or equal to 1, got 0$"):
        Settings(max_friends=0)


def test_the_password_may_be_in_a_file_and_its_own_variable_goes_before(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("from the file\n", "utf-8")
    environment = {"NEO4J_PASSWORD_FILE": f" {file} "}
    assert Settings.from_environment(environment).neo4j_password == "from the file"
    environment["NEO4J_PASSWORD"] = "said"
    assert Settings.from_environment(environment).neo4j_password == "said"


def test_a_password_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidRequest, match=r"^NEO4J_PASSWORD_FILE .*nothing cannot be read: "):
        Settings.from_environment({"NEO4J_PASSWORD_FILE": str(tmp_path / "nothing")})


def test_settings_do_not_change_and_show_no_password() -> None:
    settings = Settings(neo4j_password="hidden")
    with pytest.raises(ValidationError, match="frozen"):
        settings.theta = 0.5
    assert "hidden" not in repr(settings)
    assert "hidden" not in str(settings)


def test_settings_of_another_address_are_others() -> None:
    settings = Settings(theta=0.5, neo4j_database="music")
    there = settings.at("bolt://there:1", "ann", "pass", "http://there:2")
    assert (there.neo4j_uri, there.neo4j_username, there.neo4j_password, there.neo4j_browser) == (
        "bolt://there:1",
        "ann",
        "pass",
        "http://there:2",
    )
    assert (there.theta, there.neo4j_database) == (0.5, "music")
    assert settings.neo4j_uri is None


def test_settings_travel_to_other_processes() -> None:
    settings = Settings(home=Path("/a"), theta=0.5).at("bolt://there:1", "ann", "pass")
    assert pickle.loads(pickle.dumps(settings)) == settings


def test_models_are_in_the_home_where_no_folder_is_named() -> None:
    assert Settings(home=Path("/a")).models_folder == Path("/a/models")
    assert Settings(home=Path("/a"), models=Path("/b")).models_folder == Path("/b")


@pytest.mark.parametrize(
    "address",
    [
        "http://localhost:7474",
        "localhost:7687",
        "localhost",
        "bolt://",
        "bolt://:7687",
        "bolt://db:0",
        "bolt://db:99999",
        "bolt://db:port",
        "bolt://[::1",
        "bolts://db",
    ],
)
def test_an_address_that_is_none_of_neo4j_names_the_variable_and_shows_one_that_is(address: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        Settings.from_environment({"NEO4J_URI": address})
    assert str(refused.value) == (
        "NEO4J_URI must be an address like bolt://localhost:7687 or neo4j+s://graph.example.org, "
        f"got {address!r}"
    )


@pytest.mark.parametrize(
    "address", ["bolt://db", "neo4j://db:7687", "bolt+s://db", "neo4j+ssc://10.0.0.1:1", "bolt://[::1]:7687"]
)
def test_addresses_of_neo4j(address: str) -> None:
    assert Settings.from_environment({"NEO4J_URI": address}).neo4j_uri == address


def test_a_login_in_an_address_is_refused_and_not_shown() -> None:
    with pytest.raises(InvalidRequest, match=r"^NEO4J_URI must be .*, got 'bolt://…@db:7687'$"):
        Settings.from_environment({"NEO4J_URI": "bolt://ann:secret@db:7687"})
