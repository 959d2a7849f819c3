"""Users, and their feedback on tracks."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field

from muse_graph.api.schemas import times
from muse_graph.api.schemas.common import Body, CountryCode, Id, Name
from muse_graph.service.field_rules import FIELDS, Feedback

__all__ = ["FeedbackBody", "FeedbackPath", "UserBody", "UserPath"]


class UserPath(BaseModel):
    """One user."""

    user_id: Id = Field(description="id of the user", json_schema_extra={"example": "u1"})


class FeedbackPath(UserPath):
    """A user and a track."""

    track_id: Id = Field(description="id of the track", json_schema_extra={"example": "t1"})


def _unset() -> Any:
    return None


class UserBody(Body):
    """What to set; omitted fields keep their values."""

    name: Name = Field(default_factory=_unset, json_schema_extra={"example": "Ana"})
    country: CountryCode = Field(default_factory=_unset)
    private: bool = Field(
        default_factory=_unset,
        description="true: this user's listens count in friends' lists, and no reason there names this user",
    )


class FeedbackBody(Body):
    """A user's feedback on a track."""

    action: Annotated[Feedback, BeforeValidator(FIELDS["action"].clean)]
    at: times.Moment | None = Field(None, description="time; default: now")
