"""Models of requests, and their schemas in the OpenAPI document.

One module a resource; routes find all of it here. Names matter: a model called ...Body is a request's body,
...Query its parameters, ...Path the variable parts of its path; the others are shown to readers of the
document under their own names.
"""

from __future__ import annotations

from muse_graph.api.schemas.artists import (
    AnalyticsQuery,
    ArtistMatchesQuery,
    ArtistPath,
    InfluencersQuery,
    MatchQuery,
    TogetherQuery,
)
from muse_graph.api.schemas.audiences import AudienceQuery, InterestsQuery, OverlapQuery, SpreadQuery
from muse_graph.api.schemas.catalogue import GenrePath, SearchQuery, TrackPath
from muse_graph.api.schemas.common import Id, InvalidValue, PageQuery
from muse_graph.api.schemas.follows import FollowBody, FollowPath
from muse_graph.api.schemas.friends import FriendBody, FriendPath
from muse_graph.api.schemas.listens import Listen
from muse_graph.api.schemas.people import OtherPath, SeenBody, SendBody, SentPath, SuggestedQuery
from muse_graph.api.schemas.recommendations import LedgerQuery, RecommendationsQuery, WhatIfBody
from muse_graph.api.schemas.users import FeedbackBody, FeedbackPath, UserBody, UserPath

__all__ = [
    "AnalyticsQuery",
    "ArtistMatchesQuery",
    "ArtistPath",
    "AudienceQuery",
    "FeedbackBody",
    "FeedbackPath",
    "FollowBody",
    "FollowPath",
    "FriendBody",
    "FriendPath",
    "GenrePath",
    "Id",
    "InfluencersQuery",
    "InterestsQuery",
    "InvalidValue",
    "LedgerQuery",
    "Listen",
    "MatchQuery",
    "OtherPath",
    "OverlapQuery",
    "PageQuery",
    "RecommendationsQuery",
    "SearchQuery",
    "SeenBody",
    "SendBody",
    "SentPath",
    "SpreadQuery",
    "SuggestedQuery",
    "TogetherQuery",
    "TrackPath",
    "UserBody",
    "UserPath",
    "WhatIfBody",
]
