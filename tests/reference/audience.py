"""An artist's figures the slow way: the rows of the tables, filtered and counted in pandas."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest

from muse_graph.countries import country_name

__all__ = ["ReferenceAudience", "same_answer"]

_WAYS = ["recommendation", "feed", "search", "sent_track", "influencer", "import"]
_SEGMENTS = ["super", "moderate", "light", "lapsed"]
_GROUPS = ["unknown", *_WAYS, "other"]

#: One value, several that are all right, or None for all.
Filter = str | Sequence[str] | None


class ReferenceAudience:
    """Answers as `service.artists.analytics.analytics` does to who sees all, from tables as their loader gave
    them.

    tables : table -> rows of the canonical columns
    """

    def __init__(self, tables: dict[str, pd.DataFrame]) -> None:
        self._artists = tables["artists"].set_index("artist_id")["name"]
        self._tracks = tables["tracks"].set_index("track_id")
        self._by = {row.track_id: list(row.artist_ids) for row in tables["tracks"].itertuples()}
        self._homes = tables["users"].set_index("user_id")["country"]
        self._genres = tables["genres"].set_index("genre_id")["name"]
        self.listens = self._with_country(tables["listens"])
        self._medians: dict[str, dict[str, Any]] = {}
        said = tables["feedback"]
        self.saved = {(row.user_id, row.track_id) for row in said[said["action"] == "save"].itertuples()}

    def add(self, listens: list[dict[str, Any]]) -> None:
        """Listens that came later; the same columns."""
        self._medians.clear()
        more = self._with_country(pd.DataFrame(listens))
        self.listens = pd.concat([self.listens, more], ignore_index=True)

    def remove(self, user_id: str) -> None:
        """A user with all listens."""
        self._medians.clear()
        self.listens = self.listens[self.listens["user_id"] != user_id]
        self.saved = {pair for pair in self.saved if pair[0] != user_id}

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
        segment: Filter = None,
        beside: str | None = None,
    ) -> dict[str, Any]:
        """The figures as JSON-ready values."""
        names = {
            "tracks": _several(track_id),
            "countries": _several(country),
            "sources": _several(source),
            "segments": _several(segment),
        }
        everything = self.listens[self.listens["track_id"].isin(self.tracks_of(artist_id))].copy()
        everything["segment"] = everything["user_id"].map(_segments(everything))
        named = _named(everything, **names)
        rows = _within(named, from_day, to_day)
        days = {
            "from_day": None if from_day is None else str(from_day),
            "to_day": None if to_day is None else str(to_day),
        }
        return {
            "artist_id": artist_id,
            "name": self._artists[artist_id],
            "track_id": names["tracks"][0] if len(names["tracks"]) == 1 else None,
            "country": names["countries"][0] if len(names["countries"]) == 1 else None,
            **days,
            "filters": names | days,
            "exact": True,
            "unit": "day",
            "left_out": [],
            "suppressed": None,
            **_reached(rows),
            **_counts(rows),
            "countries": _countries(rows),
            "tracks": self._by_track(rows),
            "days": _by_time(rows, 1),
            "weeks": _by_time(rows, 7),
            "months": [],
            "years": [],
            "undated": int(rows[rows["listened_at"].isna()]["plays"].sum()),
            "sources": _sources(rows),
            "segments": _by_segment(rows),
            "curve": _curve(rows),
            "before": _before(everything, named, from_day, to_day),
            **_newcomers(everything, rows, from_day),
            "newcomers_unit": "day" if from_day else None,
            "savers_unit": "day",
            **self._saves(rows),
            "beside": self._beside(artist_id, everything, names, from_day, to_day, beside),
        }

    def _saves(self, rows: pd.DataFrame) -> dict[str, Any]:
        pairs = zip(rows["user_id"], rows["track_id"], strict=True)
        savers = len({pair[0] for pair in pairs if pair in self.saved})
        listeners = rows["user_id"].nunique()
        return {"savers": savers, "save_rate": savers / listeners if listeners else None}

    def _by_track(self, rows: pd.DataFrame) -> list[dict[str, Any]]:
        found = [
            {
                "track_id": str(track),
                "title": self._tracks["title"][track],
                **_counts(group),
                "share": int(group["plays"].sum()) / int(rows["plays"].sum()),
                "completion": _curve(group)["completion"],
                **self._saves(group),
            }
            for track, group in rows.groupby("track_id")
        ]
        return sorted(found, key=lambda one: (-one["plays"], one["track_id"]))

    def _beside(
        self,
        artist_id: str,
        everything: pd.DataFrame,
        names: dict[str, list[str]],
        from_day: date | None,
        to_day: date | None,
        beside: str | None,
    ) -> dict[str, Any] | None:
        if beside is None:
            return None
        if beside == "genre":
            if artist_id not in self._medians:
                self._medians[artist_id] = self._median(artist_id)
            return self._medians[artist_id]
        rows = _within(_named(everything, **names | {"tracks": [beside]}), from_day, to_day)
        title = self._tracks["title"][beside]
        return {"kind": "track", "id": beside, "name": title, "n_tracks": 1} | _ends(_curve(rows))

    def _median(self, artist_id: str) -> dict[str, Any]:
        """Of the genre that most plays of the artist are in, by the first genre of each track."""
        plays = self.listens.groupby("track_id")["plays"].sum()
        by_genre: dict[str, int] = {}
        for track in self.tracks_of(artist_id):
            first = self._tracks["genre_ids"][track][0]
            by_genre[first] = by_genre.get(first, 0) + int(plays.get(track, 0))
        genre = min(by_genre, key=lambda one: (-by_genre[one], one))
        tracks = [track for track, genres in self._tracks["genre_ids"].items() if genre in list(genres)]
        curves = [_curve(self.listens[self.listens["track_id"] == track]) for track in tracks]
        shares = pd.DataFrame([[point["share"] for point in c["points"]] for c in curves if c["points"]])
        medians = [None if pd.isna(m) else float(m) for m in shares.astype("float64").median()]
        points = [{"percent": 10 * n, "share": m} for n, m in enumerate(medians, 1)]
        found = {"points": points, "completion": medians[-1] if medians else None}
        return {"kind": "genre", "id": genre, "name": self._genres[genre], "n_tracks": len(shares)} | found

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


def _segments(rows: pd.DataFrame) -> dict[str, str]:
    """Of each listener, by the days of the last 28 on which they heard the artist."""
    days = rows["listened_at"].dt.date
    recent = (
        rows[rows["listened_at"].notna() & (days > (days.max() - timedelta(28)))] if days.any() else rows[:0]
    )
    found = dict.fromkeys(rows["user_id"], "lapsed")
    for user, some in recent.groupby("user_id"):
        n = some["listened_at"].dt.date.nunique()
        found[str(user)] = "super" if n >= 8 else "moderate" if n >= 3 else "light"
    return found


def _named(
    rows: pd.DataFrame, tracks: list[str], countries: list[str], sources: list[str], segments: list[str]
) -> pd.DataFrame:
    asked = {"track_id": tracks, "country": countries, "group": sources, "segment": segments}
    for column, values in asked.items():
        if values:
            rows = rows[rows[column].isin(values)]
    return rows


def _within(rows: pd.DataFrame, from_day: date | None, to_day: date | None) -> pd.DataFrame:
    if from_day is not None or to_day is not None:
        rows = rows[rows["listened_at"].notna()]
    if from_day is not None:
        rows = rows[rows["listened_at"].dt.date >= from_day]
    if to_day is not None:
        rows = rows[rows["listened_at"].dt.date <= to_day]
    return rows


def _reached(rows: pd.DataFrame) -> dict[str, Any]:
    known = rows[rows["heard"].notna()]
    n_known = int(known["plays"].sum())
    reach = []
    for step in range(1, 10):
        reached = int(known[known["heard"] >= step / 10]["plays"].sum())
        share = reached / n_known if n_known else None
        reach.append({"percent": 10 * step, "plays": reached, "share": share})
    reports = {
        "exact": _by_steps(known, "heard"),
        "at_least": _by_steps(rows[rows["heard"].isna()], "heard_at_least"),
    }
    return {"reach": reach, "unknown": int(rows["plays"].sum()) - n_known, "reports": reports}


def _before(
    everything: pd.DataFrame, named: pd.DataFrame, from_day: date | None, to_day: date | None
) -> dict[str, Any] | None:
    """The period before, of equal length; one that is open ends with the artist's last day."""
    end = to_day or everything["listened_at"].dt.date.max()
    if from_day is None or pd.isna(end) or end < from_day:
        return None
    length = end - from_day
    first, last = from_day - length - timedelta(1), from_day - timedelta(1)
    before, now = (_within(named, *days) for days in ((first, last), (from_day, to_day)))
    old, new = _counts(before), _counts(now)
    share, other = _curve(before)["completion"], _curve(now)["completion"]
    change = {
        f"{name}_change": new[name] / old[name] - 1 if old[name] else None for name in ("plays", "listeners")
    }
    completion_change = None if share is None or other is None else other - share
    return {
        "from_day": str(first),
        "to_day": str(last),
        **old,
        **change,
        "completion": share,
        "completion_change": completion_change,
    }


