"""Database look-ups away from the event loop: few threads, a deadline, no queue behind a dead one.

A thread cannot be interrupted, so a frozen database takes the threads with it. The pool notices
that all of them are stuck and refuses at once; when the database thaws, they come back by
themselves.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

T = TypeVar("T")

THREADS: Final = 4


class StuckError(Exception):
    """Every thread has been waiting for the database longer than a decision may take."""


class LookupPool:
    def __init__(self, patience: float, threads: int = THREADS) -> None:
        self._patience = patience
        self._threads = threads
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="agi-lookup")
        self._started_at: dict[int, float] = {}

    async def run(self, work: Callable[[], T], seconds: float) -> T:
        """The result of `work`, TimeoutError after `seconds`, or StuckError at once."""
        if self.stuck:
            raise StuckError
        # Work that has not begun by then never will: wait_for cancels it.
        future = asyncio.get_running_loop().run_in_executor(self._pool, self._timed, work)
        return await asyncio.wait_for(future, seconds)

    @property
    def stuck(self) -> bool:
        started = list(self._started_at.values())
        return len(started) >= self._threads and time.monotonic() - max(started) > self._patience

    def close(self) -> None:
        """Does not wait for threads that may never come back."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _timed(self, work: Callable[[], T]) -> T:
        me = threading.get_ident()
        self._started_at[me] = time.monotonic()
        try:
            return work()
        finally:
            del self._started_at[me]
