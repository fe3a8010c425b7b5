"""An answer as a chart: plain values that the browser and the page of a PDF draw alike. Pure.

Time runs from left to right and has no holes; never more than five lines. A queue has one colour on
every page, by its place in the list of all queues; within a chart no two share one while there are
colours left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from callcenter.reporting.address import Asked
from callcenter.reports.definitions import KPIS
from callcenter.reports.periods import Part, Period
from callcenter.reports.question import Answer, By, Row

MOST_SERIES: Final = 5
COLOURS: Final = 8
"""How many there are that everybody tells apart."""
_MOST_BARS: Final = 30
_MOST_POINTS: Final = 800
_MOST_UPRIGHT: Final = 80
"""Letters that names beside one another have room for; bars of longer ones lie."""
_CALENDAR: Final = ("half_hour", "hour", "day", "week", "month", "year")
_ROUND: Final = {
    "weekday": [str(day) for day in range(1, 8)],
    "time_of_day": [f"{half // 2:02}:{half % 2 * 30:02}" for half in range(48)],
}
Label = Callable[[By, str], str]
Key = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """How the door calls things. `link`: the contacts behind one number, '' for none."""

    label: Label
    title: Callable[[str], str]
    before: str
    goal: str
    link: Callable[[Row, str], str] = lambda _row, _kpi: ""


def chart(
    asked: Asked,
    answer: Answer,
    words: Words,
    *,
    before: Answer | None = None,
    goal: float | None = None,
    queues: Iterable[str] = (),
) -> dict[str, Any] | None:
    """None where there is nothing to draw. `queues`: all there are, for whose colour is which."""
    if not answer.rows or asked.period is None or not _drawn(asked, answer):
        return None
    if asked.report.chart == "heatmap":
        return _heat(asked, answer, words)
    if len(asked.by) > 1:
        return _lines_of_groups(asked, answer, words, queues)
    if asked.by[0] in (*_CALENDAR, *_ROUND):
        return _along_time(asked, answer, words, before, goal)
    return _bars(asked, answer, words, queues)


def colours_of(shown: Iterable[str], queues: Iterable[str]) -> dict[str, int]:
    """Of each queue in one chart. Whose own colour another has already takes the next free one, and
    so does what is no queue of ours."""
    places = {name: place for place, name in enumerate(sorted(queues))}
    found: dict[str, int] = {}
    for name in sorted(set(shown), key=lambda one: (places.get(one, len(places)), one)):
        own = places.get(name, len(places))
        nearest = [(own + step) % COLOURS for step in range(COLOURS)]
        taken = set(found.values())
        found[name] = next((one for one in nearest if one not in taken), nearest[0])
    return found


def unit_of(kpi: str) -> str:
    return {"share": "percent", "seconds": "seconds"}.get(KPIS[kpi].unit, "number")


def shown(kpi: str, value: float | None) -> float | None:
    """As it is drawn: shares in per cent, everything with two decimals at most."""
    if value is None:
        return None
    return round(value * 100 if KPIS[kpi].unit == "share" else value, 2)


def keys_along(by: By, period: Period, rows: Sequence[Row]) -> list[str]:
    """All the parts there are, also those in which nothing happened."""
    if by in _ROUND:
        return _ROUND[by]
    keys = [bucket.key for bucket in period.buckets(cast("Part", by))]
    known = set(keys)
    return keys + sorted({row.key[0] for row in rows} - known)


def _drawn(asked: Asked, answer: Answer) -> tuple[str, ...]:
    """Without those that know nothing of what is asked: nothing is no number to draw."""
    kpis = (asked.shown,) if asked.kpi or asked.report.chart == "heatmap" else asked.report.drawn
    return tuple(kpi for kpi in kpis if kpi not in answer.unknown)


def _value(row: Row | None, kpi: str) -> float | None:
    if row is None:
        return 0 if KPIS[kpi].unit == "count" else None
    return shown(kpi, row.values.get(kpi))


def _along_time(
    asked: Asked, answer: Answer, words: Words, before: Answer | None, goal: float | None
) -> dict[str, Any]:
    by = asked.by[0]
    assert asked.period is not None  # noqa: S101 (asked by the caller)
    keys = keys_along(by, asked.period, answer.rows)[:_MOST_POINTS]
    rows = {row.key[0]: row for row in answer.rows}
    kpis = _drawn(asked, answer)
    series = [
        {"name": words.title(kpi), "values": [_value(rows.get(key), kpi) for key in keys]}
        for kpi in kpis
    ]
    then = asked.before() if before is not None and before.rows and len(kpis) == 1 else None
    if before is not None and then is not None:
        earlier = {row.key[0]: row for row in before.rows}
        old = keys_along(by, then, before.rows)[: len(keys)]
        values = [_value(earlier.get(key), kpis[0]) for key in old]
        series[0] |= {"before": values, "beforeName": words.before}
    told: dict[str, Any] = {
        "kind": "bar" if by in _ROUND or len(keys) == 1 else asked.report.chart,
        "unit": unit_of(kpis[0]),
        "x": [words.label(by, key) for key in keys],
        "series": series,
        "links": [words.link(rows[key], kpis[0]) if key in rows else "" for key in keys],
    }
    if goal is not None and kpis == ("service_level",):
        told |= {"goal": round(goal * 100, 1), "goalName": words.goal}
    return told


def _bars(asked: Asked, answer: Answer, words: Words, queues: Iterable[str]) -> dict[str, Any]:
    by, kpis = asked.by[0], _drawn(asked, answer)
    rows = sorted(answer.rows, key=lambda row: -(row.values.get(kpis[0]) or 0))[:_MOST_BARS]
    first: dict[str, Any] = {}
    if len(kpis) == 1 and by == "queue":
        own = colours_of((row.key[0] for row in rows), queues)
        first = {"colours": [own[row.key[0]] for row in rows]}
    labels = [words.label(by, row.key[0]) for row in rows]
    return {
        "kind": "bar",
        "lying": len(rows) * max(map(len, labels)) > _MOST_UPRIGHT,
        "unit": unit_of(kpis[0]),
        "x": labels,
        "series": [
            {"name": words.title(kpi), "values": [_value(row, kpi) for row in rows], **first}
            for kpi in kpis
        ],
        "links": [words.link(row, kpis[0]) for row in rows],
    }


def _lines_of_groups(
    asked: Asked, answer: Answer, words: Words, queues: Iterable[str]
) -> dict[str, Any]:
    """The first grouping along the chart, the second as its lines: the largest few of them."""
    along, group = asked.by
    kpi = _drawn(asked, answer)[0]
    period = asked.period
    assert period is not None  # noqa: S101 (asked by the caller)
    rows = {row.key: row for row in answer.rows}
    weight: dict[str, float] = {}
    for row in answer.rows:
        weight[row.key[1]] = weight.get(row.key[1], 0) + (row.values.get(kpi) or 0)
    largest = sorted(weight, key=lambda one: (-weight[one], one))[:MOST_SERIES]
    own = colours_of(largest, queues) if group == "queue" else {}
    is_time = along in (*_CALENDAR, *_ROUND)
    keys = (
        keys_along(along, period, answer.rows)[:_MOST_POINTS]
        if is_time
        else list(dict.fromkeys(row.key[0] for row in answer.rows))[:_MOST_BARS]
    )
    return {
        "kind": "line" if is_time and along not in _ROUND else "bar",
        "unit": unit_of(kpi),
        "x": [words.label(along, key) for key in keys],
        "series": [
            {
                "name": words.label(group, one),
                "values": [_value(rows.get((key, one)), kpi) for key in keys],
                **({"colour": own[one]} if own else {}),
            }
            for one in largest
        ],
    }


def _heat(asked: Asked, answer: Answer, words: Words) -> dict[str, Any] | None:
    kpi = asked.shown
    days, halves = _ROUND["weekday"], _ROUND["time_of_day"]
    told = {row.key: row for row in answer.rows if len(row.key) == len(asked.by)}
    busy = [half for half in halves if any((day, half) in told for day in days)]
    if not busy:
        return None
    halves = halves[halves.index(busy[0]) : halves.index(busy[-1]) + 1]
    cells = [
        [x, y, shown(kpi, told[day, half].values.get(kpi))]
        for y, day in enumerate(days)
        for x, half in enumerate(halves)
        if (day, half) in told and told[day, half].values.get(kpi) is not None
    ]
    return {
        "kind": "heatmap",
        "unit": unit_of(kpi),
        "x": halves,
        "y": [words.label("weekday", day) for day in days],
        "cells": cells,
        "series": [],
        "links": [
            words.link(told[days[int(y or 0)], halves[int(x or 0)]], kpi) for x, y, _ in cells
        ],
    }
