"""Users, and their feedback on tracks."""

from __future__ import annotations

from typing import Annotated, Any, get_args

from pydantic import BaseModel, BeforeValidator, Field, WithJsonSchema

from muse_graph.answers import Visibility
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


_Level = Annotated[
    Visibility,
    BeforeValidator(FIELDS["listens_visible_to"].clean),
    WithJsonSchema({"type": "string", "enum": list(get_args(Visibility))}),
]


def _unset() -> Any:
    return None


class UserBody(Body):
    """What to set; omitted fields keep their values."""

    name: Name = Field(default_factory=_unset, json_schema_extra={"example": "Ana"})
    country: CountryCode = Field(default_factory=_unset)
    listens_visible_to: _Level = Field(
        default_factory=_unset,
        description="who may see by name what this user plays and saves; it counts in friends' lists in any "
        "case, and with nobody no reason there names this user. friends where it was never set",
        json_schema_extra={"example": "friends"},
    )
    private: bool = Field(
        default_factory=_unset,
        description="in place of listens_visible_to. true: this user's listens count in friends' lists, and "
        "no reason there names this user (nobody); false: friends see them, unless everybody does",
    )


class FeedbackBody(Body):
    """A user's feedback on a track."""

    action: Annotated[Feedback, BeforeValidator(FIELDS["action"].clean)]
    at: times.Moment | None = Field(None, description="time; default: now")
