"""What the worker does all the time, beside the jobs that have their hour: one thread for each.

A turn that fails is logged and counted, and tried again after a while that grows.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

import structlog
from prometheus_client import Counter

log = structlog.get_logger(__name__)
_FAILED = Counter("callcenter_loop_turns_failed_total", "Turns that ended in an error", ["loop"])
_LONGEST_WAIT = 60.0


class Loop:
    """Calls `turn` again and again: at once while it says that there was something to do, after
    `idle` seconds otherwise."""

    def __init__(self, name: str, turn: Callable[[], object], idle: float = 1.0) -> None:
        self.name, self._turn, self._idle = name, turn, idle
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"loop-{name}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self, timeout: float) -> None:
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join(timeout)

    def stopping(self) -> bool:
        """A long turn asks, and ends early: the next process goes on with it."""
        return self._stopped.is_set()

    def _run(self) -> None:
        wait = 0.0
        while not self._stopped.wait(wait):
            try:
                wait = 0.0 if self._turn() else self._idle
            except Exception:
                _FAILED.labels(self.name).inc()
                log.exception("loop.turn_failed", loop=self.name)
                wait = min(max(wait, self._idle) * 2, _LONGEST_WAIT)
