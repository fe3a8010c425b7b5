"""Figures of boards that are counted in the database: read for all watchers together, at their own
pace. What cannot be read stays as it was, and `read_at` tells how old it is."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection

from callcenter.queries import wallboard as queries
from callcenter.runtime import Runtime
from callcenter.wallboard.counted import Slow

SOON: Final = 2.0
"""Seconds between two readings while calls come and go."""
LATER: Final = 10.0
FORECAST_EVERY: Final = 60.0
SILENT: Final = timedelta(seconds=45)
"""A listener says every ten seconds that its PBX is there."""

Alerts = Callable[[Connection], Iterable[dict[str, Any]]]


class BoardCounts:
    """`alerts` gives those that are open, JSON-ready."""

    def __init__(self, runtime: Runtime, alerts: Alerts) -> None:
        self._runtime, self._alerts = runtime, alerts
        self._by_zone: dict[str, Slow] = {}
        self._forecast: dict[str, float] = {}
        self._read = self._forecast_read = 0.0
        self._stirred = True
        self.read_at: datetime | None = None

    def stir(self) -> None:
        """Calls changed: read again soon."""
        self._stirred = True

    def forget(self) -> None:
        self._read, self._by_zone = 0.0, {}

    def knows(self, zone: str) -> bool:
        """Whether they were ever read: before, nought would stand where something is."""
        return zone in self._by_zone

    def of(self, zone: str) -> Slow:
        return self._by_zone.get(zone, Slow())

    def refresh(self, zones: Iterable[str]) -> bool:
        """Whether anything was read."""
        wanted, since = set(zones), time.monotonic() - self._read
        if since < (SOON if self._stirred else LATER) and wanted <= self._by_zone.keys():
            return False
        self._stirred, self._read = False, time.monotonic()
        try:
            self.read_at = self._read_all(wanted)
        except BaseException:
            self._stirred = True
            raise
        return True

    def _read_all(self, zones: Iterable[str]) -> datetime:
        with self._runtime.reader() as connection:
            now = self._runtime.clock.now()
            self._read_forecast(connection, now)
            common = Slow(
                lately=queries.lately(connection, now),
                callbacks=queries.callbacks(connection),
                forecast=self._forecast,
                links=tuple(_link(one, now) for one in queries.links(connection)),
                alerts=tuple(self._alerts(connection)),
            )
            self._by_zone = {
                zone: replace(common, today=queries.today(connection, now, zone)) for zone in zones
            }
        return now

    def _read_forecast(self, connection: Connection, now: datetime) -> None:
        if time.monotonic() - self._forecast_read >= FORECAST_EVERY:
            self._forecast = queries.forecast(connection, now)
            self._forecast_read = time.monotonic()


def _link(told: dict[str, Any], now: datetime) -> dict[str, Any]:
    """`away`: since when nobody is told of its calls; None: it is there."""
    silent = now - datetime.fromisoformat(told["seen_at"]) > SILENT
    away = told["seen_at"] if silent else told["since"] if told["state"] != "up" else None
    return {"pbx": told["pbx"], "state": told["state"], "away": away}
