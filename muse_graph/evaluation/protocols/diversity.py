"""What diversity costs: lists under each diversity setting, against the same hidden listens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from muse_graph.core.models.types import Fit
from muse_graph.core.rerank.diversity import DiversityOptions, rerank
from muse_graph.core.rerank.ranking import top_k
from muse_graph.core.rerank.track_similarity import Traits
from muse_graph.core.types import FloatArray, IntArray
from muse_graph.errors import ShapeError
from muse_graph.evaluation.data.datasets import Dataset
from muse_graph.evaluation.data.splits import assign_folds
from muse_graph.evaluation.lists import (
    EvalCase,
    EvalCatalogue,
    Follow,
    eval_cases,
    list_figures,
    without_progress,
)
from muse_graph.evaluation.report.results import Figures, Result, Section, mean_figures

__all__ = ["VARIANTS", "evaluate_diversity", "variety"]

COLUMNS = ("precision", "recall", "ndcg", "artists", "languages", "sound", "radar_share", "coverage")

#: By what they are called, each of them as a request may ask for it.
VARIANTS: dict[str, DiversityOptions] = {
    "only the score": DiversityOptions(),
    "at most 3 of an artist (served)": DiversityOptions(3),
    "at most 1 of an artist": DiversityOptions(1),
    "diversity 0.1": DiversityOptions(3, 0.1),
    "diversity 0.3": DiversityOptions(3, 0.3),
    "diversity 0.5": DiversityOptions(3, 0.5),
    "diversity 0.3, by artist only": DiversityOptions(3, 0.3, 1.0, 0.0, 0.0),
    "diversity 0.3, by language only": DiversityOptions(3, 0.3, 0.0, 1.0, 0.0),
    "diversity 0.3, by sound only": DiversityOptions(3, 0.3, 0.0, 0.0, 1.0),
}

# Candidates looked at closely, as many as the service uses for diversity.
_SHORT, _TIMES_K = 200, 5


def evaluate_diversity(
    dataset: Dataset,
    traits: Traits,
    fit: Fit,
    variants: Mapping[str, DiversityOptions],
    *,
    k: int = 20,
    seed: int = 0,
    folds: Sequence[int] = range(5),
    follow: Follow[EvalCase] = without_progress,
) -> Result:
    """Accuracy and variety of the lists under every setting, a mean over folds of listens dealt by seed.

    Args:
        traits: of the items of the data set, in their order

    Raises:
        ShapeError: If there are not as many.
    """
    if len(traits) != dataset.n_items:
        raise ShapeError(f"traits must be of {dataset.n_items} items, got {len(traits)}")
    fold_of = assign_folds(len(dataset.user), 5, np.random.default_rng(seed))
    found: dict[str, list[Figures]] = {name: [] for name in variants}
    for fold in folds:
        data = dataset.training(fold_of != fold)
        catalogue = EvalCatalogue.of(data)
        hidden = dataset.matrix(fold_of == fold)
        asked = eval_cases(catalogue, range(data.n_users), hidden, data.profile)
        model, lists = fit(data), {name: np.full((len(asked), k), -1) for name in variants}
        for row, case in enumerate(follow(asked, len(asked), f"fold {fold}")):
            scores = model.score(case.profile, catalogue.candidates).values[case.allowed]
            values = scores.astype(np.float64)
            items = catalogue.candidates[case.allowed]
            for name, options in variants.items():
                chosen = _chosen(values, items, traits, k, options)
                lists[name][row, : len(chosen)] = chosen
        for name in variants:
            figures = list_figures(lists[name], asked, catalogue)
            found[name].append(figures | variety(lists[name], traits))
    rows = {name: mean_figures(parts) for name, parts in found.items()}
    settings = {"k": k, "seed": seed, "folds": list(folds)}
    return Result("diversity", dataset.name, settings, (Section(f"Lists of {k}", COLUMNS, rows),))


def _chosen(
    values: FloatArray, items: IntArray, traits: Traits, k: int, options: DiversityOptions
) -> IntArray:
    short = top_k(values, items, max(_SHORT, _TIMES_K * k))
    values, items = values[short], items[short]
    return items[rerank(values, items, k, traits=traits.take(items), options=options).index]


def variety(lists: IntArray, traits: Traits) -> Figures:
    """How different the tracks of a list are, a mean over lists.

    Args:
        lists: (n_lists, k) int64 items, -1 for none

    Returns:
        artists and languages in a list, counted; sound, the mean squared distance of two of its tracks over
        that of any two tracks, every feature at variance 1; NaN where no track has features
    """
    features = traits.features
    scale = np.nanstd(features, axis=0) if features.size else np.ones(features.shape[1])
    scaled = features / np.where(scale > 0, scale, np.inf)
    artists, languages, sound = [], [], []
    for items in lists:
        items = items[items >= 0]
        artists.append(len({key for item in items.tolist() for key in traits.artists[item]}))
        spoken = traits.language[items]
        languages.append(len(np.unique(spoken[spoken >= 0])))
        known = scaled[items][np.isfinite(scaled[items]).all(axis=1)]
        # The mean of d² over pairs is twice the variance; that of any two tracks is 2 for each feature.
        if len(known) > 1 and (width := np.count_nonzero(scale > 0)):
            sound.append(float(known.var(axis=0, ddof=1).sum()) / width)
    return {
        "artists": float(np.mean(artists)),
        "languages": float(np.mean(languages)),
        "sound": float(np.mean(sound)) if sound else float("nan"),
    }
