"""What the widget's page asks for: a token, news, to write, to leave."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any, Final

from flask import Blueprint, Response, abort, current_app, request, send_file
from flask.typing import ResponseReturnValue

from callcenter.chats.visitor import facts_of, new_token
from callcenter.queries import chat_view
from callcenter.queries.chat_view import View
from callcenter.rooms import room_of
from callcenter.services import chat_files, chats
from callcenter.services.chats import Said, Visit
from web.access import public
from web.bodies import takes_files
from web.chat.guard import attach, limited, the_visit, the_widget, told
from web.chat.hub import ChatHub
from web.context import reading, runtime

chat = Blueprint("chat", __name__, url_prefix="/chat/<key>")
attach(chat)
WAIT_SECONDS: Final = 20.0
RETRY_SECONDS: Final = 5
_SEEN_AGAIN: Final = timedelta(seconds=20)


@chat.post("/visits")
@public
@limited("CHAT_VISITS")
def visit() -> ResponseReturnValue:
    """A token for a browser that has none. Nothing is stored before its first message."""
    return {"token": new_token(runtime().settings.secret_key, the_widget().key)}, 201


@chat.get("/messages")
@public
@limited("CHAT_NEWS", "CHAT_NEWS_OF_VISITOR")
def news() -> ResponseReturnValue:
    """Everything after a message. `version`: what the asker knows; nothing newer, `wait` waits."""
    visitor = the_visit()
    after = min(request.args.get("after", 0, type=int), 2**53)
    version = request.args.get("version", "")
    view, short_of_room = _look(visitor, after), False
    if request.args.get("wait") and _is_old(view, version) and view.conversation is not None:
        with hub().ear(view.conversation.id, request.remote_addr or "") as ear:
            view, short_of_room = _look(visitor, after), ear is None
            if ear is not None and _is_old(view, version) and not _typing(view):
                ear.wait(float(current_app.config.get("CHAT_WAIT_SECONDS", WAIT_SECONDS)))
                view = _look(visitor, after)
    _note_visit(view)
    return _told_of(view, retry=RETRY_SECONDS if short_of_room else 0)


@chat.post("/messages")
@public
@limited("CHAT_WRITES", "CHAT_WRITES_OF_VISITOR")
def write() -> ResponseReturnValue:
    visitor, body = the_visit(), told()
    said = Said(client_id=_text(body, "client_id"), text=_text(body, "text"), facts=facts_of(body))
    message = chats.say(visitor, said, room_of(runtime()))
    return {"id": message.id, "at": message.at.isoformat()}, 201


@chat.post("/facts")
@public
@limited("CHAT_WRITES", "CHAT_WRITES_OF_VISITOR")
def identify() -> ResponseReturnValue:
    """Who they are; `leave`: nobody is there, and they are to be answered later."""
    visitor, body = the_visit(), told()
    leave = body.get("leave") is True
    chats.identify(visitor, facts_of(body), room_of(runtime()), leave=leave)
    return "", 204


@chat.post("/typing")
@public
@limited("CHAT_WRITES", "CHAT_TYPING_OF_VISITOR")
def typing() -> ResponseReturnValue:
    visitor = the_visit()
    with reading() as connection:
        found = chat_view.of_visitor(connection, visitor.key)
    if found is not None:
        chats.types(found, room_of(runtime()))
    return "", 204


@chat.post("/end")
@public
@limited("CHAT_WRITES", "CHAT_WRITES_OF_VISITOR")
def end() -> ResponseReturnValue:
    chats.leave(the_visit(), room_of(runtime()))
    return "", 204


@chat.post("/files")
@public
@takes_files(chat_files.LARGEST)
@limited("CHAT_WRITES", "CHAT_FILES_OF_VISITOR")
def upload() -> ResponseReturnValue:
    visitor, sent = the_visit(), request.files.get("file")
    if sent is None or not sent.filename:
        abort(400)
    chat_files.from_visitor(
        visitor,
        request.form.get("client_id", ""),
        sent.filename,
        sent.stream,
        files=runtime().files,
        room=room_of(runtime()),
    )
    return "", 201


@chat.get("/files/<int:file_id>")
@public
@limited("CHAT_PAGES")
def download(file_id: int) -> Response:
    """A file of one of their own chats, as an attachment and nothing else."""
    visitor = the_visit()
    with reading() as connection:
        found = chat_view.stored_file(connection, visitor.key, min(file_id, 2**62))
    if found is None:
        abort(404)
    answer = send_file(
        BytesIO(runtime().files.fetch(found[1])),
        mimetype="application/octet-stream",
        as_attachment=True,
        download_name=found[0],
    )
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def hub() -> ChatHub:
    found = current_app.extensions.get("chat_hub")
    if found is None:
        found = current_app.extensions.setdefault("chat_hub", ChatHub(runtime().bus))
    assert isinstance(found, ChatHub)  # noqa: S101 - our own extension
    return found


def _look(visitor: Visit, after: int) -> View:
    queue, now = visitor.widget.queue, runtime().clock.now()
    with reading() as connection:
        return chat_view.look(connection, visitor.key, queue, after, now)


def _is_old(view: View, version: str) -> bool:
    return not view.messages and view.version == version and view.state != "closed"


def _typing(view: View) -> bool:
    return view.conversation is not None and hub().is_typing(view.conversation.id)


def _note_visit(view: View) -> None:
    """Their page is there; written now and then, not with every request."""
    found = view.conversation
    if found is None or not found.live:
        return
    if view.seen_at is None or runtime().clock.now() - view.seen_at >= _SEEN_AGAIN:
        chats.is_there(found.id, room_of(runtime()))


def _told_of(view: View, *, retry: int) -> dict[str, Any]:
    return {
        "state": view.state,
        "version": view.version,
        "operator": view.operator,
        "ahead": view.ahead,
        "reachable": view.reachable,
        "typing": view.state == "open" and _typing(view),
        "retry": retry,
        "messages": [
            {
                "id": one.id,
                "from": "us" if one.direction == "out" else "you",
                "client_id": (one.external_id or "").rpartition(":")[2]
                if one.direction == "in"
                else "",
                "name": view.names.get(one.author_id or 0, ""),
                "text": one.text,
                "at": one.at.isoformat(),
                "files": [
                    {"id": file_id, "name": name, "size": size}
                    for file_id, name, size in view.files.get(one.id, ())
                ],
            }
            for one in view.messages
        ],
    }


def _text(body: dict[str, Any], name: str) -> str:
    found = body.get(name, "")
    if not isinstance(found, str):
        abort(400)
    return found
