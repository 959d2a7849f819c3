"""The figures at the head of a page: a number, its change, and how many are behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from muse_graph.answers import Analytics
from muse_graph.api.web.charts import sparkline
from muse_graph.api.web.charts.wording import count, percentage, share
from muse_graph.api.web.pages.artists.audience_charts import weeks
from muse_graph.api.web.pages.artists.words import FEW, plural

__all__ = ["Figure", "figures"]

_MANY_DAYS = 60


@dataclass(frozen=True)
class Figure:
    """A figure.

    Attributes:
        note: what is behind it
        change: against the period before, as it is written; empty where there is none to compare with
        spark: its course in small
    """

    label: str
    value: str
    note: str = ""
    change: str = ""
    spark: Markup | str = ""


def figures(found: Analytics) -> list[Figure]:
    """The figures of an audience."""
    per_listener = (found.plays or 0) / found.listeners if found.listeners else None
    curve = found.curve
    known = found.plays - found.unknown if found.plays else 0
    return [
        Figure("Listeners", _count(found.listeners), "different people"),
        Figure(
            "Plays",
            _count(found.plays),
            "" if per_listener is None else f"{count(per_listener)} per listener",
            spark=_spark(found),
        ),
        Figure(
            "Completion",
            "–" if curve.completion is None else share(curve.completion),
            "of plays reach the last tenth" if curve.completion is not None else "not known",
        ),
        Figure(
            "Coverage",
            "–" if curve.coverage is None else percentage(curve.coverage),
            f"{plural(known, 'play')} say how far they went",
        ),
    ]


def _count(value: float | None) -> str:
    return FEW.capitalize() if value is None else count(value)


def _spark(found: Analytics) -> Markup | str:
    """Plays by day, or by week where there are many days."""
    days = {date.fromisoformat(one.day): one.plays for one in found.days}
    if len(days) > _MANY_DAYS:
        return sparkline([value for _week, value in weeks(days)], "Plays by week")
    return sparkline([float(plays) for plays in days.values()], "Plays by day") if len(days) > 2 else ""
