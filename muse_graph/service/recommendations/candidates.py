"""Which tracks may be recommended, and which of them are chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from muse_graph.core.arrays import positions
from muse_graph.core.discovery.twenty_percent_rule import Ledger
from muse_graph.core.listening.profiles import Profiles
from muse_graph.core.rerank.diversity import DiversityOptions, rerank
from muse_graph.core.rerank.ranking import top_k
from muse_graph.core.rerank.track_similarity import Traits, traits_of
from muse_graph.core.types import BoolArray, FloatArray, IntArray, check_lengths
from muse_graph.service.recommendations.context import RecommendationContext
from muse_graph.service.recommendations.options import RecommendationOptions
from muse_graph.service.recommendations.track_cache import TrackInfo, TrackReader

__all__ = ["CandidateSet", "ChosenTracks", "Reranker", "allowed_genres", "generate_candidates"]

#: Candidates looked at closely, at least and as a multiple of k: enough for a share under the radar and a
#: limit for each artist; more with diversity.
_SHORT, _TIMES_K = 60, 3
_SHORT_UNLIKE, _TIMES_K_UNLIKE = 200, 5
_LEAST_TRACKS = 0.5


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
    """Candidates that are chosen, in their order: (n,) int64 positions among all, and the tracks."""

    index: IntArray
    tracks: list[TrackInfo]


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
    rows = np.flatnonzero(allowed[genre] & (profiles.user_index > 0))
    rows = rows[np.argsort(profiles.track[rows])]
    track = profiles.track[rows]
    if not len(track):
        return track, track
    first = np.flatnonzero(np.append(True, track[1:] != track[:-1]))
    by_boost = np.append(np.argsort(-boost, kind="stable"), -1)
    index = np.empty_like(by_boost)
    index[by_boost] = np.arange(len(by_boost))
    genre = by_boost[np.minimum.reduceat(index[genre[rows]], first)]
    new = positions(known, track[first]) < 0
    return track[first][new], genre[new]


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

        Args:
            already_listed: what the list has already: it does not come again, and diversity, the limit for
                each artist and the share under the radar are those of the whole list
        """
        short = self._short_list(candidates, k, already_listed)
        kept = self._look_up(candidates, short)
        if not kept.tracks:
            return kept
        chosen = self._rerank(candidates, kept, k, already_listed).tolist()
        return ChosenTracks(kept.index[chosen], [kept.tracks[row] for row in chosen])

    def _short_list(self, candidates: CandidateSet, k: int, already_listed: Sequence[TrackInfo]) -> IntArray:
        """Positions of the best, and of the best under the radar where that is known."""
        unlike = self.options.diversity > 0
        least, times = (_SHORT_UNLIKE, _TIMES_K_UNLIKE) if unlike else (_SHORT, _TIMES_K)
        n = max(least, times * k)
        new = np.flatnonzero(positions(_keys(already_listed), candidates.items) < 0)
        best = _best(candidates, new, n)
        if candidates.under_radar is None or len(best) == len(new):
            return best
        return np.union1d(best, _best(candidates, new[candidates.under_radar[new]], n))

    def _look_up(self, candidates: CandidateSet, short: IntArray) -> ChosenTracks:
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
        return ChosenTracks(np.array([index for index, _ in kept], np.int64), [track for _, track in kept])

    def _rerank(
        self, candidates: CandidateSet, kept: ChosenTracks, k: int, already_listed: Sequence[TrackInfo]
    ) -> IntArray:
        """Positions among those kept of the k that are chosen."""
        share = _share_left(self.options.radar_share, k, already_listed)
        diversity, n = self.options.reranking, len(kept.tracks)
        if diversity.off:
            already_listed = ()
        tracks = [*kept.tracks, *already_listed]
        under_radar = np.array([track.under_radar for track in tracks], np.bool_)
        scores = candidates.scores[kept.index] + candidates.radar_weight * under_radar[:n]
        return rerank(
            # What is listed is not chosen, so that its score must not matter: it is that of the lowest.
            np.append(scores, np.full(len(already_listed), scores.min())),
            np.append(candidates.items[kept.index], _keys(already_listed)),
            k,
            traits=None if diversity.off else _traits(tracks, diversity),
            options=diversity,
            under_radar=under_radar,
            share=share,
            already_listed=np.arange(n, len(tracks)) if already_listed else None,
        )


def _keys(tracks: Sequence[TrackInfo]) -> IntArray:
    return np.array([track.key for track in tracks], np.int64)


def _best(candidates: CandidateSet, among: IntArray, n: int) -> IntArray:
    """Positions of the n best of some candidates."""
    return among[top_k(candidates.scores[among], candidates.items[among], n)]


def _share_left(share: float, k: int, already_listed: Sequence[TrackInfo]) -> float:
    """Of k more tracks the share under the radar that gives the whole list its share, 0..1.

    A list so short that its share is not even half a track is left to the best.
    """
    if share * (len(already_listed) + k) < _LEAST_TRACKS:
        return 0.0
    missing = share * (len(already_listed) + k) - sum(track.under_radar for track in already_listed)
    return min(max(missing / k, 0.0), 1.0)


def _traits(tracks: list[TrackInfo], options: DiversityOptions) -> Traits:
    """What the candidates are compared by; without diversity artists alone matter, for their limit."""
    artists = [track.artist_keys for track in tracks]
    if options.diversity == 0:
        return Traits(artists, np.full(len(tracks), -1), np.empty((len(tracks), 0)))
    return traits_of(artists, [track.language for track in tracks], [track.features for track in tracks])
