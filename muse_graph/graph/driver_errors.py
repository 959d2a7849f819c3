"""What the driver raises, as errors of `muse_graph.errors`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from muse_graph.config import Settings
from muse_graph.errors import Conflict, DeadlineExceeded, GraphUnavailable, QueryError, Transient, Unstorable
from muse_graph.graph.driver import exceptions
from muse_graph.graph.unreachable import LOGIN_OR_DATABASE, explain

__all__ = ["errors_as_ours", "transient_as_ours", "values_that_fit"]

#: What Neo4j answers when a sum does not fit 64 bits.
_ARITHMETIC = "Neo.ClientError.Statement.ArithmeticError"
#: What Neo4j answers for a transaction that took longer than its timeout.
_OUT_OF_TIME = {f"Neo.ClientError.Transaction.TransactionTimedOut{by}" for by in ("", "ClientConfiguration")}


@contextmanager
def errors_as_ours(settings: Settings) -> Iterator[None]:
    """Turn the driver's exceptions into the tree of `muse_graph.errors`."""
    try:
        yield
    except exceptions.ConstraintError as error:
        raise Conflict(_message(error)) from error
    except (exceptions.AuthError, exceptions.DriverError, exceptions.TransientError) as error:
        code = getattr(error, "code", None)
        raise GraphUnavailable(explain(settings, error, code, _message(error))) from error
    except exceptions.Neo4jError as error:
        if error.code in LOGIN_OR_DATABASE:
            raise GraphUnavailable(explain(settings, error, error.code, _message(error))) from error
        if error.code == _ARITHMETIC:
            raise Unstorable(f"a sum does not fit 64 bits: {_message(error)}") from error
        if error.code in _OUT_OF_TIME:
            raise DeadlineExceeded("the database took longer than the request may") from error
        raise QueryError(_message(error)) from error


@contextmanager
def transient_as_ours() -> Iterator[None]:
    """Tell of an error that may pass, where the driver is not to try again by itself."""
    try:
        yield
    except exceptions.TransientError as error:
        raise Transient(_message(error)) from error


@contextmanager
def values_that_fit(name: str) -> Iterator[None]:
    """Tell of a parameter that cannot be sent: half a character, a whole number of more than 64 bits."""
    try:
        yield
    except (UnicodeError, OverflowError) as error:
        raise Unstorable(f"the database cannot hold a value of query {name}: {error}") from error


def _message(error: exceptions.Neo4jError | exceptions.DriverError) -> str:
    """The server's own sentence, or the driver's."""
    return getattr(error, "message", None) or str(error)
