"""Random secrets, of which only a hash is kept."""

from __future__ import annotations

import secrets
import time
from hashlib import sha256

__all__ = ["hash_of", "new_id", "new_secret", "now_s"]


def new_secret(prefix: str = "") -> str:
    """A secret of 256 random bits, safe in an address; the prefix says what it is for."""
    return prefix + secrets.token_urlsafe(32)


def hash_of(secret: str) -> bytes:
    """What is kept of a random secret. A slow hash is for passwords, which can be guessed."""
    return sha256(secret.encode("utf-8", "surrogatepass")).digest()


def new_id() -> str:
    """A short random id, for what is listed and revoked by it."""
    return secrets.token_hex(6)


def now_s() -> int:
    """Seconds since 1970."""
    return int(time.time())
