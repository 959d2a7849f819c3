"""What a query asks for, as options of the service."""

from __future__ import annotations

from muse_graph.api import schemas
from muse_graph.config import Settings
from muse_graph.service.recommendations.options import DiversityOptions, RecommendationOptions, ScoringOptions

__all__ = ["options_from"]


def options_from(query: schemas.LedgerQuery, settings: Settings) -> RecommendationOptions:
    """The options; values were checked already."""
    if not isinstance(query, schemas.RecommendationsQuery):
        return RecommendationOptions(
            new_only=query.new_only,
            beyond_friends=query.beyond_friends,
            theta=settings.theta,
            max_friends=settings.max_friends,
        )
    return RecommendationOptions(
        k=query.k,
        mode=query.mode,
        new_only=query.new_only,
        beyond_friends=query.beyond_friends,
        focus=query.focus,
        radar_share=query.radar_share,
        diversity=DiversityOptions(
            query.max_per_artist,
            query.diversity,
            query.artist_weight,
            query.language_weight,
            query.features_weight,
        ),
        scoring=_scoring(query),
        theta=settings.theta,
        max_friends=settings.max_friends,
    )


def _scoring(query: schemas.RecommendationsQuery) -> ScoringOptions | None:
    """How friends are weighed; None where the query does not say anything of it."""
    names = ("similarity", "shrinkage", "neighbours", "weights")
    said = {name: value for name in names if (value := getattr(query, name)) is not None}
    return ScoringOptions(**said) if said else None
