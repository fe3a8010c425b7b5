"""Database look-ups away from the event loop: few threads, a deadline, no queue behind a dead one.

Look-ups that arrive while all threads are busy are gathered, and made in one read (`Gathered`):
under load a statement for each caller would cost more than the callers themselves.

A thread cannot be interrupted, so a frozen database takes the threads with it. The pool notices
that all of them are stuck and refuses at once; when the database thaws, they come back by
themselves. Daemon threads, because one that is stuck must not keep the process from ending (the
standard library's pool would wait for it).
"""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, Generic, TypeVar

T = TypeVar("T")
K = TypeVar("K")
V = TypeVar("V")

THREADS: Final = 4


class StuckError(Exception):
    """Every thread has been waiting for the database longer than a decision may take."""


@dataclass(frozen=True, slots=True)
class _Job:
    work: Callable[[], Any]
    outcome: asyncio.Future[Any]
    loop: asyncio.AbstractEventLoop


class LookupPool:
    def __init__(self, patience: float, threads: int = THREADS) -> None:
        self._patience = patience
        self._jobs: queue.SimpleQueue[_Job | Callable[[], None] | None] = queue.SimpleQueue()
        self._started_at: dict[int, float] = {}
        self._threads = [
            threading.Thread(target=self._serve, name=f"agi-lookup-{number}", daemon=True)
            for number in range(threads)
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Does not wait for threads that may never come back."""
        for _ in self._threads:
            self._jobs.put(None)

    @property
    def stuck(self) -> bool:
        started = list(self._started_at.values())
        return (
            len(started) >= len(self._threads) and time.monotonic() - max(started) > self._patience
        )

    async def run(self, work: Callable[[], T], seconds: float) -> T:
        """The result of `work`, TimeoutError after `seconds`, or StuckError at once."""
        if self.stuck:
            raise StuckError
        loop = asyncio.get_running_loop()
        outcome: asyncio.Future[T] = loop.create_future()
        late = loop.call_later(max(seconds, 0.0), _settle, outcome, None, TimeoutError())
        self._jobs.put(_Job(work, outcome, loop))
        try:
            return await outcome
        finally:
            late.cancel()

    def put(self, work: Callable[[], None]) -> None:
        """To be done when a thread is free; it must not raise, nobody waits for it."""
        self._jobs.put(work)

    def _serve(self) -> None:
        me = threading.get_ident()
        while (job := self._jobs.get()) is not None:
            if isinstance(job, _Job) and job.outcome.done():  # its caller has gone on long ago
                continue
            self._started_at[me] = time.monotonic()
            if isinstance(job, _Job):
                result, error = _do(job.work)
                with suppress(RuntimeError):  # the loop has ended meanwhile
                    job.loop.call_soon_threadsafe(_settle, job.outcome, result, error)
            else:
                job()
            del self._started_at[me]


class Gathered(Generic[K, V]):
    """Look-ups by key, together where they come together. For the loop's thread alone."""

    def __init__(
        self,
        pool: LookupPool,
        read: Callable[[Sequence[K]], Mapping[K, V]],
        at_once: int = THREADS,
        most: int = 100,
    ) -> None:
        self._pool = pool
        self._read = read
        self._at_once = at_once
        self._most = most
        self._reads = 0
        self._waiting: deque[tuple[K, asyncio.Future[V]]] = deque()

    async def of(self, key: K, seconds: float) -> V:
        """What is known of `key`, TimeoutError after `seconds`, or StuckError at once."""
        if self._pool.stuck:
            raise StuckError
        loop = asyncio.get_running_loop()
        outcome: asyncio.Future[V] = loop.create_future()
        late = loop.call_later(max(seconds, 0.0), _settle, outcome, None, TimeoutError())
        self._waiting.append((key, outcome))
        self._start(loop)
        try:
            return await outcome
        finally:
            late.cancel()

    def _start(self, loop: asyncio.AbstractEventLoop) -> None:
        while self._waiting and self._reads < self._at_once:
            self._reads += 1
            self._pool.put(partial(self._read_some, loop))

    def _read_some(self, loop: asyncio.AbstractEventLoop) -> None:
        """In a thread of the pool: all that wait by now, whoever had it started."""
        asked = self._take()
        found = _read_all(self._read, [key for key, _ in asked]) if asked else {}
        with suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(self._tell, loop, asked, found)

    def _take(self) -> list[tuple[K, asyncio.Future[V]]]:
        taken: list[tuple[K, asyncio.Future[V]]] = []
        with suppress(IndexError):
            while len(taken) < self._most:
                one = self._waiting.popleft()
                if not one[1].done():  # its caller has gone on long ago
                    taken.append(one)
        return taken

    def _tell(
        self,
        loop: asyncio.AbstractEventLoop,
        asked: Sequence[tuple[K, asyncio.Future[V]]],
        found: Mapping[K, V | Exception],
    ) -> None:
        self._reads -= 1
        for key, outcome in asked:
            value = found[key]
            if isinstance(value, Exception):
                _settle(outcome, None, value)
            else:
                _settle(outcome, value, None)
        self._start(loop)


def _read_all(
    read: Callable[[Sequence[K]], Mapping[K, V]], keys: Sequence[K]
) -> Mapping[K, V | Exception]:
    """One that cannot be read takes nobody else with it: then each is read alone."""
    try:
        return dict(read(keys))
    except Exception as error:  # noqa: BLE001  # it belongs to whoever awaits
        if len(keys) == 1:
            return {keys[0]: error}
    return {key: value for one in keys for key, value in _read_all(read, [one]).items()}


def _do(work: Callable[[], T]) -> tuple[T | None, Exception | None]:
    try:
        return work(), None
    except Exception as error:  # noqa: BLE001  # it belongs to whoever awaits
        return None, error


def _settle(outcome: asyncio.Future[Any], result: object, error: Exception | None) -> None:
    if outcome.done():
        return
    if error is None:
        outcome.set_result(result)
    else:
        outcome.set_exception(error)
