"""A link to a small manager, and everything it said."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

from ami.client.event_queue import EventQueue, Item
from ami.client.link import AmiLink, Timing
from ami.client.outcome import (
    LinkStatus,
)
from ami.client.wanted import Wanted
from callcenter.settings import PbxAddress
from tests.support.fake_ami import FakeAmi, message

FAST = Timing(
    login=5.0,
    ping_every=0.02,
    pong_within=0.1,
    retry_first=0.01,
    retry_cap=0.02,
    refused_first=0.01,
    refused_cap=0.02,
    stable_after=0.0,
)
QUIET = replace(FAST, ping_every=60.0)


class Watched:
    """A link, and everything it said."""

    def __init__(self, address: PbxAddress, timing: Timing = QUIET) -> None:
        self.queue = EventQueue()
        self.statuses: list[LinkStatus] = []
        wanted = Wanted(["Hangup", "Newchannel", "OriginateResponse"])
        self.link = AmiLink(address, wanted, self.queue, self.statuses.append, timing=timing)

    @property
    def states(self) -> list[str]:
        return [status.state for status in self.statuses]

    async def until(self, condition: Callable[[], object]) -> None:
        async with asyncio.timeout(10):
            while not condition():
                await asyncio.sleep(0.005)

    async def up(self) -> None:
        await self.until(lambda: self.states[-1:] == ["up"])

    async def events(self, count: int) -> list[Item]:
        """The next `count` events, marks left out."""
        found: list[Item] = []
        async with asyncio.timeout(10):
            while len(found) < count:
                await self.queue.wait()
                found += [item for item in self.queue.take(100) if isinstance(item, bytes)]
        return found


@asynccontextmanager
async def running(address: PbxAddress, timing: Timing = QUIET) -> AsyncIterator[Watched]:
    watched = Watched(address, timing)
    task = asyncio.create_task(watched.link.run())
    try:
        yield watched
    finally:
        watched.link.close()
        await asyncio.wait_for(task, 10)


def against(pbx: FakeAmi, test: Callable[[], Awaitable[None]]) -> None:
    async def inside() -> None:
        async with pbx:
            await test()

    asyncio.run(inside())


def hangup(name: str = "x") -> bytes:
    return message(Event="Hangup", Uniqueid=name)


def pending(watched: Watched) -> int:
    manager = watched.link._manager
    assert manager is not None
    assert manager.protocol is not None
    return len(manager.protocol.responses)
