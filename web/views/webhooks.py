"""For administrators: other systems that are told of events, and every token that opens the API."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from callcenter.errors import NotFound, ProductError
from callcenter.queries import users as user_queries
from callcenter.queries import webhooks as queries
from callcenter.services import webhooks as services
from callcenter.webhooks.events import EVENTS
from callcenter.webhooks.webhook import Webhook
from web import actions
from web.access import allow
from web.context import me, reading, runtime
from web.service_words import words_of

webhooks = Blueprint("webhooks", __name__, url_prefix="/webhooks")
_LOG_ROWS = 50
_STATES = ("pending", "done", "failed")


@webhooks.get("")
@allow("admin")
def page() -> str:
    with reading() as connection:
        found = queries.every(connection)
        waiting = queries.waiting(connection)
        tokens = user_queries.every_token(connection)
        people = {user.id: user.display_name for user in user_queries.all(connection)}
    return render_template(
        "webhooks/page.html", webhooks=found, waiting=waiting, tokens=tokens, people=people
    )


@webhooks.get("/new")
@allow("admin")
def new() -> str:
    return _form({"events": ["call.ended"]})


@webhooks.post("/new")
@allow("admin")
def create() -> ResponseReturnValue:
    values = _values()
    try:
        webhook_id, secret = services.create_webhook(
            values["title"], values["url"], values["events"], user_id=me().id, **_product()
        )
    except ProductError as error:
        return _form(values, error), 422
    return _one(webhook_id, secret)


@webhooks.get("/<int:webhook_id>")
@allow("admin")
def one(webhook_id: int) -> str:
    return _one(webhook_id)


@webhooks.get("/<int:webhook_id>/edit")
@allow("admin")
def edit(webhook_id: int) -> str:
    webhook = _existing(webhook_id)
    return _form(
        {name: getattr(webhook, name) for name in ("title", "url", "events")}, None, webhook
    )


@webhooks.post("/<int:webhook_id>/edit")
@allow("admin")
def save(webhook_id: int) -> ResponseReturnValue:
    webhook, values = _existing(webhook_id), _values()
    try:
        services.change_webhook(webhook_id, values, user_id=me().id, **_product())
    except ProductError as error:
        return _form(values, error, webhook), 422
    flash(_("Saved."))
    return redirect(url_for("webhooks.one", webhook_id=webhook_id))


@webhooks.post("/<int:webhook_id>/active")
@allow("admin")
def set_active(webhook_id: int) -> ResponseReturnValue:
    wanted = request.form.get("active") == "yes"
    _existing(webhook_id)
    services.change_webhook(webhook_id, {"active": wanted}, user_id=me().id, **_product())
    return redirect(url_for("webhooks.one", webhook_id=webhook_id))


@webhooks.post("/<int:webhook_id>/secret")
@allow("admin")
def renew_secret(webhook_id: int) -> str:
    _existing(webhook_id)
    secret = services.renew_secret(webhook_id, user_id=me().id, **_product())
    return _one(webhook_id, secret)


@webhooks.post("/<int:webhook_id>/ping")
@allow("admin")
def ping(webhook_id: int) -> ResponseReturnValue:
    _existing(webhook_id)
    services.ping(webhook_id, **_product())
    flash(_("A test event is on its way: look at the log below in a moment."))
    return redirect(url_for("webhooks.one", webhook_id=webhook_id))


@webhooks.post("/<int:webhook_id>/again")
@allow("admin")
def again(webhook_id: int) -> ResponseReturnValue:
    """One delivery, or all that were given up."""
    delivery_id = request.form.get("delivery", type=int)
    try:
        count = services.send_again(webhook_id, delivery_id=delivery_id, **_product())
    except NotFound:
        abort(404)
    flash(ngettext("%(num)d event is sent again.", "%(num)d events are sent again.", count))
    return redirect(url_for("webhooks.one", webhook_id=webhook_id))


@webhooks.post("/<int:webhook_id>/delete")
@allow("admin")
def delete(webhook_id: int) -> ResponseReturnValue:
    _existing(webhook_id)
    services.delete_webhook(webhook_id, user_id=me().id, **_product())
    flash(_("Deleted."))
    return redirect(url_for("webhooks.page"))


@webhooks.post("/tokens/<int:token_id>/revoke")
@allow("admin")
def revoke_token(token_id: int) -> ResponseReturnValue:
    try:
        actions.revoke_token(token_id, me().id)
    except NotFound:
        abort(404)
    flash(_("The token opens nothing any more."))
    return redirect(url_for("webhooks.page"))


def _one(webhook_id: int, secret: str = "") -> str:
    webhook = _existing(webhook_id)
    state = request.args.get("state", "")
    with reading() as connection:
        log = queries.log(
            connection,
            webhook_id,
            request.args.get("cursor"),
            _LOG_ROWS,
            state if state in _STATES else None,
        )
    return render_template(
        "webhooks/one.html", webhook=webhook, log=log, state=state, secret=secret
    )


def _form(
    values: dict[str, Any], error: ProductError | None = None, webhook: Webhook | None = None
) -> str:
    return render_template(
        "webhooks/form.html",
        values=values,
        webhook=webhook,
        events=EVENTS,
        problem=words_of(error) if error else "",
        problem_field=error.field if error else "",
    )


def _values() -> dict[str, Any]:
    form = request.form
    return {
        "title": form.get("title", "")[:200],
        "url": form.get("url", "")[:4000],
        "events": form.getlist("events"),
    }


def _existing(webhook_id: int) -> Webhook:
    with reading() as connection:
        found = queries.get(connection, webhook_id)
    if found is None:
        abort(404)
    return found


def _product() -> dict[str, Any]:
    return {"unit_of_work": runtime().unit_of_work, "clock": runtime().clock}
