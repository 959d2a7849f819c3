"""Numbers and names as short texts for charts."""

from __future__ import annotations

import math
import unicodedata
from functools import lru_cache

__all__ = [
    "ELLIPSIS",
    "brief",
    "change",
    "count",
    "isolated",
    "lines",
    "percentage",
    "share",
    "times",
    "width",
]

ELLIPSIS = "…"
_MINUS = "−"
#: One that no line is broken at.
_SPACE = "\u00a0"
_LARGE = ((1e12, "tn"), (1e9, "bn"), (1e6, "m"))


def count(value: float) -> str:
    """A number of things: in full below a million, then with three digits and a unit."""
    for unit, name in _LARGE:
        # What would be rounded up to 1,000 of a unit is 1 of the next.
        if abs(value) >= unit * 0.9995:
            return f"{_signless(value / unit)} {name}"
    return _signless(value)


def brief(value: int) -> str:
    """A number of things in at most four letters or so: 20k."""
    return (
        count(value) if value < 10_000 else f"{_signless(value / 1000)}k" if value < 999_500 else count(value)
    )


def _signless(value: float) -> str:
    size = abs(value)
    digits = f"{size:.3g}" if 0 < size < 1 else f"{size:,.{2 if size < 9.995 else 1 if size < 99.95 else 0}f}"
    digits = digits.rstrip("0").rstrip(".") if "." in digits else digits
    return (_MINUS if value < 0 else "") + digits


def percentage(part: float) -> str:
    """A share of 0..1 as whole percent, on one line."""
    return f"{100 * part:.0f}{_SPACE}%"


def share(part: float) -> str:
    """A share of 0..1 with three digits; one that is not nothing is never written as nothing."""
    if 0 < part < 0.0005:
        return f"<0.1{_SPACE}%"
    return f"{100 * part:.1f}{_SPACE}%" if 0 < part < 0.0995 else percentage(part)


def change(part: float) -> str:
    """A change as a signed percentage: 0.12 is +12 %."""
    if not math.isfinite(part):
        return "new"
    rounded = round(100 * part)
    sign = "+" if rounded > 0 else _MINUS if rounded < 0 else "±"
    return f"{sign}{abs(rounded):,}{_SPACE}%" if abs(rounded) < 10_000 else f"{sign}{count(abs(part))}×"


def times(factor: float) -> str:
    """A factor: 2.4×."""
    digits = 2 if factor < 0.995 else 1 if factor < 9.95 else 0
    return f"{factor:.{digits}f}×" if 0 < factor < 999.5 else f"{count(factor)}×"


def isolated(words: str) -> str:
    """A name that is read in its own direction and leaves that of what follows as it is."""
    return f"\u2068{words}\u2069"


def width(words: str) -> float:
    """About how wide a text is, in widths of a usual letter."""
    return sum(_letter(letter) for letter in words)


@lru_cache(4096)
def _letter(letter: str) -> float:
    if unicodedata.combining(letter):
        return 0.0
    if unicodedata.east_asian_width(letter) in "WF":
        return 2.0
    return 1.35 if letter.isupper() or letter in "mw%@—" else 0.55 if letter in "iljtfr.,:;'|! " else 1.0


def lines(words: str, most_width: float, most_lines: int) -> list[str]:
    """A text in lines of about a width; what does not fit ends in an ellipsis."""
    found = [""]
    for word in " ".join(words.split()).split(" "):
        joined = f"{found[-1]} {word}".strip()
        if width(joined) <= most_width or not found[-1]:
            found[-1] = joined
        else:
            found.append(word)
    cut = [_cut(part, most_width) for part in found[:most_lines]]
    if len(found) > most_lines:
        cut[-1] = _cut(f"{cut[-1].removesuffix(ELLIPSIS)} {found[most_lines]}", most_width, always=True)
    return cut


def _cut(words: str, most_width: float, *, always: bool = False) -> str:
    if width(words) <= most_width and not always:
        return words
    room, kept = most_width - 1, 0
    for letter in words:
        room -= _letter(letter)
        if room < 0:
            break
        kept += 1
    return words[:kept].rstrip() + ELLIPSIS
