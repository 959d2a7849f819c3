"""Other people as a user sees them, and tracks that friends send."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field, WithJsonSchema

from muse_graph.api.schemas.common import Body, Id, Query
from muse_graph.api.schemas.users import UserPath
from muse_graph.service.field_rules import FIELDS
from muse_graph.service.users.suggestions import MAX_SUGGESTED

__all__ = ["OtherPath", "SeenBody", "SendBody", "SentPath", "SuggestedQuery"]

Note = Annotated[str, BeforeValidator(FIELDS["note"].clean), WithJsonSchema(FIELDS["note"].schema)]


class OtherPath(UserPath):
    """A user, and another whom the user looks at."""

    other_id: Id = Field(description="id of the other user", json_schema_extra={"example": "u2"})


class SentPath(UserPath):
    """A user, and a track that was sent."""

    sent_id: Id = Field(description="id of what was sent, from the list", json_schema_extra={"example": "s1"})


class SuggestedQuery(Query):
    """How many."""

    k: int = Field(20, ge=1, le=MAX_SUGGESTED, description="most people to suggest")


class SendBody(Body):
    """A track for a friend."""

    to: Id = Field(description="id of the friend", json_schema_extra={"example": "u2"})
    track_id: Id = Field(description="id of the track", json_schema_extra={"example": "t1"})
    note: Note | None = Field(None, description="a line of text")
    id: Id | None = Field(
        None,
        description="identifies what is sent among all that this user sends: sent again, it is there once",
    )


class SeenBody(Body):
    """What the receiver says of it."""

    seen: bool
