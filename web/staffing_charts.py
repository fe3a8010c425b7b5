"""A plan as charts: the day as lines beside what happened, the week as a map of operators."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from zlib import crc32

from flask_babel import format_date
from flask_babel import gettext as _

from callcenter.erlang.goals import StaffingGoal
from callcenter.queries.staffing_plan import PlannedHalf, WeekPlan

Chart = dict[str, Any]
Named = tuple[str, str, Chart]
"""Id in the page, title, chart. The id changes with the chart: then it is drawn anew."""


def of_day(plan: WeekPlan, day: date, goal: StaffingGoal) -> list[Named]:
    """From the first half hour with anything in it to the last."""
    halves = busy_part(plan.day(day))
    if not halves:
        return []
    labels = [clock(plan, one) for one in halves]
    told = [one.happened for one in halves]
    operators = [
        _line(_("Needed for the goal"), [one.need.agents for one in halves]),
        _line(_("There"), [round(one.there, 1) if one else None for one in told]),
        _line(_("Needed for the calls that came"), [one.needed if one else None for one in told]),
    ]
    calls = [
        _line(_("Expected"), [round(one.calls, 1) for one in halves]),
        _line(_("Came"), [one.offered if one else None for one in told]),
    ]
    levels = [
        _line(_("With the operators needed"), [_percent(one) for one in halves]),
        _line(_("Attained"), [_reached(one.level) if one else None for one in told]),
    ]
    most = None if any(told) else 1
    frame, counted = {"kind": "line", "x": labels}, {"unit": "count"}
    return [
        _named(
            _("Operators"),
            {**frame, **counted, "series": operators[:most]},
        ),
        _named(_("Calls"), {**frame, **counted, "series": calls[:most]}),
        _named(
            _("Service level within %(seconds)s seconds", seconds=goal.seconds),
            {
                **frame,
                "unit": "percent",
                "series": levels[:most],
                "goal": goal.percent,
                "goalName": _("Goal"),
            },
        ),
    ]


def of_week(plan: WeekPlan, monday: date) -> list[Named]:
    """Operators needed by half hour and day; none where nobody is."""
    days = [monday + timedelta(days=number) for number in range(7)]
    places = [(day, busy_part(plan.day(day))) for day in days]
    labels = sorted({clock(plan, one) for _day, halves in places for one in halves})
    if not labels:
        return []
    cells = [
        [labels.index(clock(plan, one)), number, one.need.agents]
        for number, (_day, halves) in enumerate(places)
        for one in halves
    ]
    names = [format_date(day, "EEE d MMM") for day in days]
    chart = {"kind": "heatmap", "unit": "count", "x": labels, "y": names, "cells": cells}
    return [_named(_("Operators needed in each half hour"), chart)]


def busy_part(halves: tuple[PlannedHalf, ...]) -> tuple[PlannedHalf, ...]:
    """Without the empty morning and night."""
    busy = [
        number
        for number, one in enumerate(halves)
        if one.calls >= 0.05 or (one.happened and one.happened.offered)
    ]
    return halves[busy[0] : busy[-1] + 1] if busy else ()


def clock(plan: WeekPlan, one: PlannedHalf) -> str:
    return f"{one.half.astimezone(plan.zone):%H:%M}"


def _named(title: str, chart: Chart) -> Named:
    return f"chart-{crc32(repr((title, chart)).encode()):08x}", title, chart


def _line(name: str, values: list[Any]) -> dict[str, Any]:
    return {"name": name, "values": values}


def _percent(one: PlannedHalf) -> float | None:
    return _reached(one.need.outlook.service_level) if one.need.agents else None


def _reached(share: float | None) -> float | None:
    return None if share is None else round(100 * share, 1)
