"""Addresses that mean only the machine they are used on."""

from __future__ import annotations

from ipaddress import ip_address

__all__ = ["is_loopback"]


def is_loopback(host: str) -> bool:
    """Whether a name or an address means this machine, and can be reached from no other."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
