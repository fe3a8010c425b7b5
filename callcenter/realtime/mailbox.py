"""One subscriber's bounded, ordered mailbox with the one thread that empties it.

A slow or broken subscriber costs nobody else anything: a full box drops, and then says `on_gap`.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

import structlog

from callcenter.realtime import metrics

log = structlog.get_logger(__name__)
Item = TypeVar("Item")


class Mailbox(Generic[Item]):
    def __init__(
        self,
        handle: Callable[[Item], None],
        on_gap: Callable[[], None],
        *,
        name: str,
        size: int = 10_000,
    ) -> None:
        self._handle, self._on_gap, self._size = handle, on_gap, size
        self._items: deque[Item] = deque()
        self._gap = self._closed = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def put(self, item: Item) -> None:
        with self._changed:
            if self._closed:
                return
            if len(self._items) >= self._size:
                metrics.DROPPED.labels("slow_subscriber").inc(len(self._items))
                self._items.clear()  # what is behind a gap is in the snapshot anyway
                self._gap = True
            self._items.append(item)
            self._changed.notify()

    def put_gap(self) -> None:
        """What came before is suspect: forget it and have a snapshot taken."""
        with self._changed:
            self._items.clear()
            self._gap = True
            self._changed.notify()

    def close(self) -> None:
        """No handler call begins after this returns, unless a handler itself closes the box."""
        with self._changed:
            self._closed = True
            self._items.clear()
            self._changed.notify()
        if threading.current_thread() is not self._thread:
            self._thread.join(timeout=5)

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._items or self._gap or self._closed)
                if self._closed:
                    return
                gap, self._gap = self._gap, False
                item = None if gap else self._items.popleft()
            if gap:
                metrics.GAPS.inc()
                self._guard(self._on_gap)
            elif item is not None:
                metrics.RECEIVED.inc()
                self._guard(self._handle, item)

    def _guard(self, call: Callable[..., None], *arguments: Item) -> None:
        try:
            call(*arguments)
        except Exception:  # the loop's one catch-all: a handler's fault is its own
            metrics.FAILURES.inc()
            log.exception("bus.handler_failed", mailbox=self._thread.name)
