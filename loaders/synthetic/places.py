"""Genres on their ring of kinship, and countries with their language, names and home genres."""

import unicodedata
from typing import NamedTuple

import numpy as np

# Neighbours are kin; the last joins the first. The number is the share of listening, in rough thousandths.
_RING = """
Ambient 9|Downtempo 8|Trip-Hop 9|IDM 5|Techno 18|Trance 10|House 24|Deep House 12|UK Garage 6|
Drum and Bass 11|Dubstep 9|Grime 6|Trap 26|Hip-Hop 72|R&B 42|Soul 24|Gospel 8|Funk 15|Disco 13|
Amapiano 8|Afrobeats 18|Highlife 5|Mbalax 3|Raï 5|Arabic Pop 10|Turkish Folk 5|Qawwali 4|
Bollywood 18|Dub 5|Reggae 16|Dancehall 9|Ska 5|Reggaeton 32|Bachata 11|Merengue 7|Salsa 15|
Son Cubano 4|Cumbia 14|Bolero 6|Tango 5|Samba 9|Bossa Nova 8|MPB 10|Fado 5|Flamenco 7|Chanson 8|
Schlager 7|Pop 95|K-Pop 26|J-Pop 20|Synth-Pop 18|Indie Pop 30|Dream Pop 12|Shoegaze 8|Indie Rock 38|
Post-Punk 11|Punk 20|Hardcore 7|Metal 28|Doom Metal 5|Black Metal 5|Progressive Rock 13|
Psychedelic Rock 11|Rock 70|Blues Rock 10|Blues 11|Country 22|Americana 10|Folk 18|
Singer-Songwriter 20|Jazz 22|Jazz Fusion 6|Swing 4|Classical 18|Opera 5|Film Score 8
"""


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return plain.lower().replace("&", "-and-").replace(" ", "-")


_ENTRIES = [entry.strip().rpartition(" ") for entry in _RING.split("|")]
GENRE_NAMES: tuple[str, ...] = tuple(name for name, _, _ in _ENTRIES)
GENRE_IDS: tuple[str, ...] = tuple(_slug(name) for name in GENRE_NAMES)
GENRE_WEIGHTS = np.array([float(share) for _, _, share in _ENTRIES])
_POSITION = {name: position for position, name in enumerate(GENRE_NAMES)}

_WITHOUT_WORDS = ("Ambient", "IDM", "Techno", "Trance", "Classical", "Film Score", "Jazz Fusion", "Swing")
INSTRUMENTAL = np.isin(GENRE_NAMES, _WITHOUT_WORDS)


class Country(NamedTuple):
    """A country of the synthetic world.

    Attributes:
        weight: share of users, any scale
        people: its list of personal names
        home: genres loved more here
    """

    code: str
    weight: float
    language: str
    people: str
    home: tuple[str, ...]


