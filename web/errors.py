"""Every failure as a page (or a piece of one) in words: what happened, why, what now.

Answers under /api are left to the programming interface, which speaks problem+json.
"""

from __future__ import annotations

from dataclasses import dataclass

import structlog
from flask import Flask, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError

from callcenter.errors import Conflict, Forbidden, Invalid, NotFound, ProductError, Unavailable
from callcenter.surveys.links import without_token
from web.access import is_self_guarded
from web.service_words import words_of

log = structlog.get_logger(__name__)


_STATUSES = (
    (NotFound, 404),
    (Conflict, 409),
    (Forbidden, 403),
    (Invalid, 422),
    (Unavailable, 503),
)


@dataclass(frozen=True, slots=True)
class Words:
    title: str
    advice: str


def words_for(status: int) -> Words:
    known = {
        400: Words(
            _("This request was not understood"), _("Go back, reload the page and try again.")
        ),
        401: Words(_("You are signed out"), _("Log in again; what you saved is safe.")),
        403: Words(
            _("This page is not for your role"),
            _("Ask an administrator if you need it for your work."),
        ),
        404: Words(
            _("There is nothing at this address"),
            _("It may have been removed or the link is old. Search with / to find it."),
        ),
        405: Words(_("This cannot be done here"), _("Go back, reload the page and try again.")),
        409: Words(
            _("Somebody changed this meanwhile"),
            _("Reload to see the newer version, then make your change again."),
        ),
        413: Words(_("That is too large"), _("Send at most 2 MB at once.")),
        429: Words(_("Too many attempts"), _("Wait a minute, then try again.")),
    }
    if status == 503:
        return Words(_("Part of the product is away"), _("Try again in a moment."))
    fallback = Words(
        _("Something went wrong on our side"),
        _("It has been written to the log. Try again; if it stays, tell your administrator."),
    )
    return known.get(status, fallback)


def page(status: int, detail: str = "") -> ResponseReturnValue:
    words = words_for(status)
    piece = request.headers.get("HX-Request") and request.headers.get("HX-Target") != "main"
    template = "errors/piece.html" if piece else "errors/page.html"
    if not current_user.is_authenticated:
        template = "errors/bare.html"
    answer = make_response(render_template(template, words=words, detail=detail, status=status))
    answer.status_code = status
    return answer


def on_http_error(error: HTTPException) -> ResponseReturnValue:
    if is_self_guarded(request.path) or error.code is None or error.code < 400:
        return error
    answer = make_response(page(error.code))
    for name, value in error.get_headers():
        if name.lower() == "retry-after":
            answer.headers[name] = value
    return answer


def on_csrf_error(_error: CSRFError) -> ResponseReturnValue:
    return page(400, _("The form is older than your session. Reload the page and send it again."))


def on_product_error(error: ProductError) -> ResponseReturnValue:
    return page(status_of(error), words_of(error))


def status_of(error: ProductError) -> int:
    return next((status for kind, status in _STATUSES if isinstance(error, kind)), 400)


def on_surprise(error: Exception) -> ResponseReturnValue:
    log.error("web.error", path=without_token(request.path), method=request.method, exc_info=error)
    if is_self_guarded(request.path):
        return InternalServerError(original_exception=error)
    return page(500)


def init_app(app: Flask) -> None:
    app.register_error_handler(HTTPException, on_http_error)
    app.register_error_handler(CSRFError, on_csrf_error)
    app.register_error_handler(ProductError, on_product_error)
    if not app.testing:
        app.register_error_handler(Exception, on_surprise)
