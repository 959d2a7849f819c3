"""Which tracks may be recommended, and which of them are chosen."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from muse_graph.core.arrays import others, positions, run_starts
from muse_graph.core.discovery.twenty_percent_rule import Ledger
from muse_graph.core.listening.profiles import Profiles
from muse_graph.core.rerank.diversity import DiversityOptions, Reranked, Unseen, rerank
from muse_graph.core.rerank.ranking import top_k
from muse_graph.core.rerank.track_similarity import Traits, traits_of
from muse_graph.core.types import BoolArray, FloatArray, IntArray, check_lengths
from muse_graph.service.recommendations.context import RecommendationContext
from muse_graph.service.recommendations.options import RecommendationOptions
from muse_graph.service.recommendations.track_cache import TrackInfo, TrackReader

__all__ = ["CandidateSet", "ChosenTracks", "Reranker", "allowed_genres", "generate_candidates"]

#: Candidates looked at first, at least and as a multiple of k; as many times as many at each further step.
_SHORT, _TIMES_K, _TIMES = 60, 3, 4
#: Half of them decide where it is known who is under the radar, and of those so many more than their share.
_MORE_RADAR = 10
#: The first step with diversity.
_STEP = 200


@dataclass(frozen=True, slots=True, eq=False)
class CandidateSet:
    """Tracks that may be recommended, with their scores.

    Attributes:
        items: (n,) int64 keys of tracks, each once
        scores: (n,) float64
        genre: (n,) int64, position among the genres of the context of the one each is offered for, -1 for
            none
        under_radar: (n,) bool where it is known beforehand; else only the best are looked at for it
        radar_weight: what an artist under the radar adds to the score, where the scores do not have it yet
        named: keys of other tracks that reasons will name, to be looked up together with the candidates

    Raises:
        ShapeError: If they disagree on n.
    """

    items: IntArray
    scores: FloatArray
    genre: IntArray
    under_radar: BoolArray | None = None
    radar_weight: float = 0.0
    named: Sequence[int] = ()

    def __post_init__(self) -> None:
        check_lengths(items=self.items, scores=self.scores, genre=self.genre)


@dataclass(frozen=True, slots=True, eq=False)
class ChosenTracks:
    """Candidates that are chosen, in their order.

    Attributes:
        index: (n,) int64 positions among all
        tracks: n of them
        raised: (n,) float64, what a place kept for under the radar adds to each; or 0 for all
    """

    index: IntArray
    tracks: list[TrackInfo]
    raised: FloatArray | float = 0.0


@dataclass(frozen=True, slots=True)
class _Kept:
    """Candidates that have been looked up: positions among all, and the tracks."""

    index: list[int] = field(default_factory=list)
    tracks: list[TrackInfo] = field(default_factory=list)

    def __add__(self, more: _Kept) -> _Kept:
        return _Kept(self.index + more.index, self.tracks + more.tracks)

    def take(self, rows: list[int]) -> _Kept:
        """Some of them."""
        return _Kept([self.index[row] for row in rows], [self.tracks[row] for row in rows])


def allowed_genres(ledger: Ledger, options: RecommendationOptions) -> BoolArray:
    """(n_genres + 1,) bool: genres that tracks may come from; the last is for tracks without a genre."""
    if options.mode == "discovery":
        return np.append(ledger.offered, False)
    new = ledger.streams == 0 if options.new_only else np.ones(len(ledger.streams), np.bool_)
    return np.append(new & ~ledger.dismissed, not options.new_only)


def generate_candidates(
    profiles: Profiles, genre: IntArray, allowed: BoolArray, boost: FloatArray, known: IntArray
) -> tuple[IntArray, IntArray]:
    """Tracks of the others' profiles in allowed genres that the listener does not know.

    Args:
        genre: (n,) int64 for each entry of the profiles the position of its genre, -1 for none of them
        allowed: (n_genres + 1,) bool, the last for entries in none of the genres
        boost: (n_genres,) float64; of several genres of a track the one with the greatest boost is meant
        known: (m,) int64 keys of tracks

    Returns:
        (n_candidates,) int64 keys, ascending, and (n_candidates,) int64 the genre of each, -1 for none
    """
    chosen = (allowed[genre] & (profiles.user_index > 0))[profiles.by_track]
    rows, track = profiles.by_track[chosen], profiles.tracks[chosen]
    if not len(track):
        return track, track
    first = run_starts(track)
    by_boost = np.append(np.argsort(-boost, kind="stable"), -1)
    index = np.empty_like(by_boost)
    index[by_boost] = np.arange(len(by_boost))
    genre, track = by_boost[np.minimum.reduceat(index[genre[rows]], first)], track[first]
    new = others(track, known)
    return track[new], genre[new]


@dataclass(frozen=True)
class Reranker:
    """Chooses the candidates that make a list: the best, but some under the radar and few of an artist."""

    context: RecommendationContext
    options: RecommendationOptions
    tracks: TrackReader

    def choose(
        self, candidates: CandidateSet, k: int, already_listed: Sequence[TrackInfo] = ()
    ) -> ChosenTracks:
        """The k best of the candidates, in the order of the list.

        Candidates are looked at until no other can change the list: it is the one that looking at all gives,
        and the beginning of each longer one. With diversity they are looked at in steps that do not depend
        on k, and those of one step come before those of the next.

        Args:
            already_listed: what the list has already: it does not come again, and diversity, the limit for
                each artist and the share under the radar are those of the whole list
        """
        kept, chosen = _Kept(), _Kept()
        raised: list[float] = []
        for short, unseen in self._windows(candidates, k, already_listed):
            kept = kept + self._look_up(candidates, short)
            listed = [*already_listed, *chosen.tracks]
            found = self._rerank(candidates, kept, k - len(raised), listed, unseen)
            raised += found.raised.tolist()
            taken = found.index.tolist()
            chosen = chosen + kept.take(taken)
            if len(raised) >= k:
                break
            kept = kept.take(sorted(set(range(len(kept.index))) - set(taken)))
        return ChosenTracks(np.array(chosen.index, np.int64), chosen.tracks, np.array(raised, np.float64))

    def _windows(
        self, candidates: CandidateSet, k: int, already_listed: Sequence[TrackInfo]
    ) -> Iterator[tuple[IntArray, Unseen | None]]:
        """Positions of the best, of the next best and so on, and how good those are that follow.

        Where it is known who is under the radar, each step has as many of them for the places kept.
        """
        diverse, share = self.options.diversity > 0, self.options.radar_share
        new = np.arange(len(candidates.items))
        if already_listed:
            new = np.flatnonzero(positions(_keys(already_listed), candidates.items) < 0)
        flagged = candidates.under_radar
        radar = new if flagged is None else new[flagged[new]]
        n = _STEP if diverse else math.ceil(max(_SHORT, _TIMES_K * k) / (1 if flagged is None else 2))
        n_seen = 0
        seen = np.zeros(len(candidates.items), np.bool_)
        while n_seen < len(new):
            window = np.zeros(len(candidates.items), np.bool_)
            best, after = _best(candidates, new, n)
            window[best] = True
            radar_after = after
            if flagged is not None and share > 0 and after is not None:
                n_radar = n if diverse else min(n, math.ceil(share * n) + _MORE_RADAR)
                best_under_radar, radar_after = _best(candidates, radar, n_radar)
                window[best_under_radar] = True
            n_seen = int(np.count_nonzero(window))
            all_seen = after is None or n_seen == len(new)
            unseen = Unseen(after, radar_after) if after and not (all_seen or diverse) else None
            yield np.flatnonzero(window & ~seen), unseen
            n, seen = _TIMES * n, window

    def _look_up(self, candidates: CandidateSet, short: IntArray) -> _Kept:
        """Those of the short list that are there, new to the listener, and of the mode."""
        keys, genres = candidates.items[short].tolist(), self.context.genres.rows
        claimed = [genres[genre][0] if genre >= 0 else None for genre in candidates.genre[short].tolist()]
        named = candidates.named
        tracks = self.tracks.get([*keys, *named], [*claimed, *(None for _ in named)])[: len(keys)]
        # A truncated profile does not have all tracks that the listener knows.
        known = set() if self.context.knows_all else self.tracks.known_to(self.context.user_id, keys)
        only_radar = self.options.mode == "under-the-radar"
        kept = [
            (index, track)
            for index, track in zip(short.tolist(), tracks, strict=True)
            if track is not None and track.key not in known and (track.under_radar or not only_radar)
        ]
        return _Kept([index for index, _ in kept], [track for _, track in kept])

    def _rerank(
        self,
        candidates: CandidateSet,
        kept: _Kept,
        k: int,
        already_listed: Sequence[TrackInfo],
        unseen: Unseen | None,
    ) -> Reranked:
        """Positions among those kept of up to k that are chosen."""
        diversity, n = self.options.reranking, len(kept.tracks)
        tracks, index = [*kept.tracks, *already_listed], np.array(kept.index, np.int64)
        under_radar = np.array([track.under_radar for track in tracks], np.bool_)
        scores = candidates.scores[index] + candidates.radar_weight * under_radar[:n]
        if candidates.under_radar is not None:
            under_radar[:n] &= candidates.under_radar[index]
        items, listed = candidates.items[index], None
        if already_listed:
            # What is listed is not chosen, so that its score must not matter: it is that of the lowest.
            scores = np.append(scores, np.full(len(already_listed), scores.min() if n else 0.0))
            items, listed = np.append(items, _keys(already_listed)), np.arange(n, len(tracks))
        return rerank(
            scores,
            items,
            k,
            traits=None if diversity.off else _traits(tracks, diversity),
            options=diversity,
            under_radar=under_radar,
            share=self.options.radar_share,
            already_listed=listed,
            unseen=unseen,
        )


def _keys(tracks: Sequence[TrackInfo]) -> IntArray:
    return np.array([track.key for track in tracks], np.int64)


def _best(candidates: CandidateSet, among: IntArray, n: int) -> tuple[IntArray, tuple[float, int] | None]:
    """Positions of the n best of some candidates; score and item that the best of the others may have."""
    best = among[top_k(candidates.scores[among], candidates.items[among], n + 1)]
    if len(best) <= n:
        return best, None
    score, item = candidates.scores[best[n]], candidates.items[best[n]]
    return best[:n], (float(score) + candidates.radar_weight, int(item))


def _traits(tracks: list[TrackInfo], options: DiversityOptions) -> Traits:
    """What the candidates are compared by; without diversity artists alone matter, for their limit."""
    artists = [track.artist_keys for track in tracks]
    if options.diversity == 0:
        return Traits(artists, np.full(len(tracks), -1), np.empty((len(tracks), 0)))
    return traits_of(artists, [track.language for track in tracks], [track.features for track in tracks])
