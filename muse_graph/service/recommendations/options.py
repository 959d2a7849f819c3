"""Options of a request: how many tracks, of which kind, and how they are weighed.

The models here are the one place with the names, meanings, ranges and defaults of the options. Query
parameters, their description and the options of commands follow from them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, ModelWrapValidatorHandler, ValidationError, model_validator

from muse_graph.answers import Mode
from muse_graph.core.parameters import DEFAULT_THETA, SimilarityKind, WeightKind
from muse_graph.errors import InvalidRequest

if TYPE_CHECKING:
    from muse_graph.config import Settings
    from muse_graph.core.rerank.diversity import DiversityOptions
    from muse_graph.core.scoring import ScoringOptions

__all__ = [
    "MAX_K",
    "FriendOptions",
    "LedgerOptions",
    "ListOptions",
    "Mode",
    "Options",
    "Otherwise",
    "PoolOptions",
    "RecommendationOptions",
    "check_k",
]

MAX_K = 1000

_MOST = 1_000_000_000


@dataclass(frozen=True)
class Otherwise:
    """The effective default of an option that is None when omitted."""

    value: object


class Options(BaseModel):
    """Options that refuse an invalid value with its field, rule and value.

    Attributes:
        refusal: what is raised
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    refusal: ClassVar[type[InvalidRequest]] = InvalidRequest

    @model_validator(mode="wrap")
    @classmethod
    def _refuse(cls, values: Any, handler: ModelWrapValidatorHandler[Any]) -> Any:
        try:
            return handler(values)
        except ValidationError as error:
            wrong = [(str(item["loc"][0]), item["input"]) for item in error.errors(include_url=False)]
            fields = tuple((name, f"{_rule(cls, name)}, got {_shown(value)}") for name, value in wrong)
            sentence = "; ".join(f"{_title(cls, name)} {rule}" for name, rule in fields[:3])
            raise cls.refusal(sentence, fields) from None


def _title(kind: type[BaseModel], name: str) -> str:
    field = kind.model_fields.get(name)
    return (field and field.title) or name


def _shown(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= 80 else f"{shown[:77]}..."


def _rule(kind: type[BaseModel], name: str) -> str:
    """What a value of that field must be, as the field's own schema has it."""
    properties = kind.model_json_schema()["properties"]
    if name not in properties:
        return f"is not an option; options are: {', '.join(properties)}"
    # A field that may be None has two kinds of values; the first is what to give.
    about = properties[name].get("anyOf", [properties[name]])[0]
    match about:
        case {"enum": choices}:
            return f"must be one of {', '.join(choices)}"
        case {"type": "boolean"}:
            return "must be true or false"
        case {"exclusiveMinimum": least, "maximum": most}:
            return f"must be a number above {least:g} and at most {most:g}"
        case {"type": "integer", "minimum": least, "maximum": most}:
            return f"must be {least}..{most}"
        case {"minimum": least, "maximum": most}:
            return f"must be a number in {least:g}..{most:.0f}"
    return f"must be at least {about['minimum']}"


class SelectionOptions(Options):
    """How many tracks, and from where."""

    k: int = Field(default=20, ge=1, le=MAX_K, title="cutoff k", description="how many tracks")
    mode: Mode = Field(
        default="discovery",
        description="genres that friends listen to; `for-you`: all genres; `under-the-radar`: all genres, "
        "only artists outside the most played 20 %",
    )


class PoolOptions(Options):
    """How wide the pool of genres is."""

    new_only: bool = Field(default=False, description="only genres never streamed")
    beyond_friends: bool = Field(default=False, description="also genres that no friend plays")


class RerankingOptions(Options):
    """What decides besides the score."""

    focus: float = Field(
        default=0.125,
        ge=0,
        le=1,
        description="how much the likeliest genres dominate: 0 mixes all, 1 is mostly one",
    )
    radar_share: float = Field(
        default=0.1,
        ge=0,
        le=1,
        description="least share of the list for artists under the radar, in whole tracks",
    )
    max_per_artist: int = Field(default=3, ge=1, le=MAX_K, description="most tracks by one artist")
    diversity: float = Field(
        default=0.0,
        ge=0,
        le=1,
        description="how much it counts to differ from the tracks above, 0 to 1; 0 is off",
    )
    artist_weight: float = Field(
        default=1.0, ge=0, le=_MOST, description="weight of the same artist in diversity"
    )
    language_weight: float = Field(
        default=0.5, ge=0, le=_MOST, description="weight of the same language in diversity"
    )
    features_weight: float = Field(
        default=1.0, ge=0, le=_MOST, description="weight of similar spectral features in diversity"
    )

    @cached_property
    def reranking(self) -> DiversityOptions:
        """The options of reranking."""
        from muse_graph.core.rerank.diversity import DiversityOptions

        return DiversityOptions(
            self.max_per_artist,
            self.diversity,
            self.artist_weight,
            self.language_weight,
            self.features_weight,
        )


class FriendOptions(Options):
    """How friends are weighed. If any option is given, friends rank the tracks, not the trained model."""

    similarity: Annotated[SimilarityKind | None, Otherwise("cosine")] = Field(
        default=None,
        description="how friends are compared (cosine); any of these four turns the trained model off",
    )
    shrinkage: Annotated[float | None, Otherwise(5)] = Field(
        default=None, ge=0, le=_MOST, description="items in common at which half a similarity counts (5)"
    )
    neighbours: Annotated[int | None, Otherwise(50)] = Field(
        default=None, ge=1, le=10_000, description="most similar friends that count (50)"
    )
    weights: Annotated[WeightKind | None, Otherwise("heard")] = Field(
        default=None, description="how a play counts (heard)"
    )

    @cached_property
    def scoring(self) -> ScoringOptions | None:
        """How friends are weighed; None if no option is given."""
        names = ("similarity", "shrinkage", "neighbours", "weights")
        said = {name: value for name in names if (value := getattr(self, name)) is not None}
        if not said:
            return None
        from muse_graph.core.scoring import ScoringOptions

        return ScoringOptions(**said)


# Options are in the order of their groups, the last one first.
class LedgerOptions(FriendOptions, PoolOptions):
    """The options of a ledger of genres."""


class ListOptions(FriendOptions, RerankingOptions, PoolOptions, SelectionOptions):
    """The options of a list of tracks."""


class RecommendationOptions(ListOptions):
    """One request for tracks or genres, under the settings of the service.

    Raises:
        InvalidRequest: Naming the value and the rule.
    """

    theta: float = Field(
        default=DEFAULT_THETA, gt=0, le=1, description="the cap, as a share of the favourite genre"
    )
    is_lifted: bool = Field(default=False, description="no genre rests")
    max_friends: int = Field(default=200, ge=1, description="most friends that are read")

    @classmethod
    def under(cls, settings: Settings, asked: PoolOptions) -> RecommendationOptions:
        """Options of a request, completed by the settings."""
        return cls(**asked.model_dump(), theta=settings.theta, max_friends=settings.max_friends)


def check_k(k: int) -> None:
    """Raise InvalidRequest unless the cutoff is in range."""
    if not 1 <= k <= MAX_K:
        rule = f"must be 1..{MAX_K}, got {k}"
        raise InvalidRequest(f"cutoff k {rule}", (("k", rule),))
