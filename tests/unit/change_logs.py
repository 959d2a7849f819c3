"""A graph that logs changes as it is told, and a clock that stands still."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from muse_graph.graph.change_log import LOOK_S, ChangeLog
from muse_graph.graph.connection import Row
from tests.fakes import FakeGraph

DATABASE = bytes(range(16))


def bookmark(number: int) -> str:
    """As a single server of Neo4j makes it."""
    packed = bytes([number]) if number < 0x80 else b"\xcb" + number.to_bytes(8)
    for marker, n_bytes in ((0xC8, 1), (0xC9, 2), (0xCA, 4)):
        if 0x80 <= number < 1 << 8 * n_bytes - 1:
            packed = bytes([marker]) + number.to_bytes(n_bytes)
            break
    return "FB:" + b64encode(b"\x91\xcc\x10" + DATABASE + packed + b"\x90").decode()


class Server(FakeGraph):
    """Logs what it is told, and counts its transactions."""

    def __init__(self) -> None:
        super().__init__()
        self.transaction, self.number = 1_000, 0
        self.logged: list[int] = []
        self.looks = 0

    def commit(self, *users: int, is_logged: bool = True) -> None:
        self.transaction += 1
        if is_logged:
            self.number += 1
            self.logged = [len(users), *users, *self.logged][:400]

    def read_marked(self, name: str, /, **params: Any) -> tuple[list[Row], str | None]:
        self.looks += 1
        logged = [] if self.number == params["since"] else self.logged
        return [{"number": self.number, "logged": logged}], bookmark(self.transaction)


class Time:
    """A clock that stands still."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def later(log: ChangeLog, time: Time) -> int:
    """The moment it is when another look is due."""
    time.now += LOOK_S + 0.01
    return log.moment()
