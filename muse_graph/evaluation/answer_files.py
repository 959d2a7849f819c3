"""Answers of `muse-graph genres --all` and `recommend --all`: files of JSON lines."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from muse_graph.errors import DataError

__all__ = ["offered_genres", "tracks_listed"]


def offered_genres(files: Iterable[Path]) -> dict[str, list[str]]:
    """user_id -> ids of the genres offered, best first; those a later file adds come after.

    Raises:
        DataError: For a line that is no answer.
    """
    found: dict[str, list[str]] = {}
    for file in files:
        for user_id, ranked in _answers(file, "genres"):
            offered = [genre["genre_id"] for genre in ranked if genre["state"] == "offered"]
            before = found.setdefault(user_id, [])
            before += [genre_id for genre_id in offered if genre_id not in before]
    return found


def tracks_listed(file: Path) -> dict[str, list[str]]:
    """user_id -> ids of the tracks listed, best first. raises: DataError for a line that is no answer"""
    return {user_id: [item["track_id"] for item in ranked] for user_id, ranked in _answers(file, "items")}


def _answers(file: Path, field: str) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """User and entries by rank of each line."""
    with file.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                answer = json.loads(line)
                yield answer["user_id"], sorted(answer[field], key=lambda entry: entry["rank"])
            except (ValueError, KeyError, TypeError) as error:
                raise DataError(file.name, number, f"must be an answer with {field}: {error!r}") from None
