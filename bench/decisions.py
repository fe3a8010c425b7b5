"""Decisions with a thousand rules and a million customers on PostgreSQL, 100 callers at once; and
the same while the database is frozen.

    python -m bench.decisions [--customers N] [--rules N] [--seconds S] [--at-once N]
        [--processes N] [--no-peer]

Each caller is looked up; most of the rules hold for nobody, as in life. Then the database's
processes are stopped (SIGSTOP): every caller must have the default route within the deadline. As a
peer, a classic AGI process that looks nothing up, in the same run. Prints one JSON object.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ami.lab.ports import free_tcp_port
from bench.agi import callers, customers, rules, scripts
from bench.agi_decisions import server
from tests.support.databases import PostgresDatabases
from tests.support.servers import PostgresServer

TARGET = {"per_second": 2000, "p99_ms": 80, "times_a_script": 40, "frozen_ms": 1000}


def children(of: int) -> list[int]:
    """The processes that this one started."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            fields = (path / "stat").read_text().rsplit(") ", 1)[1].split()
        except OSError:
            continue
        if int(fields[1]) == of:
            found.append(int(path.name))
    return found


def processor_seconds(*processes: int) -> float:
    ticks = 0
    for process in processes:
        fields = Path(f"/proc/{process}/stat").read_text().rsplit(") ", 1)[1].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _process_of(postgres: PostgresServer) -> int:
    assert postgres.process is not None
    return postgres.process.pid


@contextmanager
def frozen(postgres: PostgresServer) -> Iterator[None]:
    every = [_process_of(postgres), *children(_process_of(postgres))]
    for process in every:
        os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        for process in every:
            os.kill(process, signal.SIGCONT)


@contextmanager
def several(url: str, processes: int) -> Iterator[int]:
    """The port that so many AGI processes share."""
    with ExitStack() as stack:
        port = free_tcp_port()
        for _ in range(processes):
            stack.enter_context(server("ours", url, str(port)))
        yield port


def run(
    count: int, many_rules: int, seconds: float, at_once: int, processes: int, *, peer: bool
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    before = set(children(os.getpid()))
    postgres = PostgresServer()
    try:
        url = postgres.url(PostgresDatabases(postgres).migrated())
        customers.fill(url, count)
        rules.publish(url, many_rules)
        with several(url, processes) as port:
            ours = set(children(os.getpid())) - before - {_process_of(postgres)}

            def number(serial: int) -> str:
                return customers.number_of(serial, count)

            callers.load(port, 10, 1.0, number)
            used = processor_seconds(*ours)
            load = callers.load(port, at_once, seconds, number)
            micros = (processor_seconds(*ours) - used) / (load.per_second * seconds) * 1e6
            found["ours"] = {**asdict(load), "processor_micros": round(micros)}
            with frozen(postgres):
                found["frozen"] = asdict(callers.load(port, at_once, 3.0, number))
            deadline = time.monotonic() + 10  # those that it let wait come back first
            while callers.load(port, 1, 0.2, number).undecided and time.monotonic() < deadline:
                time.sleep(0.1)
            found["thawed"] = asdict(callers.load(port, at_once, 1.0, number))
    finally:
        postgres.close()
    if peer:
        found["agi-script"] = asdict(scripts.load(at_once, seconds))
        found["times_a_script"] = round(
            found["ours"]["per_second"] / found["agi-script"]["per_second"], 1
        )
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--rules", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--at-once", type=int, default=100)
    parser.add_argument("--no-peer", action="store_true")
    parser.add_argument("--processes", type=int, default=1)
    given = parser.parse_args()
    found = run(
        given.customers,
        given.rules,
        given.seconds,
        given.at_once,
        given.processes,
        peer=not given.no_peer,
    )
    result = {
        "customers": given.customers,
        "processes": given.processes,
        "rules": given.rules,
        **found,
        "target": TARGET,
    }
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
