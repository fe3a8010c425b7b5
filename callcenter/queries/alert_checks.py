"""Whether a threshold would have been on all the time: last week's figures against its bounds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from callcenter.alerts.metrics import KINDS, Metric
from callcenter.alerts.threshold import Threshold
from callcenter.errors import Invalid
from callcenter.queries import reports
from callcenter.reports.periods import Period, half_of
from callcenter.reports.question import By, Filters, Question

_WEEK: Final = timedelta(days=7)
_ASKED: Final[Mapping[Metric, tuple[str, By]]] = {
    "longest_wait": ("wait_longest", "half_hour"),
    "service_level_now": ("service_level", "half_hour"),
    "service_level_today": ("service_level", "day"),
    "abandonment_today": ("abandonment", "day"),
    "abandoned_today": ("abandoned", "day"),
}
"""Figures that reports keep: which one, and for which parts of the week."""
WITH_HISTORY: Final = frozenset(_ASKED)


def crossed(connection: Connection, threshold: Threshold, now: datetime) -> float | None:
    """In which share of last week's half hours (days, for figures of a day) with any calls it was
    crossed, 0 to 1; None where the reports do not tell."""
    asked = _ASKED.get(threshold.metric)
    bounds = [one for one in (threshold.amber, threshold.red) if one is not None]
    if asked is None or not bounds:
        return None
    end = half_of(now)
    kpi, by = asked
    question = Question(
        kpis=(kpi,),
        by=(by,),
        period=Period(start=end - _WEEK, end=end, zone=threshold.zone),
        filters=Filters(channels=("call",), queues=threshold.queues),
    )
    try:
        rows = reports.answer(connection, question).rows
    except Invalid:
        return None
    scale = 100.0 if KINDS[threshold.metric].unit == "percent" else 1.0
    seen = [value * scale for row in rows if (value := row.values[kpi]) is not None]
    if not seen:
        return None
    first = min(bounds) if threshold.comparison == "at_least" else max(bounds)
    high = threshold.comparison == "at_least"
    return sum(value >= first if high else value <= first for value in seen) / len(seen)
