"""The publishing half of the Redis bus: one thread, one bounded queue, retries with pauses.

Callers never wait for Redis. What does not fit is dropped oldest first, and shows at the
subscribers as a skipped number. A command that has waited too long is dropped: a call that is
placed or paused seconds late does harm.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from redis import Redis, RedisError

from callcenter.realtime import metrics
from callcenter.realtime.backoff import Backoff
from callcenter.realtime.numbering import Envelope

log = structlog.get_logger(__name__)

_BATCH = 200
_HEARTBEAT_SECONDS = 5.0
_FLUSH_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class _Item:
    channel: str
    envelope: Envelope
    expires: float = float("inf")


class Sender:
    def __init__(
        self, connect: Callable[[], Redis], publisher: str, heartbeat_on: str, *, size: int
    ) -> None:
        self._connect, self._publisher, self._heartbeat_on = connect, publisher, heartbeat_on
        self._items: deque[_Item] = deque()
        self._size = size
        self._numbers: dict[str, int] = {}
        self._changed = threading.Condition()
        self._closing = threading.Event()
        self._reachable = True
        self._thread = threading.Thread(target=self._run, name="bus-sender", daemon=True)
        self._thread.start()

    def send(self, channel: str, body: str, *, valid_for: float = float("inf")) -> None:
        with self._changed:
            number = self._numbers.get(channel, 0) + 1
            self._numbers[channel] = number
            envelope = Envelope(self._publisher, number, body)
            self._items.append(_Item(channel, envelope, time.monotonic() + valid_for))
            if len(self._items) > self._size:
                self._items.popleft()
                metrics.DROPPED.labels("queue_full").inc()
            self._changed.notify()

    def close(self) -> None:
        """Gives what is queued a moment to leave."""
        with self._changed:
            deadline = time.monotonic() + _FLUSH_SECONDS
            while self._items and self._reachable and time.monotonic() < deadline:
                self._changed.wait(0.05)
            self._closing.set()
            self._changed.notify()
        self._thread.join(timeout=5)

    def _run(self) -> None:
        client, backoff = self._connect(), Backoff()
        while not self._closing.is_set():
            batch = self._take()
            try:
                self._publish(client, batch)
            except (RedisError, OSError) as error:
                self._put_back(batch)
                self._note_reachable(reachable=False, reason=type(error).__name__)
                self._closing.wait(backoff.next())
            else:
                backoff.reset()
                self._note_reachable(reachable=True)
        client.close()

    def _take(self) -> list[_Item]:
        """The next items, in order; a heartbeat alone when there are none."""
        with self._changed:
            self._changed.wait_for(
                lambda: self._items or self._closing.is_set(), timeout=_HEARTBEAT_SECONDS
            )
            count = min(len(self._items), _BATCH)
            batch = [self._items.popleft() for _ in range(count)]
            number = self._numbers.get(self._heartbeat_on, 0)
        return batch or [_Item(self._heartbeat_on, Envelope(self._publisher, number))]

    def _publish(self, client: Redis, batch: list[_Item]) -> None:
        now = time.monotonic()
        fresh = [item for item in batch if item.expires > now]
        metrics.DROPPED.labels("too_late").inc(len(batch) - len(fresh))
        pipeline = client.pipeline(transaction=False)
        for item in fresh:
            pipeline.publish(item.channel, item.envelope.to_bytes())
        for item, receivers in zip(fresh, pipeline.execute(), strict=True):
            if not receivers and item.expires != float("inf"):
                metrics.DROPPED.labels("nobody_serves").inc()
                log.warning("bus.command_unserved", channel=item.channel)
        with self._changed:
            self._changed.notify_all()  # `close` may be waiting for an empty queue

    def _put_back(self, batch: list[_Item]) -> None:
        with self._changed:
            self._items.extendleft(
                item for item in reversed(batch) if item.envelope.body is not None
            )
            while len(self._items) > self._size:
                self._items.popleft()
                metrics.DROPPED.labels("queue_full").inc()

    def _note_reachable(self, *, reachable: bool, reason: str = "") -> None:
        if reachable != self._reachable:
            self._reachable = reachable
            if reachable:
                log.info("bus.publishing_again")
            else:
                log.warning("bus.publishing_stopped", reason=reason)
