"""For administrators: chat widgets, how they look, where they may stand, how they get there."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from callcenter.chats.widget import DEFAULT_COLOUR, Widget
from callcenter.errors import ProductError
from callcenter.queries import chats as queries
from callcenter.services import chat_widgets as services
from web import conversation_actions
from web.access import allow
from web.chat.guard import own_origins
from web.context import me, reading, runtime
from web.errors import status_of
from web.service_words import words_of

chat_widgets = Blueprint("chat_widgets", __name__, url_prefix="/chat-widgets")


@chat_widgets.get("")
@allow("admin")
def page() -> str:
    with reading() as connection:
        found = queries.widgets(connection)
    return render_template(
        "chats/widgets.html", widgets=found, queues=conversation_actions.queues()
    )


@chat_widgets.get("/new")
@allow("admin")
def new() -> str:
    return _form(Widget(key="", title="", colour=DEFAULT_COLOUR))


@chat_widgets.post("/new")
@allow("admin")
def create() -> ResponseReturnValue:
    typed = _typed("")
    try:
        key = services.create(
            typed,
            user_id=me().id,
            unit_of_work=runtime().unit_of_work,
            clock=runtime().clock,
        )
    except ProductError as error:
        return _form(typed, error), status_of(error)
    flash(_("Saved. Now put the line below into your site."))
    return redirect(url_for("chat_widgets.one", widget_key=key))


@chat_widgets.get("/<widget_key>")
@allow("admin")
def one(widget_key: str) -> str:
    return _form(_existing(widget_key))


@chat_widgets.post("/<widget_key>")
@allow("admin")
def save(widget_key: str) -> ResponseReturnValue:
    typed = _typed(_existing(widget_key).key)
    try:
        services.change(
            typed, user_id=me().id, unit_of_work=runtime().unit_of_work, clock=runtime().clock
        )
    except ProductError as error:
        return _form(typed, error), status_of(error)
    flash(_("Saved."))
    return redirect(url_for("chat_widgets.one", widget_key=widget_key))


def _existing(key: str) -> Widget:
    with reading() as connection:
        found = queries.widget(connection, key[:64])
    return found or abort(404)


def _typed(key: str) -> Widget:
    form = request.form
    return Widget(
        key=key,
        title=form.get("title", ""),
        queue=form.get("queue", "")[:80],
        origins=tuple(form.get("origins", "")[:20_000].split()),
        colour=form.get("colour", "") or DEFAULT_COLOUR,
        greeting=form.get("greeting", ""),
        active=form.get("active") == "yes",
        most_chats=_number("most_chats"),
        while_talking=form.get("while_talking") == "yes",
        gone_minutes=_number("gone_minutes"),
        takes_files=form.get("takes_files") == "yes",
    )


def _number(name: str) -> int:
    text = request.form.get(name, "").strip()
    return int(text) if text.isdecimal() and len(text) <= 6 else 0


def _form(widget: Widget, error: ProductError | None = None) -> str:
    return render_template(
        "chats/widget.html",
        widget=widget,
        queues=conversation_actions.queues(),
        address=f"{own_origins()[0]}/chat/{widget.key}/widget.js",
        problem=words_of(error) if error else "",
        problem_field=error.field if error else "",
    )
