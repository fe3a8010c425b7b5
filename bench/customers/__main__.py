"""The customer base at two sizes on PostgreSQL: card, search as you type, every filter and order.

    python -m bench.customers                       100,000 and a million, with their ratio
    python -m bench.customers --sizes 100000
    python -m bench.customers --url postgresql://…  one that is filled already

Targets at a million: card and the 99th percentile of searches under 100 ms, any single filter
under 300 ms.
"""

from __future__ import annotations

import argparse
import json
from typing import Any

from bench.customers.fill import fill
from bench.customers.measure import measured
from callcenter.store import engine as store_engine
from callcenter.store import migrate
from tests.support.servers import PostgresServer


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.customers")
    parser.add_argument("--sizes", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--searches", type=int, default=2000)
    parser.add_argument("--url")
    options = parser.parse_args()
    if options.url:
        print(json.dumps(_measure(options.url, options.searches), indent=1, ensure_ascii=False))
        return
    found = [_at(size, options.searches) for size in options.sizes]
    for one in found:
        print(json.dumps(one, indent=1, ensure_ascii=False), flush=True)
    if len(found) > 1:
        print(json.dumps({"ratios": ratios(found[0], found[-1])}, indent=1))


def _at(size: int, searches: int) -> dict[str, Any]:
    server = PostgresServer()
    try:
        url = server.url(server.create_database())
        migrate.upgrade(url)
        seconds = fill(url.replace("+psycopg", ""), size)
        return {"fill_seconds": seconds, **_measure(url, searches)}
    finally:
        server.close()


def _measure(url: str, searches: int) -> dict[str, Any]:
    engine = store_engine.create(url)
    try:
        return measured(engine, searches)
    finally:
        engine.dispose()


def ratios(small: dict[str, Any], large: dict[str, Any]) -> dict[str, Any]:
    """How much longer everything takes, for how many times the customers (processor time)."""
    return {
        "customers": round(large["customers"] / small["customers"], 1),
        "card_p50": _ratio(small["card_ms"]["processor"], large["card_ms"]["processor"], "p50"),
        "search_p99": _ratio(
            small["search_ms"]["processor"], large["search_ms"]["processor"], "p99"
        ),
        "filters": {
            name: _ratio(small["filters_ms"][name], took, "processor")
            for name, took in large["filters_ms"].items()
        },
    }


def _ratio(small: dict[str, Any], large: dict[str, Any], name: str) -> float:
    return round(float(large[name]) / max(float(small[name]), 0.1), 2)


if __name__ == "__main__":
    main()
