"""What the service answers: frozen values with the same fields in the CLI, the files and the API.

`as_json` turns any of them into what is printed, written or sent. A reason is data and a sentence at
once; the parts of an item's reasons add up to its score.
"""

from __future__ import annotations

from muse_graph.answers.artists import (
    Analytics,
    AnalyticsFilters,
    CountryAudience,
    DayAudience,
    Match,
    Reach,
    Reports,
    SourceAudience,
    SourceGroup,
    Way,
)
from muse_graph.answers.catalogue import ArtistCard, GenreCard, TrackCard
from muse_graph.answers.common import LEFT_EARLY, Named, Page, Reason, ReasonKind, Source, as_json, left_early
from muse_graph.answers.influencers import (
    ArtistMatch,
    InfluencerSet,
    NewReach,
    PlainSet,
    SetMember,
    ShownCount,
    SortBy,
)
from muse_graph.answers.listens import Receipt, Rejected
from muse_graph.answers.people import (
    Compatibility,
    FeedAction,
    FeedItem,
    Person,
    PersonProfile,
    PlayedTrack,
    SentTrack,
    SharedTaste,
    SuggestedFriend,
    TrackLine,
)
from muse_graph.answers.recommendations import (
    GenreMove,
    GenreState,
    Ledger,
    LedgerGenre,
    ListMode,
    Mode,
    Recommendation,
    Recommendations,
    TrackMove,
    WhatIf,
)
from muse_graph.answers.users import AccountCard, Follow, Friendship, FriendState, Listener, Visibility

__all__ = [
    "LEFT_EARLY",
    "AccountCard",
    "Analytics",
    "AnalyticsFilters",
    "ArtistCard",
    "ArtistMatch",
    "Compatibility",
    "CountryAudience",
    "DayAudience",
    "FeedAction",
    "FeedItem",
    "Follow",
    "FriendState",
    "Friendship",
    "GenreCard",
    "GenreMove",
    "GenreState",
    "InfluencerSet",
    "Ledger",
    "LedgerGenre",
    "ListMode",
    "Listener",
    "Match",
    "Mode",
    "Named",
    "NewReach",
    "Page",
    "Person",
    "PersonProfile",
    "PlainSet",
    "PlayedTrack",
    "Reach",
    "Reason",
    "ReasonKind",
    "Receipt",
    "Recommendation",
    "Recommendations",
    "Rejected",
    "Reports",
    "SentTrack",
    "SetMember",
    "SharedTaste",
    "ShownCount",
    "SortBy",
    "Source",
    "SourceAudience",
    "SourceGroup",
    "SuggestedFriend",
    "TrackCard",
    "TrackLine",
    "TrackMove",
    "Visibility",
    "Way",
    "WhatIf",
    "as_json",
    "left_early",
]
