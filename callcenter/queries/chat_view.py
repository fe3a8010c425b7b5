"""What a visitor sees of their chats, and nothing besides: no note, no line of ours, nothing of a
customer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2s
from typing import Final, Literal

from sqlalchemy import Connection, select

from callcenter.channels.conversation import Conversation
from callcenter.channels.message import Message
from callcenter.chats.offers import is_anybody_there
from callcenter.chats.visitor import can_be_reached
from callcenter.store import chat_rows
from callcenter.store.sets import among
from callcenter.store.tables import chat_visits, files, users
from callcenter.store.team_rows import teams

MOST_MESSAGES: Final = 100
State = Literal["new", "waiting", "nobody", "open", "closed"]
FileOf = tuple[int, str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """`names`: of those of ours who wrote. `files`: message → (file, name, size). `seen_at`: when
    the visitor's page last asked."""

    state: State
    conversation: Conversation | None = None
    operator: str = ""
    ahead: int = 0
    reachable: bool = False
    seen_at: datetime | None = None
    messages: tuple[Message, ...] = ()
    names: Mapping[int, str] = field(default_factory=dict)
    files: Mapping[int, tuple[FileOf, ...]] = field(default_factory=dict)

    @property
    def version(self) -> str:
        """Another one means that there is something to show, even without a message."""
        found = self.conversation
        known = f"{found.id}.{found.version}.{self.state}" if found is not None else self.state
        return blake2s(known.encode(), digest_size=8).hexdigest()


def look(connection: Connection, visitor: str, queue: str, after: int, now: datetime) -> View:
    """`queue`: where a chat of theirs would wait, if they had one."""
    found = chat_rows.of_visitor(connection, visitor)
    if found is None:
        return View(state="new" if _somebody_there(connection, queue, now) else "nobody")
    messages = chat_rows.messages_of_visitor(connection, visitor, after, MOST_MESSAGES)
    state = _state(connection, found, now)
    names = _names(connection, {one.author_id for one in messages} | {found.assigned_to})
    visit = select(chat_visits.c.seen_at).where(chat_visits.c.conversation_id == found.id)
    return View(
        state=state,
        conversation=found,
        operator=names.get(found.assigned_to or 0, "") if state == "open" else "",
        ahead=chat_rows.ahead(connection, found) if state == "waiting" else 0,
        reachable=can_be_reached(found.visitor),
        seen_at=connection.scalar(visit),
        messages=messages,
        names=names,
        files=chat_rows.files_of(connection, [one.id for one in messages]),
    )


def of_visitor(connection: Connection, visitor: str) -> Conversation | None:
    return chat_rows.of_visitor(connection, visitor)


def stored_file(connection: Connection, visitor: str, file_id: int) -> tuple[str, str] | None:
    """(name, stored as) of a file that stands in one of their chats."""
    if chat_rows.owner_of_file(connection, file_id) != visitor:
        return None
    query = select(files.c.name, files.c.stored_as).where(files.c.id == file_id)
    row = connection.execute(query).one_or_none()
    return (row[0], row[1]) if row is not None else None


def _state(connection: Connection, found: Conversation, now: datetime) -> State:
    if found.state in ("closed", "open"):
        return "closed" if found.state == "closed" else "open"
    there = found.state == "offered" or _somebody_there(connection, found.queue, now)
    return "waiting" if there else "nobody"


def _somebody_there(connection: Connection, queue: str, now: datetime) -> bool:
    team = teams(connection).of_queue(queue)
    found = chat_rows.operators(connection, now)
    return is_anybody_there(one for one in found if one.user_id in team)


def _names(connection: Connection, ids: set[int | None]) -> dict[int, str]:
    wanted = sorted(one for one in ids if one is not None)
    query = select(users.c.id, users.c.display_name).where(among(connection, users.c.id, wanted))
    return {row[0]: row[1] for row in connection.execute(query)} if wanted else {}
