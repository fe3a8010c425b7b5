"""Every exception that leaves an endpoint becomes a problem here; a trace reaches only the log."""

from __future__ import annotations

import uuid

import structlog
from flask import Response, request
from flask_openapi3.blueprint import APIBlueprint
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import HTTPException

from callcenter.errors import Conflict, Forbidden, Invalid, NotFound, ProductError, Unavailable
from web.api.problems import FieldError, ProblemError, from_pydantic

log = structlog.get_logger(__name__)

_PRODUCT_ERRORS: tuple[tuple[type[ProductError], int, str], ...] = (
    (NotFound, 404, "not-found"),
    (Forbidden, 403, "forbidden"),
    (Conflict, 409, "conflict"),
    (Unavailable, 503, "unavailable"),
    (Invalid, 422, "validation"),
)
_HTTP_KINDS = {
    404: "not-found",
    405: "method-not-allowed",
    413: "too-large",
    415: "media-type",
    429: "rate-limit",
}
_AWAY = ProblemError(
    503, "unavailable", "The database does not answer. Try again.", headers={"Retry-After": "5"}
)


def to_problem(error: Exception) -> ProblemError:
    """The problem that says what this exception means to a client."""
    if isinstance(error, ProblemError):
        return error
    if isinstance(error, ValidationError):
        return from_pydantic(error)
    if isinstance(error, ProductError):
        return _from_product(error)
    if isinstance(error, HTTPException):
        return _from_http(error)
    if _database_is_away(error):
        log.warning("api.database_unavailable", error=type(error).__name__)
        return _AWAY
    return _unexpected(error)


def _from_product(error: ProductError) -> ProblemError:
    status, kind = next(
        ((status, kind) for cls, status, kind in _PRODUCT_ERRORS if isinstance(error, cls)),
        (422, "validation"),
    )
    errors = (FieldError(field=error.field, message=error.message),) if error.field else ()
    if status == 503:  # the driver's words may name hosts; they belong in the log
        log.warning("api.database_unavailable", reason=error.message)
        return _AWAY
    return ProblemError(status, kind, str(error), errors)


def _from_http(error: HTTPException) -> ProblemError:
    status = error.code or 500
    detail = error.description or ""
    if status == 413:
        detail = f"The body may have at most {request.max_content_length} bytes."
    return ProblemError(status, _HTTP_KINDS.get(status, "http"), detail)


def _database_is_away(error: Exception) -> bool:
    lost = isinstance(error, DBAPIError) and error.connection_invalidated
    return lost or isinstance(error, OperationalError | PoolTimeoutError)


def _unexpected(error: Exception) -> ProblemError:
    instance = uuid.uuid4().urn
    log.error(
        "api.unexpected_error",
        instance=instance,
        method=request.method,
        endpoint=request.endpoint,
        exc_info=error,
    )
    detail = f"Something broke on our side. The server's log has it as {instance}."
    return ProblemError(500, "internal", detail, instance=instance)


def respond(error: Exception) -> Response:
    if isinstance(error, HTTPException) and error.response is not None and not error.code:
        return error.response  # type: ignore[return-value]
    return to_problem(error).response()


def init(api: APIBlueprint) -> None:
    api.register_error_handler(Exception, respond)
