"""Keeps decisions after the caller has gone on: a bounded queue and one thread that writes.

A database that is away costs records (counted), never a caller's time.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence
from typing import Final

from agi_scripts.metrics import UNRECORDED
from agi_scripts.once import OncePerSpell
from callcenter.routing.record import DecisionRecord

MAX_WAITING: Final = 10_000
# Nobody waits for a record, and a transaction for each would take time from the next decision. What
# a record tells is worked out here too, a little at a time: it takes no time from the callers of
# a rush, unless there are so many that some would be lost.
_BATCH: Final = 100
_GATHER_SECONDS: Final = 0.2


class DecisionRecorder:
    def __init__(
        self, write: Callable[[Sequence[DecisionRecord]], None], max_waiting: int = MAX_WAITING
    ) -> None:
        self._write = write
        self._many = max_waiting // 2
        self._waiting: queue.Queue[DecisionRecord | None] = queue.Queue(max_waiting)
        self._once = OncePerSpell()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="agi-recorder", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def put(self, record: DecisionRecord) -> None:
        """Never waits. A full queue drops the record and counts it."""
        try:
            self._waiting.put_nowait(record)
        except queue.Full:
            self._lose(1, "queue-full")

    def stop(self, timeout: float) -> None:
        """Writes what waits, as far as `timeout` allows."""
        self._stopping.set()
        try:
            self._waiting.put(None, timeout=timeout)
        except queue.Full:
            return
        self._thread.join(timeout)

    def _run(self) -> None:
        going = True
        while going:
            batch = [self._waiting.get()]
            if self._waiting.qsize() < self._many:
                self._stopping.wait(_GATHER_SECONDS)
            while len(batch) < _BATCH and not self._waiting.empty():
                batch.append(self._waiting.get_nowait())
            going = None not in batch
            self._keep([record for record in batch if record is not None])

    def _keep(self, records: list[DecisionRecord]) -> None:
        if not records:
            return
        try:
            self._write(records)
        except Exception as error:  # noqa: BLE001  # whatever the database throws, callers go on
            self._lose(len(records), "database", error=type(error).__name__)

    def _lose(self, count: int, cause: str, **words: object) -> None:
        UNRECORDED.labels(cause).inc(count)
        self._once.report("agi.decision_not_recorded", cause, **words)
