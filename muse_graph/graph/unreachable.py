"""Why a database cannot be used, for people: what was tried, and which setting says so."""

from __future__ import annotations

from muse_graph.config import Settings

__all__ = ["LOGIN_OR_DATABASE", "explain"]

#: What Neo4j answers to a login or a database that is not there.
LOGIN_OR_DATABASE = frozenset(
    {
        "Neo.ClientError.Security.Unauthorized",
        "Neo.ClientError.Security.AuthenticationRateLimit",
        "Neo.ClientError.Security.CredentialsExpired",
        "Neo.ClientError.Database.DatabaseNotFound",
    }
)


def explain(settings: Settings, error: Exception, code: str | None, message: str) -> str:
    """What to tell about an error of the driver.

    Args:
        code: the server's own name of the error; None if it did not answer
        message: the server's sentence, or the driver's
    """
    address = settings.neo4j_uri
    if code == "Neo.ClientError.Database.DatabaseNotFound":
        return f"NEO4J_DATABASE must be a database of {address}, got {settings.neo4j_database!r}"
    if code == "Neo.ClientError.Security.AuthenticationRateLimit":
        return f"{address} takes no login for some seconds, after too many wrong ones; {_login(settings)}"
    if code in LOGIN_OR_DATABASE:
        return f"{address} refuses the login; {_login(settings)}"
    place = "the embedded database" if settings.is_embedded else "the database at NEO4J_URI"
    return f"{place}, {address}, does not answer: {_root(error) or message}"


def _login(settings: Settings) -> str:
    if settings.is_embedded:
        return f"the file password in {settings.home} must be the one of its first start"
    password = "another password" if settings.neo4j_password else "no password"
    return (
        "NEO4J_USERNAME and NEO4J_PASSWORD must be a user there and its password, "
        f"got {settings.neo4j_username!r} and {password}"
    )


def _root(error: BaseException) -> str:
    """The system's own words for it, if any are at the bottom of an error."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError) and cause.strerror:
            return cause.strerror
        inner = getattr(cause, "exceptions", None)  # of an ExceptionGroup
        cause = inner[0] if inner else cause.__cause__
    return ""
