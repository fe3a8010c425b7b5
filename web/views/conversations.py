"""Conversations over mail, short messages and chat: the lists, one of them with its answer box,
what can be done with it, and writing first."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from callcenter.channels.conversation import CHANNELS
from callcenter.channels.sms import segments
from callcenter.errors import ProductError
from callcenter.queries import conversations as queries
from callcenter.queries import customers as customer_queries
from callcenter.queries import interactions as interaction_queries
from callcenter.queries import users as user_queries
from callcenter.queries.conversations import ConversationFilters, ConversationView, Scope
from callcenter.rooms import room_of
from callcenter.services import answers
from callcenter.services import conversations as services
from callcenter.services.answers import Answer
from callcenter.services.files import LARGEST
from web import conversation_actions as actions
from web import unfolding
from web.access import allow
from web.bodies import takes_files
from web.context import me, reading, runtime, today
from web.conversation_words import CHANNEL_LOOKS, CONVERSATION_STATES, MESSAGE_STATES
from web.errors import status_of
from web.service_words import words_of
from web.viewer import the_viewer
from web.whole_numbers import whole_number

conversations = Blueprint("conversations", __name__, url_prefix="/conversations")
SCOPES: tuple[Scope, ...] = ("mine", "waiting", "all")
_LOOKS = {
    "CHANNEL_LOOKS": CHANNEL_LOOKS,
    "CONVERSATION_STATES": CONVERSATION_STATES,
    "MESSAGE_STATES": MESSAGE_STATES,
}


@conversations.get("")
@allow()
def page() -> str:
    scope = request.args.get("scope", "mine")
    filters = ConversationFilters(
        user_id=me().id,
        scope=next((one for one in SCOPES if one == scope), "mine"),
        viewer=the_viewer(),
        channel=_one_of("channel", CHANNELS),
        queue=request.args.get("queue", "")[:80] or None,
        state=_one_of("state", tuple(CONVERSATION_STATES)),
        text=request.args.get("text", "").strip()[:200] or None,
    )
    part = unfolding.asked()
    with reading() as connection:
        found = queries.page(connection, filters, part.cursor, part.rows, today())
    rows = request.headers.get("HX-Target") == "conversation-rows"
    return render_template(
        "conversations/rows.html" if rows else "conversations/page.html",
        found=found,
        filters=filters,
        queues=actions.queues(),
        kept=unfolding.kept(),
        part=part,
        able=actions.channels(),
        **_LOOKS,
    )


@conversations.get("/<int:conversation_id>")
@allow()
def one(conversation_id: int) -> str:
    view = _readable(conversation_id)
    services.read(conversation_id, user_id=me().id, room=_room())
    return _page(view)


@conversations.get("/<int:conversation_id>/messages")
@allow()
def messages(conversation_id: int) -> str:
    """The messages alone: what is new is put under what one reads, and older ones on top."""
    view = _readable(conversation_id)
    cursor = request.args.get("cursor")
    with reading() as connection:
        written = queries.written(connection, conversation_id, cursor)
    if cursor is None:
        services.read(conversation_id, user_id=me().id, room=_room())
    return render_template("conversations/messages.html", view=view, written=written, **_LOOKS)


@conversations.post("/<int:conversation_id>/reply")
@allow()
@takes_files(2 * LARGEST)
def reply(conversation_id: int) -> ResponseReturnValue:
    view = _readable(conversation_id)
    text = request.form.get("text", "")
    try:
        if request.form.get("as") == "note":
            services.note(conversation_id, text, user_id=me().id, room=_room())
        else:
            files = actions.keep_files(view, request.files.getlist("files"))
            answers.reply(conversation_id, _answer(files), user_id=me().id, room=_room())
            if request.form.get("close"):
                services.close(conversation_id, user_id=me().id, room=_room())
    except ProductError as error:
        return _page(view, error), status_of(error)
    return redirect(url_for("conversations.one", conversation_id=conversation_id))


@conversations.post("/<int:conversation_id>/<any(take, close, spam, assign, queue, card):what>")
@allow()
def act(conversation_id: int, what: str) -> ResponseReturnValue:
    view = _readable(conversation_id)
    who: dict[str, Any] = {"user_id": me().id, "room": _room()}
    try:
        if what == "take":
            services.take(conversation_id, **who)
        elif what == "close":
            services.close(conversation_id, **who)
        elif what == "spam":
            services.close(conversation_id, how="spam", **who)
        elif what == "assign":
            to_user = request.form.get("to_user", type=whole_number) or 0
            services.assign(conversation_id, to_user, **who)
        elif what == "queue":
            services.hand_to_queue(conversation_id, request.form.get("queue", ""), **who)
        else:
            actions.make_card(view)
    except ProductError as error:
        return _page(view, error), status_of(error)
    gone = what in ("assign", "queue") and not me().is_supervisor
    if gone or what == "spam":
        return redirect(url_for("conversations.page"))
    return redirect(url_for("conversations.one", conversation_id=conversation_id))


@conversations.get("/<int:conversation_id>/template/<int:template_id>")
@allow()
def template(conversation_id: int, template_id: int) -> ResponseReturnValue:
    """A text to answer with, its gaps filled for this conversation."""
    view = _readable(conversation_id)
    return {"text": actions.filled_template(view.conversation, template_id)}


@conversations.get("/segments")
@allow()
def count_segments() -> ResponseReturnValue:
    found = segments(request.args.get("text", "")[:5_000])
    return {"count": found.count, "room": found.room, "encoding": found.encoding}


@conversations.get("/new")
@allow()
def new() -> str:
    customer_id = request.args.get("customer", type=whole_number)
    values = {name: request.args.get(name, "") for name in ("channel", "address", "subject")}
    return _form(values, customer_id)


@conversations.post("/new")
@allow()
def create() -> ResponseReturnValue:
    form = request.form
    customer_id = form.get("customer", type=whole_number)
    values = {
        name: form.get(name, "") for name in ("channel", "address", "subject", "text", "queue")
    }
    try:
        begun = answers.begin(
            values["channel"],
            values["address"],
            _answer(()),
            user_id=me().id,
            room=_room(),
            customer_id=customer_id,
            queue=values["queue"] if values["queue"] in actions.queues() else "",
        )
    except ProductError as error:
        return _form(values, customer_id, error), status_of(error)
    return redirect(url_for("conversations.one", conversation_id=begun.id))


def _room() -> services.Room:
    return room_of(runtime())


def _answer(files: tuple[int, ...]) -> Answer:
    form = request.form
    return Answer(
        text=form.get("text", ""),
        subject=form.get("subject", "")[:200],
        cc=tuple(part.strip() for part in form.get("cc", "").split(",") if part.strip()),
        file_ids=files,
        purpose="marketing" if form.get("marketing") else "service",
    )


def _readable(conversation_id: int) -> ConversationView:
    with reading() as connection:
        found = queries.get(connection, conversation_id, today(), the_viewer())
    if found is None:
        abort(404)
    return found


def _page(view: ConversationView, error: ProductError | None = None) -> str:
    with reading() as connection:
        view = queries.get(connection, view.id, today(), the_viewer()) or view
        written = queries.written(connection, view.id)
        interaction = interaction_queries.get(connection, view.conversation.interaction_id, today())
        people = [user for user in user_queries.all(connection) if user.active]
    return render_template(
        "conversations/one.html",
        view=view,
        written=written,
        interaction=interaction,
        people=people,
        queues=actions.queues(),
        templates=actions.templates_for(view.conversation),
        able=actions.channels(),
        typed=request.form if error else {},
        problem=words_of(error) if error else "",
        problem_field=error.field if error else "",
        **_LOOKS,
    )


def _form(
    values: dict[str, str], customer_id: int | None, error: ProductError | None = None
) -> str:
    customer = None
    if customer_id is not None:
        with reading() as connection:
            customer = customer_queries.card(connection, customer_id, today())
        if customer is None:
            abort(404)
    return render_template(
        "conversations/new.html",
        values=values,
        customer=customer,
        queues=actions.queues(),
        able=actions.channels(),
        problem=words_of(error) if error else "",
        problem_field=error.field if error else "",
        title=_("New message"),
        **_LOOKS,
    )


def _one_of(name: str, known: tuple[str, ...]) -> str | None:
    value = request.args.get(name, "")
    return value if value in known else None
