"""Where one track stands in a listener's list and why, or what keeps it out."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan

from muse_graph.answers import Named, Recommendation
from muse_graph.core.keys import key_of
from muse_graph.errors import UnknownTrack
from muse_graph.graph.connection import Graph
from muse_graph.model_store import ServedModel
from muse_graph.service.recommendations.genres import discover_genres
from muse_graph.service.recommendations.lists import recommend
from muse_graph.service.recommendations.messages import sentence_for_friend
from muse_graph.service.recommendations.options import MAX_K, RecommendationOptions
from muse_graph.service.recommendations.track_cache import TrackCache

__all__ = ["Path", "Placement", "place_track", "proof_of"]


@dataclass(frozen=True)
class Path:
    """A friend who plays a track and may be named, and the listener's own streams of its genres, by name."""

    user_id: str
    friend: str
    plays: int
    heard: float | None
    genres: list[tuple[str, int]]

    @property
    def text(self) -> str:
        """The sentence for people."""
        return sentence_for_friend(self.friend, self.plays, nan if self.heard is None else self.heard)


@dataclass(frozen=True)
class Placement:
    """A track as one listener's list has it.

    Attributes:
        item: its entry of the list, with rank and reasons; None if it is not in the list
        kept_out: sentences that say why it is not; empty if it is
    """

    user_id: str
    track_id: str
    title: str
    artists: list[Named]
    genres: list[Named]
    item: Recommendation | None
    kept_out: list[str]


def place_track(
    graph: Graph,
    user_id: str,
    track_id: str,
    options: RecommendationOptions = RecommendationOptions(),  # noqa: B008 - frozen
    *,
    model: ServedModel | None = None,
    track_cache: TrackCache | None = None,
) -> Placement:
    """Look for a track among the first 1,000 of a listener's list; a shorter list is the head of that one.

    Args:
        model: None if none is trained
        track_cache: what is known of tracks already; None for nothing

    Raises:
        UnknownUser: If no user has that id.
        UnknownTrack: If no track has that id.
    """
    track_cache = TrackCache() if track_cache is None else track_cache
    (track,) = track_cache.reading(graph).get([key_of(track_id)])
    if track is None:
        raise UnknownTrack(track_id)
    longest = options.model_copy(update={"k": MAX_K})
    found = recommend(graph, user_id, longest, track_cache=track_cache, model=model)
    item = next((item for item in found.items if item.track_id == track_id), None)
    kept_out = [] if item else _kept_out(graph, user_id, track_id, track.genres, options, model)
    return Placement(user_id, track_id, track.title, track.artists, track.genres, item, kept_out)


def proof_of(graph: Graph, user_id: str, track_id: str) -> list[Path]:
    """The paths over friends from a listener to a track, as the graph holds them."""
    rows = graph.read("why_track", user_id=user_id, track_id=track_id)
    return [
        Path(
            row["user_id"],
            row["friend"],
            row["plays"],
            row["heard"],
            list(zip(row["genres"], row["streams"], strict=True)),
        )
        for row in rows
    ]


def _kept_out(
    graph: Graph,
    user_id: str,
    track_id: str,
    genres: list[Named],
    options: RecommendationOptions,
    model: ServedModel | None,
) -> list[str]:
    (row,) = graph.read("tracks_not_new", user_id=user_id, keys=[key_of(track_id)])
    if row["keys"]:
        return ["it was heard, saved or discarded before; lists have what is new"]
    ledger = {one.genre_id: one for one in discover_genres(graph, user_id, options, model=model).genres}
    states = [ledger.get(genre.id) for genre in genres]
    resting = [one.reasons[0].text for one in states if one and one.state == "resting" and one.reasons]
    offered = options.mode != "discovery" or any(one and one.state == "offered" for one in states)
    if resting and not offered:
        return resting
    if not offered:
        named = ", ".join(genre.name for genre in genres) or "no genre"
        return [f"its genres ({named}) are not among those offered; mode for-you has all genres"]
    return [f"{MAX_K:,} tracks rank above it, or nobody whom the list listens to plays it"]
