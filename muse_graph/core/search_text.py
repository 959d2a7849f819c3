"""Names as they are searched for: one fold and one way to cut words, for what is stored and for what is asked.

The full-text indexes hold `search_text` of each name and split it at blanks, no more; so what a name is found
by is decided here alone.

Small letters stand for all, and accents are left out, so that "rio" finds "Río", "елка" "Ёлка" and "αθηνα"
"ΑΘΉΝΑ". Marks that make another letter stay: the voiced kana, and the vowels of Indic and South-East Asian scripts.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import groupby

__all__ = ["folded_name", "search_query", "search_text"]

#: Letters that Unicode does not take apart, and what is typed for them; kashida only stretches a word.
_LETTERS = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "þ": "th", "ı": "i", "ـ": None}
    | dict.fromkeys("'’ʼ", None)
)
#: Scripts that are written without blanks: Thai to Burmese, Khmer, kana, Han.
_UNSPACED = re.compile("([\u0e00-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])")
#: What Lucene's query language could take for one of its signs.
_SIGN = re.compile(r"([!-/:-@\[-`{-~])")
#: Longest word that is stored, in characters; Lucene cuts words at 255 of its own.
_MAX_WORD = 100
#: How much more the whole name counts than its words: a name is among the first hits, however many have its words.
_WHOLE = 1000


def folded_name(name: str) -> str:
    """The whole name as one word that no other word is: small letters without accents, `_` for a blank."""
    return "_".join(_fold(name).split())[:_MAX_WORD] + "_"


def search_text(name: str) -> str:
    """What the full-text index holds of a name: its `folded_name` and its words."""
    return " ".join([folded_name(name), *(piece for chunk in _chunks(name) for piece in chunk)])


def search_query(text: str) -> str:
    """What the full-text index is asked for: the whole name, or every word, the last also as a beginning.

    Args:
        text: any text that is not blank
    """
    *others, last = _chunks(text)
    words = [_phrase(chunk) for chunk in others]
    *parts, end = last
    if _UNSPACED.fullmatch(end):
        words.append(_phrase(last))
    else:
        words += [_escaped(part) for part in parts] + [f"{_escaped(end)}*"]
    return f"{_escaped(folded_name(text))}^{_WHOLE} OR ({' AND '.join(words)})"


def _fold(text: str) -> str:
    """Small letters without accents; the text itself where nothing else would be left."""
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    kept = "".join(letter for letter in apart if not _is_left_out(letter))
    folded = unicodedata.normalize("NFC", kept.translate(_LETTERS))
    return folded if folded.strip() else text


def _is_left_out(letter: str) -> bool:
    """Whether this is an accent, a point of Hebrew or Arabic, or has no form of its own."""
    place = unicodedata.combining(letter)
    return place >= 200 or 10 <= place <= 36 or unicodedata.category(letter) == "Cf" or "\ufe00" <= letter <= "\ufe0f"


def _chunks(text: str) -> list[list[str]]:
    """The words between blanks, each in the pieces that signs or a script without blanks divide it into.

    Signs are words only where there is no letter and no digit.
    """
    folded = _fold(text)
    chunks = [pieces for chunk in folded.split() if (pieces := _pieces(chunk))]
    return chunks or [[chunk[:_MAX_WORD]] for chunk in folded.split()]


def _pieces(chunk: str) -> list[str]:
    runs = ("".join(run) for in_word, run in groupby(chunk, _is_in_word) if in_word)
    return [
        piece[:_MAX_WORD]
        for run in runs
        for piece in _UNSPACED.sub(r" \1 ", run).split()
        if any(letter.isalnum() for letter in run)
    ]


def _is_in_word(letter: str) -> bool:
    return unicodedata.category(letter)[0] in "LMN"


def _phrase(pieces: list[str]) -> str:
    return '"' + " ".join(map(_escaped, pieces)) + '"'


def _escaped(word: str) -> str:
    return _SIGN.sub(r"\\\1", word)
