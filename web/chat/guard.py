"""Who stands before the visitors' door: a site that the widget may stand on, a visitor whose token
is ours, nobody in a hurry. Answers are JSON, and readable by exactly the widget's sites."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any, Final, TypeVar, cast

import structlog
from flask import Blueprint, Flask, Response, abort, current_app, g, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from werkzeug.exceptions import HTTPException

from callcenter.chats.visitor import is_token, visitor_key
from callcenter.chats.widget import Widget
from callcenter.errors import ProductError
from callcenter.queries import chats as queries
from callcenter.services.chats import Visit
from web.context import reading, runtime
from web.errors import status_of
from web.i18n import LOCALES
from web.limits import limiter
from web.service_words import words_of

log = structlog.get_logger(__name__)
LONGEST_BODY: Final = 32 * 1024
_SCHEME: Final = "Bearer "
View = TypeVar("View", bound=Callable[..., Any])

# How much one address, and one visitor, may ask for.
LIMITS: Final = {
    "CHAT_PAGES": "120 per minute",
    "CHAT_VISITS": "30 per minute",
    "CHAT_NEWS": "600 per minute",
    "CHAT_NEWS_OF_VISITOR": "120 per minute",
    "CHAT_WRITES": "120 per minute",
    "CHAT_WRITES_OF_VISITOR": "30 per minute",
    "CHAT_TYPING_OF_VISITOR": "40 per minute",
    "CHAT_FILES_OF_VISITOR": "10 per minute",
}


def limited(of_address: str, of_visitor: str = "") -> Callable[[View], View]:
    """Names of `LIMITS`."""

    def mark(view: View) -> View:
        counted = limiter.limit(lambda: str(current_app.config[of_address]))(view)
        if of_visitor:
            per = limiter.limit(
                lambda: str(current_app.config[of_visitor]), key_func=_counted_visitor
            )
            counted = per(counted)
        return cast("View", counted)

    return mark


def the_widget() -> Widget:
    return cast("Widget", g.chat_widget)


def the_visit() -> Visit:
    """Whose token the request carries; 401 without one of ours."""
    token = request.headers.get("Authorization", "").removeprefix(_SCHEME)
    key = the_widget().key
    if not is_token(token, runtime().settings.secret_key, key):
        abort(401)
    return Visit(widget=the_widget(), key=visitor_key(token, key))


def told() -> dict[str, Any]:
    """The body: an object of JSON."""
    found = request.get_json(silent=True)
    if not isinstance(found, dict):
        abort(400)
    return found


def own_origins() -> tuple[str, ...]:
    """The addresses at which visitors see our own pages."""
    settings = runtime().settings
    here = f"{request.scheme}://{request.host}"
    public = (settings.visitors_url, *settings.web_origins)
    return tuple(dict.fromkeys(one for one in (*public, here) if one))


def init_app(app: Flask, chat: Blueprint) -> None:
    for name, value in LIMITS.items():
        app.config.setdefault(name, value)
    app.register_blueprint(chat)


def attach(chat: Blueprint) -> None:
    chat.url_value_preprocessor(_find_widget)
    chat.before_request(_check_origin)
    chat.after_request(_open_to_sites)
    chat.register_error_handler(HTTPException, _http_error)
    chat.register_error_handler(ProductError, _product_error)
    chat.register_error_handler(Exception, _surprise)


def _find_widget(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    with reading() as connection:
        widget = queries.widget(connection, str((values or {}).pop("key", ""))[:64])
    g.chat_widget = widget if widget is not None and widget.active else None


def _check_origin() -> ResponseReturnValue | None:
    if g.chat_widget is None:
        abort(404)
    origin = request.headers.get("Origin", "").lower()
    if request.method == "OPTIONS":
        return Response(status=204)
    asks = request.method not in ("GET", "HEAD")
    if (origin or asks) and not (origin in own_origins() or the_widget().stands_at(origin)):
        abort(403)
    limit = getattr(current_app.view_functions.get(request.endpoint or ""), "__body_limit__", None)
    request.max_content_length = limit or LONGEST_BODY
    return None


def _open_to_sites(answer: Response) -> Response:
    origin, widget = request.headers.get("Origin", "").lower(), g.get("chat_widget")
    answer.headers.add("Vary", "Origin")
    if widget is not None and widget.stands_at(origin):
        answer.headers["Access-Control-Allow-Origin"] = origin
        answer.headers["Access-Control-Allow-Headers"] = "Authorization, Content-Type"
        answer.headers["Access-Control-Allow-Methods"] = "GET, POST"
        answer.headers["Access-Control-Max-Age"] = "600"
    return answer


def _http_error(error: HTTPException) -> ResponseReturnValue:
    answer = error.get_response()
    if isinstance(answer, Response) and error.code is not None:
        told_after = {name: value for name, value in error.get_headers() if name == "Retry-After"}
        return {"error": error.name, "message": ""}, error.code, told_after
    return error


def _product_error(error: ProductError) -> ResponseReturnValue:
    wanted = request.headers.get("Accept-Language", "")[:2]
    with force_locale(wanted if wanted in LOCALES else "en"):
        message = str(words_of(error))
    return {"error": error.field, "message": message}, status_of(error)


def _surprise(error: Exception) -> ResponseReturnValue:
    if current_app.testing:
        raise error
    log.error("chat.error", path=request.path, method=request.method, exc_info=error)
    return {"error": "internal", "message": ""}, 500


def _counted_visitor() -> str:
    """Nobody's token is kept in the counters."""
    told_by = request.headers.get("Authorization", "") or request.remote_addr or ""
    return "chat:" + hashlib.sha256(told_by.encode()).hexdigest()[:32]
