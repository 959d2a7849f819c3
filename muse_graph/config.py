"""Settings: read from the environment once, by the application factory or the command line."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import platformdirs

from muse_graph.errors import InvalidRequest

__all__ = ["Settings"]


@dataclass(frozen=True)
class Settings:
    """What can be set from outside.

    Attributes:
        neo4j_uri: where Neo4j answers; None starts the embedded one
        neo4j_browser: where Neo4j Browser answers, if that is known
        neo4j_heap_mb: max heap of the embedded Neo4j in MiB; None sizes it from the machine
        neo4j_pagecache_mb: its page cache in MiB; None sizes it from the machine
        home: store folder of the embedded Neo4j
        cache: folder of the downloaded jars, shared by all homes
        models: folder of the trained models; None is `models` in the home
        maven_url: Maven repository of the jars; None takes the one jgo knows
        data: folder of data sets for `evaluate`; None asks for --dir
        theta: share of the favourite genre at which a discovery genre rests, in (0, 1]
        max_friends: neighbours read for one recommendation; the closest friendships first
    """

    neo4j_uri: str | None = None
    neo4j_username: str = "neo4j"
    neo4j_password: str = field(default="", repr=False)
    neo4j_database: str = "neo4j"
    neo4j_browser: str | None = None
    neo4j_heap_mb: int | None = None
    neo4j_pagecache_mb: int | None = None
    home: Path = field(default_factory=lambda: Path(platformdirs.user_data_dir("muse-graph")))
    cache: Path = field(default_factory=lambda: Path(platformdirs.user_cache_dir("muse-graph")))
    models: Path | None = None
    data: Path | None = None
    maven_url: str | None = None
    theta: float = 0.2
    max_friends: int = 200

    def __post_init__(self) -> None:
        if not 0 < self.theta <= 1:
            raise InvalidRequest(f"MUSE_THETA must be in (0, 1], got {self.theta}")
        if self.max_friends < 1:
            raise InvalidRequest(f"MUSE_MAX_FRIENDS must be at least 1, got {self.max_friends}")

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Settings from ``NEO4J_*`` and ``MUSE_*``; raises InvalidRequest naming the variable."""
        env = os.environ if environ is None else environ
        readers = {
            "neo4j_uri": ("NEO4J_URI", str),
            "neo4j_username": ("NEO4J_USERNAME", str),
            "neo4j_password": ("NEO4J_PASSWORD", str),
            "neo4j_database": ("NEO4J_DATABASE", str),
            "neo4j_heap_mb": ("MUSE_NEO4J_HEAP_MB", int),
            "neo4j_pagecache_mb": ("MUSE_NEO4J_PAGECACHE_MB", int),
            "home": ("MUSE_HOME", Path),
            "cache": ("MUSE_CACHE", Path),
            "models": ("MUSE_MODELS", Path),
            "data": ("MUSE_DATA", Path),
            "maven_url": ("MUSE_MAVEN_URL", str),
            "theta": ("MUSE_THETA", float),
            "max_friends": ("MUSE_MAX_FRIENDS", int),
        }
        values: dict[str, object] = {}
        if secret := env.get("NEO4J_PASSWORD_FILE", "").strip():
            values["neo4j_password"] = _secret(Path(secret))
        for name, (variable, kind) in readers.items():
            if text := env.get(variable, "").strip():
                try:
                    values[name] = kind(text)
                except ValueError:
                    raise InvalidRequest(f"{variable} must be {kind.__name__}, got {text!r}") from None
        return cls(**values)  # type: ignore[arg-type]

    @property
    def models_folder(self) -> Path:
        """Where trained models are."""
        return self.models or self.home / "models"

    def at(self, uri: str, username: str, password: str, browser: str | None = None) -> Settings:
        """The same settings, for the database at that address, and Neo4j Browser at its own."""
        return replace(
            self, neo4j_uri=uri, neo4j_username=username, neo4j_password=password, neo4j_browser=browser
        )


def _secret(path: Path) -> str:
    """The one line of a secret's file."""
    try:
        return path.read_text("utf-8").strip()
    except OSError as error:
        raise InvalidRequest(f"NEO4J_PASSWORD_FILE {path} cannot be read: {error.strerror}") from None
