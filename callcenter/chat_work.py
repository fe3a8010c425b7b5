"""What the worker does for chats all the time: offers them round, ends those that are forgotten."""

from __future__ import annotations

from callcenter.loops import Loop
from callcenter.queries import chats as queries
from callcenter.rooms import room_of
from callcenter.runtime import Runtime
from callcenter.services import chat_offers

_LOOKED_AFTER_SECONDS = 20.0


def loops(runtime: Runtime) -> tuple[Loop, ...]:
    """Each looks first, so that nothing is locked while there is nothing to do."""
    room = room_of(runtime)

    def offer() -> int:
        with runtime.reader() as connection:
            if not queries.is_due(connection, runtime.clock.now()):
                return 0
        return chat_offers.turn(room)

    def end_forgotten() -> None:
        with runtime.reader() as connection:
            if not queries.is_forgotten(connection, runtime.clock.now()):
                return
        chat_offers.end_forgotten(room)

    return Loop("chats", offer), Loop("chats forgotten", end_forgotten, _LOOKED_AFTER_SECONDS)
