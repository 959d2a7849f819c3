"""Genres of artists from what listeners tagged them, by a vocabulary of tags that are genres."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

__all__ = ["assign_genres", "read_vocabulary"]

_FEWEST_ARTISTS = 15
_MOST_GENRES = 3


def read_vocabulary() -> dict[str, str]:
    """Tag -> genre name; a tag that is not here ("seen live") is no genre."""
    with Path(__file__).with_name("genre_vocabulary.csv").open(encoding="utf-8", newline="") as file:
        return {row["tag"]: row["genre"] for row in csv.DictReader(file)}


def assign_genres(
    tags: Iterable[Sequence[object]],
    vocabulary: Mapping[str, str],
    *,
    fewest_artists: int = _FEWEST_ARTISTS,
) -> dict[object, list[str]]:
    """The one to three genres of every artist that has any, the primary one first.

    The primary genre is the one most users gave (by any of its tags); ties go to the genre used most overall,
    then to the name. Others follow if at least 2 users gave them, and at least half as many as the primary.

    Args:
        tags: rows that begin with (user_id, artist_id, tag in lower case), each once
        fewest_artists: a genre that is the primary one of fewer is dropped, its artists take their next
    """
    givers = _givers(tags, vocabulary)
    overall = Counter[str]()
    for given in givers.values():
        overall.update(given)
    ranked = {
        artist_id: sorted(given, key=lambda genre: (-given[genre], -overall[genre], genre))
        for artist_id, given in givers.items()
    }
    primaries = Counter(genres[0] for genres in ranked.values())
    chosen = {}
    for artist_id, genres in ranked.items():
        if kept := [genre for genre in genres if primaries[genre] >= fewest_artists]:
            chosen[artist_id] = _leading(kept, givers[artist_id])
    return chosen


def _givers(tags: Iterable[Sequence[object]], vocabulary: Mapping[str, str]) -> dict[object, dict[str, int]]:
    """artist_id -> genre -> number of users who gave it one of the genre's tags."""
    users: defaultdict[object, defaultdict[str, set[object]]] = defaultdict(lambda: defaultdict(set))
    for user_id, artist_id, tag, *_ in tags:
        if genre := vocabulary.get(str(tag)):
            users[artist_id][genre].add(user_id)
    return {
        artist_id: {genre: len(who) for genre, who in given.items()} for artist_id, given in users.items()
    }


def _leading(genres: Sequence[str], given: Mapping[str, int]) -> list[str]:
    enough = max(2, given[genres[0]] / 2)
    return [genres[0], *(genre for genre in genres[1:] if given[genre] >= enough)][:_MOST_GENRES]
