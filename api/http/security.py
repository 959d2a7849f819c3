"""Headers that keep browsers from guessing, framing and loading from elsewhere."""

from __future__ import annotations

from flask import Response, request

__all__ = ["DOCS_POLICY", "PAGES_POLICY", "secure"]

#: For a year, and for all hosts below this one.
_ONLY_TLS = "max-age=31536000; includeSubDomains"
_NO_FRAMES = "base-uri 'none'; frame-ancestors 'none'"
#: What answers to API clients may load, should a browser show one.
_API_POLICY = f"default-src 'self'; img-src 'self' data:; object-src 'none'; {_NO_FRAMES}"
#: The pages load styles, scripts and pictures from here, and nothing else.
PAGES_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    f"form-action 'self'; {_NO_FRAMES}"
)
#: Styles are inline in what Scalar draws; everything else comes from here and nowhere else.
DOCS_POLICY = (
    "default-src 'self'; img-src 'self' data:; font-src 'self' data:; "
    f"style-src 'self' 'unsafe-inline'; object-src 'none'; {_NO_FRAMES}"
)


def secure(response: Response) -> Response:
    """Add headers that a response does not have; responses of the API are never cached."""
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", _ONLY_TLS)
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("Content-Security-Policy", _API_POLICY)
    if request.path.startswith("/api/"):
        response.headers.setdefault("Cache-Control", "no-store")
    return response
