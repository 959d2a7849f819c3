"""Colours: a genre has one hue everywhere, and related genres have neighbouring hues.

A hue is a whole number of degrees on the OKLCH circle. Style sheets may set no colour in a page itself
(Content-Security-Policy), so elements carry a class such as ``hue-210`` that `steps` gives its meaning.
"""

from __future__ import annotations

import re
from functools import cache
from hashlib import blake2b

__all__ = ["hue", "hue_of_person", "seed_of", "steps"]

# Ids of genres in an order in which each is near its kin; the end meets the beginning. By ear, not by data.
_ORDER = [
    "metal",
    "heavy-metal",
    "thrash-metal",
    "death-metal",
    "black-metal",
    "doom-metal",
    "metalcore",
    "hardcore",
    "punk",
    "pop-punk",
    "ska",
    "post-punk",
    "grunge",
    "garage-rock",
    "hard-rock",
    "rock",
    "classic-rock",
    "progressive-rock",
    "psychedelic-rock",
    "post-rock",
    "shoegaze",
    "dream-pop",
    "indie-rock",
    "indie",
    "indie-pop",
    "alternative",
    "britpop",
    "singer-songwriter",
    "folk",
    "americana",
    "country",
    "bluegrass",
    "blues-rock",
    "blues",
    "rock-and-roll",
    "gospel",
    "soul",
    "r-and-b",
    "rnb",
    "funk",
    "disco",
    "jazz-fusion",
    "jazz",
    "swing",
    "bossa-nova",
    "mpb",
    "samba",
    "tango",
    "bolero",
    "fado",
    "flamenco",
    "son-cubano",
    "salsa",
    "merengue",
    "bachata",
    "cumbia",
    "latin",
    "reggaeton",
    "dancehall",
    "reggae",
    "dub",
    "highlife",
    "afrobeats",
    "amapiano",
    "mbalax",
    "world",
    "rai",
    "arabic-pop",
    "turkish-folk",
    "qawwali",
    "bollywood",
    "chanson",
    "schlager",
    "pop",
    "k-pop",
    "j-pop",
    "synth-pop",
    "new-wave",
    "electropop",
    "dance",
    "eurodance",
    "hip-hop",
    "rap",
    "trap",
    "grime",
    "uk-garage",
    "dubstep",
    "drum-and-bass",
    "house",
    "deep-house",
    "techno",
    "trance",
    "electronic",
    "electro",
    "idm",
    "trip-hop",
    "downtempo",
    "ambient",
    "drone",
    "film-score",
    "soundtrack",
    "classical",
    "opera",
    "choral",
    "experimental",
    "noise",
    "industrial",
    "gothic",
]
_PLACES = {genre: place * 360 // len(_ORDER) for place, genre in enumerate(_ORDER)}
_SHIFT = 5


@cache
def hue(genre_id: str) -> int:
    """0..359: the place of a genre; an unknown one is near the related genre in its id, or anywhere."""
    name = re.sub(r"[\W_]+", "-", genre_id.lower()).strip("-")
    if name in _PLACES:
        return _PLACES[name]
    drawn = seed_of("genre", genre_id)
    kin = [_PLACES[word] for word in reversed(name.split("-")) if word in _PLACES]
    return (kin[0] + drawn % (2 * _SHIFT + 1) - _SHIFT) % 360 if kin else drawn % 360


def hue_of_person(user_id: str) -> int:
    """0..359: the colour behind a user's initials."""
    return seed_of("person", user_id) % 360


def seed_of(kind: str, identifier: str) -> int:
    """A number below 2**64, the same for the same id in every process."""
    return int.from_bytes(blake2b(f"{kind}\n{identifier}".encode(), digest_size=8).digest(), "big")


@cache
def steps() -> str:
    """The style sheet of the classes ``hue-0``..``hue-359`` and ``at-0``..``at-100``."""
    hues = [f".hue-{degree}{{--hue:{degree}}}" for degree in range(360)]
    return "\n".join(hues + [f".at-{share}{{--at:{share}}}" for share in range(101)]) + "\n"
