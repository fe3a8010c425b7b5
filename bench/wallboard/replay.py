"""Builds of the front end against each other: the same minute of a large centre, played to each.

    python -m bench.wallboard.replay record FILE [--queues 30] [--operators 500] [--per-second 20]
                                                 [--seconds 60]
    python -m bench.wallboard.replay play FILE DIST [DIST…] [--seconds 20] [--rounds 3]

DIST: a folder as the build of the front end makes it (a copy of web/static/dist). Builds take
turns, so that what else the machine does meets all of them. Prints what each costs a browser, in
shares of a processor: the median of its rounds.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import threading
from pathlib import Path
from statistics import median
from typing import Any, Final

from playwright.sync_api import Browser, sync_playwright

from bench.wallboard import centre, player, recording
from bench.wallboard.calls import Calls
from bench.wallboard.watchers import Cost
from tests.e2e.conftest import FLAGS
from tests.support.servers import PostgresServer, RedisServer

_SETTLES: Final = 6.0


def record(file: Path, *, queues: int, operators: int, per_second: float, seconds: float) -> None:
    redis, postgres = RedisServer(), PostgresServer()
    try:
        with tempfile.TemporaryDirectory(prefix="bench-wall-") as folder:
            url = postgres.url(postgres.create_database())
            place = centre.found(Path(folder), url, redis.url, operators=operators, queues=queues)
            with centre.web(place) as (address, _pid):
                calls = Calls(place, place.build(), per_second)
                thread = threading.Thread(target=calls.run, args=(seconds,))
                thread.start()
                recording.save(file, recording.record(address, seconds))
                thread.join()
    finally:
        redis.close()
        postgres.close()


def play(
    file: Path, builds: list[Path], *, seconds: float, rounds: int
) -> dict[str, dict[str, float]]:
    told = recording.load(file)
    costs: dict[str, list[dict[str, float]]] = {str(one): [] for one in builds}
    with sync_playwright() as playwright:
        for _ in range(rounds):
            for dist in builds:
                browser = playwright.chromium.launch(
                    executable_path="/usr/bin/chromium", args=FLAGS
                )
                with player.playing(told, dist) as address:
                    costs[str(dist)].append(_cost(browser, address, seconds))
                browser.close()
    return {
        name: {key: round(median(one[key] for one in each), 3) for key in each[0]}
        for name, each in costs.items()
    }


def _cost(browser: Browser, address: str, seconds: float) -> dict[str, float]:
    page: Any = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(address)
    page.wait_for_selector("[data-tile=waiting]")
    page.wait_for_timeout(_SETTLES * 1000)
    cost = Cost(page)
    page.wait_for_timeout(seconds * 1000)
    return cost.shares()


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m bench.wallboard.replay", description=(__doc__ or "").splitlines()[0]
    )
    ways = parser.add_subparsers(dest="way", required=True)
    recorder = ways.add_parser("record", help="run a centre and keep what a page of it hears")
    recorder.add_argument("file", type=Path)
    recorder.add_argument("--queues", type=int, default=30)
    recorder.add_argument("--operators", type=int, default=500)
    recorder.add_argument("--per-second", type=float, default=20.0)
    recorder.add_argument("--seconds", type=float, default=60.0)
    player_ = ways.add_parser("play", help="play it to builds of the front end")
    player_.add_argument("file", type=Path)
    player_.add_argument("builds", type=Path, nargs="+", metavar="DIST")
    player_.add_argument("--seconds", type=float, default=20.0)
    player_.add_argument("--rounds", type=int, default=3)
    asked = vars(parser.parse_args())
    if asked.pop("way") == "record":
        record(asked.pop("file"), **asked)
    else:
        print(json.dumps(play(asked.pop("file"), asked.pop("builds"), **asked), indent=1))


if __name__ == "__main__":
    main()
