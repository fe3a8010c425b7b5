"""AMI bytes to tracked calls, against panoramisk with an empty callback, in the same run.

    python -m bench.ami_throughput [--calls N] [--postgresql]

The stream is the recorded queue call of the lab (unfiltered: every event that Asterisk makes),
repeated with fresh ids. Both sides are fed the same chunks by hand, so that no socket and no
scheduler is measured, and seconds are those of the processor. Prints one JSON object.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import re
import time
import uuid
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from panoramisk.manager import Manager

from ami.client.backoff import Backoff
from ami.client.event_queue import EventQueue
from ami.client.link import AmiLink
from ami.client.protocol import GuardedProtocol
from ami.listener import PbxListener
from ami.selection import wanted_events
from ami.writer import OrderedWriter
from callcenter import bootstrap
from callcenter.calls.topology import Topology
from callcenter.calls.tracker import Tracker
from callcenter.clock import SystemClock
from callcenter.collector import calm_collector
from callcenter.services.handle_calls import CallMemory, handle_call_events
from callcenter.settings import PbxAddress, Settings
from tests.support.databases import PostgresDatabases
from tests.support.servers import PostgresServer

RECORDINGS = Path(__file__).parent.parent / "tests" / "scenarios" / "recordings"
RECORDING = "inbound-call-is-answered-through-the-queue"
CHUNK = 64 * 1024
ROUNDS = 3
_BANNER = b"Asterisk Call Manager/11.0.0\r\n"
_UNIQUEID = re.compile(rb"(pbx\d-)(\d{10})(?=\.\d)")
_SERIAL = re.compile(rb"(PJSIP/\w+-)[0-9a-f]{8}")
_BRIDGE = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


class NoTransport:
    def write(self, data: bytes) -> None: ...

    def close(self) -> None: ...

    abort = close

    def is_closing(self) -> bool:
        return False


@cache
def one_call() -> bytes:
    """The recording without its banner and log-in."""
    raw = (RECORDINGS / RECORDING / "ami.txt").read_bytes().replace(b"\r\n", b"\n")
    events = [part for part in raw.split(b"\n\n") if part.startswith(b"Event: ")]
    events = [part for part in events if not part.startswith(b"Event: FullyBooted")]
    return b"".join(part.strip().replace(b"\n", b"\r\n") + b"\r\n\r\n" for part in events)


def many_calls(count: int) -> bytes:
    """`count` whole calls, each with ids of its own."""
    return fresh_calls(0, count)


def fresh_calls(first: int, count: int) -> bytes:
    template = one_call()
    return b"".join(_fresh(template, serial) for serial in range(first, first + count))


def _fresh(template: bytes, serial: int) -> bytes:
    epoch = 1_700_000_000 + serial
    text = _UNIQUEID.sub(lambda m: m.group(1) + str(epoch).encode(), template)
    text = _SERIAL.sub(lambda m: m.group(1) + b"%08x" % serial, text)
    bridges: dict[bytes, bytes] = {}
    return _BRIDGE.sub(
        lambda m: bridges.setdefault(
            m.group(), str(uuid.UUID(int=random.getrandbits(128))).encode()
        ),
        text,
    )


def chunks(stream: bytes) -> Iterator[bytes]:
    for start in range(0, len(stream), CHUNK):
        yield stream[start : start + CHUNK]


async def panoramisk_seconds(stream: bytes) -> tuple[float, int]:
    """panoramisk as it comes; its callback counts nothing and keeps nothing."""
    manager = Manager(loop=asyncio.get_running_loop())
    manager.log.setLevel("WARNING")
    manager.register_event("*", lambda _manager, _event: None)
    protocol = manager.config["protocol_factory"]()
    protocol.connection_made(NoTransport())
    protocol.factory = manager
    protocol.encoding = "utf8"
    protocol.data_received(_BANNER)
    start = time.process_time()
    for chunk in chunks(stream):
        protocol.data_received(chunk)
    return time.process_time() - start, 0


class Ours:
    """Client → queue → translate → tracker → writer, without the socket."""

    def __init__(self, writer: OrderedWriter) -> None:
        address = PbxAddress("bench", "127.0.0.1", 5038, "u", "s")
        self.queue = EventQueue()
        link = AmiLink(address, wanted_events(), self.queue, lambda _status: None)
        self.tracker = Tracker(
            pbx="bench", topology=Topology(trunks=("PJSIP/trunk*",)), deferred=True
        )
        self.listener = PbxListener(
            link, self.tracker, writer, SystemClock(), lambda _snapshot: None
        )
        self.protocol = GuardedProtocol(wanted_events(), self.queue.put)
        self.protocol.connection_made(NoTransport())
        self.protocol.data_received(_BANNER)

    async def feed(self, stream: bytes) -> None:
        for chunk in chunks(stream):
            self.protocol.data_received(chunk)
            while len(self.queue):
                received = self.queue.oldest_at
                await self.listener._take(self.queue.take(500), received)


async def our_seconds(stream: bytes) -> tuple[float, int]:
    ours = Ours(OrderedWriter(lambda _events, _journal: None, Backoff(1, 1, random.random)))
    start = time.process_time()
    await ours.feed(stream)
    seconds = time.process_time() - start
    assert ours.listener.counts.failed == 0
    assert ours.queue.dropped == 0
    return seconds, ours.listener.counts.folded


def client_to_tracker(calls: int) -> dict[str, Any]:
    stream = many_calls(calls)
    events = stream.count(b"Event: ")
    rounds = [
        (asyncio.run(panoramisk_seconds(stream))[0], *asyncio.run(our_seconds(stream)))
        for _ in range(ROUNDS)
    ]
    theirs = min(one[0] for one in rounds)
    ours, folded = min(one[1] for one in rounds), rounds[0][2]
    return {
        "calls": calls,
        "events": events,
        "events_folded": folded,
        "panoramisk_events_per_second": round(events / theirs),
        "our_events_per_second": round(events / ours),
        "our_calls_per_second": round(calls / ours),
        "ratio": round(theirs / ours, 2),
        "target_ratio": 2.0,
    }


def whole_calls_into(url: str, calls: int) -> dict[str, Any]:
    """With every call written: rows, interactions, publishing to an in-process bus."""
    settings = Settings(database_url=url, secret_key="x" * 40)
    runtime = bootstrap.build(settings)
    memory = CallMemory()

    def write(events: Any, journal: Any) -> None:
        handle_call_events(
            events,
            journal=journal,
            unit_of_work=runtime.unit_of_work,
            publisher=runtime.bus,
            clock=runtime.clock,
            plan_for=settings.number_plan_for,
            memory=memory,
        )

    writer = OrderedWriter(write, Backoff(0.1, 1.0, random.random))
    writer.start()
    stream = many_calls(calls)
    start = time.perf_counter()

    async def feed() -> None:
        await Ours(writer).feed(stream)

    asyncio.run(feed())
    while writer.depth:
        time.sleep(0.005)
    seconds = time.perf_counter() - start
    writer.stop(5)
    with runtime.reader() as connection:
        written = connection.exec_driver_sql(
            "select count(*) from calls join interactions on interactions.call_id = calls.id "
            "where calls.result = 'answered'"
        ).scalar_one()
    runtime.close()
    return {
        "calls": calls,
        "answered_calls_in_the_database": written,
        "calls_per_second": round(calls / seconds),
        "target_calls_per_second": 500,
    }


def with_postgresql(calls: int) -> dict[str, Any]:
    server = PostgresServer()
    try:
        name = PostgresDatabases(server).migrated()
        return whole_calls_into(server.url(name), calls)
    finally:
        server.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=1_000)
    parser.add_argument("--postgresql", action="store_true", help="also with every call written")
    options = parser.parse_args()
    calm_collector()  # as the service does; panoramisk gains by it as well
    result: dict[str, Any] = {"client_to_tracker": client_to_tracker(options.calls)}
    if options.postgresql:
        result["with_postgresql"] = with_postgresql(options.calls)
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
