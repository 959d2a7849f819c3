"""Records inside the columns of queries, as `Graph.read` returns them.

Written by `make docs` from the headers of ``cypher/``; not to be changed by hand. Times are of a type of the
driver, which only `muse_graph.graph.connection` may import.
"""

from __future__ import annotations

from typing import NamedTuple


class ArtistAudienceTitle(NamedTuple):
    """One of the `titles` that `artist_audience` returns."""

    track_id: str
    title: str


class ArtistAudienceMonth(NamedTuple):
    """One of the `months` that `artist_audience` returns."""

    track_id: str
    country: str
    month: int
    days: list[int]
    day_sources: list[int]
    day_reports: list[int]
    day_plays: list[int]
    listeners: bytes
    cells: bytes | None


class ArtistCatalogueTrackGenre(NamedTuple):
    """One of the `genres` that `artist_catalogue` returns."""

    genre_id: str
    name: str


class ArtistCatalogueTrack(NamedTuple):
    """One of the `tracks` that `artist_catalogue` returns."""

    track_id: str
    title: str
    genres: list[ArtistCatalogueTrackGenre]


class ArtistInfluencersKind(NamedTuple):
    """One of the `kinds` that `artist_influencers` returns."""

    genre_ids: list[str]
    plays: int


class ArtistInfluencersPlace(NamedTuple):
    """One of the `places` that `artist_influencers` returns."""

    country: str
    plays: int


class ArtistInfluencersInfluencerAudience(NamedTuple):
    """One of the `audience` that `artist_influencers` returns."""

    country: str
    share: float | None


class ArtistInfluencersInfluencer(NamedTuple):
    """One of the `influencers` that `artist_influencers` returns."""

    influencer_id: str
    handle: str
    country: str | None
    genre_ids: list[str]
    avg_likes: float | None
    followers: int | None
    audience: list[ArtistInfluencersInfluencerAudience]
    keys: list[int]


class ChartTrack(NamedTuple):
    """One of the `tracks` that `chart` returns."""

    key: int
    plays: int
    genres: list[int]


class CountryChartTrack(NamedTuple):
    """One of the `tracks` that `country_chart` returns."""

    key: int
    plays: int
    genres: list[int]


class CountryInfluencersInfluencer(NamedTuple):
    """The `influencers` that `country_influencers` returns."""

    influencer_id: str
    handle: str
    avg_likes: float | None
    followers: int | None
    score: float


class FavouritesTrackArtist(NamedTuple):
    """One of the `artists` that `favourites` returns."""

    artist_id: str
    name: str


class FavouritesTrack(NamedTuple):
    """One of the `tracks` that `favourites` returns."""

    key: int
    track_id: str
    title: str
    listeners: int
    artists: list[FavouritesTrackArtist]


class FavouritesGenre(NamedTuple):
    """One of the `genres` that `favourites` returns."""

    key: int
    genre_id: str
    name: str
    listeners: int


class FavouritesArtist(NamedTuple):
    """One of the `artists` that `favourites` returns."""

    artist_id: str
    name: str
    tracks: list[int]
    listeners: list[int]


class FeedFriendsFriend(NamedTuple):
    """One of the `friends` that `feed_friends` returns."""

    user_id: str
    name: str | None
    listens_visible_to: str | None
    recent: list[int] | None
    saved: list[int]


class FriendsAmongHome(NamedTuple):
    """One of the `homes` that `friends_among` returns."""

    country: str
    keys: list[int]


class GenreNamesGenre(NamedTuple):
    """One of the `genres` that `genre_names` returns."""

    key: int
    genre_id: str
    name: str


class GenreReportsTrackByReport(NamedTuple):
    """One of the `by_report` that `genre_reports` returns."""

    report: int
    plays: int


class GenreReportsTrack(NamedTuple):
    """One of the `tracks` that `genre_reports` returns."""

    track_id: str
    listeners: int
    by_report: list[GenreReportsTrackByReport]


class HeardByUsersGenre(NamedTuple):
    """One of the `genres` that `heard_by_users` returns."""

    key: int
    users: list[int]
    plays: list[int]


class ListenContextKnown(NamedTuple):
    """The `known` that `listen_context` returns."""

    user_id: str
    track_id: str
    listened_ms: int | None
    heard: float | None
    heard_at_least: float | None
    plays: int


class ListenerNeighbourhoodFriend(NamedTuple):
    """One of the `friends` that `listener_neighbourhood` returns."""

    user_id: str
    name: str | None
    listens_visible_to: str | None
    profile: bytes | None


class ListenerNeighbourhoodOwnGenre(NamedTuple):
    """One of the `own_genres` that `listener_neighbourhood` returns."""

    key: int
    plays: int


class ListenerNeighbourhoodFriendGenre(NamedTuple):
    """One of the `friend_genres` that `listener_neighbourhood` returns."""

    key: int
    listeners: int


class ListenerNeighbourhoodFeedback(NamedTuple):
    """One of the `feedback` that `listener_neighbourhood` returns."""

    key: int
    saved: bool
    genres: list[int]