def _newcomers(everything: pd.DataFrame, rows: pd.DataFrame, from_day: date | None) -> dict[str, Any]:
    names = ("new_listeners", "returning_listeners")
    if from_day is None:
        return dict.fromkeys(names)
    first = everything.groupby("user_id")["listened_at"].min().dt.date
    new = sum(first[user] >= from_day for user in rows["user_id"].unique())
    return dict(zip(names, (new, rows["user_id"].nunique() - new), strict=True))


def _ends(curve: dict[str, Any]) -> dict[str, Any]:
    return {"points": curve["points"], "completion": curve["completion"]}


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
    """Equal to the last digit; curves, products of shares, to rounding, and their intervals hold them."""
    found, wanted = dict(found), dict(wanted)
    curve, other = found.pop("curve"), wanted.pop("curve")
    assert curve["coverage"] == pytest.approx(other["coverage"])
    _same_curve(curve, other)
    drop, most = curve["biggest_drop"], max(other["drops"].values(), default=0.0)
    assert (drop["share"] if drop else 0.0) == pytest.approx(most, abs=1e-9)
    # Of drops that differ by rounding only any may be named.
    assert drop is None or other["drops"][drop["percent"]] == pytest.approx(most, abs=1e-9)
    for one, other in zip(found["tracks"], wanted["tracks"], strict=True):
        assert one["completion"] == pytest.approx(other["completion"], abs=1e-12)
    found["tracks"], wanted["tracks"] = (
        [track | {"completion": None} for track in answer["tracks"]] for answer in (found, wanted)
    )
    beside, second = found.pop("beside"), wanted.pop("beside")
    assert (beside is None) == (second is None)
    if beside:
        assert {name: beside[name] for name in ("kind", "id", "name", "n_tracks")}.items() <= second.items()
        assert (beside["suppressed"] is None) == bool(second["points"])
        _same_curve(beside, second)
    before, earlier = found.pop("before"), wanted.pop("before")
    assert (before is None) == (earlier is None)
    for name in ("completion", "completion_change") if before else ():
        assert before.pop(name) == pytest.approx(earlier.pop(name), abs=1e-12)
    assert before == earlier
    assert {name: (value, wanted[name]) for name, value in found.items() if value != wanted[name]} == {}
    return found.keys() == wanted.keys()


