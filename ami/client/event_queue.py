"""The one queue between reader and consumer: bounded, ordered, never waits on the reader's side.

It holds raw messages (some 450 bytes each) rather than parsed ones (some 3 KB). When it is full,
what comes is dropped and counted until the consumer has caught up; then a `GAP` mark stands
where events are missing, and the consumer takes a new snapshot there.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from enum import Enum

CAPACITY = 50_000


class Mark(Enum):
    """Something that happened to the link, in its place among the events."""

    LINK_UP = "link up"
    LINK_LOST = "link lost"
    GAP = "gap"


Item = bytes | Mark


class EventQueue:
    """For one event loop; not thread-safe."""

    def __init__(
        self, capacity: int = CAPACITY, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._items: deque[Item] = deque()
        self._capacity = capacity
        self._clock = clock
        self._waiter: asyncio.Future[None] | None = None
        self._overflowing = False
        self.dropped = 0
        self.oldest_at = 0.0
        """When the oldest item now in the queue came, at the latest."""

    def __len__(self) -> int:
        return len(self._items)

    def put(self, raw: bytes) -> None:
        if self._overflowing or len(self._items) >= self._capacity:
            self._overflowing = True
            self.dropped += 1
            return
        self._append(raw)

    def mark(self, mark: Mark) -> None:
        """Marks are few and always kept; a new link also ends an overflow: it resyncs anyway."""
        if mark is Mark.LINK_UP:
            self._overflowing = False
        self._append(mark)

    async def wait(self) -> None:
        """Return when there is something to take."""
        while not self._items:
            self._waiter = asyncio.get_running_loop().create_future()
            await self._waiter

    def take(self, at_most: int) -> list[Item]:
        """The oldest items. After the last one of an overflow comes `GAP`."""
        items = self._items
        taken = [items.popleft() for _ in range(min(at_most, len(items)))]
        self.oldest_at = self._clock()
        if self._overflowing and not items:
            self._overflowing = False
            taken.append(Mark.GAP)
        return taken

    def _append(self, item: Item) -> None:
        if not self._items:
            self.oldest_at = self._clock()
            if self._waiter is not None and not self._waiter.done():
                self._waiter.set_result(None)
        self._items.append(item)
