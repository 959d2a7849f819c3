"""Read your own writes, also through another process: each write's answer names what has been written.

A token is signed, so that clients cannot make the service wait for a transaction that never happened, and is
good for some minutes only: what is older has long been seen everywhere.
"""

from __future__ import annotations

from hashlib import sha256

from flask import Response, g, request
from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer

from muse_graph.api.http.last_write import WRITES
from muse_graph.config import Settings
from muse_graph.errors import InvalidRequest
from muse_graph.graph.connection import Graph

__all__ = ["COOKIE", "HEADER", "MAX_AGE_S", "Signer", "attach", "sent"]

HEADER = "Muse-Bookmarks"
COOKIE = "muse_bookmarks"
MAX_AGE_S = 300


class Signer:
    """Bookmarks to token and back; processes with the same database and password read each other's."""

    def __init__(self, settings: Settings) -> None:
        secret = "\n".join((settings.neo4j_uri or "", settings.neo4j_database, settings.neo4j_password))
        key = sha256(secret.encode()).hexdigest()
        self._serializer = URLSafeTimedSerializer(key, salt="muse-bookmarks")

    def sign(self, bookmarks: frozenset[str]) -> str:
        """The token of these bookmarks."""
        return str(self._serializer.dumps(sorted(bookmarks)))

    def read(self, token: str) -> frozenset[str]:
        """The bookmarks of a token; raises BadSignature if it is not ours or too old."""
        return frozenset(self._serializer.loads(token, max_age=MAX_AGE_S))


def sent(signer: Signer) -> frozenset[str]:
    """The bookmarks that the client sent.

    A cookie that is not ours any more counts as none; a header that is not ours raises InvalidRequest,
    for a program has copied it wrongly. An old header is as good as none.
    """
    found: frozenset[str] = frozenset()
    for token, is_header in ((request.headers.get(HEADER), True), (request.cookies.get(COOKIE), False)):
        if token:
            try:
                found |= signer.read(token)
            except BadSignature as error:
                if is_header and not isinstance(error, SignatureExpired):
                    rule = "must be the value of an earlier answer"
                    raise InvalidRequest(f"{HEADER} {rule}", ((HEADER, rule),)) from error
    return found


def attach(response: Response, signer: Signer, graph: Graph | None) -> Response:
    """Put the token on the answer of a write that went well."""
    if graph is None or request.method not in WRITES or response.status_code >= 400 or not g.get("observed"):
        return response
    token = signer.sign(graph.bookmarks)
    response.headers[HEADER] = token
    response.set_cookie(
        COOKIE, token, max_age=MAX_AGE_S, httponly=True, samesite="Lax", secure=request.is_secure
    )
    return response
