"""An artist's figures the slow way: the rows of the tables, filtered and counted in pandas."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd
import pytest

from muse_graph.countries import country_name

__all__ = ["ReferenceAudience", "same_answer"]

_WAYS = ["recommendation", "feed", "search", "sent_track", "influencer", "import"]
_GROUPS = ["unknown", *_WAYS, "other"]

#: One value, several that are all right, or None for all.
Filter = str | Sequence[str] | None


class ReferenceAudience:
    """Answers as `service.artists.analytics.analytics` does, from tables as their loader gave them.

    tables : table -> rows of the canonical columns
    """

    def __init__(self, tables: dict[str, pd.DataFrame]) -> None:
        self._artists = tables["artists"].set_index("artist_id")["name"]
        self._by = {row.track_id: list(row.artist_ids) for row in tables["tracks"].itertuples()}
        self._homes = tables["users"].set_index("user_id")["country"]
        self.listens = self._with_country(tables["listens"])

    def add(self, listens: list[dict[str, Any]]) -> None:
        """Listens that came later; the same columns."""
        more = self._with_country(pd.DataFrame(listens))
        self.listens = pd.concat([self.listens, more], ignore_index=True)

    def remove(self, user_id: str) -> None:
        """A user with all listens."""
        self.listens = self.listens[self.listens["user_id"] != user_id]

    def tracks_of(self, artist_id: str) -> list[str]:
        return sorted(track for track, artists in self._by.items() if artist_id in artists)

    def answer(
        self,
        artist_id: str,
        track_id: Filter,
        country: Filter,
        from_day: date | None,
        to_day: date | None,
        source: Filter = None,
    ) -> dict[str, Any]:
        """The figures as JSON-ready values."""
        tracks, countries, sources = _several(track_id), _several(country), _several(source)
        rows = self._rows(artist_id, tracks, countries, from_day, to_day)
        if sources:
            rows = rows[rows["group"].isin(sources)]
        known = rows[rows["heard"].notna()]
        n_known = int(known["plays"].sum())
        reach = []
        for step in range(1, 10):
            reached = int(known[known["heard"] >= step / 10]["plays"].sum())
            share = reached / n_known if n_known else None
            reach.append({"percent": 10 * step, "plays": reached, "share": share})
        plays = int(rows["plays"].sum())
        return {
            "artist_id": artist_id,
            "name": self._artists[artist_id],
            "track_id": tracks[0] if len(tracks) == 1 else None,
            "country": countries[0] if len(countries) == 1 else None,
            "from_day": None if from_day is None else str(from_day),
            "to_day": None if to_day is None else str(to_day),
            "plays": plays,
            "unknown": plays - n_known,
            "listeners": rows["user_id"].nunique(),
            "reach": reach,
            "countries": _countries(rows),
            "filters": {
                "tracks": tracks,
                "countries": countries,
                "sources": sources,
                "segments": [],
                "from_day": None if from_day is None else str(from_day),
                "to_day": None if to_day is None else str(to_day),
            },
            "days": _days(rows),
            "undated": int(rows[rows["listened_at"].isna()]["plays"].sum()),
            "sources": _sources(rows),
            "reports": {
                "exact": _by_steps(known, "heard"),
                "at_least": _by_steps(rows[rows["heard"].isna()], "heard_at_least"),
            },
            "curve": _curve(rows),
        }

    def _rows(
        self,
        artist_id: str,
        tracks: list[str],
        countries: list[str],
        from_day: date | None,
        to_day: date | None,
    ) -> pd.DataFrame:
        rows = self.listens[self.listens["track_id"].isin(self.tracks_of(artist_id))]
        if tracks:
            rows = rows[rows["track_id"].isin(tracks)]
        if countries:
            rows = rows[rows["country"].isin(countries)]
        if from_day is not None or to_day is not None:
            rows = rows[rows["listened_at"].notna()]
        if from_day is not None:
            rows = rows[rows["listened_at"].dt.date >= from_day]
        if to_day is not None:
            rows = rows[rows["listened_at"].dt.date <= to_day]
        return rows

    def _with_country(self, listens: pd.DataFrame) -> pd.DataFrame:
        homes = listens["user_id"].map(self._homes)
        for column in ("heard_at_least", "source"):
            if column not in listens:
                listens = listens.assign(**{column: None})
        source = listens["source"].astype(object)
        listens = listens.assign(
            country=listens["country"].astype(object).fillna(homes).fillna("ZZ"),
            heard=listens["heard"].astype("float64"),
            heard_at_least=listens["heard_at_least"].astype("float64"),
            listened_at=pd.to_datetime(listens["listened_at"], utc=True).astype("datetime64[us, UTC]"),
            group=source.where(source.isin(_WAYS), "other").where(source.notna(), "unknown"),
        )
        columns = [
            "user_id",
            "track_id",
            "listened_at",
            "heard",
            "heard_at_least",
            "plays",
            "country",
            "group",
        ]
        return listens[columns]


def _curve(rows: pd.DataFrame) -> dict[str, Any]:
    """The curve play by play, without its interval: of those known to reach a step, who go on to the next."""
    exact, plays = rows[rows["heard"].notna()], int(rows["plays"].sum())
    coverage = int(exact["plays"].sum()) / plays if plays else None
    if coverage is None or coverage < 0.2:
        return {"coverage": coverage, "points": [], "drops": {}, "completion": None}
    certain = rows["heard"].fillna(rows["heard_at_least"]).fillna(0.0)
    share: float | None = 1.0
    points, drops = [], dict[int, float]()
    for step in range(1, 10):
        on = int(rows[certain >= step / 10]["plays"].sum())
        before = exact["heard"] >= (step - 1) / 10
        stopped = int(exact[before & (exact["heard"] < step / 10)]["plays"].sum())
        if share is not None and share > 0:
            left = share * (1 - stopped / (on + stopped)) if on + stopped else None
            drops[10 * step] = 0.0 if left is None else share - left
            share = left
        points.append({"percent": 10 * step, "share": share})
    return {"coverage": coverage, "points": points, "drops": drops, "completion": share}


def same_answer(found: dict[str, Any], wanted: dict[str, Any]) -> bool:
    """Equal to the last digit; the curve, a product of shares, to rounding, and its interval holds it."""
    curve, other = found.pop("curve"), wanted.pop("curve")
    for point in curve["points"]:
        low, high = point.pop("low"), point.pop("high")
        assert point["share"] is None or low <= point["share"] + 1e-12 <= high + 2e-12
    ends = ("coverage", "completion")
    assert [curve[end] for end in ends] == [pytest.approx(other[end]) for end in ends]
    drop, most = curve["biggest_drop"], max(other["drops"].values(), default=0.0)
    assert (drop["share"] if drop else 0.0) == pytest.approx(most, abs=1e-9)
    # Of drops that differ by rounding only any may be named.
    assert drop is None or other["drops"][drop["percent"]] == pytest.approx(most, abs=1e-9)
    assert curve["points"] == [pytest.approx(point) for point in other["points"]]
    return found == wanted


def _several(given: Filter) -> list[str]:
    return [given] if isinstance(given, str) else list(given or [])


def _countries(rows: pd.DataFrame) -> list[dict[str, Any]]:
    countries = [
        {"country": str(code), "name": country_name(str(code))} | _counts(group)
        for code, group in rows.groupby("country")
    ]
    return sorted(countries, key=lambda one: (-one["plays"], one["country"]))


def _days(rows: pd.DataFrame) -> list[dict[str, Any]]:
    timed = rows[rows["listened_at"].notna()]
    return [{"day": str(day)} | _counts(group) for day, group in timed.groupby(timed["listened_at"].dt.date)]


def _sources(rows: pd.DataFrame) -> list[dict[str, Any]]:
    groups = [(name, rows[rows["group"] == name]) for name in _GROUPS]
    return [{"source": name} | _counts(group) for name, group in groups if len(group)]


def _counts(rows: pd.DataFrame) -> dict[str, int]:
    return {"plays": int(rows["plays"].sum()), "listeners": rows["user_id"].nunique()}


def _by_steps(rows: pd.DataFrame, column: str) -> list[int]:
    """Plays by how many of the steps 10 %, 20 %, ... 90 % a share reached."""
    counts = [0] * 10
    for share, plays in zip(rows[column].fillna(0.0), rows["plays"], strict=True):
        counts[sum(share >= step / 10 for step in range(1, 10))] += int(plays)
    return counts
