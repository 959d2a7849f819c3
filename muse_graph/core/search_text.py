"""Names as they are searched for: one fold and one way to cut words, for what is stored and what is asked.

The full-text indexes hold `search_text` of each name and split it at blanks, no more; so it is decided here
alone what a name is found by.

Small letters stand for all, and accents are left out, so that "rio" finds "Río", "еж" "Ёж" and "αθηνα"
"ΑΘΉΝΑ". Marks that make another letter stay: voiced kana, and vowels of Indic and South-East Asian scripts.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import groupby

__all__ = ["search_params", "search_text"]

#: Letters that Unicode does not take apart, and what is typed for them; kashida only stretches a word.
_LETTERS = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "þ": "th", "ı": "i", "ـ": None}
    | dict.fromkeys("'’ʼ", None)
)
#: Scripts that are written without blanks: Thai to Burmese, Khmer, kana, Han.
_UNSPACED = re.compile(
    "([\u0e00-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])"
)
#: What Lucene's query language could take for one of its signs.
_SIGN = re.compile(r"([!-/:-@\[-`{-~])")
#: Longest word that is stored, in characters; Lucene cuts words at 255 of its own.
_MAX_WORD = 100
#: As much of a text is asked for, in characters: Lucene takes 1,024 words. What is cut off is a beginning.
_MAX_ASKED = 200
#: How much more the whole name counts than its words: it is a hit, however many names have its words.
_WHOLE = 1000


def search_text(name: str) -> str:
    """What the full-text index holds of a name: the whole of it as one word, then its words."""
    return " ".join([_whole(name), *(piece for chunk in _chunks(_fold(name)) for piece in chunk)])


def search_params(text: str) -> dict[str, str]:
    """What the queries of hits take.

    Args:
        text: any text that is not blank

    Returns:
        words for the index: the whole text, or every word of it, the last also as a beginning; the text; and
        how a `search_text` begins whose name is the same but for case and accents
    """
    whole = _whole(text)
    *others, last = _chunks(_fold(text)[:_MAX_ASKED])
    words = " AND ".join([*map(_phrase, others), _beginning(last)])
    return {"words": f"{_escaped(whole)}^{_WHOLE} OR ({words})", "text": text, "whole": f"{whole} "}


def _whole(name: str) -> str:
    """One word that ends as no other does: blanks are `_`, which is in no word, and so is its end."""
    return "_".join(_fold(name).split())[:_MAX_WORD] + "_"


def _fold(text: str) -> str:
    """Small letters without accents, no blank at the ends; the text itself where nothing would be left."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    if not folded.isascii():
        kept = "".join(letter for letter in folded if not _is_left_out(letter))
        folded = unicodedata.normalize("NFC", kept)
    return folded.translate(_LETTERS).strip() or unicodedata.normalize("NFC", text)


def _is_left_out(letter: str) -> bool:
    """Whether this is an accent, a point of Hebrew or Arabic, or has no form of its own."""
    place = unicodedata.combining(letter)
    return (
        place >= 200
        or 10 <= place <= 36
        or unicodedata.category(letter) == "Cf"
        or "\ufe00" <= letter <= "\ufe0f"
    )


def _chunks(folded: str) -> list[list[str]]:
    """The words between blanks, each in the pieces that signs or a script without blanks divide it into.

    Signs are words only where there is no letter and no digit.
    """
    chunks = [pieces for chunk in folded.split() if (pieces := _pieces(chunk))]
    return chunks or [[chunk[:_MAX_WORD]] for chunk in folded.split()]


def _pieces(chunk: str) -> list[str]:
    runs = ("".join(run) for in_word, run in groupby(chunk, _is_in_word) if in_word)
    spaced = " ".join(_UNSPACED.sub(r" \1 ", run) for run in runs if any(map(str.isalnum, run)))
    return [piece[:_MAX_WORD] for piece in spaced.split()]


def _is_in_word(letter: str) -> bool:
    return unicodedata.category(letter)[0] in "LMN"


def _beginning(pieces: list[str]) -> str:
    *parts, end = pieces
    if _UNSPACED.fullmatch(end):
        return _phrase(pieces)
    return " AND ".join([*map(_escaped, parts), f"{_escaped(end)}*"])


def _phrase(pieces: list[str]) -> str:
    return '"' + " ".join(map(_escaped, pieces)) + '"'


def _escaped(word: str) -> str:
    return _SIGN.sub(r"\\\1", word)
