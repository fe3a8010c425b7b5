"""Forgery protection for everything a signed-in browser can send: forms and htmx requests.

The programming interface takes bearer tokens and no cookies, so it needs none.
"""

from __future__ import annotations

from flask import Flask, request
from flask_wtf.csrf import CSRFProtect

from web.access import is_self_guarded


def init_app(app: Flask, protection: CSRFProtect) -> None:
    # A token lives as long as its session: a desk stays open for a whole shift.
    app.config.update(WTF_CSRF_TIME_LIMIT=None, WTF_CSRF_CHECK_DEFAULT=False)
    protection.init_app(app)

    @app.before_request
    def check_token() -> None:
        if request.method not in ("GET", "HEAD", "OPTIONS") and not is_self_guarded(request.path):
            protection.protect()
