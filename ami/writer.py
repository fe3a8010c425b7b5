"""The one ordered writer: what the listeners saw, into the database, in order, never lost.

A thread of its own, since services block. Under load it commits what has piled up together. While
the database is away it waits and tries again, holding what comes; beyond a bound, events of a
call that a later one has overtaken are left out (each event carries its whole call).
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from ami import metrics
from ami.client.backoff import Backoff
from callcenter.calls.events import CallEvent, CallsMerged
from callcenter.calls.journal import JournalPart
from callcenter.errors import Unavailable

log = structlog.get_logger(__name__)

GROUP = 500
COMPACT_ABOVE = 5_000
FULL_ABOVE = 20_000
MOST_JOURNAL_BYTES = 64 * 1024 * 1024
"""Beyond this, calls are held without their journals while the database is away."""

Write = Callable[[Sequence[CallEvent], Sequence[JournalPart]], None]


@dataclass(frozen=True, slots=True)
class EventBatch:
    """Call events in order. `received` is the monotonic time when the first one's cause came.

    `journal`: what the calls that ended were made from, written in the same transaction.
    """

    events: Sequence[CallEvent]
    received: float
    journal: Sequence[JournalPart] = ()


Job = Callable[[], None]
Work = EventBatch | Job
"""A job is any other write that keeps its place among the events (a link's state, closing)."""


class OrderedWriter:
    """`write` handles many events in one transaction and publishes after its commit."""

    def __init__(
        self,
        write: Write,
        backoff: Backoff,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._write = write
        self._backoff = backoff
        self._clock = clock
        self._work: deque[Work] = deque()
        self._depth = 0
        self._journal_bytes = 0
        self._compact_above = COMPACT_ABOVE
        self._changed = threading.Condition()
        self._stopping = threading.Event()
        self._deadline = float("inf")
        self._thread = threading.Thread(target=self._run, name="ami-writer", daemon=True)
        self.away_since: float | None = None

    def start(self) -> None:
        self._thread.start()

    def stop(self, timeout: float) -> bool:
        """Write what is left, within the time given; False when something remained."""
        self._deadline = self._clock() + timeout
        with self._changed:
            self._stopping.set()
            self._changed.notify_all()
        self._thread.join(timeout + 1.0)
        if self._depth:
            log.error("ami.writer_left_behind", events=self._depth)
        return self._depth == 0

    def put(self, work: Work) -> None:
        """Never waits. Callers that can wait look at `full` first."""
        with self._changed:
            if isinstance(work, EventBatch) and work.journal:
                work = self._with_journal(work)
            self._work.append(work)
            if isinstance(work, EventBatch):
                self._depth += len(work.events)
                if self.away_since is not None and self._depth > self._compact_above:
                    self._compact()
            self._changed.notify()

    def _with_journal(self, batch: EventBatch) -> EventBatch:
        """The batch, without its journal if too much is held already. The lock is held."""
        size = _size(batch.journal)
        if self._journal_bytes + size > MOST_JOURNAL_BYTES:
            metrics.JOURNALS_LEFT_OUT.inc(len(batch.journal))
            return EventBatch(batch.events, batch.received)
        self._journal_bytes += size
        return batch

    @property
    def full(self) -> bool:
        return self._depth >= FULL_ABOVE

    @property
    def depth(self) -> int:
        return self._depth

    # -- the thread --------------------------------------------------------------------------

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._work or self._stopping.is_set())
                group = self._take() if self._work else None
            if group is None or not self._carry_out(group):
                return

    def _take(self) -> Job | list[EventBatch]:
        """The next job, or batches up to a group. The lock is held."""
        first = self._work.popleft()
        if not isinstance(first, EventBatch):
            return first
        taken, size = [first], len(first.events)
        while self._work and size < GROUP:
            batch = self._work.popleft()
            if not isinstance(batch, EventBatch):
                self._work.appendleft(batch)
                break
            taken.append(batch)
            size += len(batch.events)
        return taken

    def _carry_out(self, group: Job | list[EventBatch]) -> bool:
        if not isinstance(group, list):
            return self._persist(group, "job")
        events = [event for batch in group for event in batch.events]
        journal = [part for batch in group for part in batch.journal]
        if not self._persist(lambda: self._write(events, journal), "events", events, journal):
            return False
        now = self._clock()
        for batch in group:
            metrics.LAG.observe(max(0.0, now - batch.received))
        with self._changed:
            self._depth -= len(events)
            self._journal_bytes -= _size(journal)
        metrics.WRITE_QUEUE.set(self._depth)
        return True

    def _persist(
        self,
        write: Job,
        what: str,
        events: Sequence[CallEvent] = (),
        journal: Sequence[JournalPart] = (),
    ) -> bool:
        """Until it is done or found impossible; False only when stopped while the base is away."""
        while True:
            try:
                write()
            except Exception as error:  # noqa: BLE001  # the writer's one catch-all
                if is_database_away(error):
                    if not self._wait_for_database(error):
                        return False
                    continue
                self._isolate(events, journal, what, error)
            else:
                metrics.WRITTEN.labels("written").inc(len(events))
            if self.away_since is not None:
                log.info("ami.database_back", after=round(self._clock() - self.away_since, 1))
                self.away_since = None
            self._backoff.reset()
            return True

    def _wait_for_database(self, error: Exception) -> bool:
        metrics.WRITE_RETRIES.inc()
        if self.away_since is None:
            self.away_since = self._clock()
            log.error("ami.database_away", error=str(error).splitlines()[0], held=self._depth)
        delay = self._backoff.next()
        if self._stopping.is_set():
            if self._clock() >= self._deadline:
                return False
            delay = min(delay, 0.2)
            time.sleep(delay)
            return True
        self._stopping.wait(delay)
        return True

    def _isolate(
        self,
        events: Sequence[CallEvent],
        journal: Sequence[JournalPart],
        what: str,
        error: Exception,
    ) -> None:
        """One bad call must not take the others of its group with it, nor a journal its call."""
        home = _joined_calls(events)
        by_call: dict[str, list[CallEvent]] = {}
        for event in events:
            by_call.setdefault(home.get(event.call.id, event.call.id), []).append(event)
        for part in journal:
            by_call.setdefault(home.get(part.call_id, part.call_id), [])
        if len(by_call) > 1:
            for call_id, some in by_call.items():
                parts = [p for p in journal if home.get(p.call_id, p.call_id) == call_id]
                self._persist_call(some, parts, what)
        elif journal:
            metrics.JOURNALS_LEFT_OUT.inc(len(journal))
            self._persist_call(events, (), what)
        else:
            metrics.WRITTEN.labels("failed").inc(len(events))
            linkedids = list(events[0].call.linkedids) if events else []
            log.error("ami.write_failed", what=what, linkedids=linkedids, exc_info=error)

    def _persist_call(
        self, events: Sequence[CallEvent], journal: Sequence[JournalPart], what: str
    ) -> None:
        self._persist(lambda: self._write(events, journal), what, events, journal)

    def _compact(self) -> None:
        """Leave out what a later event of the same call says anyway. The lock is held."""
        last: dict[str, CallEvent] = {}
        for work in self._work:
            if isinstance(work, EventBatch):
                last.update((event.call.id, event) for event in work.events)
        depth, held = self._depth, 0
        kept: deque[Work] = deque()
        for work in self._work:
            if not isinstance(work, EventBatch):
                kept.append(work)
                continue
            events = [e for e in work.events if isinstance(e, CallsMerged) or last[e.call.id] is e]
            depth -= len(work.events) - len(events)
            held += len(events)
            if events or work.journal:
                kept.append(EventBatch(events, work.received, work.journal))
        self._work = kept
        metrics.WRITTEN.labels("compacted").inc(self._depth - depth)
        self._depth = depth  # with what is being written just now
        self._compact_above = max(COMPACT_ABOVE, 2 * held)


def _joined_calls(events: Sequence[CallEvent]) -> dict[str, str]:
    """Call id → one name for it and all that it was joined with: what was told of them is in order
    only together, or the part would be written after the whole.
    """
    home: dict[str, str] = {}
    for event in events:
        if isinstance(event, CallsMerged):
            kept = home.get(event.call.id, event.call.id)
            gone = home.get(event.absorbed_id, event.absorbed_id)
            home.update({one: kept for one, name in home.items() if name == gone})
            home[event.call.id] = home[event.absorbed_id] = home[gone] = kept
    return home


def _size(journal: Sequence[JournalPart]) -> int:
    return sum(len(part.data) for part in journal)


def is_database_away(error: BaseException) -> bool:
    """The database cannot be written now, whatever is written: trying again later is right."""
    if isinstance(error, OperationalError | InterfaceError | PoolTimeoutError | Unavailable):
        return True
    return isinstance(error, DBAPIError) and error.connection_invalidated
