"""Starts services in order, waits for a signal or for one of them to die, stops them in reverse.

Knows services only as the Protocol in `runtime`.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterable, Sequence
from types import FrameType

import structlog

from callcenter.runtime import Service

log = structlog.get_logger(__name__)
_STOP_SECONDS = 8.0
_LOOK_SECONDS = 0.2


class StopSignal:
    """SIGINT and SIGTERM ask for an orderly stop; a second one ends the process at once."""

    def __init__(self) -> None:
        self.asked = threading.Event()

    def install(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._on_signal)

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        if self.asked.is_set():
            raise SystemExit(128 + number)
        self.asked.set()


def run_until_stopped(
    services: Sequence[Service], stop: StopSignal, *, on_ready: Callable[[], None] = lambda: None
) -> int:
    """The exit code: 0 after a signal, 1 when a service died. StartupError passes through."""
    started: list[Service] = []
    try:
        for service in services:
            if stop.asked.is_set():
                return 0
            service.start()
            started.append(service)
            log.info("service.started", service=service.name)
        on_ready()
        dead = _wait(started, stop)
        if dead is not None:
            reason = getattr(dead, "failure", "") or "see the lines above"
            log.error("service.died", service=dead.name, reason=reason)
        return 0 if dead is None else 1
    finally:
        _stop_all(reversed(started))


def _wait(services: Sequence[Service], stop: StopSignal) -> Service | None:
    while not stop.asked.wait(_LOOK_SECONDS):
        for service in services:
            failed = getattr(service, "failed", None)
            if failed is not None and failed.is_set():
                return service
    return None


def _stop_all(services: Iterable[Service]) -> None:
    for service in services:
        # In a thread of its own: a service that hangs must not keep the others from stopping.
        stopper = threading.Thread(target=_stop, args=(service,), daemon=True)
        stopper.start()
        stopper.join(_STOP_SECONDS + 2)
        if stopper.is_alive():
            log.error("service.stop_timed_out", service=service.name)


def _stop(service: Service) -> None:
    try:
        service.stop(_STOP_SECONDS)
    except Exception:
        log.exception("service.stop_failed", service=service.name)
    else:
        log.info("service.stopped", service=service.name)
