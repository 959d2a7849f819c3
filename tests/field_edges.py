"""Values at the edges of each field's rule, as JSON spells them, and their normal forms; None for wrong."""

from __future__ import annotations

import math
from typing import Any

__all__ = ["EDGES", "STORED_EDGES"]

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

_SHARE: list[tuple[Any, Any]] = [
    (0, 0.0),
    (-0.0, 0.0),
    (0.5, 0.5),
    (1, 1.0),
    *((bad, None) for bad in (-0.1, -5e-324, 1.0000001, 2, True, [0.5])),
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
    "heard": _SHARE,
    "heard_at_least": _SHARE,
    "plays": [
        (1, 1),
        (3.0, 3),
        (100_000_000, 100_000_000),
        *((bad, None) for bad in (0, -1, 1.5, 100_000_001, 10**13, 2**63, 1e300, 10**40, True)),
    ],
    "listens_visible_to": [
        *((level, level) for level in ("everybody", "friends", "nobody")),
        ("Nobody", "nobody"),
        *((bad, None) for bad in ("private", "all", "friend", 1, False)),
    ],
    "action": [
        ("save", "save"),
        ("Discard", "discard"),
        *((bad, None) for bad in ("clear", "like", "ſave", 1, True)),
    ],
}

#: The fields that only files have besides.
STORED_EDGES: dict[str, list[tuple[Any, Any]]] = EDGES | {
    "artist_id": _ID,
    "genre_id": _ID,
    "influencer_id": _ID,
    "title": _text(1_000),
    "handle": _text(200),
    "language": _text(20),
    "tag": [*_text(200), ("Ana", "ana"), ("\u0130x", "i\u0307x")],
    "since": _TIME,
    "duration_s": [
        (0.5, 0.5),
        (1e14, 1e14),
        *((bad, None) for bad in (0.0, -1.0, 1e15, math.inf, math.nan, "3:20", True)),
    ],
    "mbid": [
        ("0a5bd2dc-4a4a-4c1e-9d0c-3f0a5f8f0c04", "0a5bd2dc-4a4a-4c1e-9d0c-3f0a5f8f0c04"),
        ("0A5BD2DC-4A4A-4C1E-9D0C-3F0A5F8F0C04", "0a5bd2dc-4a4a-4c1e-9d0c-3f0a5f8f0c04"),
        *((bad, None) for bad in ("0a5bd2dc4a4a4c1e9d0c3f0a5f8f0c04", "x", 7)),
    ],
    "isrc": [
        ("USRC17607839", "USRC17607839"),
        ("us-rc1-76-07839", "USRC17607839"),
        *((bad, None) for bad in ("USRC1760783", "USRC176078390", 7)),
    ],
    "features": [
        ([0.5], [0.5]),
        ([1e14] * 64, [1e14] * 64),
        *((bad, None) for bad in ([0.5] * 65, [math.nan], [1.0, -1e15], "0.5")),
    ],
    "avg_likes": [(0.0, 0.0), (1e14, 1e14), *((bad, None) for bad in (-0.5, 1e15, math.nan, "12k"))],
    "followers": [(0, 0), (10**15 - 1, 10**15 - 1), *((bad, None) for bad in (-1, 10**15, 0.5, "many"))],
    "audience": [
        ("CO", "CO"),
        ("CO:0.6", "CO:0.6"),
        ("CO:1.0", "CO:1.0"),
        *((bad, None) for bad in ("CO:0.0", "CO:1.5", "CO:-0.1", "ZZ", "XX:0.5")),
    ],
}