class ListenerNeighbourhoodSimilar(NamedTuple):
    """One of the `similar` that `listener_neighbourhood` returns."""

    key: int
    profile: bytes | None


class ListenerNeighbourhoodTag(NamedTuple):
    """One of the `tags` that `listener_neighbourhood` returns."""

    tag: str
    times: int


class MonthFactsStored(NamedTuple):
    """The `stored` that `month_facts` returns."""

    plays: int | None
    days: list[int] | None
    day_sources: list[int] | None
    day_reports: list[int] | None
    day_plays: list[int] | None
    listeners: bytes | None
    cells: bytes | None


class OpenListensRecent(NamedTuple):
    """One of the `recent` that `open_listens` returns."""

    user_id: str
    recent: list[int] | None


class OpenListensUser(NamedTuple):
    """One of the `users` that `open_listens` returns."""

    user_id: str
    element_id: str
    key: int
    home: str | None
    profile: bytes | None


class OpenListensTrackGenre(NamedTuple):
    """One of the `genres` that `open_listens` returns."""

    genre_id: str
    element_id: str
    key: int


class OpenListensTrack(NamedTuple):
    """One of the `tracks` that `open_listens` returns."""

    track_id: str
    element_id: str
    key: int
    genres: list[OpenListensTrackGenre]


class OpenListensHeard(NamedTuple):
    """One of the `heard` that `open_listens` returns."""

    user_id: str
    track_id: str
    plays: int
    heard_plays: int
    heard_ppm: int


class OpenListensKnown(NamedTuple):
    """One of the `known` that `open_listens` returns."""

    listen_id: str
    user_id: str
    track_id: str
    listened_ms: int | None
    heard: float | None
    heard_at_least: float | None
    plays: int


class OpenListensMonth(NamedTuple):
    """One of the `months` that `open_listens` returns."""

    track_id: str
    country: str
    month: int
    listeners: bytes
    cells: bytes


class PeopleCardsLink(NamedTuple):
    """One of the `links` that `people_cards` returns."""

    kind: str
    outgoing: bool
    declined: bool
    since_ms: int | None


class PersonLink(NamedTuple):
    """One of the `links` that `person` returns."""

    kind: str
    outgoing: bool
    declined: bool
    since_ms: int | None


class PersonSome(NamedTuple):
    """One of the `some` that `person` returns."""

    user_id: str
    name: str | None


class ProfileTracksTrack(NamedTuple):
    """One of the `tracks` that `profile_tracks` returns."""

    key: int
    plays: int
    heard: float | None
    genres: list[int]
    last_ms: int | None


class ReceivedTracksSender(NamedTuple):
    """The `sender` that `received_tracks` returns."""

    id: str
    name: str | None


class ReceivedTracksReceiver(NamedTuple):
    """The `receiver` that `received_tracks` returns."""

    id: str
    name: str | None


class SendContextKnown(NamedTuple):
    """The `known` that `send_context` returns."""

    sender: str | None
    receiver: str | None
    track_id: str | None
    note: str | None


class SentTrackSender(NamedTuple):
    """The `sender` that `sent_track` returns."""

    id: str
    name: str | None


class SentTrackReceiver(NamedTuple):
    """The `receiver` that `sent_track` returns."""

    id: str
    name: str | None


class SentTracksSender(NamedTuple):
    """The `sender` that `sent_tracks` returns."""

    id: str
    name: str | None


class SentTracksReceiver(NamedTuple):
    """The `receiver` that `sent_tracks` returns."""

    id: str
    name: str | None


class SuggestedFriendsSome(NamedTuple):
    """One of the `some` that `suggested_friends` returns."""

    user_id: str
    name: str | None


class TrackCardsArtist(NamedTuple):
    """The `artists` that `track_cards` returns."""

    id: str
    name: str


class TrackCardsGenre(NamedTuple):
    """The `genres` that `track_cards` returns."""

    id: str
    name: str


class TrackNamesTrackArtist(NamedTuple):
    """One of the `artists` that `track_names` returns."""

    artist_id: str
    name: str
    plays: int


class TrackNamesTrackGenre(NamedTuple):
    """One of the `genres` that `track_names` returns."""

    rank: int
    genre_id: str
    name: str
    key: int


class TrackNamesTrack(NamedTuple):
    """One of the `tracks` that `track_names` returns."""

    key: int
    track_id: str
    title: str
    language: str | None
    features: list[float] | None
    artists: list[TrackNamesTrackArtist]
    genres: list[TrackNamesTrackGenre]


class TrainingTracksArtist(NamedTuple):
    """One of the `artists` that `training_tracks` returns."""

    artist_id: str
    plays: int


class TrainingUsersFeedback(NamedTuple):
    """One of the `feedback` that `training_users` returns."""

    key: int
    saved: bool


class TrainingUsersTag(NamedTuple):
    """One of the `tags` that `training_users` returns."""

    artist_id: str
    tag: str


class UserTracksTrack(NamedTuple):
    """One of the `tracks` that `user_tracks` returns."""

    key: int
    plays: int
    heard: float | None
    genres: list[int]
    last_ms: int | None
