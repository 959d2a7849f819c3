"""Times of a whole column at once, in the few forms that nearly all files have."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from muse_graph.core.types import BoolArray, IntArray
from muse_graph.loaders.text_bytes import bytes_of

__all__ = ["read_times"]

#: "2026-01-31T23:59:59", then perhaps a fraction, then perhaps the zone.
_DATE_AND_TIME = 19
_ZONES = (b"", b"Z", b"+00:00")
_MS_OF_DAY = 86_400_000
_DIGITS = (0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 17, 18)
_SIGNS = {4: b"-", 7: b"-", 10: b"T ", 13: b":", 16: b":"}

Texts = NDArray[np.uint8]


def read_times(texts: pa.Array, latest: int) -> tuple[IntArray, BoolArray]:
    """Times that are UTC and written as a date and a time of day.

    Args:
        latest: ms since 1970; a time after it is no good

    Returns:
        (n,) ms since 1970, -1 for an empty text; (n,) whether this is what the text says, for it may have
        another form, or be wrong
    """
    bounds, held = bytes_of(texts)
    lengths = np.diff(bounds)
    at, sure = np.full(len(lengths), -1), lengths == 0
    for length in np.unique(lengths).tolist():
        if length < _DATE_AND_TIME:
            continue
        rows = np.flatnonzero(lengths == length)
        if len(rows) == len(lengths):
            letters = held.reshape(-1, length)
        else:
            letters = held[bounds[rows][:, None] + np.arange(length)]
        found, fine = _read(letters.T)
        fine &= (found >= 0) & (found <= latest)
        at[rows], sure[rows] = np.where(fine, found, -1), fine
    return at, sure


def _read(letters: Texts) -> tuple[IntArray, BoolArray]:
    """Times of texts of one length; letters: (length, n)."""
    letters = np.ascontiguousarray(letters)
    digits = letters - np.uint8(ord("0"))
    fine = (digits[[*_DIGITS]] <= 9).all(axis=0)
    for place, signs in _SIGNS.items():
        fine &= np.isin(letters[place], list(signs))

    def number(begin: int, end: int) -> IntArray:
        value: IntArray = digits[begin].astype(np.int64)
        for place in range(begin + 1, end):
            value = value * 10 + digits[place]
        return value

    year, month, day = number(0, 4), number(5, 7), number(8, 10)
    hour, minute, second = number(11, 13), number(14, 16), number(17, 19)
    first = ((year - 1970) * 12 + month - 1).astype("datetime64[M]")
    days_of_month = ((first + 1).astype("datetime64[D]") - first.astype("datetime64[D]")).astype(np.int64)
    fine &= (year >= 1970) & (month >= 1) & (month <= 12) & (day >= 1) & (day <= days_of_month)
    fine &= (hour <= 23) & (minute <= 59) & (second <= 59)
    days = first.astype("datetime64[D]").astype(np.int64) + day - 1
    ms, known = _fraction(letters[_DATE_AND_TIME:])
    return ((days * 24 + hour) * 60 + minute) * 60_000 + second * 1_000 + ms, fine & known


def _fraction(letters: Texts) -> tuple[IntArray, BoolArray]:
    """Whole ms of what follows the seconds, and whether it is a fraction and UTC; letters: (length, n)."""
    length, n = letters.shape
    ms, known = np.zeros(n, np.int64), np.zeros(n, np.bool_)
    for zone in _ZONES:
        begin = length - len(zone)
        if begin < 0 or begin == 1 or begin > 10:
            continue
        fits = (letters[begin:] == np.frombuffer(zone, np.uint8)[:, None]).all(axis=0)
        digits = letters[1:begin] - np.uint8(ord("0"))
        if begin:
            fits &= (letters[0] == ord(".")) & (digits <= 9).all(axis=0)
        own = sum(
            (one.astype(np.int64) * 10 ** (2 - place) for place, one in enumerate(digits[:3])), np.int64(0)
        )
        ms, known = np.where(fits, own, ms), known | fits
    return ms, known
