"""Plays Asterisk for many callers at once: one event loop, answers every command at once."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass

import uvloop

HEAD = (
    "agi_network: yes\nagi_network_script: route\nagi_request: agi://127.0.0.1:{port}/route\n"
    "agi_channel: PJSIP/trunk-{serial:08x}\nagi_language: en\nagi_type: PJSIP\n"
    "agi_uniqueid: bench-1700000000.{serial}\nagi_version: 22.10.1\nagi_callerid: {number}\n"
    "agi_calleridname: unknown\nagi_callingpres: 0\nagi_callingani2: 0\nagi_callington: 0\n"
    "agi_callingtns: 0\nagi_dnid: +48221000001\nagi_rdnis: unknown\nagi_context: crm-decide\n"
    "agi_extension: s\nagi_priority: 5\nagi_enhanced: 0.0\nagi_accountcode: \n"
    "agi_threadid: 140586897761984\n\n"
)
_REPLY = b"200 result=1\n"
_LAST = (b'SET VARIABLE "CRM_ROUTE"', b",CRM_ROUTE=")


@dataclass(frozen=True, slots=True)
class Load:
    """What a number of callers at once got. Milliseconds are those of whole sessions."""

    per_second: float
    p50_ms: float
    p99_ms: float
    undecided: int


class _Session(asyncio.Protocol):
    def __init__(self, head: bytes, done: asyncio.Future[bool]) -> None:
        self._head = head
        self._done = done
        self._decided = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        transport.write(self._head)  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        if any(last in data for last in _LAST) and b"failed-open" not in data:
            self._decided = True
        self._transport.write(_REPLY * data.count(b"\n"))  # type: ignore[attr-defined]

    def connection_lost(self, _error: Exception | None) -> None:
        if not self._done.done():
            self._done.set_result(self._decided)


def load(port: int, at_once: int, seconds: float, number: Callable[[int], str]) -> Load:
    """Callers come as fast as `at_once` of them are through, for `seconds`."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_load(port, at_once, seconds, number))


async def _load(port: int, at_once: int, seconds: float, number: Callable[[int], str]) -> Load:
    loop = asyncio.get_running_loop()
    took: list[float] = []
    undecided = 0
    serials = itertools.count(1)
    start = time.perf_counter()

    async def caller() -> None:
        nonlocal undecided
        while time.perf_counter() - start < seconds:
            serial = next(serials)
            head = HEAD.format(port=port, serial=serial, number=number(serial)).encode()
            done: asyncio.Future[bool] = loop.create_future()
            began = time.perf_counter()
            await loop.create_connection(lambda h=head, d=done: _Session(h, d), "127.0.0.1", port)
            decided = await done
            undecided += not decided
            took.append(time.perf_counter() - began)

    await asyncio.gather(*(caller() for _ in range(at_once)))
    return summary(took, time.perf_counter() - start, undecided)


def summary(took: list[float], seconds: float, undecided: int) -> Load:
    took.sort()
    return Load(
        per_second=round(len(took) / seconds, 1),
        p50_ms=round(took[len(took) // 2] * 1000, 2),
        p99_ms=round(took[min(len(took) - 1, int(len(took) * 0.99))] * 1000, 2),
        undecided=undecided,
    )
