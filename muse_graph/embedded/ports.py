"""Ports of one Neo4j, and whether anyone answers on them."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass

__all__ = ["HOST", "Ports", "answers_bolt", "choose_ports", "is_free", "is_open"]

HOST = "127.0.0.1"
# Bolt's magic number, then four versions we could speak: 6.0, 5.8 down to 5.0, 4.4, none.
HANDSHAKE = bytes.fromhex("6060b017 00000006 00080805 00000404 00000000")


@dataclass(frozen=True)
class Ports:
    """Where one Neo4j listens on loopback; by default Neo4j's own numbers."""

    bolt: int = 7687
    http: int = 7474


def is_free(port: int) -> bool:
    """Whether a server could listen there now."""
    # Asked both ways: some systems let one bind beside a server that listens on all addresses.
    if is_open(port):
        return False
    with socket.socket() as probe:
        if (
            os.name == "posix"
        ):  # a port whose last connections linger is free; on Windows this means another thing
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def choose_ports(wanted: Ports) -> Ports:
    """``wanted`` where still free, else free ones the system picks."""
    with socket.socket() as bolt, socket.socket() as http:
        bolt.bind((HOST, 0))
        http.bind((HOST, 0))
        spare = Ports(bolt.getsockname()[1], http.getsockname()[1])
    return Ports(
        wanted.bolt if is_free(wanted.bolt) else spare.bolt,
        wanted.http if is_free(wanted.http) else spare.http,
    )


def is_open(port: int, timeout_s: float = 2.0) -> bool:
    """Whether anyone takes connections there."""
    try:
        with socket.create_connection((HOST, port), timeout=timeout_s):
            return True
    except OSError:
        return False


def answers_bolt(port: int, timeout_s: float = 2.0) -> bool:
    """Whether a server there agrees on a version of Bolt."""
    try:
        with socket.create_connection((HOST, port), timeout=timeout_s) as connection:
            connection.sendall(HANDSHAKE)
            return any(connection.recv(4))
    except OSError:
        return False
