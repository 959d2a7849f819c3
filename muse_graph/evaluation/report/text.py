"""Text of the report about each protocol."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["ABOUT", "INTRODUCTION", "NAMES", "ORDER", "About"]


@dataclass(frozen=True)
class About:
    """A protocol: its title, and how it goes."""

    title: str
    text: str


NAMES = {"hetrec": "HetRec 2011 Last.fm", "deezer": "Deezer Hungary", "graph": "a graph"}
ORDER = ("topn", "discovery", "through-graph", "genres", "cold-start", "diversity")

INTRODUCTION = """# How good the recommendations are

Made by `make quality`, from the data sets as they were published; everything here is seeded, so that it
comes out the same again, but for the times, which are of one machine. Figures are per cent where
nothing else is said, the best of a column in bold.
All models of a table answer the same users about the same candidates. What a model has to choose, it
was set to on a part of the training rows, or on the fold that is not in the figures. A data set of this
size tells models apart that differ by half a per cent or more.

**P**, **R**, **nDCG**, **Hit** and **MRR** as usual, at the cutoff of the table, relevance being yes or
no. **macro MRR**: every hidden genre counts the same, however many users it was hidden from. **niche
Hit@1**: only genres outside the ten with the most listeners. **radar**: artists outside the fifth with
the most listeners. **popularity**: mean share of artists less popular than those listed. **coverage**:
share of artists listed for anybody. **Gini**: 0 if all artists are listed equally often, 100 if one
takes all. **entropy**: how evenly a list spreads over genres.
"""

ABOUT = {
    "topn": About(
        "Top-N",
        """\
A fifth of all listens is hidden at a time, nothing filtered; by the row's number modulo 5 as in QRec,
where papers on social recommendation are compared. Candidates are all artists with a listener but the
user's own; tags that a user gave to a hidden artist are hidden too. A mean over users, then over folds.
Published there, P / R / nDCG at 10: BPR 16.6 / 16.8 / 19.9, SBPR 16.5 / 16.7 / 20.2, DiffNet 18.5 /
18.7 / 22.3, LightGCN 19.2 / 19.5 / 23.4, S²-MHCN 20.05 / 20.38 / 24.40; these keep the epoch that is
best on the hidden rows, which favours them.""",
    ),
    "discovery": About(
        "Genre discovery",
        """\
All artists of one genre are hidden from each user who has at least 3 of it and 10 others; the genre is
drawn. Ranked are the genres without an artist in the profile, and the artists of those genres. Users
are dealt to five folds, of which the first is for choosing and no part of the figures. Popularity and
the friends count rank genres by counting listeners; all others by what the genre's best artists score
above the mean. *× genre*: the artist's standardised score and the logarithm of the genre's chance;
*focus* says how far the likeliest genres lead the list, *radar* is the knob for unknown artists.""",
    ),
    "through-graph": About(
        "Genre discovery through the product",
        """\
The same hidden genres, but what is left is loaded into Neo4j by `muse-graph load tables`, trained on by
`muse-graph train`, and the answers are those of `muse-graph recommend --all` and
`muse-graph genres --all`, asked for genres never played. Candidates come from the graph: from friends
and from the listeners nearest in taste.""",
    ),
    "genres": About(
        "Liked genres",
        """\
One liked genre is hidden from each user who has at least 3, and all genres that are not left in the
profile are ranked. Users are dealt to five folds, of which the first is for choosing and no part of the
figures.""",
    ),
    "cold-start": About(
        "Cold start",
        """\
A fifth of the users is left out of the training at a time, tags and all. Each comes back as a newcomer
with friends and the first 0 to 20 of their artists, in an order drawn, and is asked about those beyond
the twentieth. A mean over users, then over five fifths.""",
    ),
    "diversity": About(
        "The price of diversity",
        """\
A fifth of all listens is hidden at a time, and the served model makes the lists that a request for each
kind of diversity gets. Counted are the artists and the languages in a list; the spread of sound is the
mean squared distance of two of its tracks in spectral features, over that of any two tracks. Published
data sets have neither languages nor sound: this is the synthetic world of `muse-graph load synthetic`,
2,000 listeners, so the price on real music may be another.""",
    ),
}
