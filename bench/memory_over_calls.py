"""Memory over many calls: the listener's whole path (client, translate, tracker, journal) and the
ledger's reader, each in a process of its own, with resident memory looked at on the way.

Flat means: after the first tenth, in which caches fill to their bounds, nothing is added any more.
The peer is a plain dictionary that keeps every event, as a tracker that never forgets would.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import random
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ami.client.backoff import Backoff
from ami.ledger.fold import LedgerFolder
from ami.ledger.records import Place, Record
from ami.ledger.rows import Row, read_record
from ami.writer import OrderedWriter
from bench.ami_throughput import RECORDING, RECORDINGS, Ours, fresh_calls
from callcenter.collector import calm_collector

LOOKS = 10
_SECOND = re.compile(rb"(\d{10})(?=\.\d)")


def resident_megabytes() -> float:
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * 4096 / 1e6


def steps(calls: int) -> Iterator[range]:
    each = max(1, calls // LOOKS)
    for start in range(0, calls, each):
        yield range(start, min(calls, start + each))


def live(calls: int) -> Iterator[float]:
    """The writer takes what it is given at once, as it does when the database keeps up."""
    writer = OrderedWriter(lambda _events, _journal: None, Backoff(1, 1, random.random))
    writer.start()

    async def opened() -> Ours:
        return Ours(writer)

    with asyncio.Runner() as runner:
        ours = runner.run(opened())
        for some in steps(calls):
            for serial in some:
                runner.run(ours.feed(fresh_calls(serial, 1)))
            gc.collect()
            yield resident_megabytes()
    writer.stop(5)


def ledger(calls: int) -> Iterator[float]:
    lines = (RECORDINGS / RECORDING / "cel.csv").read_bytes().splitlines()[1:]
    folder = LedgerFolder("bench", grace=0.0)
    for some in steps(calls):
        for serial in some:
            folder.feed(rows_of(lines, serial), float(serial))
            for _ in folder.take(serial + 0.5):
                pass
        gc.collect()
        yield resident_megabytes()


def rows_of(lines: Iterable[bytes], serial: int) -> Iterator[Row]:
    """The recording's rows as a call of its own, one second after the call before."""
    now = datetime(2100, 1, 1, tzinfo=UTC)
    for position, line in enumerate(lines):
        text = _SECOND.sub(b"%d" % (1_700_000_000 + 10 * serial), line)
        place = Place(0, serial * 100_000 + position)
        for row in read_record(Record(place, text), now):
            if isinstance(row, Row):
                yield row


def keeps_all(calls: int) -> Iterator[float]:
    kept: dict[int, bytes] = {}
    for some in steps(calls):
        for serial in some:
            kept[serial] = fresh_calls(serial, 1)
        yield resident_megabytes()


PATHS = {"live": live, "ledger": ledger, "keeps_all": keeps_all}


def measured(path: str, calls: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.memory_over_calls", "--path", path]
    done = subprocess.run(
        [*command, "--calls", str(calls)], check=True, capture_output=True, text=True
    )
    seen: list[float] = json.loads(done.stdout)
    return {"megabytes": seen, "grown_after_a_tenth": round(seen[-1] - seen[0], 1)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=100_000)
    parser.add_argument("--path", choices=sorted(PATHS))
    options = parser.parse_args()
    if options.path:
        calm_collector()
        print(json.dumps([round(seen, 1) for seen in PATHS[options.path](options.calls)]))
        return
    result = {"calls": options.calls, "target_megabytes": 150}
    print(json.dumps(result | {name: measured(name, options.calls) for name in PATHS}, indent=1))


if __name__ == "__main__":
    main()
