"""Thresholds, goals and two alerts of the past of the demo company."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from callcenter.alerts.threshold import Alert, Goal, Level, Threshold
from callcenter.ports import UnitOfWork
from callcenter.runtime import Runtime

_ZONE: Final = "Europe/Warsaw"
_THRESHOLDS: Final = (
    Threshold(
        title="Nobody waits too long",
        metric="longest_wait",
        comparison="at_least",
        scope="queues",
        queues=("support", "sales"),
        amber=90,
        red=180,
        clear_by=30,
        zone=_ZONE,
    ),
    Threshold(
        title="Too few answered in time",
        metric="service_level_now",
        comparison="at_most",
        amber=70,
        red=50,
        sustained_minutes=5,
        clear_by=5,
        zone=_ZONE,
    ),
)
_GOALS: Final = (
    Goal(metric="service_level", target=80, zone=_ZONE),
    Goal(metric="abandonment", target=5, zone=_ZONE),
    Goal(metric="asa", target=20, queue="support", zone=_ZONE),
)
# Threshold, queue, level, worst value, days ago, when, minutes until it was over, what was written
# by whoever looked after it (None: nobody did).
_PAST: Final[tuple[tuple[int, str, Level, float, int, time, int, str | None], ...]] = (
    (0, "support", "red", 214, 1, time(10, 47), 7, "Two came over from sales"),
    (0, "sales", "amber", 118, 2, time(13, 5), 3, ""),
    (1, "", "amber", 63.6, 3, time(11, 31), 14, None),
    (0, "support", "amber", 131, 4, time(9, 52), 4, ""),
    (1, "", "red", 44.0, 6, time(10, 18), 26, "Everybody was in the meeting; asked two back"),
    (0, "support", "red", 246, 6, time(10, 21), 9, "The same"),
)


def fill(runtime: Runtime) -> None:
    now, zone = runtime.clock.now(), ZoneInfo(_ZONE)
    with runtime.unit_of_work() as uow:
        supervisors = sorted(uow.tasks.leaders())
        ids = [uow.alerts.add(one, now, None) for one in _THRESHOLDS]
        for goal in _GOALS:
            uow.alerts.set_goal(goal, now, None)
        for place, queue, level, worst, days, clock_time, lasted, note in reversed(_PAST):
            at = datetime.combine(now.astimezone(zone).date(), clock_time, tzinfo=zone)
            alert_id = _past(
                uow, _THRESHOLDS[place], ids[place], queue, level, worst, at - timedelta(days=days)
            )
            if note is not None:
                uow.alerts.acknowledge(
                    alert_id, supervisors[0], note, at - timedelta(days=days, minutes=-1)
                )
            over = at - timedelta(days=days, minutes=-lasted)
            uow.alerts.change([(alert_id, {"closed_at": over, "why": "cleared"})])
        uow.commit()


def _past(  # noqa: PLR0917 (a row)
    uow: UnitOfWork,
    rule: Threshold,
    threshold_id: int,
    subject: str,
    level: Level,
    worst: float,
    at: datetime,
) -> int:
    alert = Alert(
        threshold_id=threshold_id,
        title=rule.title,
        metric=rule.metric,
        scope=rule.scope,
        subject=subject,
        subject_title=subject.title(),
        comparison=rule.comparison,
        bound=rule.bound(level) or 0.0,
        sustained_minutes=rule.sustained_minutes,
        level=level,
        worst_level=level,
        value=worst,
        worst_value=worst,
        opened_at=at,
        level_at=at,
    )
    return uow.alerts.begin(alert)
