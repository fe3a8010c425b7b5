"""Headers that every answer carries, and what counts as our own origin.

The content policy allows no inline script and no foreign host; frames are refused altogether.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, request

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; media-src 'self'; connect-src 'self'; manifest-src 'self'; "
    "worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
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


def content_policy(phone_url: str) -> str:
    """With soft phones, the PBX's web socket is a place to connect to: that one origin, no other.
    Sound needs nothing more: it comes as a stream object, and the ringing is made in the page."""
    if not phone_url:
        return CONTENT_POLICY
    place = urlsplit(phone_url)
    return CONTENT_POLICY.replace(
        "connect-src 'self'", f"connect-src 'self' {place.scheme}://{place.netloc}"
    )


def add_headers(response: Response) -> Response:
    for name, value in _ALWAYS.items():
        response.headers.setdefault(name, value)
    if g.get("may_be_framed"):  # its own content policy says by whom
        response.headers.remove("X-Frame-Options")
    if response.mimetype == "text/html":
        policy = current_app.extensions["content_policy"]
        response.headers.setdefault("Content-Security-Policy", policy)
        response.headers["Vary"] = "Cookie, HX-Request"
    if request.endpoint != "assets.file":
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def init_app(app: Flask, *, secure: bool, phone_url: str = "") -> None:
    app.extensions["content_policy"] = content_policy(phone_url)
    app.after_request(add_headers)
    if secure:
        app.after_request(_strict_transport)


def _strict_transport(response: Response) -> Response:
    response.headers["Strict-Transport-Security"] = "max-age=31536000"
    return response
