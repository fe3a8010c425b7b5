"""FastAGI decisions a second, ours with a customer look-up, beside peers that look nothing up.

    python -m bench.agi_decisions [--customers N] [--seconds S] [--at-once 1,10,100] [--no-peers]

Peers in the same run: a classic AGI process for each call (a pyst2 script), pyst2 in threads,
panoramisk's FastAGI server. Each server is a process of its own; the callers share its two cores.
Prints one JSON object, with our ratio to each peer at the same number of callers at once.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench.agi import callers, customers, scripts
from callcenter.store import migrate
from tests.support.databases import PostgresDatabases
from tests.support.servers import PostgresServer

PEERS = ("pyst2-threads", "panoramisk")
TARGET = {"per_second": 2000, "p99_ms": 80, "times_a_script": 40}


@contextmanager
def server(module: str, *arguments: str) -> Iterator[int]:
    """The port of a server in a process of its own."""
    command = [sys.executable, "-m", f"bench.agi.{module}", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield int(process.stdout.readline().split()[1])
        finally:
            process.kill()


@contextmanager
def database(kind: str, count: int) -> Iterator[str]:
    if kind == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            url = f"sqlite:///{Path(folder) / 'bench.db'}"
            migrate.upgrade(url)
            customers.fill(url, count)
            yield url
        return
    postgres = PostgresServer()
    try:
        url = postgres.url(PostgresDatabases(postgres).migrated())
        customers.fill(url, count)
        yield url
    finally:
        postgres.close()


def measure(
    port: int, at_once: list[int], seconds: float, number: Callable[[int], str]
) -> dict[str, Any]:
    callers.load(port, 10, 1.0, number)  # connections and caches are warm in production too
    return {str(many): asdict(callers.load(port, many, seconds, number)) for many in at_once}


def run(count: int, seconds: float, at_once: list[int], *, peers: bool) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for kind in ("sqlite", "postgresql"):
        with database(kind, count) as url, server("ours", url) as port:
            found[f"ours-{kind}"] = measure(
                port, at_once, seconds, lambda serial: customers.number_of(serial, count)
            )
    if peers:
        found["agi-script"] = {str(many): asdict(scripts.load(many, seconds)) for many in at_once}
        for peer in PEERS:
            with server("peers", peer) as port:
                found[peer] = measure(port, at_once, seconds, lambda _serial: "+48601000001")
    return found


def ratios(found: dict[str, Any]) -> dict[str, Any]:
    """How many times as many decisions a second as each peer."""
    mine = [name for name in found if name.startswith("ours")]
    others = [name for name in found if name not in mine]
    return {
        name: {
            peer: {
                many: round(found[name][many]["per_second"] / load["per_second"], 2)
                for many, load in found[peer].items()
            }
            for peer in others
        }
        for name in mine
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--at-once", default="1,10,100")
    parser.add_argument("--no-peers", action="store_true")
    options = parser.parse_args()
    at_once = [int(many) for many in options.at_once.split(",")]
    found = run(options.customers, options.seconds, at_once, peers=not options.no_peers)
    result = {"customers": options.customers, "loads": found, "ratios": ratios(found)}
    print(json.dumps({**result, "target_at_100": TARGET}, indent=1))


if __name__ == "__main__":
    main()
