"""Chats on the desk: what is said in one, taking and letting go, answering, handing on, ending."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from callcenter.errors import ProductError
from callcenter.queries import chats as queries
from callcenter.queries import conversations as conversation_queries
from callcenter.queries import interactions as interaction_queries
from callcenter.queries import users as user_queries
from callcenter.rights.masked import email_as, number_as
from callcenter.rooms import room_of
from callcenter.services import chat_desk, chat_files, chat_offers
from callcenter.services import conversations as services
from callcenter.services.chat_desk import Answer
from web import conversation_actions
from web.access import allow
from web.bodies import takes_files
from web.context import me, reading, runtime, today
from web.errors import status_of
from web.service_words import words_of
from web.viewer import the_viewer
from web.whole_numbers import whole_number

chats = Blueprint("chats", __name__, url_prefix="/chats")


@chats.get("/<int:conversation_id>/messages")
@allow()
def messages(conversation_id: int) -> ResponseReturnValue:
    """Everything after a message, notes and lines of ours included."""
    after = request.args.get("after", 0, type=whole_number) or 0
    with reading() as connection:
        found = queries.messages_after(connection, conversation_id, after)
    return {"messages": [_told_of(*one) for one in found]}


@chats.get("/<int:conversation_id>/card")
@allow()
def card(conversation_id: int) -> str:
    """Who it is, as far as is known; whom else they may be; what was before."""
    with reading() as connection:
        view = conversation_queries.get(connection, conversation_id, today(), the_viewer())
        if view is None:
            abort(404)
        contact = interaction_queries.get(connection, view.conversation.interaction_id, today())
    templates = conversation_actions.templates_for(view.conversation)
    return render_template(
        "chats/card.html",
        view=view,
        contact=contact,
        templates=templates,
        said=_said(view.conversation.visitor),
    )


@chats.get("/<int:conversation_id>/transfer")
@allow()
def transfer_form(conversation_id: int) -> str:
    with reading() as connection:
        there = {one.user_id: one for one in queries.operators(connection, runtime().clock.now())}
        people = [one for one in user_queries.all(connection) if one.id in there]
    colleagues = [(one, there[one.id]) for one in people if one.id != me().id]
    return render_template(
        "chats/transfer.html",
        conversation_id=conversation_id,
        colleagues=colleagues,
        queues=conversation_actions.queues(),
    )


@chats.get("/<int:conversation_id>/replies/<int:template_id>")
@allow()
def reply(conversation_id: int, template_id: int) -> ResponseReturnValue:
    """A text kept for answers, with what it names filled in."""
    with room_of(runtime()).unit_of_work() as uow:
        conversation = services.existing(uow, conversation_id)
    return {"text": conversation_actions.filled_template(conversation, template_id)}


@chats.post("/<int:conversation_id>/<any(accept,decline,read,typing,close):step>")
@allow()
def act(conversation_id: int, step: str) -> ResponseReturnValue:
    steps: dict[str, Callable[..., object]] = {
        "accept": chat_offers.accept,
        "decline": chat_offers.decline,
        "read": services.read,
        "typing": chat_desk.types,
        "close": chat_desk.close,
    }
    return _done(lambda: steps[step](conversation_id, user_id=me().id, room=room_of(runtime())))


@chats.post("/<int:conversation_id>/write")
@allow()
def write(conversation_id: int) -> ResponseReturnValue:
    answer = Answer(text=request.form.get("text", ""), client_id=request.form.get("client_id", ""))
    return _done(
        lambda: chat_desk.write(conversation_id, answer, user_id=me().id, room=room_of(runtime()))
    )


@chats.post("/<int:conversation_id>/note")
@allow()
def note(conversation_id: int) -> ResponseReturnValue:
    text = request.form.get("text", "")
    return _done(
        lambda: services.note(conversation_id, text, user_id=me().id, room=room_of(runtime()))
    )


@chats.post("/<int:conversation_id>/files")
@allow()
@takes_files(chat_files.LARGEST)
def upload(conversation_id: int) -> ResponseReturnValue:
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        abort(400)
    name, stream = sent.filename, sent.stream
    return _done(
        lambda: chat_files.from_operator(
            conversation_id,
            request.form.get("client_id", ""),
            name,
            stream,
            files=runtime().files,
            user_id=me().id,
            room=room_of(runtime()),
        )
    )


@chats.post("/<int:conversation_id>/transfer")
@allow()
def transfer(conversation_id: int) -> ResponseReturnValue:
    """`to`: `user:3` or `queue:sales`."""
    kind, _colon, whom = request.form.get("to", "").partition(":")
    words = request.form.get("note", "")
    told: dict[str, Any] = {"user_id": me().id, "room": room_of(runtime())}
    if kind == "user":
        to_user = whole_number(whom) if whom.isdecimal() else 0
        return _done(lambda: chat_desk.hand_to_colleague(conversation_id, to_user, words, **told))
    return _done(lambda: chat_desk.hand_to_queue(conversation_id, whom[:80], words, **told))


def _said(visitor: Mapping[str, Any]) -> dict[str, Any]:
    """What the visitor says of themselves, as far as this user may see such things."""
    viewer = the_viewer()
    email = email_as(viewer.field("customer", "emails"), str(visitor.get("email", "")))
    phone = number_as(viewer.field("customer", "phones"), str(visitor.get("phone", "")))
    names = ("name", "page", "locale")
    return {**{name: visitor.get(name, "") for name in names}, "email": email, "phone": phone}


def _done(do: Callable[[], object]) -> ResponseReturnValue:
    try:
        do()
    except ProductError as error:
        return {"message": words_of(error), "code": error.field}, status_of(error)
    return "", 204


def _told_of(message: Any, author: str, files: tuple[tuple[int, str, int], ...]) -> dict[str, Any]:
    return {
        "id": message.id,
        "direction": message.direction,
        "author": author,
        "author_id": message.author_id,
        "text": message.text,
        "at": message.at.isoformat(),
        "client_id": (message.external_id or "").rpartition(":")[2],
        "files": [{"id": file[0], "name": file[1], "size": file[2]} for file in files],
    }
