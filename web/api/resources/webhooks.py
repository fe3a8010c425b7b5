"""/webhooks: other systems that are told of events, and the log of what they were told."""

from __future__ import annotations

from dataclasses import asdict

from flask import Response

from callcenter.queries import webhooks as queries
from callcenter.services import webhooks as services
from callcenter.webhooks.webhook import Webhook
from web.api.answers import answer
from web.api.context import the_caller, the_runtime
from web.api.fields import PageQuery
from web.api.idempotency import idempotent
from web.api.lists import page_of
from web.api.operation import ADMINS, area, operation
from web.api.problems import invalid, not_found
from web.api.shapes import webhooks as shapes

api = area("webhooks", "/webhooks", "Addresses that are told of events.")


@operation(api, "get", "", shapes.WebhookPage, roles=ADMINS)
def list_webhooks(query: PageQuery) -> Response:
    """Webhooks"""
    with the_runtime().reader() as connection:
        found = queries.every(connection)
    return answer(shapes.WebhookPage, page_of(found, lambda one: one.id, query))


@operation(api, "get", "/<webhook_id>", shapes.Webhook, roles=ADMINS)
def get_webhook(path: shapes.WebhookPath) -> Response:
    """One webhook"""
    return answer(shapes.Webhook, _read(path.webhook_id))


@operation(api, "post", "", shapes.NewWebhook, roles=ADMINS, status=201)
@idempotent
def create_webhook(body: shapes.WebhookNew) -> Response:
    """A new webhook

    Its secret is in this answer only.
    """
    runtime = the_runtime()
    webhook_id, secret = services.create_webhook(
        body.title,
        body.url,
        body.events,
        user_id=the_caller().user_id,
        unit_of_work=runtime.unit_of_work,
        clock=runtime.clock,
    )
    headers = {"Location": f"/api/v1/webhooks/{webhook_id}"}
    made = asdict(_read(webhook_id)) | {"secret": secret}
    return answer(shapes.NewWebhook, made, status=201, headers=headers)


@operation(api, "patch", "/<webhook_id>", shapes.Webhook, roles=ADMINS)
def change_webhook(path: shapes.WebhookPath, body: shapes.WebhookPatch) -> Response:
    """Change a webhook, or switch it on or off"""
    runtime = the_runtime()
    changes = body.model_dump(include=body.model_fields_set)
    nulls = sorted(name for name, value in changes.items() if value is None)
    if nulls:
        raise invalid([(name, "must not be null") for name in nulls])
    services.change_webhook(
        path.webhook_id,
        changes,
        user_id=the_caller().user_id,
        unit_of_work=runtime.unit_of_work,
        clock=runtime.clock,
    )
    return answer(shapes.Webhook, _read(path.webhook_id))


@operation(api, "delete", "/<webhook_id>", shapes.Webhook, roles=ADMINS)
def delete_webhook(path: shapes.WebhookPath) -> Response:
    """Delete a webhook and its log

    The answer is what it was.
    """
    runtime, was = the_runtime(), _read(path.webhook_id)
    services.delete_webhook(
        path.webhook_id,
        user_id=the_caller().user_id,
        unit_of_work=runtime.unit_of_work,
        clock=runtime.clock,
    )
    return answer(shapes.Webhook, was)


@operation(api, "post", "/<webhook_id>/ping", shapes.Queued, roles=ADMINS, status=202)
@idempotent
def ping_webhook(path: shapes.WebhookPath, body: shapes.Nothing) -> Response:  # noqa: ARG001
    """Send a test event"""
    runtime = the_runtime()
    services.ping(path.webhook_id, unit_of_work=runtime.unit_of_work, clock=runtime.clock)
    return answer(shapes.Queued, {"deliveries": 1}, status=202)


@operation(api, "get", "/<webhook_id>/deliveries", shapes.DeliveryPage, roles=ADMINS)
def list_deliveries(path: shapes.WebhookPath, query: shapes.DeliveryQuery) -> Response:
    """What it was told, newest first"""
    _read(path.webhook_id)
    with the_runtime().reader() as connection:
        page = queries.log(connection, path.webhook_id, query.cursor, query.limit, query.state)
    return answer(shapes.DeliveryPage, page)


@operation(
    api,
    "post",
    "/<webhook_id>/deliveries/<delivery_id>/again",
    shapes.Queued,
    roles=ADMINS,
    status=202,
)
@idempotent
def send_delivery_again(path: shapes.DeliveryPath, body: shapes.Nothing) -> Response:  # noqa: ARG001
    """Send one delivery once more"""
    runtime = the_runtime()
    count = services.send_again(
        path.webhook_id,
        delivery_id=path.delivery_id,
        unit_of_work=runtime.unit_of_work,
        clock=runtime.clock,
    )
    return answer(shapes.Queued, {"deliveries": count}, status=202)


@operation(api, "post", "/<webhook_id>/again", shapes.Queued, roles=ADMINS, status=202)
@idempotent
def send_failed_again(path: shapes.WebhookPath, body: shapes.Nothing) -> Response:  # noqa: ARG001
    """Send all that were given up once more"""
    runtime = the_runtime()
    count = services.send_again(
        path.webhook_id, unit_of_work=runtime.unit_of_work, clock=runtime.clock
    )
    return answer(shapes.Queued, {"deliveries": count}, status=202)


def _read(webhook_id: int) -> Webhook:
    with the_runtime().reader() as connection:
        found = queries.get(connection, webhook_id)
    if found is None:
        raise not_found(f"webhook {webhook_id}")
    return found
