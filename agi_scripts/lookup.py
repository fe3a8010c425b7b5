"""Database look-ups away from the event loop: few threads, a deadline, no queue behind a dead one.

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
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, TypeVar

T = TypeVar("T")

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
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
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

    def _serve(self) -> None:
        me = threading.get_ident()
        while (job := self._jobs.get()) is not None:
            if job.outcome.done():  # its caller has gone on long ago
                continue
            self._started_at[me] = time.monotonic()
            result, error = _do(job.work)
            del self._started_at[me]
            with suppress(RuntimeError):  # the loop has ended meanwhile
                job.loop.call_soon_threadsafe(_settle, job.outcome, result, error)


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
