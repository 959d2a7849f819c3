"""Listens."""

from __future__ import annotations

from typing import Annotated, Self, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator

from muse_graph.answers import Way
from muse_graph.api.schemas import times
from muse_graph.api.schemas.common import CountryCode, Id
from muse_graph.service.field_rules import FIELDS, ONE_SHARE

__all__ = ["Listen"]

_HEARD, _PLAYS, _SOURCE = FIELDS["heard"], FIELDS["plays"], FIELDS["source"]
Heard = Annotated[float, BeforeValidator(_HEARD.clean), WithJsonSchema(_HEARD.schema)]
Plays = Annotated[int, BeforeValidator(_PLAYS.clean), WithJsonSchema(_PLAYS.schema)]
Source = Annotated[str, BeforeValidator(_SOURCE.clean), WithJsonSchema(_SOURCE.schema)]


class Listen(BaseModel):
    """One play with its time, or an aggregate of several plays without."""

    model_config = ConfigDict(extra="forbid", strict=True)

    listen_id: Id | None = Field(
        None, description="identifies the listen; default: computed from user, track and time"
    )
    user_id: Id = Field(json_schema_extra={"example": "u1"})
    track_id: Id = Field(json_schema_extra={"example": "t1"})
    listened_at: times.Moment | None = Field(
        None, description="default: now if plays is 1, none if plays > 1"
    )
    heard: Heard | None = Field(None, description="share of the track heard; null if unknown")
    heard_at_least: Heard | None = Field(
        None, description="share of the track that was heard for certain, maybe more; not together with heard"
    )
    plays: Plays = Field(1, description="more than 1 for an aggregate")
    country: CountryCode | None = Field(None, description="where it was played; default: the user's country")
    source: Source | None = Field(
        None, description=f"what brought the listener to it: {', '.join(get_args(Way))}, or any other text"
    )

    @model_validator(mode="after")
    def _aggregates_have_no_time(self) -> Self:
        if self.plays > 1 and self.listened_at is not None:
            raise ValueError(
                f"listened_at must be left out of an aggregate (plays > 1), got plays {self.plays}"
            )
        return self

    @model_validator(mode="after")
    def _one_share(self) -> Self:
        if self.heard is not None and self.heard_at_least is not None:
            raise ValueError(f"{ONE_SHARE}, got {self.heard} and {self.heard_at_least}")
        return self
