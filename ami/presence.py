"""Operators' states in the manager door: the mirror on each PBX, and what time alone changes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

import structlog

from ami.client.link import AmiLink
from ami.members_sync import MembersSync, Wanted
from callcenter.queries import members as queries
from callcenter.realtime.messages import Message
from callcenter.runtime import Runtime
from callcenter.services.presence import refresh
from callcenter.services.staffing import STAFFING_CHANGED

log = structlog.get_logger(__name__)

LOOK_EVERY: Final = 0.5
_LOOKS_BETWEEN_CALL_CHECKS: Final = 20
_NEWS: Final = frozenset({STAFFING_CHANGED, "sessions_changed"})


class PresenceMirror:
    """Hears on the bus (a thread of its own) whose state changed, and lets each PBX follow."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._syncs: dict[str, MembersSync] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._seen: dict[int, tuple[object, ...]] = {}
        self._end: Callable[[], None] = lambda: None

    def sync_of(self, link: AmiLink) -> MembersSync:
        sync = MembersSync(link, link.address.name, self._read)
        self._syncs[link.address.name] = sync
        return sync

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._end = self._runtime.bus.subscribe(self._hear, lambda: self._look(anew=False))

    def stop(self) -> None:
        self._end()

    def compare(self, pbx: str) -> None:
        """After a log-in: the PBX may have forgotten everything. On the loop's thread."""
        self._syncs[pbx].look(anew=True)

    async def pass_time(self) -> None:
        """End wrap-ups whose time is up; now and then, let go of calls that are none any more."""
        looks = 0
        while True:
            await asyncio.sleep(LOOK_EVERY)
            looks += 1
            try:
                await asyncio.to_thread(self._refresh, looks % _LOOKS_BETWEEN_CALL_CHECKS == 0)
            except Exception as error:  # noqa: BLE001  # the loop's one catch-all: tried again
                log.warning("ami.presence_failed", error=repr(error))

    def _refresh(self, calls_too: bool) -> None:
        runtime = self._runtime
        with runtime.reader() as connection:
            due = queries.next_wrap_up_end(connection)
        if calls_too or (due is not None and due <= runtime.clock.now()):
            refresh(
                calls_too=calls_too,
                unit_of_work=runtime.unit_of_work,
                publisher=runtime.bus,
                clock=runtime.clock,
            )

    def _read(self) -> Wanted:
        with self._runtime.reader() as connection:
            workers = queries.workers(connection, self._runtime.clock.now())
            return Wanted(workers=workers, skills=queries.skills(connection))

    def _hear(self, message: Message) -> None:
        if message.kind == "agent":
            self._hear_agent(message)
        elif message.kind == "message" and message.payload.get("type") in _NEWS:
            self._look(anew=False)

    def _hear_agent(self, message: Message) -> None:
        """A call that rings or is answered changes nothing in the queues."""
        told = message.payload
        names = ("chosen", "chosen_reason", "device")
        mine = (*(told.get(name) for name in names), told.get("wrap_up") is not None)
        if self._seen.get(told["user_id"]) != mine:
            self._seen[told["user_id"]] = mine
            self._look(anew=False)

    def _look(self, *, anew: bool) -> None:
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._look_now, anew)

    def _look_now(self, anew: bool) -> None:
        for sync in self._syncs.values():
            sync.look(anew=anew)
