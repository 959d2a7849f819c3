"""Listens."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from muse_graph.api.schemas import times
from muse_graph.api.schemas.common import CountryCode, Id

__all__ = ["Listen"]


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
    heard: float | None = Field(None, ge=0, le=1, description="share of the track heard; null if unknown")
    plays: int = Field(1, ge=1, le=1_000_000_000, description="more than 1 for an aggregate")
    country: CountryCode | None = Field(None, description="where it was played; default: the user's country")
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
