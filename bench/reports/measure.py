"""Asks what people ask of reports; of each question the median of some runs, in seconds."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from statistics import median

from sqlalchemy import Connection, Engine

from callcenter.queries.reports import answer, contacts
from callcenter.reports.periods import Period
from callcenter.reports.question import Cell, Filters, Question, ServiceLevel

_ZONE = "Europe/Warsaw"
_KPIS = ("offered", "answered", "abandoned", "service_level", "asa", "aht", "abandonment")
_RUNS = 5
_TURNS = 15


def measured(engine: Engine, last: date, *, years: bool = True) -> dict[str, float]:
    """`last`: of the day, the month and the years that are asked about."""
    asked = {name: ask for name, ask in _questions(last).items() if years or "year" not in name}
    with engine.connect() as connection:
        return {name: _of(connection, ask) for name, ask in asked.items()}


def in_turn(engine: Engine, last: date, other: date) -> dict[str, float]:
    """How many times as long each question takes of the one month as of the other, asked in turn:
    whatever else the machine does meets both."""
    mine, theirs = _questions(last), _questions(other)
    found = {}
    with engine.connect() as connection:
        for name in (one for one in mine if "year" not in one):
            spent: tuple[list[float], list[float]] = ([], [])
            for _ in range(_TURNS):
                for ask, times in zip((mine[name], theirs[name]), spent, strict=True):
                    start = time.perf_counter()
                    ask(connection)
                    times.append(time.perf_counter() - start)
            found[name] = round(median(spent[0]) / max(median(spent[1]), 0.001), 2)
    return found


def _questions(last: date) -> Mapping[str, Callable[[Connection], object]]:
    day, month = Period.days(last, last, _ZONE), Period.month(last.year, last.month, _ZONE)
    year = Period.days(last - timedelta(days=364), last, _ZONE)
    third = Period.days(last - timedelta(days=1094), last, _ZONE)
    odd = ServiceLevel(seconds=17)
    one = Filters(queues=("queue7",))

    def ask(question: Question) -> Callable[[Connection], object]:
        return lambda connection: answer(connection, question)

    behind = Question(kpis=_KPIS, period=month, filters=one)
    return {
        "day by half hour": ask(Question(kpis=_KPIS, period=day, by=("half_hour",))),
        "day by queue": ask(Question(kpis=_KPIS, period=day, by=("queue",))),
        "month by day": ask(Question(kpis=_KPIS, period=month, by=("day",))),
        "month by queue": ask(Question(kpis=_KPIS, period=month, by=("queue",))),
        "month heat map": ask(Question(kpis=_KPIS, period=month, by=("weekday", "time_of_day"))),
        "year by month": ask(Question(kpis=_KPIS, period=year, by=("month", "queue"))),
        "three years by month": ask(Question(kpis=_KPIS, period=third, by=("month",))),
        "month from contacts": ask(Question(kpis=_KPIS, period=month, by=("queue",), sl=odd)),
        "month, who came again": ask(Question(kpis=("fcr", "repeated"), period=month)),
        "contacts behind a number": lambda c: contacts(c, behind, Cell(kpi="abandoned")),
    }


def _of(connection: Connection, ask: Callable[[Connection], object]) -> float:
    spent = []
    for _ in range(_RUNS):
        start = time.perf_counter()
        ask(connection)
        spent.append(time.perf_counter() - start)
    return round(median(spent), 3)
