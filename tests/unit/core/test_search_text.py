"""Names as they are searched for: what they are folded to, how they are cut, what the index is asked."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muse_graph.core.search_text import search_params, search_text

NAMES = st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=300).map(str.strip)


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        ("Sigur Rós", "sigur_ros_ sigur ros"),
        ("RÍO  Ñandú", "rio_nandu_ rio nandu"),
        ("Smørrebrød & Œuvre", "smorrebrod_&_oeuvre_ smorrebrod oeuvre"),
        ("STRASSE", "strasse_ strasse"),
        ("Straße", "strasse_ strasse"),
        ("Йогурт", "иогурт_ иогурт"),
        ("ΟΔΥΣΣΕΎΣ", "οδυσσευσ_ οδυσσευσ"),
        ("Οδυσσεύς", "οδυσσευσ_ οδυσσευσ"),
        ("إِيمَان", "ايمان_ ايمان"),
        ("חַיִּים", "חיים_ חיים"),
        ("हिन्दी", "हिन्दी_ हिन्दी"),
        ("カﾞクト ガクト", "ガクト_ガクト_ ガ ク ト ガ ク ト"),
        ("あずみ LIVE", "あずみ_live_ あ ず み live"),
        ("한글", "한글_ 한글"),
        ("Guns N' Roses", "guns_n_roses_ guns n roses"),
        ("AC/DC", "ac/dc_ ac dc"),
        ("Sigur_Rós", "sigur_ros_ sigur ros"),
        ("…And You", "...and_you_ and you"),
        ("C#", "c#_ c"),
        ("?!", "?!_ ?!"),
        ("☆ ★", "☆_★_ ☆ ★"),
        ("❤\ufe0f\u200d🔥", "❤🔥_ ❤🔥"),
        ("\u0301", "\u0301_ \u0301"),
        ("x" * 300, "x" * 100 + "_ " + "x" * 100),
    ],
)
def test_what_the_index_holds(name: str, stored: str) -> None:
    assert search_text(name) == stored


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("luna", r"luna\_^1000 OR (luna*)"),
        ("Noche de Luna", r'noche\_de\_luna\_^1000 OR ("noche" AND "de" AND luna*)'),
        ("AC/DC live", r'ac\/dc\_live\_^1000 OR ("ac dc" AND live*)'),
        ("live AC/D", r'live\_ac\/d\_^1000 OR ("live" AND ac AND d*)'),
        ("NOT x OR y", r'not\_x\_or\_y\_^1000 OR ("not" AND "x" AND "or" AND y*)'),
        ("!!! luna ...", r"\!\!\!\_luna\_...\_^1000 OR (luna*)".replace(".", r"\.")),
        ("&&", r"\&\&\_^1000 OR (\&\&*)"),
        ("星野 源", r'星野\_源\_^1000 OR ("星 野" AND "源")'),
    ],
)
def test_every_word_and_the_last_also_as_a_beginning(text: str, words: str) -> None:
    assert search_params(text)["words"] == words


@settings(deadline=None)
@given(NAMES.filter(bool))
def test_a_name_and_what_is_typed_for_it_are_folded_alike(name: str) -> None:
    params = search_params(name)
    assert params["text"] == name
    for typed in (name, f"  {name} ", unicodedata.normalize("NFD", name)):
        assert search_params(typed.strip())["whole"] == params["whole"]
        assert search_text(typed).startswith(params["whole"])
    whole, *words = search_text(name).split(" ")
    assert words
    assert all(0 < len(word.encode("utf-16-le")) // 2 <= 255 for word in (whole, *words))
