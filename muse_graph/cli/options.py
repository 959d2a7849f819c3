"""Options that several commands share, and what they turn into."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from muse_graph.config import Settings

__all__ = [
    "ArtistWeight",
    "AtMost",
    "BeyondFriends",
    "Diversity",
    "Every",
    "FeaturesWeight",
    "Focus",
    "Home",
    "Host",
    "Json",
    "LanguageWeight",
    "MaxPerArtist",
    "Mode",
    "Neighbours",
    "NewOnly",
    "Output",
    "Port",
    "RadarShare",
    "Seed",
    "Shrinkage",
    "Similarity",
    "Weights",
    "read_settings",
]

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Home = Annotated[
    Path | None,
    typer.Option(help="Folder of the embedded Neo4j; else MUSE_HOME.", file_okay=False, show_default=False),
]
AtMost = Annotated[int, typer.Option("-k", help="How many at most.")]
NewOnly = Annotated[bool, typer.Option("--new-only", help="Only genres never played.")]
BeyondFriends = Annotated[bool, typer.Option("--beyond-friends", help="Also genres that no friend plays.")]
Every = Annotated[bool, typer.Option("--all", help="Every user, as JSON lines in the order of their ids.")]
Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", help="File for --all, complete or not there.", dir_okay=False),
]
Mode = Annotated[str, typer.Option(help="What to recommend: discovery, for-you or under-the-radar.")]
Focus = Annotated[
    float, typer.Option(help="How far the likeliest genres lead: 0 mixes all, 1 is mostly one.")
]
RadarShare = Annotated[float, typer.Option(help="Least share of the list for artists under the radar.")]
MaxPerArtist = Annotated[int, typer.Option(help="Most tracks by one artist.")]
Diversity = Annotated[float, typer.Option(help="What being unlike the others counts, 0 to 1; 0 is off.")]
ArtistWeight = Annotated[float, typer.Option(help="In diversity: the same artist.")]
LanguageWeight = Annotated[float, typer.Option(help="In diversity: the same language.")]
FeaturesWeight = Annotated[float, typer.Option(help="In diversity: near spectral features.")]
Similarity = Annotated[
    str | None,
    typer.Option(
        help="How friends are compared: cosine, pearson, jaccard or log-likelihood. This and the next three "
        "leave a trained model aside.",
        show_default="cosine",
    ),
]
Shrinkage = Annotated[
    float | None,
    typer.Option(help="Items in common at which half of a similarity counts.", show_default="5"),
]
Neighbours = Annotated[
    int | None, typer.Option(help="Friends that count, the most similar.", show_default="50")
]
Weights = Annotated[
    str | None,
    typer.Option(help="What a play is worth: heard, log-plays or binary.", show_default="heard"),
]
Host = Annotated[str, typer.Option(help="Address to listen on.")]
Port = Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)]
Seed = Annotated[int, typer.Option(help="The same seed gives the same world.", min=0)]


def read_settings(home: Path | None = None) -> Settings:
    """Settings of the environment; raises InvalidRequest naming the variable that is wrong."""
    settings = Settings.from_environment()
    return settings if home is None else settings.model_copy(update={"home": home})
