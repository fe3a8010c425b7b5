"""What is under /api/v1 and no operation: 404 or 405 as a problem, never an HTML page."""

from __future__ import annotations

from flask import Response, current_app, request
from flask_openapi3.blueprint import APIBlueprint
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from web.api.problems import ProblemError

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_ENDPOINT = "nothing_here"


def nothing_here(rest: str = "") -> Response:
    allowed = [method for method in _METHODS if _is_served(method)]
    if allowed:
        detail = f"{request.method} is not possible here; possible: {', '.join(allowed)}."
        headers = {"Allow": ", ".join(allowed)}
        raise ProblemError(405, "method-not-allowed", detail, headers=headers)
    raise ProblemError(404, "not-found", f"There is no /api/v1/{rest[:100]}.")


def _is_served(method: str) -> bool:
    adapter = current_app.create_url_adapter(request)
    if adapter is None:
        return False
    try:
        endpoint, _ = adapter.match(method=method)
    except (HTTPException, RequestRedirect):
        return False
    return not str(endpoint).endswith(_ENDPOINT)


def init(api: APIBlueprint) -> None:
    for path in ("/", "/<path:rest>"):
        api.add_url_rule(
            path,
            endpoint=_ENDPOINT,
            view_func=nothing_here,
            methods=[*_METHODS, "TRACE"],
            provide_automatic_options=False,
        )
