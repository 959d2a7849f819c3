"""A graph small enough to work by hand: 6 users, 8 artists, 8 tracks, 5 genres, 3 countries, 3 influencers.

    Cleo CO ──── Ben PT ──── Ana CO ──── Eva PT ──── Fay JP        Dov JP
    cumbia       jazz        pop         fado        no listens    no friends

    track  title               artists               genres          Ana     Ben     Cleo    Dov     Eva
    t1     Luna Llena          a1 Las Estrellas CO   pop             30 .9   1 .3            2 .45
    t2     Stone Heart         a2 Granite            pop, rock       20 1.0
    t3     Road Song           a3 The Motor Men      rock                            2 .2
    t4     Blue Hour           a4 Kyoto Trio JP      jazz             4 .5   6 .8
    t5     Río Abajo           a5 Los Mirasoles CO   cumbia                  3 1.0   10 .7
    t6     Saudade             a6 Amália Reis PT     fado                                            9 .9
    t7     Night Tram          a7 Lisboa Quartet PT  jazz, fado                              5 .95   1 .25
    t8     Luna de Barrio      a1, a8 Dúo Sol        cumbia, pop                     1 .6

A cell is "plays, mean share heard". Ana's t2 are two listens: 12 plays of 1.0 and 8 plays of .55 or more,
which count as plays and not in the mean. Ana's t1 are 10 plays of .7 and 20 plays of 1.0: (7 + 20) / 30 = .9.
Dov's t1 has no time. Ben heard t5 in CO; every other listen is from home. Dov likes cumbia, which counts as
one stream of it. Eva has discarded t3 and so turned rock away; Ben has saved t5. Fay keeps listens private.
Ana, Ben and Eva follow @luz, Ben and Fay follow @rui; nobody is known to follow @aya.

The 20 % rule, theta = 1/5. A genre is in the pool when friends play it and f < cap, or nothing was played.

    user  f                                 M   cap   friends play                    pool
    u1    pop 50, rock 20, jazz 4           50  10    cumbia, fado, jazz, pop         cumbia, fado, jazz
    u2    jazz 6, cumbia 3, pop 1           6   1.2   cumbia, jazz, pop, rock         pop, rock
    u3    cumbia 11, rock 2, pop 1          11  2.2   cumbia, jazz, pop               jazz, pop
    u4    fado 5, jazz 5, pop 2, cumbia 1   5   1     -                               -
    u5    fado 10, jazz 1                   10  2     jazz, pop, rock                 jazz, pop, rock
    u6    -                                 0   0     fado, jazz                      fado, jazz

Nothing rests, for no genre of a pool is at its cap; u5 is offered jazz and pop only. Of 8 artists the most
played fifth is 1.6, rounded down one: a1 with 34 plays. The others are under the radar, at most 20 plays.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

__all__ = [
    "ARTIST_PLAYS",
    "FRIENDS",
    "HEARD",
    "POOL",
    "PRIVATE_USERS",
    "RADAR_PLAYS",
    "STREAMS",
    "TABLES",
    "TRACK_LISTENERS",
    "TRACK_PLAYS",
]

Row = dict[str, Any]


def _rows(columns: str, *values: tuple[object, ...]) -> list[Row]:
    return [dict(zip(columns.split(), row, strict=True)) for row in values]


def _on(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 12, tzinfo=UTC)


#: The canonical tables, in load order, without `line`.
_BLUE_HOUR = "0a5bd2dc-4a4a-4c1e-9d0c-3f0a5f8f0c04"

TABLES: dict[str, list[Row]] = {
    "genres": _rows(
        "genre_id name",
        ("pop", "Pop"),
        ("rock", "Rock"),
        ("jazz", "Jazz"),
        ("cumbia", "Cumbia"),
        ("fado", "Fado"),
    ),
    "artists": _rows(
        "artist_id name country",
        ("a1", "Las Estrellas", "CO"),
        ("a2", "Granite", None),
        ("a3", "The Motor Men", None),
        ("a4", "Kyoto Trio", "JP"),
        ("a5", "Los Mirasoles", "CO"),
        ("a6", "Amália Reis", "PT"),
        ("a7", "Lisboa Quartet", "PT"),
        ("a8", "Dúo Sol", None),
    ),
    "tracks": _rows(
        "track_id title artist_ids genre_ids duration_s language mbid isrc features",
        ("t1", "Luna Llena", ["a1"], ["pop"], 200.0, "es", None, None, [0.5, -1.0, 2.0]),
        ("t2", "Stone Heart", ["a2"], ["pop", "rock"], 240.0, "en", None, "USAAA2600002", [0.5, 1.0, 2.0]),
        ("t3", "Road Song", ["a3"], ["rock"], 180.0, "en", None, None, [-0.25, 1.0, 1e-05]),
        ("t4", "Blue Hour", ["a4"], ["jazz"], 300.0, None, _BLUE_HOUR, None, None),
        ("t5", "Río Abajo", ["a5"], ["cumbia"], 210.0, "es", None, None, None),
        ("t6", "Saudade", ["a6"], ["fado"], 220.0, "pt", None, None, [1.0, 0.0, -3.5]),
        ("t7", "Night Tram", ["a7"], ["jazz", "fado"], None, None, None, None, None),
        ("t8", "Luna de Barrio", ["a1", "a8"], ["cumbia", "pop"], 190.0, "es", None, None, None),
    ),
    "users": _rows(
        "user_id name country listens_visible_to",
        ("u1", "Ana", "CO", None),
        ("u2", "Ben", "PT", None),
        ("u3", "Cleo", "CO", None),
        ("u4", "Dov", "JP", None),
        ("u5", "Eva", "PT", None),
        ("u6", "Fay", "JP", "nobody"),
    ),
    "friendships": _rows(
        "user_id friend_id since",
        ("u1", "u2", _on(1, 1)),
        ("u1", "u5", _on(2, 1)),
        ("u2", "u3", None),
        ("u5", "u6", _on(3, 1)),
    ),
    "likes": _rows("user_id genre_id", ("u4", "cumbia")),
    "tags": _rows(
        "user_id artist_id tag",
        ("u2", "a4", "late night"),
        ("u2", "a5", "tropical"),
        ("u3", "a5", "tropical"),
    ),
    "listens": _rows(
        "listen_id user_id track_id listened_at heard heard_at_least plays country source",
        ("l01", "u1", "t1", _on(9, 1), 0.7, None, 10, "CO", "app"),
        ("l02", "u1", "t1", _on(9, 15), 1.0, None, 20, "CO", "app"),
        ("l03", "u1", "t2", _on(9, 2), 1.0, None, 12, "CO", "app"),
        ("l04", "u1", "t2", _on(9, 3), None, 0.55, 8, "CO", "radio"),
        ("l05", "u1", "t4", _on(9, 4), 0.5, None, 4, "CO", "app"),
        ("l06", "u2", "t1", _on(9, 5), 0.3, None, 1, "PT", "app"),
        ("l07", "u2", "t4", _on(9, 6), 0.8, None, 6, "PT", "app"),
        ("l08", "u2", "t5", _on(10, 7), 1.0, None, 3, "CO", "app"),
        ("l09", "u3", "t3", _on(9, 8), 0.2, None, 2, "CO", "app"),
        ("l10", "u3", "t5", _on(10, 9), 0.7, None, 10, "CO", "app"),
        ("l11", "u3", "t8", _on(10, 10), 0.6, None, 1, "CO", "app"),
        ("l12", "u4", "t1", None, 0.45, None, 2, "JP", None),
        ("l13", "u4", "t7", _on(9, 11), 0.95, None, 5, "JP", "app"),
        ("l14", "u5", "t6", _on(10, 12), 0.9, None, 9, "PT", "app"),
        ("l15", "u5", "t7", _on(10, 13), 0.25, None, 1, None, "app"),
    ),
    "feedback": _rows(
        "user_id track_id action at",
        ("u2", "t5", "save", _on(10, 14)),
        ("u5", "t3", "discard", _on(10, 15)),
    ),
    "influencers": _rows(
        "influencer_id handle country genre_ids avg_likes followers audience",
        ("i1", "@luz", "CO", ["cumbia", "pop"], 1200.0, 50_000, ["CO:0.8", "PT:0.1"]),
        ("i2", "@rui", "PT", ["fado", "jazz"], 900.0, None, ["PT"]),
        ("i3", "@aya", "JP", ["jazz", "cumbia"], 1500.0, 20_000, ["JP:0.6", "CO:0.3"]),
    ),
    "follows": _rows(
        "user_id influencer_id since",
        ("u1", "i1", _on(4, 1)),
        ("u2", "i1", None),
        ("u5", "i1", _on(5, 1)),
        ("u2", "i2", _on(6, 1)),
        ("u6", "i2", None),
    ),
}

#: Who keeps listens private.
PRIVATE_USERS = frozenset({"u6"})

FRIENDS = {
    "u1": ["u2", "u5"],
    "u2": ["u1", "u3"],
    "u3": ["u2"],
    "u4": [],
    "u5": ["u1", "u6"],
    "u6": ["u5"],
}

#: (user, track) -> (plays, mean share heard)
HEARD = {
    ("u1", "t1"): (30, 0.9),
    ("u1", "t2"): (20, 1.0),
    ("u1", "t4"): (4, 0.5),
    ("u2", "t1"): (1, 0.3),
    ("u2", "t4"): (6, 0.8),
    ("u2", "t5"): (3, 1.0),
    ("u3", "t3"): (2, 0.2),
    ("u3", "t5"): (10, 0.7),
    ("u3", "t8"): (1, 0.6),
    ("u4", "t1"): (2, 0.45),
    ("u4", "t7"): (5, 0.95),
    ("u5", "t6"): (9, 0.9),
    ("u5", "t7"): (1, 0.25),
}

#: user -> genre -> streams, likes included: the frequency vector f
STREAMS = {
    "u1": {"pop": 50, "rock": 20, "jazz": 4},
    "u2": {"jazz": 6, "cumbia": 3, "pop": 1},
    "u3": {"cumbia": 11, "rock": 2, "pop": 1},
    "u4": {"fado": 5, "jazz": 5, "pop": 2, "cumbia": 1},
    "u5": {"fado": 10, "jazz": 1},
    "u6": {},
}

#: user -> discovery genres with theta = 0.2
POOL = {
    "u1": {"cumbia", "fado", "jazz"},
    "u2": {"pop", "rock"},
    "u3": {"jazz", "pop"},
    "u4": set(),
    "u5": {"jazz", "pop", "rock"},
    "u6": {"fado", "jazz"},
}

TRACK_PLAYS = {"t1": 33, "t2": 20, "t3": 2, "t4": 10, "t5": 13, "t6": 9, "t7": 6, "t8": 1}
TRACK_LISTENERS = {"t1": 3, "t2": 1, "t3": 1, "t4": 2, "t5": 2, "t6": 1, "t7": 2, "t8": 1}
ARTIST_PLAYS = {"a1": 34, "a2": 20, "a3": 2, "a4": 10, "a5": 13, "a6": 9, "a7": 6, "a8": 1}
RADAR_PLAYS = 20
