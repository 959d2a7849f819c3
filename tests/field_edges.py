"""Values at the edges of each field's rule, as JSON spells them, and their normal forms; None for wrong."""

from __future__ import annotations

from typing import Any

__all__ = ["EDGES"]

_LEGAL_IN_ANY_TEXT: list[tuple[Any, Any]] = [
    ("ana", "ana"),
    ("  ana\u3000", "ana"),
    ("\u00a0\tana\r\n", "ana"),
    ("a b", "a b"),
    ("a/b", "a/b"),
    ("..", ".."),
    ("50%", "50%"),
    ("ليلى", "ليلى"),
    ("\U0001f600", "\U0001f600"),
    ("a\u200bb\u202e", "a\u200bb\u202e"),
]
_WRONG_IN_ANY_TEXT: list[tuple[Any, Any]] = [
    (bad, None) for bad in ("a\0b", "a\x1fb", "a\x7f", "a\x80b", "a\x85", "\x9ba", "\ud800", True, ["a"])
]
_TEXT = [*_LEGAL_IN_ANY_TEXT, *_WRONG_IN_ANY_TEXT, ("a\nb\tc", "a\nb\tc")]


def _text(longest: int) -> list[tuple[Any, Any]]:
    return [*_TEXT, ("x" * longest, "x" * longest), ("x" * (longest + 1), None)]


_ID = [
    *_LEGAL_IN_ANY_TEXT,
    *_WRONG_IN_ANY_TEXT,
    ("a\nb", None),
    ("a\tb", None),
    ("\U0001f600" * 200, "\U0001f600" * 200),
    ("x" * 201, None),
]
_TIME: list[tuple[Any, Any]] = [
    ("1970-01-01T00:00:00Z", 0),
    ("1970-01-01T00:00:01", 1_000),
    ("1970-01-01 01:00:00.0019+01:00", 1),
    (1_700_000_000, 1_700_000_000_000),
    (1_700_000_000.0019, 1_700_000_000_001),
    ("1969-12-31T23:59:59Z", None),
    ("2999-01-01T00:00:00Z", None),
    ("2023-01-01", None),
    ("2023-02-30T00:00:00Z", None),
    (1_700_000_000_000, None),
    (-1, None),
    (True, None),
    (["x"], None),
]
_COUNTRY: list[tuple[Any, Any]] = [
    ("CO", "CO"),
    ("co", "CO"),
    (" Co ", "CO"),
    *((bad, None) for bad in ("ß", "ı", "ZZ", "zz", "XX", "UK", "COL", "C\0", 49, True)),
]

#: field -> (value, normal form)
EDGES: dict[str, list[tuple[Any, Any]]] = {
    "user_id": _ID,
    "track_id": _ID,
    "listen_id": _ID,
    "name": _text(1_000),
    "source": _text(50),
    "country": _COUNTRY,
    "listened_at": _TIME,
    "at": _TIME,
    "heard": [
        (0, 0.0),
        (-0.0, 0.0),
        (0.5, 0.5),
        (1, 1.0),
        *((bad, None) for bad in (-0.1, -5e-324, 1.0000001, 2, True, [0.5])),
    ],
    "plays": [
        (1, 1),
        (3.0, 3),
        (100_000_000, 100_000_000),
        *((bad, None) for bad in (0, -1, 1.5, 100_000_001, 10**13, 2**63, 1e300, 10**40, True)),
    ],
    "action": [
        ("save", "save"),
        ("Discard", "discard"),
        *((bad, None) for bad in ("clear", "like", "ſave", 1, True)),
    ],
}
