"""From the manager event that rings an operator to the card drawn in the browser.

    python -m bench.screen_pop_latency [--operators N] [--per-second M] [--seconds S]

The product runs as it does out of the box, all in one process on SQLite. The PBX is the simulator
(in this process): M calls a second, each to the next of N operators, whose sockets are open. One
of them sits before headless Chromium and gets every M-th call, one a second, so that a minute
gives sixty cards. Prints one JSON object; there is no peer; the target stands beside the figures.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections.abc import Sequence
from math import ceil
from pathlib import Path
from typing import Any

from ami.lab.ports import free_tcp_port
from ami.simulator import SimulatedPbx
from ami.simulator.traffic import LoadTraffic
from ami.simulator.troupe import Person
from bench.screen_pop import company, watchers

RECORDING = "inbound-call-is-answered-through-the-queue"
SPEED = 8.0
"""Six recorded seconds in three quarters of one: the browser's operator is free for the next."""
TARGET = {"p50_ms": 40, "p99_ms": 100}
_WARM_UP = 5


def measure(operators: int, per_second: float, seconds: float) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="bench-pop-") as folder:
        firm = company.found(Path(folder), operators, customers=int(per_second * seconds) + 1)
        agi = ("127.0.0.1", free_tcp_port())
        with SimulatedPbx(agi=agi) as pbx, company.running(firm, pbx.ami_url, agi) as at:
            return _run(pbx, firm, at, per_second, seconds)


def _run(
    pbx: SimulatedPbx, firm: company.Company, address: str, per_second: float, seconds: float
) -> dict[str, Any]:
    ringing = watchers.Ringing()
    pbx.call_soon(lambda: setattr(pbx.server, "watch", ringing.watch))
    before_browser, *others = firm.operators
    desks = watchers.Desks(address, [name for _, name in others])
    turns = _turns(before_browser, others, per_second)
    with watchers.browser(address, before_browser[1]) as page:
        load = LoadTraffic(pbx, firm.callers, per_second, [RECORDING], operators=turns, speed=SPEED)
        with load:
            page.wait_for_timeout(seconds * 1000)
        pbx.wait_idle()
        page.wait_for_timeout(500)
        shown = watchers.drawn(page)
    frames = desks.close()
    names = {name: number for number, name in firm.callers}
    cards = {names[name]: at for name, at in shown["card"].items()}
    facts = {names[name]: at for name, at in shown["facts"].items()}
    due = [turns[turn % len(turns)] for turn in range(len(load.calls))].count(before_browser)
    return {
        "operators": len(firm.operators),
        "calls_per_second": per_second,
        "calls": len(load.calls),
        "load_average": os.getloadavg()[0],
        "latest_start_s": round(load.late, 3),
        "card": spread(ringing.at, cards),
        "card_with_facts": spread(ringing.at, facts),
        "frame_on_socket": spread(ringing.at, frames),
        "cards_never_drawn": due - len(cards),
        "frames_never_come": len(load.calls) - due - len(frames),
        "target": TARGET,
    }


def spread(began: dict[str, float], ended: dict[str, float]) -> dict[str, float]:
    """Milliseconds, without the first few: caches and connections are filled by then."""
    order = sorted((number for number in ended if number in began), key=lambda one: began[one])
    took = sorted(1000 * (ended[number] - began[number]) for number in order[_WARM_UP:])
    if not took:
        return {"n": 0}
    return {
        "n": len(took),
        "p50_ms": round(took[len(took) // 2], 1),
        "p99_ms": round(took[min(len(took) - 1, int(len(took) * 0.99))], 1),
        "max_ms": round(took[-1], 1),
    }


def _turns(before_browser: Person, others: Sequence[Person], per_second: float) -> list[Person]:
    """Who is rung next: the browser's operator once a second, the others in between."""
    between = max(1, round(per_second)) - 1
    turns = [before_browser]
    for place in range(ceil(len(others) / between) * between if between else 0):
        turns.append(others[place % len(others)])
        if place % between == between - 1:
            turns.append(before_browser)
    return turns[:-1] if len(turns) > 1 else turns


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--operators", type=int, default=50)
    parser.add_argument("--per-second", type=float, default=5.0)
    parser.add_argument("--seconds", type=float, default=60.0)
    given = parser.parse_args()
    began = time.monotonic()
    result = measure(given.operators, given.per_second, given.seconds)
    print(json.dumps({**result, "took_s": round(time.monotonic() - began, 1)}, indent=1))


if __name__ == "__main__":
    main()
