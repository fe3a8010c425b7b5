"""What a visitor sees of their chats, and nothing besides: no note, no line of ours, nothing of a
customer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from callcenter.channels.conversation import Conversation
from callcenter.channels.message import Message
from callcenter.chats.visitor import can_be_reached
from callcenter.chats.widget import Widget
from callcenter.ports import UnitOfWork
from callcenter.services.chat_offers import somebody_there
from callcenter.services.conversations import Room

MOST_MESSAGES: Final = 100
State = Literal["new", "waiting", "nobody", "open", "closed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Who looks, through which widget. `key` is what the database knows the visitor by."""

    widget: Widget
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What a visitor may see of their chat."""

    state: State
    version: int = 0
    conversation_id: int | None = None
    operator: str = ""
    ahead: int = 0
    reachable: bool = False
    messages: tuple[Message, ...] = ()
    names: Mapping[int, str] = field(default_factory=dict)
    files: Mapping[int, tuple[tuple[int, str, int], ...]] = field(default_factory=dict)
    """Message → (file, name, size)."""


def look(visit: Visit, after: int, room: Room) -> View:
    with room.unit_of_work() as uow:
        found = uow.chats.of_visitor(visit.key)
        if found is None:
            there = somebody_there(uow, visit.widget.queue, room.clock.now())
            return View(state="new" if there else "nobody")
        messages = uow.chats.messages_of_visitor(visit.key, after, MOST_MESSAGES)
        state = _state(uow, found, room)
        people = {one.author_id for one in messages if one.author_id} | {found.assigned_to}
        names = {who: user.display_name for who in people if who and (user := uow.users.get(who))}
        return View(
            state=state,
            version=found.version,
            conversation_id=found.id,
            operator=names.get(found.assigned_to or 0, "") if state == "open" else "",
            ahead=uow.chats.ahead(found) if state == "waiting" else 0,
            reachable=can_be_reached(found.visitor),
            messages=messages,
            names=names,
            files=uow.chats.files_of([one.id for one in messages]),
        )


def _state(uow: UnitOfWork, found: Conversation, room: Room) -> State:
    if found.state == "closed":
        return "closed"
    if found.state == "open":
        return "open"
    there = somebody_there(uow, found.queue, room.clock.now())
    return "waiting" if there or found.state == "offered" else "nobody"
