"""Lists as responses: one that was made before where it still holds, else one that is made now."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response, request

from muse_graph.answers import ListMode
from muse_graph.api.http.context import changes, context, graph, model
from muse_graph.api.http.responses import reply_json
from muse_graph.service.recommendations import lists
from muse_graph.service.recommendations.context import read_neighbourhood
from muse_graph.service.recommendations.options import RecommendationOptions

__all__ = ["listed"]


def listed(user_id: str, options: RecommendationOptions) -> Response:
    """A listener's list; raises UnknownUser or GraphUnavailable."""
    all_kept, trained, tracks = context().kept_lists, model(), context().track_cache
    log, moment = changes()
    key = all_kept.basis(trained, tracks.refreshes), user_id, options
    is_anew = request.cache_control.no_cache
    kept = None if is_anew else all_kept.get(key, log, moment)
    if kept is not None:
        _count(kept.value.mode, kept.value.track_keys, is_kept=True)
        return reply_json(kept.value.body, headers={"Age": str(int(all_kept.age_s(kept)))})
    read = read_neighbourhood if is_anew else context().kept_neighbourhoods.reader(log, moment)
    ranked = lists.rank(graph(), user_id, options, track_cache=tracks, model=trained, read=read)
    _count(ranked.found.mode, ranked.track_keys)
    return reply_json(all_kept.keep(key, ranked, moment))


def _count(mode: ListMode, track_keys: Sequence[int], *, is_kept: bool = False) -> None:
    context().metrics.count_recommendations(mode, track_keys, model(), kept=is_kept)
