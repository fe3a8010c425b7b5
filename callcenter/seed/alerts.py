"""Thresholds, goals and two alerts of the past of the demo company."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from callcenter.alerts.threshold import Alert, Goal, Threshold
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
        title="Half a bad hour",
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


def fill(runtime: Runtime) -> None:
    now = runtime.clock.now()
    with runtime.unit_of_work() as uow:
        supervisors = sorted(uow.tasks.leaders())
        ids = [uow.alerts.add(one, now, None) for one in _THRESHOLDS]
        for goal in _GOALS:
            uow.alerts.set_goal(goal, now, None)
        _past(uow, _THRESHOLDS[0], ids[0], "support", "red", 214, now - timedelta(days=1, hours=3),
              supervisors[0], note="Two came over from sales")  # fmt: skip
        _past(uow, _THRESHOLDS[1], ids[1], "", "amber", 63.6, now - timedelta(days=3), None)
        uow.commit()


def _past(  # noqa: PLR0917 (a row)
    uow: UnitOfWork,
    rule: Threshold,
    threshold_id: int,
    subject: str,
    level: Any,
    worst: float,
    at: datetime,
    by: int | None,
    note: str = "",
) -> None:
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
    alert_id = uow.alerts.begin(alert)
    if by is not None:
        uow.alerts.acknowledge(alert_id, by, note, at + timedelta(minutes=1))
    over = {"closed_at": at + timedelta(minutes=7), "why": "cleared"}
    uow.alerts.change([(alert_id, over)])
