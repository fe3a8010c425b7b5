"""Batches of the ledger into the database, one at a time, in the live writer's own order.

One call that cannot be written must neither stop the rest nor vanish: its lines are set aside.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

import structlog

from ami import metrics
from ami.journal_reading import signals_of
from ami.ledger.rows import LONGEST_KEPT
from ami.writer import OrderedWriter, is_database_away
from callcenter.calls.ledger import LedgerBatch, LedgerCall, SetAside
from callcenter.calls.topology import Topology
from callcenter.runtime import Runtime
from callcenter.services.call_identity import CallMemory
from callcenter.services.settle_calls import settle_calls

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Settler:
    """Settles batches at once, on the thread that asks."""

    runtime: Runtime
    topology: Topology
    memory: CallMemory

    def settle(self, batch: LedgerBatch) -> Counter[str]:
        """How many calls came to which end. Raises while the database is away, or when not even the
        lines set aside can be written.
        """
        try:
            return self._write(batch)
        except Exception as error:
            if is_database_away(error):
                raise
            return self._one_by_one(batch, error)

    def _write(self, batch: LedgerBatch) -> Counter[str]:
        runtime = self.runtime
        done = settle_calls(
            batch,
            unit_of_work=runtime.unit_of_work,
            publisher=runtime.bus,
            clock=runtime.clock,
            plan_for=runtime.settings.number_plan_for,
            signals_of=signals_of,
            topology=self.topology,
            memory=self.memory,
        )
        return Counter({"confirmed": done.confirmed}) + done.repaired

    def _one_by_one(self, batch: LedgerBatch, error: Exception) -> Counter[str]:
        if not batch.calls:
            raise error
        if len(batch.calls) > 1:
            parts = [replace(batch, calls=(c,), set_aside=(), position=None) for c in batch.calls]
            done = sum((self.settle(part) for part in parts), Counter[str]())
            return done + self.settle(replace(batch, calls=()))
        (call,) = batch.calls
        log.error("ledger.call_failed", call=call.record.id, exc_info=error)
        metrics.LEDGER_SET_ASIDE.labels(batch.pbx, batch.source, "failed").inc(len(call.lines))
        failed = (*batch.set_aside, *self._aside(batch, call))
        return self.settle(replace(batch, calls=(), set_aside=failed))

    def _aside(self, batch: LedgerBatch, call: LedgerCall) -> list[SetAside]:
        now = self.runtime.clock.now()
        return [
            SetAside(
                pbx=batch.pbx,
                source=batch.source,
                file=f"call {call.record.id}",
                position=number,
                reason="failed",
                line=line[:LONGEST_KEPT],
                at=now,
            )
            for number, line in enumerate(call.lines)
        ]


class OrderedSettler:
    """Settles in the writer's thread, between the live events, and waits until it is committed:
    what is not read yet is safe in the file, so nothing piles up here while the database is away.
    """

    def __init__(self, settler: Settler, writer: OrderedWriter) -> None:
        self._settler = settler
        self._writer = writer

    def settle(self, batch: LedgerBatch, keep_waiting: Callable[[], bool]) -> bool:
        """False when waiting was given up; then it may be committed yet, or not. Raises what made
        it impossible: reading begins again then where it was committed last.
        """
        done = threading.Event()
        failed: list[Exception] = []

        def job() -> None:
            try:
                outcomes = self._settler.settle(batch)
            except Exception as error:
                if is_database_away(error):
                    raise  # the writer waits and comes again
                failed.append(error)
            else:
                for outcome, calls in outcomes.items():
                    metrics.LEDGER_CALLS.labels(batch.pbx, outcome).inc(calls)
            done.set()

        while self._writer.full:
            if not keep_waiting():
                return False
            time.sleep(0.1)
        self._writer.put(job)
        while not done.wait(0.1):
            if not keep_waiting():
                return False
        if failed:
            raise failed[0]
        return True