def _same_curve(found: dict[str, Any], wanted: dict[str, Any]) -> None:
    for point in found["points"]:
        low, high = point["low"], point["high"]
        assert None in (point["share"], low, high) or low <= point["share"] + 1e-12 <= high + 2e-12
    points = [{name: point[name] for name in ("percent", "share")} for point in found["points"]]
    assert points == [pytest.approx(point) for point in wanted["points"]]
    assert found["completion"] == pytest.approx(wanted["completion"])


def _several(given: Filter) -> list[str]:
    return [given] if isinstance(given, str) else list(given or [])


def _countries(rows: pd.DataFrame) -> list[dict[str, Any]]:
    total = int(rows["plays"].sum())
    found = []
    for code, group in rows.groupby("country"):
        counts = _counts(group)
        ratios = {
            "share": counts["plays"] / total,
            "plays_per_listener": counts["plays"] / counts["listeners"],
        }
        found.append({"country": str(code), "name": country_name(str(code))} | counts | ratios)
    return sorted(found, key=lambda one: (-one["plays"], one["country"]))


def _by_time(rows: pd.DataFrame, days: int) -> list[dict[str, Any]]:
    """By day, or by week from Monday."""
    timed = rows[rows["listened_at"].notna()]
    on = timed["listened_at"].dt.date
    if days == 7:
        on = on.map(lambda day: day - timedelta(day.weekday()))
    return [{"day": str(day)} | _counts(group) for day, group in timed.groupby(on)]


def _by_segment(rows: pd.DataFrame) -> list[dict[str, Any]]:
    everybody = rows["user_id"].nunique()
    groups = {name: rows[rows["segment"] == name]["user_id"].nunique() for name in _SEGMENTS}
    return [{"segment": name, "listeners": n, "share": n / everybody} for name, n in groups.items() if n]


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
