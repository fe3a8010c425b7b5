"""Calls through the very service that writes those of a PBX: so many a second, each waits, rings at
an operator, is spoken in, and ends. Written in groups, as a busy listener writes them."""

from __future__ import annotations

import heapq
import time
from collections import deque
from dataclasses import replace
from itertools import count

from bench.wallboard.centre import Centre
from callcenter.calls.events import CallRinging
from callcenter.calls.record import CallRecord
from callcenter.runtime import Runtime
from callcenter.services.handle_calls import CallMemory, handle_call_events
from tests.support.web import answered, ended, ringing_call

WAITS, RINGS, TALKS = 1.5, 1.0, 12.0
_DRAINS = (WAITS, RINGS, TALKS, 5.0)
"""Seconds after the last call within which all must be over: what is left then is left."""
_GROUP = 0.1


class Calls:
    """`at`: call id → when its first message was given to the bus (wall clock, seconds). `late`:
    how late the latest step was; `left`: steps that were not taken when the time was over."""

    def __init__(self, centre: Centre, runtime: Runtime, per_second: float) -> None:
        self._centre, self._runtime, self._gap = centre, runtime, 1 / per_second
        self._free = deque(one.removeprefix("PJSIP/") for one in centre.endpoints)
        self._busy: dict[str, str] = {}
        self._memory = CallMemory()
        self.records: dict[str, CallRecord] = {}
        self.at: dict[str, float] = {}
        self.late = 0.0
        self.left = 0

    def run(self, seconds: float) -> None:
        numbers, began = count(1), time.monotonic()
        due: list[tuple[float, int, str, str]] = []
        next_call = began
        last = began + seconds + sum(_DRAINS)
        while (now := time.monotonic()) < last and (now < began + seconds or due):
            while next_call <= now and next_call < began + seconds:
                number = next(numbers)
                heapq.heappush(due, (next_call, number, "come", f"pbx/{number}.1"))
                next_call += self._gap
            told = []
            while due and due[0][0] <= now:
                when, number, step, call_id = heapq.heappop(due)
                self.late = max(self.late, now - when)
                told.append(self._take(step, call_id, number))
                if (after := _AFTER.get(step)) is not None:
                    heapq.heappush(due, (when + after[1], number, after[0], call_id))
            self._tell(told)
            self.left = len(due)
            time.sleep(max(0.0, _GROUP - (time.monotonic() - now)))

    def _take(self, step: str, call_id: str, number: int) -> CallRecord:
        now = self._runtime.clock.now()
        if step == "come":
            queue = self._centre.queues[number % len(self._centre.queues)]
            record = ringing_call(call_id, f"+48601{number:06}", (), "", now)
            record = replace(record, queues=(queue,), started_at=now, queued_at=now)
        elif step == "ring":
            phone = self._busy[call_id] = self._free.popleft()
            old = self.records[call_id]
            rung = ringing_call(call_id, old.caller_number, (phone,), "", now)
            record = replace(old, legs=rung.legs, channels=rung.channels, uniqueids=rung.uniqueids)
        elif step == "answer":
            record = answered(self.records[call_id], self._busy[call_id], now)
        else:
            record = ended(self.records.pop(call_id), now)
            self._free.append(self._busy.pop(call_id))
            return record
        self.records[call_id] = record
        return record

    def _tell(self, records: list[CallRecord]) -> None:
        if not records:
            return
        handle_call_events(
            [
                CallRinging(call=one, at=self._runtime.clock.now(), endpoint="", uniqueid="")
                for one in records
            ],
            unit_of_work=self._runtime.unit_of_work,
            publisher=self._runtime.bus,
            clock=self._runtime.clock,
            plan_for=self._runtime.settings.number_plan_for,
            memory=self._memory,
        )
        published = time.time()
        for one in records:
            self.at.setdefault(one.id, published)


_AFTER = {"come": ("ring", WAITS), "ring": ("answer", RINGS), "answer": ("end", TALKS)}
