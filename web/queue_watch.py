"""Queue figures for the screens: read after whatever may have changed them, at most once a second.

Figures are read anew and never counted along, so that the last ones told are always those of the
database, whoever else writes at the same time. Only what differs is told.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace

import structlog

from callcenter.queries import queues as queries
from callcenter.queries.queues import QueueView
from callcenter.realtime.messages import Audience, Message
from callcenter.realtime.payloads import queue_payload
from callcenter.runtime import Runtime
from callcenter.services.staffing import STAFFING_CHANGED

log = structlog.get_logger(__name__)

SECONDS_BETWEEN = 1.0
QUIET_SECONDS = 5.0
"""How long a change of who is ready alone may wait: every call changes it, for every screen."""
_LEADERS = ("supervisor", "admin")
_EVERYBODY = ("operator", *_LEADERS)


class QueueWatch:
    """`tell` hands a message to the sockets of this process."""

    def __init__(self, runtime: Runtime, tell: Callable[[Message], None]) -> None:
        self._runtime, self._tell = runtime, tell
        self._due, self._stopped = threading.Event(), threading.Event()
        self._lock = threading.Lock()
        self._told: dict[str, QueueView] = {}
        self._told_at = 0.0
        self._forgotten = False
        self._thread = threading.Thread(target=self._run, name="realtime-queues", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self._due.set()
        if self._thread.is_alive():
            self._thread.join(2)

    def hear(self, message: Message) -> None:
        if message.kind in ("call", "agent") or message.payload.get("type") == STAFFING_CHANGED:
            self._due.set()

    def forget(self) -> None:
        """A snapshot was given out that may show more than was told: tell everything once more."""
        with self._lock:
            self._told, self._forgotten = {}, True

    def _run(self) -> None:
        while not self._stopped.is_set():
            self._due.wait()
            self._due.clear()
            if self._stopped.is_set():
                return
            try:
                self._tell_news()
            except Exception:
                log.exception("realtime.queues_failed")
                self._due.set()
            self._stopped.wait(SECONDS_BETWEEN)

    def _tell_news(self) -> None:
        with self._lock:
            told, self._told, self._forgotten = self._told, {}, False
        with self._runtime.reader() as connection:
            views = queries.now(connection, self._runtime.clock.now())
        news = [view for view in views if told.get(view.figures.queue) != view]
        if time.monotonic() - self._told_at >= QUIET_SECONDS:
            self._told_at = time.monotonic()
        else:
            quiet = [view for view in news if _only_ready(view, told.get(view.figures.queue))]
            news = [view for view in news if view not in quiet]
            if quiet:
                self._due.set()  # told a little later
        for view in news:
            self._tell(_message(view))
        with self._lock:
            if not self._forgotten:
                self._told = told | {view.figures.queue: view for view in news}


def _only_ready(view: QueueView, told: QueueView | None) -> bool:
    return told is not None and view == replace(
        told, figures=replace(told.figures, ready=view.figures.ready)
    )


def _message(view: QueueView) -> Message:
    mine = tuple(sorted(view.people)) if view.people is not None else ()
    roles = _LEADERS if view.people is not None else _EVERYBODY
    audience = Audience(users=mine, roles=roles)
    return Message(kind="queue", audience=audience, payload=queue_payload(view.figures))
