"""Items that an audience has heard, counted and compared with everybody."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from muse_graph.answers import BridgeGenre, Interest, LanguageShare, Named
from muse_graph.core.artists.heard import Heard, listeners_of_artists, listeners_of_items
from muse_graph.core.artists.interests import interests as compare
from muse_graph.core.types import IntArray
from muse_graph.graph.connection import Row
from muse_graph.service.artists.everybody import Languages, Sample
from muse_graph.service.artists.shown_counts import LEAST, nearest_tens

__all__ = ["Comparison", "artist_base"]

#: Shares of languages have two places for artists: they stand for few tracks.
_PLACES = 2
#: Pairs of listener and track that the audience counts for where everybody is estimated.
_WEIGHT = 5


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """An audience beside everybody.

    Attributes:
        heard: what the audience has heard, without the artist's own tracks
        everybody: the sample, with them
        own_tracks, own_genres: (n,) int64 keys
        exact: whether what few listeners are behind is shown, too
    """

    heard: Heard
    everybody: Sample
    own_tracks: IntArray
    own_genres: IntArray
    exact: bool

    def most_heard_tracks(self, most: int) -> IntArray:
        """Keys of the tracks that most of the audience have heard; ties go by key."""
        keys, counts = np.unique(self.heard.track, return_counts=True)
        return keys[np.lexsort((keys, -counts))[:most]]

    def genres(self, row: Row) -> list[Interest]:
        """All genres by lift."""
        found = row["genres"]
        counts = listeners_of_items(self.heard.genre, _ints(one.key for one in found))
        base = _ints(one.listeners for one in found)
        return self._items([(one.genre_id, one.name, ()) for one in found], counts, base)

    def tracks(self, row: Row) -> list[Interest]:
        """Tracks by lift."""
        found = row["tracks"]
        counts = listeners_of_items(self.heard.track, _ints(one.key for one in found))
        base = _ints(one.listeners for one in found)
        return self._items([(one.track_id, one.title, one.artists) for one in found], counts, base)

    def artists(self, row: Row) -> list[Interest]:
        """Artists by lift."""
        found = row["artists"]
        tracks = [one.tracks for one in found]
        counts, pairs = listeners_of_artists(self.heard, tracks)
        base = artist_base(self.everybody, tracks, _ints(sum(one.listeners) for one in found), counts, pairs)
        base = base if self.exact else nearest_tens(base)
        return self._items([(one.artist_id, one.name, ()) for one in found], counts, base)

    def bridges(self, row: Row, genres: Sequence[Interest]) -> list[BridgeGenre]:
        """Genres by which the audience is tied to the artist's own, the strongest first.

        A bridge is a genre the artist is not in that the audience plays more than everybody does, and whose
        listeners play one of the artist's genres more than everybody does: both lifts are above 1 with their
        whole intervals. The weaker of both is its strength; ties go by id.
        """
        base = self.everybody.heard
        insiders = np.unique(base.genre_user[np.isin(base.genre, self.own_genres)])
        others = [one for one in row["genres"] if one.key not in self.own_genres]
        keys = _ints(one.key for one in others)
        inside = listeners_of_items(base.genre[np.isin(base.genre_user, insiders)], keys)
        everybody = listeners_of_items(base.genre, keys)
        back = compare(inside, len(insiders), everybody, len(base.keys))
        liked = {one.id: one for one in genres}
        found = [
            _bridge(liked[one.genre_id], lift, low, high)
            for one, lift, low, high in zip(
                others, back.lift.tolist(), back.low.tolist(), back.high.tolist(), strict=True
            )
            if one.genre_id in liked and liked[one.genre_id].low > 1 and low > 1
        ]
        return sorted(found, key=lambda one: (-min(one.lift, one.back_lift), one.id))

    def languages(self, heard: Languages) -> list[LanguageShare]:
        """Languages of what the audience has heard, by share from the most down; the unknown last."""
        base = self.everybody.languages
        beside = ~np.isin(base.track, self.own_tracks)
        names = sorted({*heard.names, *base.names})
        rows = [
            LanguageShare(name, share, base_share)
            for name in [*names, None]
            if (share := self._language_share(heard, name)) is not None
            and (base_share := _share(base, name, beside)) is not None
            and (share or base_share)
        ]
        return sorted(rows, key=lambda row: (row.language is None, -row.share, row.language or ""))

    def _language_share(self, heard: Languages, name: str | None) -> float | None:
        """None where too few have heard it."""
        here = heard.language == _position(heard, name)
        if not self.exact and len(np.unique(heard.user[here])) < LEAST:
            return None
        share = _share(heard, name, np.ones(len(heard.user), np.bool_))
        return share if self.exact or share is None else round(share, _PLACES)

    def _items(
        self, named: Sequence[tuple[str, str, Iterable[object]]], counts: IntArray, base: IntArray
    ) -> list[Interest]:
        """Items by lift; unless exact, counts of fewer than ten are left out, others are in tens."""
        n, n_base = len(self.heard.keys), self.everybody.listeners
        shown = counts if self.exact else np.minimum(nearest_tens(counts), n)
        kept = np.flatnonzero(shown)
        counts, base = shown[kept], np.minimum(np.maximum(base[kept], shown[kept]), max(n_base, n))
        found = compare(counts, n, base, max(n_base, n))
        return [
            _interest(named[kept[place]], int(counts[place]), *values)
            for place, *values in zip(
                found.order.tolist(),
                *(
                    column[found.order].tolist()
                    for column in (found.share, found.base_share, found.lift, found.low, found.high)
                ),
                strict=True,
            )
        ]


def artist_base(
    everybody: Sample, tracks: Sequence[Sequence[int]], in_all: IntArray, counts: IntArray, pairs: IntArray
) -> IntArray:
    """How many of everybody have heard each of n artists.

    No counter has it: who has heard two tracks of an artist counts for both. Where everybody is in the sample
    they are counted there. Else it is the sum of the listeners of the tracks, which is exact, times the
    listeners for each pair of listener and track in the sample. For an artist with few pairs there, the
    audience decides, too, with the weight of five pairs.

    Args:
        tracks: keys of the tracks of each artist
        in_all: (n,) sum of the listeners of these tracks
        counts, pairs: (n,) listeners in the audience, and pairs of listener and track there
    """
    base, base_pairs = listeners_of_artists(everybody.heard, tracks)
    if everybody.complete:
        return base
    weight = np.minimum(pairs, _WEIGHT)
    share = (base + weight * counts / np.maximum(pairs, 1)) / np.maximum(base_pairs + weight, 1)
    return np.asarray(np.rint(in_all * share), np.int64)


def _ints(values: Iterable[int]) -> IntArray:
    return np.fromiter(values, np.int64)


def _interest(
    named: tuple[str, str, Iterable[object]],
    listeners: int,
    share: float,
    base_share: float,
    lift: float,
    low: float,
    high: float,
) -> Interest:
    item_id, name, artists = named
    by = [Named(one.artist_id, one.name) for one in artists]  # type: ignore[attr-defined]
    return Interest(item_id, name, by, listeners, share, base_share, lift, low, high)


def _bridge(liked: Interest, lift: float, low: float, high: float) -> BridgeGenre:
    return BridgeGenre(
        liked.id, liked.name, liked.listeners, liked.lift, liked.low, liked.high, lift, low, high
    )


def _position(languages: Languages, name: str | None) -> int:
    return languages.names.index(name) if name in languages.names else -1 if name is None else -2


def _share(languages: Languages, name: str | None, rows: np.ndarray) -> float | None:
    n = int(np.count_nonzero(rows))
    return (
        float(np.count_nonzero(rows & (languages.language == _position(languages, name))) / n) if n else None
    )
