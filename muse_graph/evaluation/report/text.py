"""Text of the report about each protocol."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["ABOUT", "INTRODUCTION", "NAMES", "ORDER", "About"]


@dataclass(frozen=True)
class About:
    """A protocol: its title and description."""

    title: str
    text: str


NAMES = {"hetrec": "HetRec 2011 Last.fm", "deezer": "Deezer Hungary", "graph": "a graph"}
ORDER = ("topn", "discovery", "through-graph", "genres", "cold-start", "diversity")

INTRODUCTION = """# How good the recommendations are

Made by `make quality` from the published data sets. Everything is seeded, so the figures can be
reproduced, except the times, which are of one machine. Figures are per cent unless stated otherwise,
with the best of each column in bold. All models of a table rank the same candidates for the same users.
Hyperparameters were chosen on a part of the training rows, or on the fold that is not in the figures. On
data sets of this size, differences below half a per cent mean little.

**P**, **R**, **nDCG**, **Hit** and **MRR** are as usual, at the cutoff of the table, with binary
relevance. **macro MRR**: every hidden genre has the same weight, however many users it was hidden from.
**niche Hit@1**: only genres outside the ten with the most listeners. **radar**: artists outside the fifth
with the most listeners. **popularity**: mean share of artists less popular than those listed.
**coverage**: share of artists listed for at least one user. **Gini**: 0 if all artists are listed equally
often, 100 if only one is listed. **entropy**: how evenly a list spreads over genres.
"""

ABOUT = {
    "topn": About(
        "Top-N",
        """\
Each fold hides a fifth of all listens, without filtering: by row number modulo 5, as in QRec, which
compares papers on social recommendation. Candidates are all artists with a listener except the user's
own; tags that a user gave to a hidden artist are hidden too. Figures are means over users, then over
folds. Published there, P / R / nDCG at 10: BPR 16.6 / 16.8 / 19.9, SBPR 16.5 / 16.7 / 20.2, DiffNet 18.5 /
18.7 / 22.3, LightGCN 19.2 / 19.5 / 23.4, S²-MHCN 20.05 / 20.38 / 24.40; these keep the epoch that is
best on the hidden rows, which favours them.""",
    ),
    "discovery": About(
        "Genre discovery",
        """\
For each user, all artists of one genre are hidden; the genre is drawn from those with at least 3 of the
user's artists and 10 others. Models rank the genres without an artist in the profile, and the artists of
those genres. Users are split into five folds; the first is for tuning and not in the figures. Popularity
and the friends count rank genres by number of listeners, all others by how far the genre's best artists
score above the mean. *× genre* adds the logarithm of the genre's probability to the artist's standardised
score; *focus* is how much the likeliest genres dominate the list, *radar* the weight of unknown artists.""",
    ),
    "through-graph": About(
        "Genre discovery through the product",
        """\
The same hidden genres, but the rest is loaded into Neo4j by `muse-graph load tables`, the model is
trained by `muse-graph train`, and `muse-graph recommend --all` and `muse-graph genres --all` answer, for
genres never played. Candidates come from the graph: from friends and from listeners with similar taste.""",
    ),
    "genres": About(
        "Liked genres",
        """\
One liked genre is hidden from each user who has at least 3, and all genres that are not left in the
profile are ranked. Users are split into five folds; the first is for tuning and not in the figures.""",
    ),
    "cold-start": About(
        "Cold start",
        """\
Each fold leaves a fifth of the users, with their tags, out of the training. Each of them is then treated
as a new user with friends and the first 0 to 20 artists in a random order; the artists after the
twentieth are to be found. Figures are means over users, then over the five folds.""",
    ),
    "diversity": About(
        "The price of diversity",
        """\
Each fold hides a fifth of all listens, and the served model makes the lists for each diversity setting.
**artists** and **languages** are how many a list has; **spread of sound** is the mean squared distance of
two of its tracks in spectral features, relative to that of any two tracks. Published data sets have
neither languages nor sound: this is the synthetic world of `muse-graph load synthetic` with 2,000
listeners, so the price on real music may differ.""",
    ),
}
