"""What a model's scores are made of, beside the scores themselves, in the world of `tests.worlds.small`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest

from muse_graph.core.keys import key_of
from muse_graph.core.models.types import Profile, ScoreParts
from muse_graph.core.types import FloatArray, IntArray
from muse_graph.model_store import ServedModel
from muse_graph.service.recommendations.candidates import ChosenTracks
from muse_graph.service.recommendations.context import read_context
from muse_graph.service.recommendations.explanations import ScoreBreakdown
from muse_graph.service.recommendations.model_ranking import ModelRanking, rank_neighbourhood
from muse_graph.service.recommendations.model_scores import ModelScores
from muse_graph.service.recommendations.options import RecommendationOptions
from muse_graph.service.recommendations.track_cache import TrackCache
from tests.fakes import FakeGraph
from tests.worlds import small


@dataclass(frozen=True)
class Raised:
    """A model, or the scores of one, measured from 3 and not from 0."""

    inner: Any

    @property
    def values(self) -> FloatArray:
        return np.asarray(self.inner.values + 3.0)

    def score(self, profile: Profile) -> Raised:
        return Raised(self.inner.score(profile))

    def parts(self, indices: IntArray) -> ScoreParts:
        return replace(self.inner.parts(indices), base=3.0)


@pytest.fixture(scope="module")
def served() -> ServedModel:
    content = small.content()
    return ServedModel("v000001", {}, replace(content, model=Raised(content.model)))


def explained(
    served: ServedModel, options: RecommendationOptions, **changed: Any
) -> tuple[ModelRanking, dict[str, ScoreBreakdown]]:
    """A ranking for u1, whose surroundings are changed, and what the score of each track is made of."""
    (row,) = small.neighbourhood(max_similar=1)
    graph: FakeGraph = small.small_graph(listener_neighbourhood=[row | changed])
    context = read_context(graph, "u1", options, trained=True)
    reader = TrackCache().reading(graph)
    ranking = rank_neighbourhood(ModelScores(context, context.ledger(options), options, served, reader))
    index = np.arange(len(ranking.candidates.items))[::-1]
    tracks = reader.get(ranking.candidates.items[index].tolist())
    breakdowns = ranking.explain(ChosenTracks(index, [track for track in tracks if track is not None]))
    return ranking, {one.track.track_id: one for one in breakdowns}


def total(one: ScoreBreakdown) -> float:
    """All parts of a score; what being under the radar adds is told apart for tracks that still are."""
    radar = one.radar if one.track.under_radar else 0.0
    friends = sum(friend.contribution for friend in one.friends) + one.other_friends
    return one.genre + radar + friends + one.own_total + one.similar + one.penalty


@pytest.mark.parametrize("mode", ["discovery", "for-you", "under-the-radar"])
@pytest.mark.parametrize(
    "feedback", [[], [[key_of("t5"), False, [key_of("jazz")]]]], ids=["plays", "discards"]
)
@pytest.mark.parametrize("newer", [False, True], ids=["as trained", "one track newer"])
def test_parts_are_as_far_apart_as_the_scores_are(
    served: ServedModel, mode: Any, feedback: list[Any], newer: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Measured from what all scores have in common; those below 0.1 are drawn together above 0."""
    plays = small.PLAYS["u2"] | ({"t7": 2} if newer else {})
    monkeypatch.setattr(small, "PLAYS", {**small.PLAYS, "u2": plays})
    monkeypatch.setattr(small, "GENRES", {**small.GENRES, "t7": "fado"})
    monkeypatch.setattr(small, "ARTISTS", {**small.ARTISTS, "t7": "a2"})
    options = RecommendationOptions(mode=mode, focus=0.5, radar_share=0.2)
    ranking, found = explained(served, options, feedback=feedback)
    assert ("t7" in found) is newer
    assert len(found) >= 2
    scores = dict(zip(ranking.candidates.items.tolist(), ranking.candidates.scores.tolist(), strict=True))
    model = ranking.model
    # Else the case could not tell a product from a quotient.
    assert abs(model.stats.deviation - 1) > 0.1
    common = (model.stats.mean - model.scores.parts(np.arange(1)).base) / model.stats.deviation
    for one in found.values():
        score = scores[one.track.key] + common
        # What is ranked by is float32.
        assert total(one) == pytest.approx(score if score >= 0.1 else 0.01 / (0.2 - score), abs=1e-5)


def test_a_discard_counts_against_its_artist_and_says_how_many_there_are(served: ServedModel) -> None:
    """u1 has met a2 by the discard of t5 alone, and plays t1 and t2 of a1."""
    feedback = [[key_of("t5"), False, [key_of("jazz")]]]
    _, found = explained(served, RecommendationOptions(mode="for-you"), feedback=feedback)
    counted = {track: (one.n_discards, one.penalty) for track, one in found.items()}
    assert counted == {"t3": (0, 0.0), "t4": (1, -2.0), "t6": (1, -2.0)}


def test_who_plays_a_track_and_how_many_listeners_alike_do(served: ServedModel) -> None:
    """u2 is named, u3 keeps the listens private, u4 is similar; friends beyond those named are counted."""
    _, found = explained(served, RecommendationOptions(mode="for-you"))
    told = {
        track: ([(one.friend_index, one.plays) for one in made.friends], made.n_other_friends, made.n_similar)
        for track, made in found.items()
    }
    assert told == {"t3": ([(0, 5)], 0, 1), "t4": ([(0, 2)], 1, 0), "t5": ([], 1, 0), "t6": ([], 0, 1)}
