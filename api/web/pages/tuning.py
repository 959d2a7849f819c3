"""How the list is tuned, in steps that a listener understands, as options of a recommendation."""

from __future__ import annotations

from typing import NamedTuple

from muse_graph.answers import Mode
from muse_graph.api.web.pages.requests import Choice
from muse_graph.config import Settings
from muse_graph.service.recommendations.options import ListOptions, RecommendationOptions

__all__ = ["MODES", "RADAR_SHARES", "STEPS", "options_of", "summary"]

#: A page of eight songs is a first look: as many artists.
_CARDS = 8


class Step(NamedTuple):
    """A step between familiar and adventurous.

    Attributes:
        focus: how much the likeliest genres dominate
        cap: what the cap of the service is multiplied by
    """

    name: str
    focus: float
    cap: float


#: Focus decides how much of the list goes to the likeliest genres, theta how soon a genre that has been
#: explored rests. Both pull the same way: who wants it familiar hears mostly what suits best (focus near 1)
#: and stays with a genre for longer (a higher cap); who wants adventure hears all genres alike (focus 0),
#: each for a short time. The middle is what the service does unasked.
STEPS = {
    1: Step("familiar", 0.5, 2.0),
    2: Step("rather familiar", 0.25, 1.5),
    3: Step("balanced", ListOptions().focus, 1.0),
    4: Step("rather adventurous", 0.05, 0.75),
    5: Step("adventurous", 0.0, 0.5),
}
MODES: dict[Mode, str] = {
    "discovery": "Genres that friends play",
    "for-you": "All genres",
    "under-the-radar": "Under the radar only",
}
RADAR_SHARES = (0, 10, 25, 50, 75, 100)


def options_of(choice: Choice, settings: Settings, *, cards: int = _CARDS) -> RecommendationOptions:
    """The options of a list, or of the ledger beside it."""
    step = STEPS[choice.adventure]
    asked = ListOptions(
        k=cards,
        mode=choice.mode,
        new_only=choice.new_only,
        beyond_friends=choice.beyond_friends,
        radar_share=choice.radar / 100,
        max_per_artist=1,
        focus=step.focus,
    )
    options = RecommendationOptions.under(settings, asked)
    return options.model_copy(update={"theta": min(1.0, round(step.cap * options.theta, 6))})


def summary(choice: Choice) -> str:
    """The tuning in a few words."""
    words = [MODES[choice.mode].lower(), STEPS[choice.adventure].name]
    words += ["new only"] if choice.new_only else []
    words += ["beyond friends"] if choice.beyond_friends else []
    words += [f"{choice.radar} % under the radar"] if choice.mode != "under-the-radar" else []
    return ", ".join(words)
