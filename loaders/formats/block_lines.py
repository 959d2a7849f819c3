"""Which lines of a block of CSV are rows that every reader reads alike, found for all of them at once.

A line is regular if it has as many cells as the header, and quotes only around whole cells, doubled
inside, which end where it ends. What else a line may be, `formats.read_records` decides.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from muse_graph.core.types import BoolArray, IntArray

__all__ = ["BlockLines", "split_lines"]

_NEWLINE, _RETURN, _QUOTE = b'\n\r"'
#: As much as a cell may hold for the reader of the standard library.
_LONGEST = 131_072

#: Whether a byte may stand before a quote that opens a cell, or after one that closes it; so may a separator.
#: Of two quotes side by side the first closes and the second opens.
_OPENING = np.isin(np.arange(256), [_NEWLINE, _QUOTE])
_CLOSING = np.isin(np.arange(256), [_NEWLINE, _RETURN, _QUOTE])

Bytes = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class BlockLines:
    """n lines of a block: begins, ends (n,) int64, the end after the line break; regular, empty (n,) bool."""

    begins: IntArray
    ends: IntArray
    regular: BoolArray
    empty: BoolArray


def split_lines(data: bytes, separator: str, width: int) -> BlockLines:
    """Find the lines of a block, which may end in the middle of one; width is the number of cells."""
    content = np.frombuffer(data, np.uint8)
    if not data:
        none = np.empty(0, np.int64)
        return BlockLines(none, none, none > 0, none > 0)
    breaks = np.flatnonzero(content == _NEWLINE)
    ends = breaks + 1
    if content[-1] != _NEWLINE:
        ends = np.append(ends, len(content))
    begins = np.concatenate([[0], ends[:-1]])[: len(ends)]
    regular = ends - begins < _LONGEST
    regular &= _alike_without_returns(content, begins, ends)
    regular &= _is_text(data, content, begins, ends)
    quotes = np.flatnonzero(content == _QUOTE)
    per_line = _counts(quotes, ends)
    regular &= per_line % 2 == 0
    separators = np.flatnonzero(content == ord(separator))
    cells = _counts(separators, ends) + 1
    if len(quotes):
        regular &= _quoted_as_a_whole(content, quotes, per_line, ord(separator))
        if (regular & (cells != width)).any():
            cells = cells - _separators_inside(quotes, separators, ends)
    regular &= cells == width
    length, last = ends - begins, content[ends - 1]
    empty = (last == _NEWLINE) & ((length == 1) | ((length == 2) & (content[begins] == _RETURN)))
    return BlockLines(begins, ends, regular & ~empty, empty)


def _counts(places: IntArray, ends: IntArray) -> IntArray:
    """(n,) how many of these places, which ascend, are in each line."""
    return np.diff(np.searchsorted(places, ends), prepend=0)


def _line_of(places: IntArray, ends: IntArray) -> IntArray:
    return np.searchsorted(ends, places, side="right")


def _alike_without_returns(content: Bytes, begins: IntArray, ends: IntArray) -> BoolArray:
    """(n,) whether a line has no carriage return but before its line break, and no zero byte."""
    fine = np.ones(len(begins), np.bool_)
    returns = np.flatnonzero(content == _RETURN)
    if len(returns):
        after = content[np.minimum(returns + 1, len(content) - 1)]
        fine[_line_of(returns[after != _NEWLINE], ends)] = False
    if not content.min():
        fine[_line_of(np.flatnonzero(content == 0), ends)] = False
    return fine


def _is_text(data: bytes, content: Bytes, begins: IntArray, ends: IntArray) -> BoolArray:
    """(n,) whether a line is UTF-8."""
    fine = np.ones(len(begins), np.bool_)
    if content.max() < 0x80 or _is_utf8(data):
        return fine
    for line in np.unique(_line_of(np.flatnonzero(content >= 0x80), ends)):
        fine[line] = _is_utf8(data[begins[line] : ends[line]])
    return fine


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _quoted_as_a_whole(content: Bytes, quotes: IntArray, per_line: IntArray, separator: int) -> BoolArray:
    """(n,) whether the quotes of a line open where a cell begins and close where it ends, or are doubled."""
    opening, closing = _OPENING.copy(), _CLOSING.copy()
    opening[separator] = closing[separator] = True
    before, after = content[quotes - 1], content[np.minimum(quotes + 1, len(content) - 1)]
    if not quotes[0]:
        before[0] = _NEWLINE
    if quotes[-1] == len(content) - 1:
        after[-1] = _NEWLINE
    fine = np.ones(len(per_line), np.bool_)
    # Nearly always every line has an even number of them, and so they open and close in turns.
    if not (per_line % 2).any() and opening[before[::2]].all() and closing[after[1::2]].all():
        return fine
    line = np.repeat(np.arange(len(per_line)), per_line)
    opens = (np.arange(len(quotes)) - np.repeat(np.cumsum(per_line) - per_line, per_line)) % 2 == 0
    fine[line[~np.where(opens, opening[before], closing[after])]] = False
    return fine


def _separators_inside(quotes: IntArray, separators: IntArray, ends: IntArray) -> IntArray:
    """(n,) how many separators of a line stand between quotes."""
    before = np.searchsorted(quotes, separators)
    line = _line_of(separators, ends)
    of_line = before - np.searchsorted(quotes, np.concatenate([[0], ends[:-1]]))[line]
    return np.bincount(line[of_line % 2 == 1], minlength=len(ends))