# fmt: off
COUNTRIES: tuple[Country, ...] = (
    Country("US", 18.0, "en", "english", ("Hip-Hop", "Country", "R&B", "Americana", "Gospel")),
    Country("GB", 8.0, "en", "english", ("Grime", "UK Garage", "Post-Punk", "Indie Rock", "Drum and Bass")),
    Country("BR", 8.0, "pt", "portuguese", ("Samba", "MPB", "Bossa Nova", "Funk", "Gospel")),
    Country("DE", 7.0, "de", "german", ("Techno", "Schlager", "Metal", "Classical", "House")),
    Country("FR", 6.0, "fr", "french", ("Chanson", "House", "Hip-Hop", "Synth-Pop", "Raï")),
    Country("MX", 6.0, "es", "spanish", ("Cumbia", "Bolero", "Reggaeton", "Rock", "Indie Pop")),
    Country("IN", 5.5, "hi", "indian", ("Bollywood", "Qawwali", "Hip-Hop", "Classical", "Pop")),
    Country("JP", 5.0, "ja", "japanese", ("J-Pop", "Jazz Fusion", "Shoegaze", "Rock", "Film Score")),
    Country("ES", 4.0, "es", "spanish", ("Flamenco", "Reggaeton", "Indie Pop", "Pop", "Techno")),
    Country("IT", 4.0, "it", "italian", ("Opera", "Pop", "Trap", "Disco", "Progressive Rock")),
    Country("KR", 3.2, "ko", "korean", ("K-Pop", "R&B", "Hip-Hop", "Indie Pop", "Film Score")),
    Country("AR", 3.0, "es", "spanish", ("Tango", "Cumbia", "Rock", "Trap", "Indie Rock")),
    Country("CO", 3.0, "es", "spanish", ("Cumbia", "Salsa", "Reggaeton", "Bachata", "Merengue")),
    Country("CA", 3.0, "en", "english", ("Indie Rock", "Folk", "Country", "Hip-Hop", "Singer-Songwriter")),
    Country("PL", 3.0, "pl", "polish", ("Metal", "Hip-Hop", "Techno", "Jazz", "Post-Punk")),
    Country("NL", 3.0, "nl", "dutch", ("Trance", "House", "Hardcore", "Techno", "Singer-Songwriter")),
    Country("TR", 3.0, "tr", "turkish", ("Turkish Folk", "Psychedelic Rock", "Pop", "Arabic Pop", "Trap")),
    Country("NG", 3.0, "en", "west_african", ("Afrobeats", "Highlife", "Gospel", "Hip-Hop", "Amapiano")),
    Country("SE", 2.5, "sv", "nordic", ("Synth-Pop", "Pop", "Metal", "Indie Pop", "House")),
    Country("AU", 2.5, "en", "english", ("Psychedelic Rock", "Indie Rock", "Punk", "Techno", "Country")),
    Country("ID", 2.2, "id", "indonesian", ("Pop", "Reggae", "Metal", "K-Pop", "Singer-Songwriter")),
    Country("PT", 2.0, "pt", "portuguese", ("Fado", "MPB", "Rock", "House", "Hip-Hop")),
    Country("EG", 2.0, "ar", "arabic", ("Arabic Pop", "Qawwali", "Trap", "Pop", "Film Score")),
    Country("ZA", 1.6, "en", "west_african", ("Amapiano", "Deep House", "Gospel", "Jazz", "House")),
    Country("UA", 1.5, "uk", "ukrainian", ("Folk", "Techno", "Rock", "Indie Pop", "Post-Punk")),
    Country("FI", 1.2, "fi", "finnish", ("Metal", "Doom Metal", "Tango", "Black Metal", "Schlager")),
    Country("NO", 1.1, "no", "nordic", ("Black Metal", "Ambient", "Jazz", "Folk", "Pop")),
    Country("GR", 1.0, "el", "greek", ("Folk", "Black Metal", "Pop", "Trip-Hop", "Rock")),
    Country("MA", 1.0, "ar", "arabic", ("Raï", "Arabic Pop", "Trap", "Hip-Hop", "Reggae")),
    Country("IL", 1.0, "he", "hebrew", ("Trance", "Indie Rock", "Arabic Pop", "Pop", "Techno")),
    Country("GH", 0.9, "en", "west_african", ("Highlife", "Afrobeats", "Dancehall", "Gospel", "Reggae")),
    Country("SN", 0.6, "fr", "west_african", ("Mbalax", "Hip-Hop", "Reggae", "Afrobeats", "Jazz")),
    Country("JM", 0.4, "en", "english", ("Reggae", "Dancehall", "Dub", "Ska", "Gospel")),
    Country("CU", 0.4, "es", "spanish", ("Son Cubano", "Salsa", "Bolero", "Reggaeton", "Jazz")),
)
# fmt: on
COUNTRY_CODES: tuple[str, ...] = tuple(country.code for country in COUNTRIES)
COUNTRY_WEIGHTS = np.array([country.weight for country in COUNTRIES])
HOME_GENRES = np.array([[_POSITION[name] for name in country.home] for country in COUNTRIES])
