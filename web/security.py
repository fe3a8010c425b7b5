"""Headers that every answer carries, and what counts as our own origin.

The content policy allows no inline script and no foreign host; frames are refused altogether.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, request

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(self)",
}


class OriginRule:
    """Accepts the configured origins; with none configured, only the address asked for itself.

    A foreign page cannot forge the Host header of a browser, so `Origin == scheme://Host` proves
    same origin where nobody told us the public address. X-Forwarded-Host is never looked at.
    """

    def __init__(self, configured: tuple[str, ...]) -> None:
        self._configured = frozenset(configured)

    def __call__(self, origin: str, environ: Mapping[str, Any] | None = None) -> bool:
        if self._configured:
            return origin in self._configured
        host = (environ or {}).get("HTTP_HOST", "")
        return bool(host) and origin == f"http://{host}"


def add_headers(response: Response) -> Response:
    for name, value in _ALWAYS.items():
        response.headers.setdefault(name, value)
    if response.mimetype == "text/html":
        response.headers.setdefault("Content-Security-Policy", CONTENT_POLICY)
        response.headers["Vary"] = "Cookie, HX-Request"
    if request.endpoint != "assets.file":
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def init_app(app: Flask, *, secure: bool) -> None:
    app.after_request(add_headers)
    if secure:
        app.after_request(_strict_transport)


def _strict_transport(response: Response) -> Response:
    response.headers["Strict-Transport-Security"] = "max-age=31536000"
    return response
