"""Why a track is in a list: the breakdown of its score, and the reasons made from it."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import NamedTuple

from muse_graph.answers import Named, Reason, ReasonKind, Source, left_early
from muse_graph.core.discovery.twenty_percent_rule import Ledger
from muse_graph.core.scoring import FriendContribution
from muse_graph.countries import country_name
from muse_graph.service.recommendations import messages
from muse_graph.service.recommendations.context import RecommendationContext
from muse_graph.service.recommendations.track_cache import TrackInfo, TrackReader

__all__ = [
    "MOST_NAMED",
    "NOTHING",
    "Explainer",
    "OwnContribution",
    "RankedTrack",
    "ScoreBreakdown",
    "SourceContribution",
    "genre_reason",
    "in_order",
    "split_named",
]

#: Contributions this small are rounding.
NOTHING = 1e-9
#: A part below this is shown as 0.000: it is added to the largest one.
_LEAST_PART = 5e-4
#: Reasons that are worth telling whatever their part.
_FACTS: frozenset[ReasonKind] = frozenset({"friend", "genre", "radar"})
#: Friends that the reasons of a track name.
MOST_NAMED = 3


class OwnContribution(NamedTuple):
    """What a track of the listener's own adds; feedback is 1 for a saved, -1 for a discarded one, else 0."""

    key: int
    feedback: float
    contribution: float


class SourceContribution(NamedTuple):
    """What a source adds that is no friend: the kind of its reason, and its n listeners or plays."""

    kind: Source
    n: int
    contribution: float


@dataclass(frozen=True, slots=True)
class ScoreBreakdown:
    """The breakdown of one track's score; contributions that do not apply keep their defaults.

    Attributes:
        genre_index: position of the genre it is offered for, -1 for none
        genre: what the genre adds, below 0 for one less likely than most of those offered
        radar: what being under the radar adds; None where it is no reason
        score: what it is ranked by; None for the sum of the contributions
        friends: friends to name, and what each adds by playing it
        n_other_friends: friends who play it and are not named; other_friends: what all but the named add
        others_left: shares heard by further friends, not named, who left it early and add to that
        friend_similarity: what the similarity of friends who play it adds, named or not
        own: tracks of the listener's own that speak for it most; own_total: what all of them add
        n_similar: listeners with similar taste who play it; similar: what they add, and tags
        n_discards: discards of the same artist; penalty: <= 0, what they take away
        source: where it comes from when friends have nothing to offer
    """

    track: TrackInfo
    genre_index: int
    genre: float
    radar: float | None = None
    score: float | None = None
    friends: Sequence[FriendContribution] = ()
    n_other_friends: int = 0
    other_friends: float = 0.0
    others_left: Sequence[float] = ()
    friend_similarity: float = 0.0
    own: Sequence[OwnContribution] = ()
    own_total: float = 0.0
    n_similar: int = 0
    similar: float = 0.0
    n_discards: int = 0
    penalty: float = 0.0
    source: SourceContribution | None = None


class RankedTrack(NamedTuple):
    """A track, its score, and reasons whose parts add up to it."""

    track: TrackInfo
    score: float
    reasons: list[Reason]


def split_named(
    friends: Sequence[FriendContribution], private: Collection[int]
) -> tuple[list[FriendContribution], list[FriendContribution]]:
    """Separate the friends to name from the others: the first few who do not keep their listens private.

    Those who left the track early come after those who did not.

    Args:
        private: friend_index of those who do
    """
    named: list[FriendContribution] = []
    others: list[FriendContribution] = []
    for friend in sorted(friends, key=lambda friend: left_early(friend.heard)):
        may_be_named = len(named) < MOST_NAMED and friend.friend_index not in private
        (named if may_be_named else others).append(friend)
    return named, others


def in_order(reasons: Sequence[Reason]) -> list[Reason]:
    """The headline first, then the others that speak for the track, then the rest.

    Parts that would be shown as 0.000 go to the largest; their reasons stay where they tell a fact.
    """
    largest = max(reasons, key=_size, default=None)
    told: Sequence[Reason] = reasons
    if largest is not None and largest.part >= _LEAST_PART:
        # Chosen before any is added: what is below 0 may make the largest itself a small one.
        for reason in [one for one in reasons if -_LEAST_PART < one.part < _LEAST_PART]:
            largest.part += reason.part
            reason.part = 0.0
        told = [reason for reason in reasons if reason.part or reason.n or reason.kind in _FACTS]
    if not told:
        return []
    strong = [(reason.strength, reason) for reason in told]
    headline = max(strong, key=itemgetter(0))[1]
    others = [one for one in strong if one[1] is not headline]
    speaking = [reason for (speaks, *_), reason in others if speaks]
    return [headline, *speaking, *[reason for (speaks, *_), reason in others if not speaks]]


def _size(reason: Reason) -> tuple[bool, float]:
    """What the largest reason has most of: whether it speaks for the track, and how much."""
    return reason.speaks, reason.part


