"""Tracks and genres by id; tracks, artists and genres by text."""

from __future__ import annotations

from pydantic import BaseModel, Field

from muse_graph.api.schemas.common import Id, PageQuery
from muse_graph.service.field_rules import MAX_NAME

__all__ = ["GenrePath", "SearchQuery", "TrackPath"]


class TrackPath(BaseModel):
    """One track."""

    track_id: Id = Field(description="id of the track", json_schema_extra={"example": "t1"})


class GenrePath(BaseModel):
    """One genre."""

    genre_id: Id = Field(description="id of the genre", json_schema_extra={"example": "cumbia"})


class SearchQuery(PageQuery):
    """A text, and which page of the results."""

    q: str = Field("", max_length=MAX_NAME, description="text to search for; empty lists all")
