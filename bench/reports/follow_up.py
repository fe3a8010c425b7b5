"""What the facts of reports add to writing each call: pairs of lots of the same recorded queue
call, one written with them and one without, in turn, in one process.

    python -m bench.reports.follow_up --pairs 20

Prints the processor time of this process a call (milliseconds) and what the facts add (per cent),
for each database and for events written one by one and in lots. Target: at most 15 per cent.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any, Final

from ami.client.backoff import Backoff
from ami.writer import OrderedWriter
from bench.ami_throughput import Ours, fresh_calls
from callcenter import bootstrap
from callcenter.calls.events import CallEvent
from callcenter.collector import calm_collector
from callcenter.services import after_calls
from callcenter.services.handle_calls import CallMemory, handle_call_events
from callcenter.settings import Settings
from callcenter.store import migrate
from tests.support.databases import PostgresDatabases
from tests.support.servers import PostgresServer

CALLS: Final = 40
"""In each lot."""
AT_ONCE: Final = (1, 8, 50)
"""Events in a transaction: of a quiet hour, and of a busy listener."""
_FACTS: Final = "report_facts"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.reports.follow_up")
    parser.add_argument("--pairs", type=int, default=20)
    options = parser.parse_args()
    calm_collector()
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'bench.db'}"
        migrate.upgrade(url)
        _tell("sqlite", url, options.pairs)
    server = PostgresServer()
    try:
        _tell("postgresql", server.url(PostgresDatabases(server).migrated()), options.pairs)
    finally:
        server.close()


def _tell(name: str, url: str, pairs: int) -> None:
    settings = Settings(database_url=url, secret_key="x" * 40)
    runtime = bootstrap.build(settings)
    memory, serials = CallMemory(), iter(range(0, 10**9, CALLS))

    def spent(at_once: int) -> float:
        events = _events(next(serials))
        begun = time.process_time()
        for start in range(0, len(events), at_once):
            handle_call_events(
                events[start : start + at_once],
                unit_of_work=runtime.unit_of_work,
                publisher=runtime.bus,
                clock=runtime.clock,
                plan_for=settings.number_plan_for,
                memory=memory,
            )
        return (time.process_time() - begun) * 1000 / CALLS

    found = {f"{at_once} at once": _in_pairs(spent, at_once, pairs) for at_once in AT_ONCE}
    runtime.close()
    print(json.dumps({name: found}, indent=1), flush=True)


def _in_pairs(spent: Any, at_once: int, pairs: int) -> dict[str, float]:
    spent(at_once)  # statements are compiled once
    told: list[tuple[float, float]] = []
    for number in range(pairs):
        both = {}
        for followed in (number % 2 == 0, number % 2 == 1):
            with _facts(followed=followed):
                both[followed] = spent(at_once)
        told.append((both[True], both[False]))
    return {
        "with, ms a call": round(median(one for one, _ in told), 2),
        "without, ms a call": round(median(one for _, one in told), 2),
        "added, per cent": round(median((one / other - 1) * 100 for one, other in told), 1),
    }


@contextmanager
def _facts(*, followed: bool) -> Iterator[None]:
    known: dict[str, Any] = after_calls._FOLLOW_UPS  # type: ignore[assignment]
    before = dict(known)
    if not followed:
        del known[_FACTS]
    try:
        yield
    finally:
        known.clear()
        known.update(before)


def _events(first: int) -> Sequence[CallEvent]:
    """What the tracker tells of so many calls, one after the other."""
    found: list[CallEvent] = []
    writer = OrderedWriter(
        lambda events, _journal: found.extend(events), Backoff(1, 1, random.random)
    )
    writer.start()

    async def feed() -> None:
        await Ours(writer).feed(fresh_calls(first, CALLS))

    asyncio.run(feed())
    while writer.depth:
        time.sleep(0.001)
    writer.stop(5)
    return found


if __name__ == "__main__":
    main()
