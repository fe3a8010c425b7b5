"""The pages of the widget: the one script that other sites carry, the frame it opens, and a page to
try it on."""

from __future__ import annotations

from typing import Final

from flask import Response, abort, g, make_response, render_template, request
from flask_babel import force_locale

from callcenter.chats.widget import Widget
from web.access import public
from web.assets import built_text
from web.chat.guard import limited, own_origins, the_widget
from web.chat.views import chat
from web.i18n import LOCALES, visitor_strings

__all__ = ["chat"]

_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'self' {sites}"
)
_DEMO_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; frame-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
SCRIPT_KEPT: Final = 300
"""Seconds: what other sites carry is soon the newest."""


@chat.get("/widget.js")
@public
@limited("CHAT_PAGES")
def script() -> Response:
    text = built_text("chat.js")
    if not text:
        abort(503)
    answer = make_response(text)
    answer.headers["Content-Type"] = "text/javascript; charset=utf-8"
    answer.headers["Cache-Control"] = f"public, max-age={SCRIPT_KEPT}"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


@chat.get("/frame")
@public
@limited("CHAT_PAGES")
def frame() -> Response:
    widget = the_widget()
    with force_locale(_language()):
        page = render_template("chats/visitor.html", widget=widget, strings=visitor_strings())
    answer = make_response(page)
    sites = " ".join((*own_origins(), *widget.origins))
    answer.headers["Content-Security-Policy"] = _POLICY.format(sites=sites)
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    g.may_be_framed = True
    return answer


@chat.get("/demo")
@public
@limited("CHAT_PAGES")
def demo() -> Response:
    with force_locale(_language()):
        page = render_template("chats/demo.html", widget=the_widget(), address=address_of)
    answer = make_response(page)
    answer.headers["Content-Security-Policy"] = _DEMO_POLICY
    return answer


def address_of(widget: Widget) -> str:
    """What stands in the one line that other sites carry."""
    return f"{own_origins()[0]}/chat/{widget.key}/widget.js"


def _language() -> str:
    asked = request.args.get("lang", "")[:2].lower()
    return asked if asked in LOCALES else request.accept_languages.best_match(LOCALES) or "en"
