"""One PBX: raw events from its link's queue, through translate and the tracker, to the writer."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from ami.client.event_queue import EventQueue, Item, Mark
from ami.client.link import AmiLink
from ami.client.outcome import ActionFailedError, AmiError
from ami.client.wire import parse_headers
from ami.counting import ListenerCounts
from ami.journal import LiveJournal, stamped
from ami.resync import Snapshot, take_snapshot
from ami.translate import translate
from ami.writer import EventBatch, OrderedWriter
from callcenter.calls.events import Anomaly, CallEvent
from callcenter.calls.signals import ChannelSignal, PbxAlive, PbxStarted, Signal
from callcenter.ports import Clock

log = structlog.get_logger(__name__)

AT_ONCE = 500
"""Events folded before others on the loop (pings, other PBXs) get their turn."""


class Folder(Protocol):
    """A deferred tracker, as far as it matters here."""

    def apply(self, signal: Signal) -> list[CallEvent | Anomaly]: ...

    def settle(self) -> list[CallEvent]: ...


class PbxListener:
    """`on_snapshot` gets every snapshot, after its signals have been handed to the writer;
    `on_booted` since when the PBX has been running, whenever it says so.
    """

    def __init__(  # noqa: PLR0917 (what it stands between)
        self,
        link: AmiLink,
        tracker: Folder,
        writer: OrderedWriter,
        clock: Clock,
        on_snapshot: Callable[[Snapshot], None],
        on_booted: Callable[[datetime], None] = lambda _at: None,
    ) -> None:
        self.link = link
        self.pbx = link.address.name
        self.counts = ListenerCounts()
        self._journal = LiveJournal(self.counts.journal)
        self._queue: EventQueue = link.queue
        self._tracker = tracker
        self._writer = writer
        self._clock = clock
        self._on_snapshot = on_snapshot
        self._on_booted = on_booted

    async def run(self) -> None:
        while True:
            await self._queue.wait()
            while self._writer.full:  # the database is away: hold what the link's queue can hold
                await asyncio.sleep(0.05)
            received = self._queue.oldest_at
            await self._take(self._queue.take(AT_ONCE), received)
            await asyncio.sleep(0)

    async def _take(self, items: list[Item], received: float) -> None:
        for item in items:
            if isinstance(item, bytes):
                self._fold(item)
                continue
            if item is Mark.LINK_LOST:  # if the PBX died, it was now: its channels lasted so long
                self._apply(PbxAlive(pbx=self.pbx, at=self._clock.now()))
                continue
            self._hand_over(received)
            await self._resync(item)
        self._hand_over(received)

    def _fold(self, raw: bytes) -> None:
        """The door's catch-all: one event that fails costs no other anything."""
        try:
            signal = translate(parse_headers(raw), self.pbx)
            if signal is None:
                self.counts.untranslated += 1
                return
            if signal.at is None:  # timestampevents is off: the time it came is the best there is
                signal = replace(signal, at=self._clock.now())
                raw = stamped(raw, signal.at)
            if isinstance(signal, ChannelSignal):
                self._journal.keep(signal.uniqueid, raw)
            elif isinstance(signal, PbxStarted):
                self._journal.keep_everywhere(raw)
            self._apply(signal)
            if isinstance(signal, PbxStarted):
                age = timedelta(seconds=signal.uptime_seconds)
                self._on_booted((signal.at or self._clock.now()) - age)
            self.counts.folded += 1
        except Exception:
            self.counts.failed += 1
            if self.counts.failed == 1:
                text = raw[:300].decode("utf-8", "replace")
                log.exception("ami.event_failed", pbx=self.pbx, raw=text, note="then counted")

    def _apply(self, signal: Signal) -> None:
        for output in self._tracker.apply(signal):
            if isinstance(output, Anomaly):
                self.counts.anomalies[output.kind] += 1
                log.debug("ami.anomaly", pbx=self.pbx, kind=output.kind, uniqueid=output.uniqueid)

    def _hand_over(self, received: float) -> None:
        """What the signals since the last time changed, each call once."""
        try:
            events = self._tracker.settle()
        except Exception:
            self.counts.failed += 1
            log.exception("ami.settle_failed", pbx=self.pbx)
            return
        journal = self._journal.of_ended(events)
        if events or journal:
            self._writer.put(EventBatch(events, received, journal))

    async def _resync(self, mark: Mark) -> None:
        if mark is Mark.GAP:
            log.error("ami.events_lost", pbx=self.pbx, dropped=self._queue.dropped)
        try:
            snapshot = await take_snapshot(self.link, self.pbx, self._clock)
        except ActionFailedError as error:
            self.counts.resyncs["refused"] += 1
            self.link.degrade(f"{error}: give the user read=…,reporting and write=reporting")
            return
        except AmiError:
            self.counts.resyncs["broken"] += 1
            return  # the link ended meanwhile: the next log-in resyncs
        except Exception:  # a snapshot that cannot be read must not end the other PBXs' links
            self.counts.resyncs["broken"] += 1
            log.exception("ami.resync_failed", pbx=self.pbx)
            self.link.degrade("the PBX's answer about its calls could not be read; see the log")
            return
        self.counts.resyncs["done"] += 1
        received = time.monotonic()
        for signal in snapshot.signals:
            self._apply(signal)
        self._hand_over(received)
        self._on_snapshot(snapshot)
        self.link.confirm(snapshot.version, "; ".join(snapshot.remarks))