@dataclass(frozen=True)
class Explainer:
    """Makes the reasons of a list, for any ranking: each kind of reason in one place."""

    context: RecommendationContext
    ledger: Ledger
    tracks: TrackReader

    def explain(self, breakdowns: Sequence[ScoreBreakdown]) -> list[RankedTrack]:
        """The tracks with their reasons, in the order given."""
        keys = sorted({own.key for breakdown in breakdowns for own in breakdown.own})
        own_tracks = dict(zip(keys, self.tracks.get(keys), strict=True))
        return [self._explain(breakdown, own_tracks) for breakdown in breakdowns]

    def _explain(self, breakdown: ScoreBreakdown, own_tracks: Mapping[int, TrackInfo | None]) -> RankedTrack:
        reasons: list[Reason] = []
        if breakdown.source is not None:
            reasons.append(self._source(breakdown.source))
        reasons += self._friends(breakdown)
        if breakdown.friend_similarity > 0:
            text = messages.sentence_for_shared_tracks()
            reasons.append(Reason("taste", text, breakdown.friend_similarity))
        if breakdown.own or breakdown.own_total:
            reasons += _own(breakdown, own_tracks)
        if (n := breakdown.n_similar) or abs(breakdown.similar) > NOTHING:
            text = messages.sentence_for_similar_listeners(n)
            reasons.append(Reason("similar-listeners", text, breakdown.similar, n=n))
        if n := breakdown.n_discards:
            reasons.append(Reason("own", messages.sentence_for_discards(n), breakdown.penalty, n=n))
        if breakdown.genre_index >= 0:
            reasons.append(self._genre(breakdown))
        if breakdown.radar is not None and breakdown.track.under_radar:
            text = messages.sentence_for_radar([artist.name for artist in breakdown.track.artists])
            reasons.append(Reason("radar", text, breakdown.radar))
        score = sum(reason.part for reason in reasons) if breakdown.score is None else breakdown.score
        return RankedTrack(breakdown.track, score, reasons)

    def _source(self, source: SourceContribution) -> Reason:
        """Where it comes from."""
        kind, n, contribution = source
        place = country_name(self.context.country) if self.context.country else None
        return Reason(kind, messages.sentence_for_source(kind, n, place), contribution, n=n)

    def _friends(self, breakdown: ScoreBreakdown) -> Iterator[Reason]:
        """Friends who play it, named; how many others do, and what all these others add together."""
        for played in breakdown.friends:
            friend = self.context.friends[played.friend_index]
            yield Reason(
                "friend",
                messages.sentence_for_friend(friend.name, played.plays, played.heard),
                played.contribution,
                user_id=friend.user_id,
                name=friend.name,
                heard=None if math.isnan(played.heard) else round(played.heard, 6),
                plays=played.plays,
            )
        n, left = breakdown.n_other_friends, breakdown.others_left
        if n or left or abs(breakdown.other_friends) > NOTHING:
            text = messages.sentence_for_others(n, len(breakdown.friends), len(left))
            heard = round(sum(left) / len(left), 6) if left and not n else None
            yield Reason("friends", text, breakdown.other_friends, heard=heard, n=n)

    def _genre(self, breakdown: ScoreBreakdown) -> Reason:
        """What the genre it is offered for is to the listener."""
        index = breakdown.genre_index
        key, streams, listeners = self.context.genres.rows[index]
        # A damaged graph may have a genre in a profile that its track is not in.
        genre, home = breakdown.track.genre(key), bool(self.ledger.home[index])
        all_listen = self.context.all_listen[index]
        return genre_reason(genre, streams, listeners, breakdown.genre, home=home, all_listen=all_listen)


def _own(breakdown: ScoreBreakdown, own_tracks: Mapping[int, TrackInfo | None]) -> Iterator[Reason]:
    """What of the listener's own listening speaks for it, the strongest named."""
    rest, n_named = breakdown.own_total, 0
    for own in breakdown.own:
        track = own_tracks[own.key]
        if track is not None:
            artist = " and ".join(one.name for one in track.artists if one.name != track.title)
            text = messages.sentence_for_own(track.title, artist, own.feedback)
            yield Reason("own", text, own.contribution)
            rest, n_named = rest - own.contribution, n_named + 1
    if abs(rest) > NOTHING:
        yield Reason("taste", messages.sentence_for_taste(n_named), rest)


def genre_reason(
    genre: Named | None,
    streams: int,
    listeners: int,
    contribution: float,
    *,
    home: bool = False,
    all_listen: bool = True,
) -> Reason:
    """What a genre is to the listener.

    Args:
        streams: the listener's own
        listeners: friends who play it or like it
        home: whether it has always been the listener's own
        all_listen: whether all of them play it
    """
    name = genre.name if genre else "Its genre"
    text = messages.sentence_for_genre(name, streams, listeners, home=home, all_listen=all_listen)
    return Reason("genre", text, contribution, n=listeners, genre_id=genre.id if genre else None)
