"""Names and sentences of the pages of artists."""

from __future__ import annotations

from datetime import date

from muse_graph.answers import Segment, SourceGroup
from muse_graph.api.web.charts.wording import count
from muse_graph.countries import UNKNOWN, country_name

__all__ = [
    "FEW",
    "SEGMENTS",
    "SOURCE_NAMES",
    "day_words",
    "period_words",
    "place",
    "plural",
]

#: In place of a number that too few listeners are behind.
FEW = "fewer than 10 listeners"
SOURCE_NAMES: dict[SourceGroup, str] = {
    "recommendation": "Recommendation",
    "feed": "A friend's feed",
    "search": "Search",
    "sent_track": "A track sent by a friend",
    "influencer": "An influencer's link",
    "import": "Import",
    "other": "Something else",
    "unknown": "Not known",
}
#: Each segment with its definition.
SEGMENTS: dict[Segment, tuple[str, str]] = {
    "super": ("Super", "on 8 days or more of the last 28"),
    "moderate": ("Moderate", "on 3 to 7 days of the last 28"),
    "light": ("Light", "on 1 or 2 days of the last 28"),
    "lapsed": ("Lapsed", "before, and not in the last 28 days"),
}
#: Countries that a sentence gives an article.
_WITH_ARTICLE = frozenset({"AE", "BS", "CD", "DO", "FO", "GB", "GM", "KM", "KY", "MV", "NL", "PH", "US"})


def day_words(day: date, *, year: bool = True) -> str:
    """A day, as in 3 March 2026."""
    return f"{day.day} {day:%B %Y}" if year else f"{day.day} {day:%B}"


def period_words(from_day: date | None, to_day: date | None) -> str:
    """A period, both ends in it; "all time" without any."""
    if from_day and to_day:
        if from_day == to_day:
            return day_words(from_day)
        return f"{day_words(from_day, year=from_day.year != to_day.year)} to {day_words(to_day)}"
    if from_day:
        return f"since {day_words(from_day)}"
    return f"until {day_words(to_day)}" if to_day else "all time"


def place(code: str) -> str:
    """A country in a sentence."""
    if code == UNKNOWN:
        return "countries not known"
    return f"the {country_name(code)}" if code in _WITH_ARTICLE else country_name(code)


def plural(n: float, one: str, more: str = "") -> str:
    """A number of things: 1 play, 2 plays."""
    return f"{count(n)} {one if n == 1 else more or one + 's'}"
