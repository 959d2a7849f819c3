"""Every error this service raises, as one tree.

    MuseError                       500
    ├── InvalidRequest              400   a value breaks a rule; names field, value and rule
    │   ├── InvalidValue            422   the request can be read, but a value in it breaks a rule
    │   └── Unstorable              400   the database cannot hold a value or a sum made from it
    ├── NotFound                    404
    │   ├── UnknownUser             404
    │   ├── UnknownTrack            404
    │   ├── UnknownArtist           404
    │   ├── UnknownGenre            404
    │   ├── UnknownInfluencer       404
    │   ├── UnknownAccount          404
    │   ├── UnknownLink             404   a link to be used once is wrong, used or too old
    │   ├── UnknownSentTrack        404
    │   └── UnknownQuery            404
    ├── NotSignedIn                 401   nobody knows who asks
    ├── NotAllowed                  403   who asks is known and may not
    ├── TooManyRequests             429   one client asks too often; says when to come back
    ├── Conflict                    409   the request contradicts the graph
    ├── QueryError                  500   a query file or its use is wrong: internal error
    ├── ShapeError                  500   arrays that do not fit together: internal error
    ├── DataError                         a bad row of a file: file, line, reason
    ├── SchemaError                 503   the graph is newer than this code, or not migrated
    ├── GraphUnavailable            503   no database answers
    ├── DeadlineExceeded            503   a request took longer than it may
    ├── TooBusy                     429   too much waits already; nothing was done
    ├── AccountsUnavailable         503   the file of accounts cannot be read or written
    ├── WriteError                  500   a write failed for a reason that is none of the above
    ├── ModelError                        a trained model cannot be made, written or read
    └── EmbeddedError                     the embedded Neo4j failed

A message names the value and the rule: ``cutoff k must be 1..1000, got 0``.
"""

from __future__ import annotations

__all__ = [
    "AccountsUnavailable",
    "Conflict",
    "DataError",
    "DeadlineExceeded",
    "EmbeddedError",
    "GraphUnavailable",
    "InvalidRequest",
    "InvalidValue",
    "ModelError",
    "MuseError",
    "NotAllowed",
    "NotFound",
    "NotSignedIn",
    "QueryError",
    "SchemaError",
    "ShapeError",
    "TooBusy",
    "TooManyRequests",
    "Transient",
    "UnknownAccount",
    "UnknownArtist",
    "UnknownGenre",
    "UnknownInfluencer",
    "UnknownLink",
    "UnknownQuery",
    "UnknownSentTrack",
    "UnknownTrack",
    "UnknownUser",
    "Unstorable",
    "WriteError",
    "invalid",
]


class MuseError(Exception):
    """Root of the tree; ``status`` is its HTTP status, ``title`` its short name."""

    status = 500
    title = "Internal error"


class InvalidRequest(MuseError):
    """A value breaks a rule.

    Args:
        fields: (JSON pointer or parameter name, what is wrong and the rule) pairs; may be empty.
    """

    status = 400
    title = "Invalid request"

    def __init__(self, message: str, fields: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(message)
        self.fields = fields


class InvalidValue(InvalidRequest):
    """The request can be read, but a value in it breaks a rule."""

    status = 422
    title = "Invalid value"


class Unstorable(InvalidRequest):
    """The database cannot hold a value, or a sum made from it."""


def invalid(field: str, rule: str, got: object) -> InvalidRequest:
    """Return the error of a field whose value breaks a rule: "must be ..."."""
    return InvalidRequest(f"{field} {rule}, got {got!r}", ((field, rule),))


class NotFound(MuseError):
    """Nothing has that id.

    Args:
        of: what it would have to belong to, as in "artist 'a1'"
    """

    status = 404
    title = "Not found"
    kind = "thing"

    def __init__(self, missing_id: str, of: str = "") -> None:
        super().__init__(f"no {self.kind}{of and f' of {of}'} has the id {missing_id!r}")
        self.missing_id = missing_id


class UnknownUser(NotFound):
    """No user has that id."""

    kind = "user"


class UnknownTrack(NotFound):
    """No track has that id."""

    kind = "track"


class UnknownArtist(NotFound):
    """No artist has that id."""

    kind = "artist"


class UnknownGenre(NotFound):
    """No genre has that id."""

    kind = "genre"


class UnknownInfluencer(NotFound):
    """No influencer has that id."""

    kind = "influencer"


class UnknownAccount(NotFound):
    """No account has that name."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.args = (f"no account has the name {name!r}",)


class UnknownLink(NotFound):
    """A link to be used once is wrong, was used, or is too old."""

    def __init__(self) -> None:
        super().__init__("")
        self.args = ("this link is wrong, was used already, or is too old; ask for a new one",)


class UnknownSentTrack(NotFound):
    """The user has sent or received no track under that id."""

    kind = "sent track"


class UnknownQuery(NotFound):
    """No file in cypher/ has that name."""

    kind = "query"


class NotSignedIn(MuseError):
    """Nobody knows who asks: no session, no token, or one that is not good."""

    status = 401
    title = "Not signed in"


class NotAllowed(MuseError):
    """Who asks is known and may not do this."""

    status = 403
    title = "Not allowed"


class TooManyRequests(MuseError):
    """One client asks too often.

    Args:
        retry_after_s: seconds until it may ask again
    """

    status = 429
    title = "Too many requests"

    def __init__(self, message: str, retry_after_s: int) -> None:
        super().__init__(f"{message}; try again in {retry_after_s} s")
        self.retry_after_s = retry_after_s


class Conflict(MuseError):
    """The request is well formed but contradicts the graph."""

    status = 409
    title = "Conflict"


class QueryError(MuseError):
    """A query file is malformed, or is called with the wrong parameters."""

    title = "Query error"


class ShapeError(MuseError):
    """Arrays that should fit together do not."""

    title = "Shape error"


class DataError(MuseError):
    """A row of a file breaks a rule of its table."""

    title = "Bad row"

    def __init__(self, file: str, line: int, reason: str) -> None:
        super().__init__(f"{file}:{line}: {reason}")
        self.file, self.line, self.reason = file, line, reason


class SchemaError(MuseError):
    """The graph's schema does not match this version of the code."""

    status = 503
    title = "Schema mismatch"


class GraphUnavailable(MuseError):
    """No database answers at the given address."""

    status = 503
    title = "Database unavailable"


class Transient(GraphUnavailable):
    """The database undid what was written for a reason that may pass, as where two wait for each other."""


class DeadlineExceeded(MuseError):
    """A request took longer than it may; what it had begun may be done all the same."""

    status = 503
    title = "Out of time"


class TooBusy(MuseError):
    """Too much waits to be done already; nothing of the request was done."""

    status = 429
    title = "Too busy"


class AccountsUnavailable(MuseError):
    """The file of accounts cannot be read or written."""

    status = 503
    title = "Accounts unavailable"


class WriteError(MuseError):
    """A write failed for a reason nobody foresaw."""

    title = "Write error"


class ModelError(MuseError):
    """A trained model cannot be made, written or read."""

    title = "Trained model"


class EmbeddedError(MuseError):
    """The embedded Neo4j could not be downloaded, started, stopped or used."""

    title = "Embedded Neo4j"
