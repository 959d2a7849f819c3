"""What requests may carry, and what goes into the OpenAPI document about answers and problems.

Names matter: a model called ...Body is a request's body, ...Query its parameters, ...Path the variable
parts of its path; the others are shown to readers of the document under their own names.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from muse_graph.api import times
from muse_graph.core.types import SimilarityKind, WeightKind
from muse_graph.countries import parse_country
from muse_graph.service.catalogue.search import MAX_TEXT
from muse_graph.service.pagination import MAX_LIMIT
from muse_graph.service.recommendations.options import Mode
from muse_graph.service.users import friendships
from muse_graph.service.users.feedback import Feedback
from muse_graph.service.validation import CONTROL, MAX_ID

Text = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_ID, pattern=rf"^[^{CONTROL}]+$"),
]
Id = Text
CountryCode = Annotated[
    str,
    AfterValidator(parse_country),
    Field(description="ISO 3166-1 alpha-2", json_schema_extra={"example": "CO"}),
]


class _Query(BaseModel):
    @classmethod
    def model_json_schema(cls, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The schema, worked out once: flask-openapi3 asks for it at each request."""
        return _schema(cls, args, tuple(kwargs.items()))


@cache
def _schema(
    query: type[_Query], args: tuple[Any, ...], kwargs: tuple[tuple[str, Any], ...]
) -> dict[str, Any]:
    return super(_Query, query).model_json_schema(*args, **dict(kwargs))


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class UserPath(BaseModel):
    """One user."""

    user_id: Id = Field(description="id of the user", json_schema_extra={"example": "u1"})


class FriendPath(UserPath):
    """A user and another user."""

    friend_id: Id = Field(description="id of the other user", json_schema_extra={"example": "u2"})


class FeedbackPath(UserPath):
    """A user and a track."""

    track_id: Id = Field(description="id of the track", json_schema_extra={"example": "t1"})


class TrackPath(BaseModel):
    """One track."""

    track_id: Id = Field(description="id of the track", json_schema_extra={"example": "t1"})


class ArtistPath(BaseModel):
    """One artist."""

    artist_id: Id = Field(description="id of the artist", json_schema_extra={"example": "a1"})


class GenrePath(BaseModel):
    """One genre."""

    genre_id: Id = Field(description="id of the genre", json_schema_extra={"example": "cumbia"})


class PageQuery(_Query):
    """Which part of a long list."""

    limit: int = Field(50, ge=1, le=MAX_LIMIT, description="most items on a page")
    cursor: str | None = Field(None, max_length=2_000, description="`next` of the page before")


class SearchQuery(PageQuery):
    """A text, and which part of what it finds."""

    q: str = Field("", max_length=MAX_TEXT, description="text to look for; empty lists all")


class LedgerQuery(_Query):
    """How wide the pool of genres is."""

    new_only: bool = Field(False, description="only genres never streamed")
    beyond_friends: bool = Field(False, description="also genres that no friend plays")


class RecommendationsQuery(LedgerQuery):
    """How many tracks, from which genres, and how friends are weighed."""

    k: int = Field(20, ge=1, le=1_000, description="how many tracks")
    mode: Mode = Field(
        "discovery",
        description="genres that friends listen to; `for-you`: all genres; `under-the-radar`: all genres, "
        "only artists outside the most played 20 %",
    )
    focus: float = Field(
        0.125, ge=0, le=1, description="how far the likeliest genres lead: 0 mixes all, 1 is mostly one"
    )
    radar_share: float = Field(
        0.1, ge=0, le=1, description="least share of the list for artists under the radar"
    )
    max_per_artist: int = Field(3, ge=1, le=1_000, description="most tracks by one artist")
    diversity: float = Field(0.0, ge=0, le=1, description="what being unlike the others counts; 0 is off")
    artist_weight: float = Field(1.0, ge=0, le=1e9, description="in diversity: the same artist")
    language_weight: float = Field(0.5, ge=0, le=1e9, description="in diversity: the same language")
    features_weight: float = Field(1.0, ge=0, le=1e9, description="in diversity: near spectral features")
    similarity: SimilarityKind | None = Field(
        None,
        description="how friends are compared (cosine); any of these four leaves the trained model aside",
    )
    shrinkage: float | None = Field(
        None, ge=0, le=1e9, description="items in common at which half a similarity counts (5)"
    )
    neighbours: int | None = Field(None, ge=1, le=10_000, description="most similar friends that count (50)")
    weights: WeightKind | None = Field(None, description="what a play is worth (heard)")


class AnalyticsQuery(_Query):
    """Filters; all of them hold at once."""

    track: Id | None = Field(None, description="only this track of the artist")
    country: CountryCode | None = Field(None, description="only plays in this country")
    from_day: date | None = Field(None, alias="from", description="first day, UTC")
    to_day: date | None = Field(None, alias="to", description="last day, UTC")


class InfluencersQuery(_Query):
    """Filters of a match for an artist."""

    country: CountryCode | None = Field(None, description="where the influencer is based")
    genre: Id | None = Field(None, description="id of a genre the influencer posts in")
    k: int = Field(20, ge=1, le=1_000, description="how many influencers")


class MatchQuery(InfluencersQuery):
    """A country and a genre."""

    country: CountryCode = Field(description="where the influencer is based")
    genre: Id = Field(
        description="id of a genre the influencer posts in", json_schema_extra={"example": "cumbia"}
    )


def _unset() -> Any:
    return None


class UserBody(_Body):
    """What to set; fields left out stay as they are."""

    name: Text = Field(default_factory=_unset, json_schema_extra={"example": "Ana"})
    country: CountryCode = Field(default_factory=_unset)
    private: bool = Field(
        default_factory=_unset,
        description="true: this user's listens count in friends' lists, and no reason there names this user",
    )


class FriendBody(_Body):
    """What the user does towards the other."""

    action: friendships.Action


class FeedbackBody(_Body):
    """What the user thinks of a track."""

    action: Feedback
    at: times.Moment | None = Field(None, description="when; now if left out")


class Listen(BaseModel):
    """One play with its time, or an aggregate of several plays without."""

    model_config = ConfigDict(extra="forbid", strict=True)

    listen_id: Id | None = Field(
        None, description="the same id again is the same listen; left out, it is made of user, track and time"
    )
    user_id: Id = Field(json_schema_extra={"example": "u1"})
    track_id: Id = Field(json_schema_extra={"example": "t1"})
    listened_at: times.Moment | None = Field(
        None, description="now if left out and plays is 1; none if plays > 1"
    )
    heard: float | None = Field(None, ge=0, le=1, description="share of the track heard; null if not known")
    plays: int = Field(1, ge=1, le=1_000_000_000, description="more than 1 for an aggregate")
    country: CountryCode | None = Field(None, description="where it was played; the user's own if left out")
    source: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=50)] | None = (
        Field(None, description="what sent it")
    )

    @model_validator(mode="after")
    def _aggregates_have_no_time(self) -> Self:
        if self.plays > 1 and self.listened_at is not None:
            raise ValueError(
                f"listened_at must be left out of an aggregate (plays > 1), got plays {self.plays}"
            )
        return self
