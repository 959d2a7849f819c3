"""Settings: read from the environment once, by the application factory or the command line."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import platformdirs
from pydantic import Field, ModelWrapValidatorHandler, ValidationError, field_validator, model_validator
from pydantic.json_schema import SkipJsonSchema
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from muse_graph.core.parameters import DEFAULT_THETA
from muse_graph.errors import InvalidRequest

__all__ = ["Settings"]


#: How an address of Neo4j begins: plain, with a certificate, with one signed by nobody.
_SCHEMES = frozenset(f"{kind}{safety}" for kind in ("bolt", "neo4j") for safety in ("", "+s", "+ssc"))

#: A user and a password in an address, which belong in variables of their own and in no message.
_LOGIN = re.compile(r"//[^/]*@")


def _default(words: str) -> dict[str, Any]:
    """What documentation shows for a default without a fixed value."""
    return {"default": words}


_RATE = re.compile("[1-9][0-9]{0,8}/(second|minute|hour|day)")


def _networks(text: str) -> list[IPv4Network | IPv6Network]:
    return [ip_network(part.strip()) for part in text.split(",") if part.strip()]


class Settings(BaseSettings):
    """What can be set from outside; made directly, it reads nothing.

    The descriptions and defaults are the table of settings in README.md; `make docs` writes it.
    """

    model_config = SettingsConfigDict(frozen=True, case_sensitive=True, populate_by_name=True)

    neo4j_uri: str | None = Field(
        None,
        validation_alias="NEO4J_URI",
        description="address of Neo4j; if not set, the embedded one is started",
    )
    neo4j_username: str = Field("neo4j", validation_alias="NEO4J_USERNAME", description="user name for Neo4j")
    neo4j_password: str = Field(
        "", validation_alias="NEO4J_PASSWORD", description="password of that user", repr=False
    )
    neo4j_password_file: Path | None = Field(
        None,
        validation_alias="NEO4J_PASSWORD_FILE",
        description="a file with the password; `NEO4J_PASSWORD` takes precedence",
    )
    neo4j_database: str = Field(
        "neo4j", validation_alias="NEO4J_DATABASE", description="name of the database on that server"
    )
    #: Address of Neo4j Browser, if known; only set by `at`.
    neo4j_browser: SkipJsonSchema[str | None] = None
    #: Whether the address is that of the embedded Neo4j; only set by `at`.
    is_embedded: SkipJsonSchema[bool] = False
    home: Path = Field(
        default_factory=lambda: Path(platformdirs.user_data_dir("muse-graph")),
        validation_alias="MUSE_HOME",
        description="store of the embedded Neo4j",
        json_schema_extra=_default("the system's folder for data"),
    )
    cache: Path = Field(
        default_factory=lambda: Path(platformdirs.user_cache_dir("muse-graph")),
        validation_alias="MUSE_CACHE",
        description="Neo4j's jars, shared by all stores",
        json_schema_extra=_default("the system's folder for caches"),
    )
    models: Path | None = Field(
        None,
        validation_alias="MUSE_MODELS",
        description="trained models",
        json_schema_extra=_default("`models` in `MUSE_HOME`"),
    )
    accounts: Path | None = Field(
        None,
        validation_alias="MUSE_ACCOUNTS",
        description="file of the accounts, which holds their secrets as hashes",
        json_schema_extra=_default("`accounts.sqlite` in `MUSE_HOME`"),
    )
    data: Path | None = Field(
        None,
        validation_alias="MUSE_DATA",
        description="folder of the data sets for evaluations",
    )
    maven_url: str | None = Field(
        None,
        validation_alias="MUSE_MAVEN_URL",
        description="Maven repository of the jars",
        json_schema_extra=_default("the one `jgo` knows"),
    )
    neo4j_heap_mb: int | None = Field(
        None,
        validation_alias="MUSE_NEO4J_HEAP_MB",
        description="largest heap of the embedded Neo4j, MiB",
        json_schema_extra=_default("a sixth of the memory, 512–4096"),
    )
    neo4j_pagecache_mb: int | None = Field(
        None,
        validation_alias="MUSE_NEO4J_PAGECACHE_MB",
        description="page cache of the embedded Neo4j, MiB",
        json_schema_extra=_default("an eighth of the memory, 128–4096, or the graph's size up to a third"),
    )
    theta: float = Field(
        DEFAULT_THETA,
        gt=0,
        le=1,
        allow_inf_nan=False,
        validation_alias="MUSE_THETA",
        description="share of the favourite genre at which a genre rests, above 0 and at most 1",
    )
    max_friends: int = Field(
        200,
        ge=1,
        validation_alias="MUSE_MAX_FRIENDS",
        description="most friends read for one recommendation, first by id",
    )

    request_timeout_s: float = Field(
        10.0,
        ge=0.5,
        le=3600,
        allow_inf_nan=False,
        validation_alias="MUSE_REQUEST_TIMEOUT_S",
        description="seconds in which every request of `serve` is answered, its body's way included",
    )

    sign_up: bool = Field(
        True,
        validation_alias="MUSE_SIGN_UP",
        description="whether strangers may make an account by themselves",
    )
    rate_limit: str = Field(
        "6000/minute",
        validation_alias="MUSE_RATE_LIMIT",
        description="requests that one session or token may send to a process of `serve`",
    )
    rate_limit_address: str = Field(
        "600/minute",
        validation_alias="MUSE_RATE_LIMIT_ADDRESS",
        description="requests without an account that one address may send to a process of `serve`",
    )
    trusted_proxies: str = Field(
        "",
        validation_alias="MUSE_TRUSTED_PROXIES",
        description="networks of proxies whose `X-Forwarded-*` is believed, as in `10.0.0.0/8,::1`",
    )

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Settings from ``NEO4J_*`` and ``MUSE_*``; raises InvalidRequest naming the variable."""
        given = os.environ if environ is None else environ
        # Only what has a name of its own, and blank is as good as not set.
        texts = {name: text for name in _VARIABLES.values() if (text := given.get(name, "").strip())}
        if secret := texts.get("NEO4J_PASSWORD_FILE"):
            texts.setdefault("NEO4J_PASSWORD", _secret(Path(secret)))
        source = EnvSettingsSource(cls)
        source.env_vars = texts
        return cls(**source())

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read nothing but what the constructor is given: `from_environment` is the one door."""
        return (init_settings,)

    @field_validator("neo4j_uri")
    @classmethod
    def _check_uri(cls, uri: str | None) -> str | None:
        rule = "must be an address like bolt://localhost:7687 or neo4j+s://graph.example.org"
        if uri is None:
            return None
        try:
            parts = urlsplit(uri)
            named = parts.hostname and parts.port != 0 and "@" not in parts.netloc
        except ValueError:
            raise ValueError(rule) from None
        if not named or parts.scheme not in _SCHEMES:
            raise ValueError(rule)
        return uri

    @field_validator("rate_limit", "rate_limit_address")
    @classmethod
    def _check_rate(cls, rate: str) -> str:
        if not _RATE.fullmatch(rate):
            raise ValueError("must be a number of requests and a time, as in 600/minute")
        return rate

    @field_validator("trusted_proxies")
    @classmethod
    def _check_proxies(cls, networks: str) -> str:
        try:
            _networks(networks)
        except ValueError:
            raise ValueError("must be networks divided by commas") from None
        return networks

    @model_validator(mode="wrap")
    @classmethod
    def _refuse(cls, values: Any, handler: ModelWrapValidatorHandler[Settings]) -> Settings:
        try:
            return handler(values)
        except ValidationError as error:
            wrong = error.errors(include_url=False)[0]
            name = str(wrong["loc"][0])
            rule = (
                wrong["msg"].removeprefix("Value error, ").replace("Input should", "must").partition(",")[0]
            )
            got = _LOGIN.sub("//…@", repr(wrong["input"]))
            raise InvalidRequest(f"{_VARIABLES.get(name, name)} {rule}, got {got}") from None

    @property
    def accounts_file(self) -> Path:
        """Where accounts are."""
        return self.accounts or self.home / "accounts.sqlite"

    @property
    def proxies(self) -> list[IPv4Network | IPv6Network]:
        """The networks of trusted proxies."""
        return _networks(self.trusted_proxies)

    @property
    def models_folder(self) -> Path:
        """Where trained models are."""
        return self.models or self.home / "models"

    def at(self, uri: str, username: str, password: str, browser: str | None = None) -> Settings:
        """The same settings, for the embedded Neo4j at that address, and Neo4j Browser at its own."""
        address = {"neo4j_uri": uri, "neo4j_username": username, "neo4j_password": password}
        return self.model_copy(update={**address, "neo4j_browser": browser, "is_embedded": True})


#: The environment variable of each field that has one.
_VARIABLES = {
    name: str(field.validation_alias)
    for name, field in Settings.model_fields.items()
    if field.validation_alias is not None
}


def _secret(path: Path) -> str:
    """The one line of a secret's file."""
    try:
        return path.read_text("utf-8").strip()
    except OSError as error:
        raise InvalidRequest(f"NEO4J_PASSWORD_FILE {path} cannot be read: {error.strerror}") from None
