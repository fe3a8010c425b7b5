"""Texts to answer with, and signatures: the list, each edited where it stands."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from callcenter.channels.conversation import CHANNELS
from callcenter.channels.template import PLACEHOLDERS, ReplyTemplate
from callcenter.errors import ProductError
from callcenter.rooms import room_of
from callcenter.services import reply_templates as services
from web import conversation_actions
from web.access import allow
from web.context import me, runtime
from web.conversation_words import CHANNEL_LOOKS
from web.errors import status_of
from web.service_words import words_of

reply_templates = Blueprint("reply_templates", __name__, url_prefix="/reply-templates")


@reply_templates.get("")
@allow("supervisor", "admin")
def page() -> str:
    return _page()


@reply_templates.post("")
@reply_templates.post("/<int:template_id>")
@allow("supervisor", "admin")
def save(template_id: int = 0) -> ResponseReturnValue:
    form = request.form
    kind, channel = form.get("kind", ""), form.get("channel", "")
    template = ReplyTemplate(
        id=template_id,
        kind="signature" if kind == "signature" else "reply",
        title=form.get("title", "").strip(),
        channel=channel if channel in CHANNELS else "",
        queue=form.get("queue", ""),
        text=form.get("text", "").strip(),
        active=True,
    )
    try:
        services.save(template, user_id=me().id, room=room_of(runtime()))
    except ProductError as error:
        return _page(template, error), status_of(error)
    return redirect(url_for("reply_templates.page"))


@reply_templates.post("/<int:template_id>/delete")
@allow("supervisor", "admin")
def delete(template_id: int) -> ResponseReturnValue:
    services.delete(template_id, user_id=me().id, room=room_of(runtime()))
    return redirect(url_for("reply_templates.page"))


def _page(typed: ReplyTemplate | None = None, error: ProductError | None = None) -> str:
    with runtime().unit_of_work() as uow:
        known = (*uow.reply_templates.all("reply"), *uow.reply_templates.all("signature"))
    return render_template(
        "conversations/templates.html",
        known=known,
        typed=typed,
        queues=conversation_actions.queues(),
        channels=CHANNELS,
        CHANNEL_LOOKS=CHANNEL_LOOKS,
        placeholders=PLACEHOLDERS,
        problem=words_of(error) if error else "",
        problem_field=error.field if error else "",
    )
