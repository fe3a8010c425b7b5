"""Short stories of calls, told as signals: for tests that need one fact changed at a time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from callcenter.calls import signals as s
from callcenter.calls.events import Anomaly, CallEvent
from callcenter.calls.record import CallRecord
from callcenter.calls.tracker import Tracker

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


class Story:
    """Collects signals of one PBX; each method is one thing that happened."""

    def __init__(self) -> None:
        self.signals: list[s.Signal] = []
        self._made: dict[str, tuple[str, str]] = {}

    def _add(self, kind: type[s.Signal], second: float, **facts: Any) -> Story:
        self.signals.append(kind(pbx="pbx", at=at(second), **facts))
        return self

    def _who(self, key: str) -> dict[str, str]:
        uniqueid, channel = self._made[key]
        return {"uniqueid": uniqueid, "channel": channel, "linkedid": self._thread[key]}

    _thread: dict[str, str]

    def channel(
        self,
        key: str,
        second: float,
        name: str,
        *,
        thread: str = "",
        number: str = "",
        exten: str = "",
        context: str = "",
    ) -> Story:
        uniqueid = f"1772442000.{len(self._made) + 1}"
        self._made[key] = (uniqueid, name)
        threads = getattr(self, "_thread", None) or {}
        threads[key] = threads[thread] if thread else uniqueid
        self._thread = threads
        return self._add(
            s.ChannelSeen,
            second,
            **self._who(key),
            number=number,
            exten=exten,
            context=context,
        )

    def caller(self, second: float = 0.0, number: str = "+48601234567") -> Story:
        return self.channel(
            "caller",
            second,
            "PJSIP/trunk-00000001",
            number=number,
            exten="+48221000001",
            context="from-trunk",
        )

    def phone(self, key: str, second: float, *, by: str = "caller") -> Story:
        """A desk phone is dialled: channel and dial begin."""
        serial = len(self._made) + 1
        self.channel(
            key, second, f"PJSIP/{key}-{serial:08x}", thread=by, number=key, context="phones"
        )
        return self._add(s.DialBegun, second, **self._who(key), **self._by(by), dial_string=key)

    def _by(self, by: str) -> dict[str, str]:
        uniqueid, channel = self._made[by]
        return {"caller_uniqueid": uniqueid, "caller_channel": channel}

    def rings(self, key: str, second: float) -> Story:
        return self._add(s.ChannelPhaseChanged, second, **self._who(key), phase="ringing")

    def lifts(self, key: str, second: float, *, by: str = "caller") -> Story:
        self._add(s.ChannelPhaseChanged, second, **self._who(key), phase="up")
        return self.dial_end(key, second, "answer", by=by)

    def dial_end(
        self, key: str, second: float, status: s.DialStatus, *, by: str = "caller"
    ) -> Story:
        return self._add(s.DialEnded, second, **self._who(key), **self._by(by), status=status)

    def enters(self, key: str, second: float, bridge: str = "b1", **facts: Any) -> Story:
        return self._add(s.BridgeEntered, second, **self._who(key), bridge=bridge, **facts)

    def leaves(self, key: str, second: float, bridge: str = "b1") -> Story:
        return self._add(s.BridgeLeft, second, **self._who(key), bridge=bridge)

    def queue(self, second: float, name: str = "support") -> Story:
        return self._add(s.QueueJoined, second, **self._who("caller"), queue=name)

    def leaves_queue(self, second: float, name: str = "support", *, gave_up: bool = False) -> Story:
        return self._add(s.QueueLeft, second, **self._who("caller"), queue=name, abandoned=gave_up)

    def asks_to_end(self, key: str, second: float) -> Story:
        return self._add(s.HangupRequested, second, **self._who(key), cause=16)

    def gone(self, key: str, second: float, cause: int = 16) -> Story:
        return self._add(s.HungUp, second, **self._who(key), cause=cause)

    def holds(self, key: str, start: float, end: float) -> Story:
        self._add(s.Held, start, **self._who(key))
        return self._add(s.Unheld, end, **self._who(key))

    def route(self, second: float, value: str) -> Story:
        return self._add(
            s.VariableSet, second, **self._who("caller"), name="CRM_ROUTE", value=value
        )

    def add(self, kind: type[s.Signal], second: float, key: str, **facts: Any) -> Story:
        return self._add(kind, second, **self._who(key), **facts)

    def uniqueid(self, key: str) -> str:
        return self._made[key][0]

    # -- telling ----------------------------------------------------------------------------

    def told(self, signals: Iterable[s.Signal] | None = None) -> Told:
        tracker = Tracker("pbx")
        outputs = tracker.fold(self.signals if signals is None else signals)
        return Told(tracker, outputs)


class Told:
    def __init__(self, tracker: Tracker, outputs: list[Any]) -> None:
        self.tracker = tracker
        self.events = [o for o in outputs if isinstance(o, CallEvent)]
        self.anomalies = [o for o in outputs if isinstance(o, Anomaly)]

    @property
    def records(self) -> list[CallRecord]:
        return self.tracker.records()

    @property
    def call(self) -> CallRecord:
        (record,) = self.records
        return record

    def names(self) -> list[str]:
        return [type(event).__name__ for event in self.events]


def answered_queue_call() -> Story:
    """9:00:00 in, queue at 1 s, 1001 rings at 2 s and lifts at 7 s, the caller leaves at 27 s."""
    return (
        Story()
        .caller()
        .queue(1)
        .phone("1001", 2)
        .rings("1001", 2.2)
        .lifts("1001", 7)
        .enters("1001", 7)
        .enters("caller", 7)
        .leaves_queue(7)
        .asks_to_end("caller", 27)
        .leaves("caller", 27)
        .gone("caller", 27)
        .leaves("1001", 27)
        .gone("1001", 27.1)
    )
