"""/conversations: mails, short messages, chats; their messages; writing, taking, handing over."""

from __future__ import annotations

from typing import Any

from flask import Response

from callcenter.queries import conversations as queries
from callcenter.queries.conversations import ConversationView
from callcenter.rooms import room_of
from callcenter.services import answers
from callcenter.services import conversations as services
from callcenter.services.answers import Answer
from web.api.answers import answer
from web.api.context import the_caller, the_runtime, the_viewer, today
from web.api.fields import PageQuery
from web.api.idempotency import idempotent
from web.api.operation import area, operation
from web.api.problems import invalid, not_found
from web.api.shapes import conversations as shapes

api = area("conversations", "/conversations", "Mails, short messages and chats.")


@operation(api, "get", "", shapes.ConversationPage)
def list_conversations(query: shapes.ConversationQuery) -> Response:
    """Conversations: those that wait the longest first, others by what was written last"""
    values = query.model_dump(exclude={"cursor", "limit"})
    filters = queries.ConversationFilters(
        user_id=the_caller().user_id, viewer=the_viewer(), **values
    )
    with the_runtime().reader() as connection:
        page = queries.page(connection, filters, query.cursor, query.limit, today())
    return answer(shapes.ConversationPage, page)


@operation(api, "get", "/<conversation_id>", shapes.Conversation)
def get_conversation(path: shapes.ConversationPath) -> Response:
    """One conversation"""
    return _conversation(path.conversation_id)


@operation(api, "post", "", shapes.Conversation, status=201)
@idempotent
def begin_conversation(body: shapes.ConversationNew) -> Response:
    """Write to somebody first"""
    begun = answers.begin(
        body.channel,
        body.address,
        Answer(text=body.text, subject=body.subject, purpose=body.purpose),
        user_id=the_caller().user_id,
        room=room_of(the_runtime()),
        customer_id=body.customer_id,
        queue=body.queue,
    )
    return _conversation(begun.id, status=201)


@operation(api, "patch", "/<conversation_id>", shapes.Conversation)
def change_conversation(path: shapes.ConversationPath, body: shapes.ConversationPatch) -> Response:
    """Take a conversation, hand it over, close it"""
    _read(path.conversation_id)
    named = body.model_dump(exclude_none=True)
    if len(named) != 1:
        raise invalid([("state", "name one of state, assigned_to and queue")])
    who: dict[str, Any] = {"user_id": the_caller().user_id, "room": room_of(the_runtime())}
    if body.assigned_to is not None:
        services.assign(path.conversation_id, body.assigned_to, **who)
    elif body.queue is not None:
        services.hand_to_queue(path.conversation_id, body.queue, **who)
    elif body.state == "open":
        services.take(path.conversation_id, **who)
    else:
        how = "spam" if body.state == "spam" else "operator"
        services.close(path.conversation_id, how=how, **who)  # type: ignore[arg-type]
    return _conversation(path.conversation_id)


@operation(api, "get", "/<conversation_id>/messages", shapes.MessagePage)
def list_messages(path: shapes.ConversationPath, query: PageQuery) -> Response:
    """What was written in a conversation: the newest page, in order of writing"""
    _read(path.conversation_id)
    with the_runtime().reader() as connection:
        page = queries.written(connection, path.conversation_id, query.cursor, query.limit)
    return answer(shapes.MessagePage, page)


@operation(api, "post", "/<conversation_id>/messages", shapes.Message, status=201)
@idempotent
def write_message(path: shapes.ConversationPath, body: shapes.MessageNew) -> Response:
    """Answer, or write a note among yourselves"""
    _read(path.conversation_id)
    user_id, room = the_caller().user_id, room_of(the_runtime())
    if body.kind == "note":
        message_id = services.note(path.conversation_id, body.text, user_id=user_id, room=room)
    else:
        told = Answer(text=body.text, subject=body.subject, cc=tuple(body.cc), purpose=body.purpose)
        message_id = answers.reply(path.conversation_id, told, user_id=user_id, room=room)
    with the_runtime().reader() as connection:
        page = queries.written(connection, path.conversation_id)
    found = next((one for one in page.items if one.message.id == message_id), None)
    if found is None:
        raise not_found(f"message {message_id}")
    return answer(shapes.Message, found, status=201)


def _read(conversation_id: int) -> ConversationView:
    with the_runtime().reader() as connection:
        found = queries.get(connection, conversation_id, today(), the_viewer())
    if found is None:
        raise not_found(f"conversation {conversation_id}")
    return found


def _conversation(conversation_id: int, status: int = 200) -> Response:
    view = _read(conversation_id)
    headers = {"ETag": f'"{view.conversation.version}"'}
    if status == 201:
        headers["Location"] = f"/api/v1/conversations/{conversation_id}"
    return answer(shapes.Conversation, view, status=status, headers=headers)
