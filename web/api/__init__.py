"""The programming interface, /api/v1: JSON, bearer tokens, problem+json, OpenAPI.

`register` adds it to an application. Endpoints (`resources/`) parse, call one service or query
and answer through a documented model (`shapes/`); everything common stands in `guard`.
"""

from __future__ import annotations

from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.openapi import OpenAPI

from callcenter.runtime import Runtime
from web.api import context, document, fallback, guard, limits, problem_handlers
from web.api.resources import (
    agents,
    assessments,
    batches,
    callbacks,
    calls,
    consents,
    conversations,
    customers,
    deals,
    duplicates,
    exports,
    fields,
    files,
    history,
    imports,
    interactions,
    invoices,
    ledger,
    orders,
    organizations,
    payments,
    queues,
    reports,
    routing,
    score_cards,
    segments,
    tags,
    tasks,
    users,
    visits,
    voicemails,
    webhooks,
)

PREFIX = "/api/v1"
_RESOURCES = (
    agents,
    calls,
    conversations,
    customers,
    segments,
    history,
    duplicates,
    batches,
    deals,
    exports,
    imports,
    interactions,
    ledger,
    organizations,
    tags,
    fields,
    files,
    consents,
    invoices,
    orders,
    payments,
    visits,
    queues,
    reports,
    assessments,
    score_cards,
    routing,
    tasks,
    callbacks,
    voicemails,
    users,
    webhooks,
)

AREAS: tuple[str, ...] = tuple(resource.api.name for resource in _RESOURCES)
"""What a token can be for: one resource of the interface."""


def register(app: OpenAPI, runtime: Runtime) -> None:
    """Safe to call for several applications in one process; once for each."""
    context.attach(app, runtime)
    limits.init(app, runtime.settings.redis_url)
    document.configure(app)
    api = APIBlueprint("api_v1", __name__, url_prefix=PREFIX)
    guard.init(api)
    problem_handlers.init(api)
    document.init(api)
    fallback.init(api)
    for resource in _RESOURCES:
        api.register_api(resource.api)
    app.register_api(api)
