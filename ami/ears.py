"""Listens on the hand's link to how its own actions end. Keeps nothing that nobody waits for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from ami.client.event_queue import EventQueue, Mark
from ami.client.wire import parse_headers

Event = Mapping[str, str]
Test = Callable[[Event], bool]


class Heard:
    """What came since somebody began to listen."""

    def __init__(self) -> None:
        self._events: list[Event] = []
        self._news = asyncio.Event()
        self.broken = False
        """The link is gone: nothing more will come."""

    def hear(self, event: Event) -> None:
        self._events.append(event)
        self._news.set()

    def break_off(self) -> None:
        self.broken = True
        self._news.set()

    def find(self, test: Test) -> Event | None:
        return next((event for event in self._events if test(event)), None)

    async def until(self, test: Test, seconds: float) -> Event | None:
        """The first event that fits; None when none came, or the link broke."""
        try:
            async with asyncio.timeout(seconds):
                while (found := self.find(test)) is None and not self.broken:
                    self._news.clear()
                    await self._news.wait()
                return found
        except TimeoutError:
            return None


class Ears(EventQueue):
    """In the place of a link's queue: hands every event to whoever listens now."""

    def __init__(self) -> None:
        super().__init__()
        self._listeners: set[Heard] = set()

    @contextmanager
    def listening(self) -> Iterator[Heard]:
        heard = Heard()
        self._listeners.add(heard)
        try:
            yield heard
        finally:
            self._listeners.discard(heard)

    def put(self, raw: bytes) -> None:
        if self._listeners:
            event = {key: str(value) for key, value in parse_headers(raw.strip()).items()}
            for heard in self._listeners:
                heard.hear(event)

    def mark(self, mark: Mark) -> None:
        if mark is Mark.LINK_LOST:
            for heard in self._listeners:
                heard.break_off()
