"""What a listener asks for: how many tracks, of which kind, and what is to be weighed how."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from muse_graph.answers import Mode
from muse_graph.core.rerank.diversity import DiversityOptions
from muse_graph.core.scoring import ScoringOptions
from muse_graph.errors import InvalidRequest

__all__ = ["MAX_K", "DiversityOptions", "Mode", "RecommendationOptions", "ScoringOptions", "check_k"]

MAX_K = 1000

_FEW_BY_EACH = DiversityOptions(max_per_artist=3)


@dataclass(frozen=True)
class RecommendationOptions:
    """One request for tracks or genres.

    Attributes:
        k: 1..MAX_K, tracks at most
        mode: "discovery", genres that friends listen to and the 20 % rule offers; "for-you", all genres but
            those turned away; "under-the-radar", the same, only artists outside the most played 20 %
        new_only: only genres without a stream
        beyond_friends: in discovery, also unexplored genres that no friend plays
        focus: 0..1, how far a trained model bets on the likeliest genres: 0 mixes all, 1 is mostly one
        radar_share: 0..1, the least share of the list for artists under the radar, where there are any
        diversity: what else than the score decides
        scoring: how friends are weighed; given, friends rank the tracks even where a model is trained
        theta: the cap, as a share of the streams of the favourite genre
        max_friends: friends that are looked at

    Raises:
        InvalidRequest: Naming the value and the rule.
    """

    k: int = 20
    mode: Mode = "discovery"
    new_only: bool = False
    beyond_friends: bool = False
    focus: float = 0.125
    radar_share: float = 0.1
    diversity: DiversityOptions = _FEW_BY_EACH
    scoring: ScoringOptions | None = None
    theta: float = 0.2
    max_friends: int = 200

    def __post_init__(self) -> None:
        check_k(self.k)
        if self.mode not in get_args(Mode):
            _refuse("mode", f"must be one of {', '.join(get_args(Mode))}, got {self.mode!r}")
        for name in ("focus", "radar_share"):
            if not 0 <= getattr(self, name) <= 1:
                _refuse(name, f"must be a number in 0..1, got {getattr(self, name)!r}")


def check_k(k: int) -> None:
    """Raise InvalidRequest unless the cutoff is in range."""
    if not 1 <= k <= MAX_K:
        rule = f"must be 1..{MAX_K}, got {k}"
        raise InvalidRequest(f"cutoff k {rule}", (("k", rule),))


def _refuse(field: str, rule: str) -> None:
    raise InvalidRequest(f"{field} {rule}", ((field, rule),))
