"""One example of each answer about audiences, as those of `examples`."""

from __future__ import annotations

from muse_graph.answers import (
    AnalyticsFilters,
    ArtistSpread,
    AudienceOverlap,
    BridgeGenre,
    Cascade,
    CascadeListener,
    CascadeSizes,
    CountryCrossing,
    Generation,
    Interest,
    Interests,
    LanguageShare,
    Named,
    Reproduction,
    ShownCount,
)

__all__ = ["INTERESTS", "OVERLAP", "SPREAD"]

_FILTERS = AnalyticsFilters([], ["CO"], [], [], None, None)
INTERESTS = Interests(
    "a1",
    "Los Faroles",
    _FILTERS,
    left_out=[],
    suppressed=None,
    listeners=420,
    compared=420,
    base_listeners=18_300,
    base_compared=1_910,
    genres=[Interest("cumbia", "cumbia", [], 310, 0.738, 0.21, 3.48, 3.11, 3.87)],
    tracks=[Interest("t9", "Río Abajo", [Named("a5", "Los Mirasoles")], 60, 0.143, 0.02, 5.9, 4.6, 7.4)],
    artists=[Interest("a5", "Los Mirasoles", [], 90, 0.214, 0.05, 4.1, 3.3, 5.0)],
    bridges=[BridgeGenre("salsa", "salsa", 120, 1.9, 1.6, 2.3, 1.4, 1.2, 1.6)],
    languages=[LanguageShare("es", 0.71, 0.34), LanguageShare(None, 0.12, 0.15)],
)
OVERLAP = AudienceOverlap(
    "a1",
    "Los Faroles",
    "a5",
    "Los Mirasoles",
    suppressed=None,
    listeners=420,
    other_listeners=None,
    shared=90,
    jaccard=0.09,
    of_artist=0.21,
    of_other=0.14,
)
SPREAD = ArtistSpread(
    "a1",
    "Los Faroles",
    _FILTERS,
    left_out=[],
    suppressed=None,
    window=7,
    listeners=420,
    followed=410,
    cut=False,
    undated=ShownCount(None, suppressed=True),
    first_day=None,
    last_day=None,
    through_friends=ShownCount(90, suppressed=False),
    through_share=0.22,
    by_themselves=ShownCount(320, suppressed=False),
    cascades=[
        CascadeSizes(1, 1, 280, ShownCount(280, suppressed=False)),
        CascadeSizes(2, 2, 20, ShownCount(40, suppressed=False)),
    ],
    generations=[
        Generation(0, ShownCount(320, suppressed=False)),
        Generation(1, ShownCount(70, suppressed=False)),
    ],
    largest=Cascade(14, [CascadeListener(None, 0, "CO", None), CascadeListener(0, 1, None, None)]),
    reproduction=Reproduction(0.22, ShownCount(410, suppressed=False), 0.15, 0.12, 0.18, 0.005),
    crossings=[CountryCrossing("CO", "Colombia", "MX", "Mexico", 20)],
    within=ShownCount(60, suppressed=False),
    unknown_country=ShownCount(None, suppressed=True),
)
