"""Passwords: argon2id, and what makes one good enough."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

from muse_graph.errors import InvalidValue

__all__ = ["LONGEST", "SHORTEST", "Passwords"]

SHORTEST, LONGEST = 8, 128
#: Of 0..4 as zxcvbn counts: 3 takes more than 10^8 guesses.
_LEAST_SCORE = 3
#: zxcvbn looks at no more.
_LOOKED_AT = 72


class Passwords:
    """Hashes passwords and checks them.

    Args:
        hasher: None for argon2id with the parameters of RFC 9106 for little memory (64 MiB, about 50 ms)
    """

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._nobodys: str | None = None

    def hash(self, password: str, *, name: str) -> str:
        """The hash to keep of a new password; raises InvalidValue for a poor one."""
        rule = _broken_rule(password, name)
        if rule is not None:
            raise InvalidValue(f"password {rule}", (("password", rule),))
        return self._hasher.hash(password)

    def matches(self, password: str, kept: str | None) -> bool:
        """Whether a password is the one whose hash is kept; takes as long where there is none."""
        if len(password) > LONGEST:
            password = ""
        # Made at the first call, whoever it is for.
        nobodys = self._nobody()
        try:
            return self._hasher.verify(kept or nobodys, password) and kept is not None
        except (VerificationError, InvalidHashError):
            return False

    def is_outdated(self, kept: str) -> bool:
        """Whether the hash was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(kept)

    def rehash(self, password: str) -> str:
        """The hash of a password that is known to be right, with today's parameters."""
        return self._hasher.hash(password)

    def _nobody(self) -> str:
        if self._nobodys is None:
            self._nobodys = self._hasher.hash("nobody's")
        return self._nobodys


def _broken_rule(password: str, name: str) -> str | None:
    """The rule that a new password breaks. It is never shown."""
    if not SHORTEST <= len(password) <= LONGEST:
        return f"must have {SHORTEST}..{LONGEST} characters, got {len(password)}"
    try:
        password.encode("utf-8")
    except UnicodeEncodeError:
        return "must be UTF-8"
    found = zxcvbn(password[:_LOOKED_AT], user_inputs=[name, "muse", "musegraph", "muse graph"])
    if found["score"] >= _LEAST_SCORE:
        return None
    hints = [found["feedback"]["warning"], *found["feedback"]["suggestions"]]
    hint = next((text.rstrip(".") for text in hints if text), "add another word or two")
    return f"must be harder to guess: {hint[:1].lower()}{hint[1:]}"
