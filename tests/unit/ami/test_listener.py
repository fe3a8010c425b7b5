"""From raw events to the writer, with a tracker of the test's own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from ami.client.event_queue import EventQueue
from ami.client.link import AmiLink
from ami.listener import PbxListener
from ami.selection import wanted_events
from ami.writer import EventBatch, OrderedWriter
from callcenter.calls.events import Anomaly, CallEvent, CallStarted
from callcenter.calls.signals import ChannelSignal, Signal
from callcenter.clock import SystemClock
from callcenter.settings import PbxAddress
from tests.support.call_records import call_record


class Kept(OrderedWriter):
    """Never started: keeps what it is given."""

    def __init__(self) -> None:
        self.given: list[str] = []
        self.is_full = False

    def put(self, work: object) -> None:
        assert isinstance(work, EventBatch)
        self.given += [event.call.id for event in work.events]

    @property
    def full(self) -> bool:
        return self.is_full


class Echo:
    """A deferred tracker for which each channel is a call; some it cannot bear."""

    def __init__(self) -> None:
        self.pending: list[CallEvent] = []

    def apply(self, signal: Signal) -> list[CallEvent | Anomaly]:
        assert isinstance(signal, ChannelSignal)
        if signal.uniqueid == "bad":
            raise RuntimeError("a bug")
        if signal.uniqueid == "odd":
            return [Anomaly(kind="late", pbx="p", uniqueid="odd", detail="", at=None)]
        self.pending.append(CallStarted(call=call_record(signal.uniqueid), at=None))
        return []

    def settle(self) -> list[CallEvent]:
        pending, self.pending = self.pending, []
        return pending


def hangup(uniqueid: str) -> bytes:
    return f"Event: Hangup\r\nUniqueid: {uniqueid}".encode()


def listening(check: Callable[[EventQueue, Kept, PbxListener], None], *events: bytes) -> None:
    async def inside() -> None:
        queue, writer = EventQueue(), Kept()
        address = PbxAddress("p", "127.0.0.1", 1, "u", "s")
        link = AmiLink(address, wanted_events(), queue, lambda _status: None)
        listener = PbxListener(link, Echo(), writer, SystemClock(), lambda _snapshot: None)
        for event in events:
            queue.put(event)
        task = asyncio.create_task(listener.run())
        while len(queue):
            await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert not task.done()
        check(queue, writer, listener)
        task.cancel()

    asyncio.run(inside())


def test_events_reach_the_writer_in_order() -> None:
    def check(_queue: EventQueue, writer: Kept, listener: PbxListener) -> None:
        assert writer.given == ["1", "2", "3"]
        assert listener.counts.folded == 3

    listening(check, hangup("1"), hangup("2"), hangup("3"))


def test_an_event_that_fails_is_counted_and_costs_no_other_anything() -> None:
    def check(_queue: EventQueue, writer: Kept, listener: PbxListener) -> None:
        assert writer.given == ["1", "2"]
        assert listener.counts.failed == 2

    listening(check, hangup("1"), hangup("bad"), hangup("bad"), hangup("2"))


def test_anomalies_are_counted_by_kind_and_not_written() -> None:
    def check(_queue: EventQueue, writer: Kept, listener: PbxListener) -> None:
        assert writer.given == []
        assert listener.counts.anomalies == {"late": 1}

    listening(check, hangup("odd"))


def test_an_event_that_says_nothing_about_a_call_is_counted() -> None:
    def check(_queue: EventQueue, _writer: Kept, listener: PbxListener) -> None:
        assert listener.counts.untranslated == 1

    listening(check, b"Event: VarSet\r\nUniqueid: 1\r\nVariable: OTHER\r\nValue: 1")
