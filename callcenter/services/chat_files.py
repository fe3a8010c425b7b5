"""Use cases of files in a chat: a visitor sends one, an operator sends one."""

from __future__ import annotations

from typing import IO, Final

from callcenter.chats.visitor import message_id
from callcenter.errors import Conflict, Invalid
from callcenter.ports.files import FileStorage
from callcenter.services import chat_desk, chats
from callcenter.services.chats import Said, Visit
from callcenter.services.conversation_files import add_file
from callcenter.services.conversations import Room, changeable
from callcenter.services.files import file_name

LARGEST: Final = 10 * 1024 * 1024
_PICTURES: Final = ("jpg", "jpeg", "png", "gif", "webp", "heic", "mp4", "mov", "mp3")
_PAPERS: Final = ("pdf", "txt", "csv", "rtf", "doc", "docx", "xls", "xlsx", "odt", "ods", "pptx")
TAKEN: Final = frozenset((*_PICTURES, *_PAPERS, "zip"))


def from_visitor(
    visit: Visit, client_id: str, name: str, stream: IO[bytes], *, files: FileStorage, room: Room
) -> None:
    """Into a chat that goes on; a file alone begins none."""
    if not visit.widget.takes_files:
        raise Invalid("file", "this chat takes no files")
    called = file_name(name)
    if called.rpartition(".")[2].lower() not in TAKEN:
        raise Invalid("file", "files of this kind are not taken")
    with room.unit_of_work() as uow:
        if uow.messages.by_external(message_id(visit.key, client_id)) is not None:
            return
        conversation = uow.chats.of_visitor(visit.key)
    if conversation is None or not conversation.live:
        raise Conflict("state", "write something first")
    file_id = add_file(
        conversation,
        called,
        stream,
        files=files,
        unit_of_work=room.unit_of_work,
        clock=room.clock,
        user_id=None,
    )
    chats.say(visit, Said(client_id=client_id, text=called, file_id=file_id), room)


def from_operator(
    conversation_id: int,
    client_id: str,
    name: str,
    stream: IO[bytes],
    *,
    files: FileStorage,
    user_id: int,
    room: Room,
) -> int:
    with room.unit_of_work() as uow:
        conversation = changeable(uow, conversation_id, user_id)
    file_id = add_file(
        conversation,
        name,
        stream,
        files=files,
        unit_of_work=room.unit_of_work,
        clock=room.clock,
        user_id=user_id,
    )
    answer = chat_desk.Answer(text=file_name(name), client_id=client_id, file_id=file_id)
    return chat_desk.write(conversation_id, answer, user_id=user_id, room=room)
