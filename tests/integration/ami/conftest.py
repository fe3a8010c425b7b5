"""The whole manager door on a small fake PBX: `door(pbx)` runs it beside the test's own loop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from ami.client.link import Timing
from ami.service import AmiService
from callcenter import bootstrap
from callcenter.realtime.messages import Message
from callcenter.runtime import Runtime
from callcenter.settings import PbxAddress, Settings
from tests.support.fake_ami import FakeAmi
from tests.support.lab import lab_pbx, make_lab  # noqa: F401
from tests.support.waiting import wait_until

TIMING = Timing(
    ping_every=0.05, retry_first=0.01, retry_cap=0.05, refused_first=0.05, refused_cap=0.1
)


class PbxThread:
    """A FakeAmi on a loop of its own, for tests that are not asynchronous."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.fake = FakeAmi()
        self.run(self.fake.listen())

    @property
    def address(self) -> PbxAddress:
        return self.fake.address

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(20)

    def call(self, function: Callable[..., Any], *arguments: Any) -> Any:
        async def inside() -> Any:
            return function(*arguments)

        return self.run(inside())

    def send(self, data: bytes) -> None:
        self.call(self.fake.send, data)

    def close(self) -> None:
        self.run(self.fake.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()


class Door:
    """A running AmiService with its database and what it published."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self.messages: list[Message] = []
        runtime.bus.subscribe(self.messages.append, lambda: None)
        self.service = AmiService(runtime, TIMING)
        self.service.start()

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with self.runtime.reader() as connection:
            return [tuple(row) for row in connection.execute(text(query))]

    def wait_for_rows(self, query: str, expected: list[tuple[Any, ...]]) -> None:
        wait_until(lambda: self.rows(query) == expected, words=f"{query}: {self.rows(query)}")

    def wait_up(self) -> None:
        wait_until(lambda: all(row[0] == "up" for row in self.link_states()) and self.link_states())

    def link_states(self) -> list[tuple[Any, ...]]:
        return self.rows("select state, detail, version from pbx_links order by pbx")

    def stop(self) -> None:
        self.service.stop(10)
        self.runtime.close()


@pytest.fixture
def pbx() -> Iterator[PbxThread]:
    thread = PbxThread()
    yield thread
    thread.close()


@pytest.fixture
def open_door(sqlite_url: str, tmp_path: Path) -> Iterator[Callable[..., Door]]:
    """`open_door(address, …)` starts the door on one database; called again, it is a restart."""
    doors: list[Door] = []

    def start(*addresses: PbxAddress) -> Door:
        settings = Settings(
            database_url=sqlite_url, ami=addresses, data_dir=tmp_path, secret_key="x" * 40
        )
        door = Door(bootstrap.build(settings))
        doors.append(door)
        return door

    yield start
    for door in doors:
        door.stop()
