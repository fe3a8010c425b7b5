"""The OpenAPI document: /api/v1/openapi.json. Open to all: it holds no secret, only the shape."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.info import Info
from flask_openapi3.openapi import OpenAPI
from pydantic import ValidationError

from callcenter.runtime import Runtime
from callcenter.settings import Settings
from web.api.problem_handlers import respond
from web.api.problems import Problem
from web.rules import LateRule

_ABOUT = (
    "Customers, interactions, calls and queues of a call-center on Asterisk. "
    "Every request carries `Authorization: Bearer <token>`; make one with "
    "`callcenter token issue`. Times are ISO 8601 in UTC, numbers are E.164. "
    "Every refusal is `application/problem+json` naming the field at fault. Every GET takes "
    "`fields=id,display_name` (only these fields, of the record or of a list's items) and "
    "`If-None-Match` (304 when nothing changed)."
)


def configure(app: OpenAPI) -> None:
    app.info = Info(title="Call-center CRM", version="1", description=_ABOUT)
    app.security_schemes = {"bearer": {"type": "http", "scheme": "bearer"}}
    app.validation_error_status = "422"
    app.validation_error_model = Problem
    app.validation_error_callback = _refuse
    app.openapi_extensions = {"jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema"}


def _refuse(error: ValidationError) -> Response:
    return respond(error)


def openapi_json() -> dict[str, Any]:
    app = current_app
    assert isinstance(app, OpenAPI)  # noqa: S101 (register only takes such an app)
    return app.api_doc


def init(api: APIBlueprint) -> None:
    api.add_url_rule("/openapi.json", view_func=openapi_json)


def described() -> dict[str, Any]:
    """The document of this code, without a server, a database or settings."""
    from web import api  # noqa: PLC0415 (it imports this module)

    app = OpenAPI("document_only", doc_ui=False)
    app.url_rule_class = LateRule
    nowhere: Any = None
    api.register(app, Runtime(Settings(), nowhere, nowhere, nowhere, nowhere))
    document: dict[str, Any] = app.api_doc
    return document
