"""An artist's figures the slow way: the rows of the tables, filtered and counted in pandas."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from muse_graph.countries import country_name

__all__ = ["ReferenceAudience"]


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

    def tracks_of(self, artist_id: str) -> list[str]:
        return sorted(track for track, artists in self._by.items() if artist_id in artists)

    def answer(
        self,
        artist_id: str,
        track_id: str | None,
        country: str | None,
        from_day: date | None,
        to_day: date | None,
    ) -> dict[str, Any]:
        """The figures as JSON-ready values."""
        rows = self._rows(artist_id, track_id, country, from_day, to_day)
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
            "track_id": track_id,
            "country": country,
            "from_day": None if from_day is None else str(from_day),
            "to_day": None if to_day is None else str(to_day),
            "plays": plays,
            "unknown": plays - n_known,
            "listeners": rows["user_id"].nunique(),
            "reach": reach,
            "countries": _countries(rows),
        }

    def _rows(
        self,
        artist_id: str,
        track_id: str | None,
        country: str | None,
        from_day: date | None,
        to_day: date | None,
    ) -> pd.DataFrame:
        rows = self.listens[self.listens["track_id"].isin(self.tracks_of(artist_id))]
        if track_id is not None:
            rows = rows[rows["track_id"] == track_id]
        if country is not None:
            rows = rows[rows["country"] == country]
        if from_day is not None or to_day is not None:
            rows = rows[rows["listened_at"].notna()]
        if from_day is not None:
            rows = rows[rows["listened_at"].dt.date >= from_day]
        if to_day is not None:
            rows = rows[rows["listened_at"].dt.date <= to_day]
        return rows

    def _with_country(self, listens: pd.DataFrame) -> pd.DataFrame:
        homes = listens["user_id"].map(self._homes)
        listens = listens.assign(
            country=listens["country"].astype(object).fillna(homes).fillna("ZZ"),
            heard=listens["heard"].astype("float64"),
            listened_at=pd.to_datetime(listens["listened_at"], utc=True).astype("datetime64[us, UTC]"),
        )
        return listens[["user_id", "track_id", "listened_at", "heard", "plays", "country"]]


def _countries(rows: pd.DataFrame) -> list[dict[str, Any]]:
    countries = [
        {
            "country": str(code),
            "name": country_name(str(code)),
            "plays": int(group["plays"].sum()),
            "listeners": group["user_id"].nunique(),
        }
        for code, group in rows.groupby("country")
    ]
    return sorted(countries, key=lambda one: (-one["plays"], one["country"]))
