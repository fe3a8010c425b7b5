"""Queues since local midnight, as reports count them: what a board shows."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection

from callcenter.queries.reports import contact_sums
from callcenter.reports.definitions import KPIS
from callcenter.reports.folding import add
from callcenter.reports.periods import HALF, Period, half_of
from callcenter.reports.question import Filters, Question, TodayFigures


def today(
    connection: Connection, at: datetime, zone: str, queues: Collection[str] | None = None
) -> Mapping[str, TodayFigures]:
    """Queue → its figures of calls, up to `at`; "" is all of them together. `queues` None: every
    queue that has any."""
    return _of(connection, Period.until_now(at, zone), queues)


def lately(
    connection: Connection,
    at: datetime,
    queues: Collection[str] | None = None,
    span: timedelta = HALF,
) -> Mapping[str, TodayFigures]:
    """The same for the last half hour, to the second: what "service level now" means. Read from
    the facts, so that the span may begin at any moment."""
    start = at - span
    if half_of(start) == start:
        start -= timedelta(microseconds=1)  # never on a bound: the facts tell it to the second
    return _of(connection, Period(start=start, end=at + timedelta(seconds=1), zone="UTC"), queues)


def _of(
    connection: Connection, period: Period, queues: Collection[str] | None
) -> Mapping[str, TodayFigures]:
    filters = Filters(channels=("call",), queues=tuple(queues or ()))
    question = Question(kpis=(), period=period, by=("queue",), filters=filters)
    rows, _ = contact_sums.rows(connection, question)
    whole: dict[str, float] = {}
    found = {name: TodayFigures() for name in queues or ()}
    for row in rows:
        sums = {n: float(v or 0) for n, v in zip(contact_sums.NAMES, row[1:], strict=True)}
        if row[0]:
            found[row[0]] = _figures(sums)
            add(whole, sums)
    return {**found, "": _figures(whole)}


def _figures(sums: Mapping[str, float]) -> TodayFigures:
    return TodayFigures(
        offered=int(sums.get("offered", 0)),
        answered=int(sums.get("answered", 0)),
        abandoned=int(sums.get("abandoned", 0)),
        service_level=KPIS["service_level"].value(sums),
        asa=KPIS["asa"].value(sums),
        aht=KPIS["aht"].value(sums),
        abandonment=KPIS["abandonment"].value(sums),
        longest_wait=sums.get("wait_longest", 0.0),
        sums=dict(sums),
    )
