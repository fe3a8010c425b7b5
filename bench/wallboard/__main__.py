"""The wallboard of a large centre: how late tiles are, and what server and browser pay for them.

    python -m bench.wallboard [--queues 30] [--operators 500] [--per-second 20] [--viewers 50]
                              [--seconds 60]

The web process runs by itself and hears through Redis; calls are written by the service that
writes those of a PBX, in this process, on the same machine. Viewers hold a socket each; one of the
boards is drawn by Chromium. Prints one JSON object; there is no peer, the targets stand beside.

Delays count from when a call was given to the bus: what the load itself was late stands apart. It
ends after about `seconds` and forty more, however little of the load the machine can bear.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import threading
import time
from pathlib import Path
from statistics import quantiles
from typing import Any

from bench.wallboard import centre, watchers
from bench.wallboard.calls import Calls
from tests.support.servers import PostgresServer, RedisServer

TARGET = {"every_viewer_within_s": 1.0, "server_share": 0.5, "changes_a_second_of_a_tile": 2}
_SETTLES = 8.0


def measure(
    *, queues: int, operators: int, per_second: float, viewers: int, seconds: float
) -> dict[str, Any]:
    redis, postgres = RedisServer(), PostgresServer()
    try:
        with tempfile.TemporaryDirectory(prefix="bench-wall-") as folder:
            url = postgres.url(postgres.create_database())
            place = centre.found(Path(folder), url, redis.url, operators=operators, queues=queues)
            with centre.web(place) as (address, pid), watchers.page(address) as page:
                screens = watchers.Screens(address, place.tokens, viewers)
                calls = Calls(place, place.build(), per_second)
                return _run(calls, pid, page, screens, seconds)
    finally:
        redis.close()
        postgres.close()


def _run(
    calls: Calls, pid: int, page: Any, screens: watchers.Screens, seconds: float
) -> dict[str, Any]:
    thread = threading.Thread(target=calls.run, args=(seconds,))
    thread.start()
    page.wait_for_timeout(_SETTLES * 1000)  # as many calls as there will be
    cost, used, began = watchers.Cost(page), centre.processor_seconds(pid), time.monotonic()
    page.wait_for_timeout((seconds - _SETTLES) * 1000)
    share = (centre.processor_seconds(pid) - used) / (time.monotonic() - began)
    browser = cost.shares()
    thread.join()
    page.wait_for_timeout(2000)
    told = screens.close()
    arrived = [
        seen[call_id] - at
        for seen in told.arrived
        for call_id, at in calls.at.items()
        if call_id in seen
    ]
    return {
        "calls": len(calls.at),
        "load_average": round(os.getloadavg()[0], 2),
        "tile_delay_s": spread(arrived),
        "of_this_until_the_server_told_s": spread(
            [told.told[call_id] - at for call_id, at in calls.at.items() if call_id in told.told]
        ),
        "never_seen": len(calls.at) * len(told.arrived) - len(arrived),
        "frames_a_second_each": round(told.frames / len(told.arrived) / (seconds + _SETTLES), 2),
        "kilobytes_a_second_each": round(
            told.bytes_ / len(told.arrived) / (seconds + _SETTLES) / 1000, 1
        ),
        "least_seconds_between_changes_of_a_tile": round(told.fastest, 3),
        "server_share_of_a_processor": round(share, 3),
        "browser_shares_of_a_processor": browser,
        "load_itself": {
            "calls_late_s": round(calls.late, 2),
            "steps_left": calls.left,
            "screens_late_s": spread(told.late),
        },
        "target": TARGET,
    }


def spread(delays: list[float]) -> dict[str, float]:
    if len(delays) < 2:
        return {}
    cuts = quantiles(delays, n=100)
    return {"p50": round(cuts[49], 3), "p99": round(cuts[98], 3), "max": round(max(delays), 3)}


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m bench.wallboard", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("--queues", type=int, default=30)
    parser.add_argument("--operators", type=int, default=500)
    parser.add_argument("--per-second", type=float, default=20.0)
    parser.add_argument("--viewers", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60.0)
    print(json.dumps(measure(**vars(parser.parse_args())), indent=1))


if __name__ == "__main__":
    main()
