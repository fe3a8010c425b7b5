"""Keeps what the staffing of queues is planned for. Each change is in the audit, with what was
before."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import asdict, replace

from callcenter.erlang.goals import BOUNDS, StaffingGoal
from callcenter.errors import Invalid
from callcenter.ports import Clock, UnitOfWork

_MOST_QUEUES = 200


def save_goal(
    goal: StaffingGoal,
    queues: Collection[str],
    *,
    user_id: int,
    unit_of_work: Callable[[], UnitOfWork],
    clock: Clock,
) -> None:
    """The same goal for each of the queues. Invalid for a number out of bounds, a queue or a
    calendar that there is none of, or no queue at all."""
    _check(goal)
    if not 0 < len(queues) <= _MOST_QUEUES:
        raise Invalid("queue", f"choose from 1 to {_MOST_QUEUES} queues")
    with unit_of_work() as uow:
        known_calendars, known = uow.hours.keys(), uow.staffing.queues()
        if goal.calendar and goal.calendar not in known_calendars:
            raise Invalid("calendar", "there is no such calendar")
        before = uow.staffing_goals.all()
        for queue in sorted(queues):
            if queue not in known:
                raise Invalid("queue", "there is no such queue")
            after = replace(goal, queue=queue)
            if before.get(queue) == after:
                continue
            uow.staffing_goals.save(after, clock.now())
            uow.audit.record(
                user_id=user_id,
                action="staffing_goal_changed",
                object_type="queue",
                object_id=queue,
                at=clock.now(),
                detail={"before": _told(before.get(queue)), "after": _told(after)},
            )
        uow.commit()


def _check(goal: StaffingGoal) -> None:
    for field, (least, most) in BOUNDS.items():
        if not least <= getattr(goal, field) <= most:
            raise Invalid(field, f"must be from {least} to {most}")


def _told(goal: StaffingGoal | None) -> dict[str, object] | None:
    return asdict(goal) if goal is not None else None
