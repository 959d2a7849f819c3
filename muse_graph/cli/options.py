"""Options that several commands share, and the settings they give."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from muse_graph.answers import AnalyticsFilters
from muse_graph.config import Settings

__all__ = [
    "ArtistId",
    "FromDay",
    "GenreFilter",
    "Home",
    "Host",
    "Json",
    "Models",
    "Port",
    "Seed",
    "ToDay",
    "TrackFilters",
    "TrackId",
    "UserId",
    "checked",
    "read_filters",
    "read_settings",
]


def checked(field: str) -> Callable[[str | None], str | None]:
    """A callback of typer that puts an argument into the normal form of a field. raises: InvalidRequest."""

    def clean(value: str | None) -> str | None:
        from muse_graph.service import field_rules

        return None if value is None else field_rules.check(field, value)

    return clean


Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Home = Annotated[
    Path | None,
    typer.Option(
        help="Folder of the embedded Neo4j; default MUSE_HOME.", file_okay=False, show_default=False
    ),
]
Models = Annotated[
    Path | None,
    typer.Option(help="Folder of the models; default MUSE_MODELS.", file_okay=False, show_default=False),
]
ArtistId = Annotated[
    str, typer.Argument(metavar="ID", help="Id of the artist.", callback=checked("artist_id"))
]
UserId = Annotated[str, typer.Argument(metavar="USER", help="Id of the user.", callback=checked("user_id"))]
TrackId = Annotated[
    str, typer.Argument(metavar="TRACK", help="Id of the track.", callback=checked("track_id"))
]
TrackFilters = Annotated[
    list[str] | None, typer.Option("--track", help="Only this track, by id; may be repeated.")
]
_DAY = ["%Y-%m-%d"]
FromDay = Annotated[datetime | None, typer.Option("--from", formats=_DAY, help="First day (UTC), included.")]
ToDay = Annotated[datetime | None, typer.Option("--to", formats=_DAY, help="Last day (UTC), included.")]
GenreFilter = Annotated[
    str | None, typer.Option(help="Posting in this genre, by id.", callback=checked("genre_id"))
]
Host = Annotated[str, typer.Option(help="Address to listen on.")]
Port = Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)]
Seed = Annotated[int, typer.Option(help="The same seed gives the same world.", min=0)]


def read_settings(home: Path | None = None) -> Settings:
    """Settings of the environment; raises InvalidRequest naming the variable that is wrong."""
    settings = Settings.from_environment()
    return settings if home is None else settings.model_copy(update={"home": home})


def read_filters(
    track: list[str] | None,
    country: list[str] | None,
    source: list[str] | None,
    segment: list[str] | None,
    from_day: datetime | None,
    to_day: datetime | None,
) -> AnalyticsFilters:
    """What an artist's figures are filtered by; raises InvalidRequest."""
    from muse_graph.service.artists.filters import filters_of

    return filters_of(
        track=track,
        country=country,
        source=source,
        segment=segment,
        from_day=from_day.date() if from_day else None,
        to_day=to_day.date() if to_day else None,
    )
