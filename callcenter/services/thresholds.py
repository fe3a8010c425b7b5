"""Use cases around thresholds and goals: set, changed, switched off, removed. What is wrong is
refused with codes of `alerts.checks`, which the door has words for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from callcenter.alerts.checks import Known, Problem, check, check_goal
from callcenter.alerts.threshold import Goal, Threshold
from callcenter.errors import Invalid, NotFound
from callcenter.ports import UnitOfWork
from callcenter.services import rights
from callcenter.services.alert_news import GOALS_CHANGED, AlertRoom
from callcenter.services.alerts import close_all_of

MOST: Final = 300
MOST_GOALS: Final = 300


class Unfit(Invalid):
    """Every problem that was found, for who shows them beside the fields."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__(problems[0].field, problems[0].code)


@dataclass(frozen=True, slots=True, kw_only=True)
class ThresholdDesk:
    """`known` tells what there is, read when it is asked. `user_id` None: the product itself."""

    room: AlertRoom
    known: Callable[[Threshold], Known]
    user_id: int | None = None

    def problems_of(self, draft: Threshold) -> tuple[Problem, ...]:
        return check(draft, self.known(draft))

    def create(self, draft: Threshold) -> int:
        self._refuse(draft)
        at = self.room.clock.now()
        with self.room.unit_of_work() as uow:
            self._allow(uow)
            if len(uow.alerts.thresholds()) >= MOST:
                raise Invalid("", f"at most {MOST} thresholds")
            threshold_id = uow.alerts.add(draft, at, self.user_id)
            self._audit(uow, "threshold_created", threshold_id, after=document(draft))
            uow.commit()
        return threshold_id

    def save(self, threshold_id: int, draft: Threshold) -> None:
        """An alert that is open goes on under new bounds; where something else is watched from
        now on, it is closed."""
        self._refuse(draft)
        at = self.room.clock.now()
        with self.room.unit_of_work() as uow:
            self._allow(uow)
            before = _existing(uow, threshold_id)
            after = replace(draft, id=threshold_id)
            news = []
            if not after.watches_as(before):
                news = close_all_of(uow, before, "changed", at, self.room)
            uow.alerts.save(after)
            told = {"before": document(before), "after": document(after)}
            self._audit(uow, "threshold_changed", threshold_id, **told)
            uow.commit()
        self.room.publisher.publish(news)

    def switch(self, threshold_id: int, *, active: bool) -> None:
        with self.room.unit_of_work() as uow:
            self._allow(uow)
            before = _existing(uow, threshold_id)
            news = []
            if not active:
                at = self.room.clock.now()
                news = close_all_of(uow, before, "switched_off", at, self.room)
            uow.alerts.save(replace(before, active=active))
            told = {"before": {"active": before.active}, "after": {"active": active}}
            self._audit(uow, "threshold_changed", threshold_id, **told)
            uow.commit()
        self.room.publisher.publish(news)

    def remove(self, threshold_id: int) -> None:
        """What came of it stays as history."""
        with self.room.unit_of_work() as uow:
            self._allow(uow)
            before = _existing(uow, threshold_id)
            news = close_all_of(uow, before, "deleted", self.room.clock.now(), self.room)
            uow.alerts.remove(threshold_id)
            self._audit(uow, "threshold_deleted", threshold_id, before=document(before))
            uow.commit()
        self.room.publisher.publish(news)

    def set_goal(self, goal: Goal) -> None:
        """One for each figure and queue: a second one takes the first one's place."""
        with self.room.unit_of_work() as uow:
            self._allow(uow)
            problems = check_goal(goal, frozenset(uow.staffing.queues()))
            if problems:
                raise Unfit(problems)
            if len(uow.alerts.goals()) >= MOST_GOALS:
                raise Invalid("", f"at most {MOST_GOALS} goals")
            before = uow.alerts.set_goal(goal, self.room.clock.now(), self.user_id)
            target = before.target if before is not None else None
            where = {"metric": goal.metric, "queue": goal.queue}
            self._audit(uow, "goal_set", "", before=target, after=goal.target, **where)
            uow.commit()
        self.room.publisher.publish([GOALS_CHANGED])

    def drop_goal(self, goal_id: int) -> None:
        with self.room.unit_of_work() as uow:
            self._allow(uow)
            before = uow.alerts.drop_goal(goal_id)
            if before is None:
                raise NotFound("goal", f"there is no goal {goal_id}")
            where = {"metric": before.metric, "queue": before.queue}
            self._audit(uow, "goal_dropped", goal_id, before=before.target, **where)
            uow.commit()
        self.room.publisher.publish([GOALS_CHANGED])

    def show_goals(self, *, shown: bool) -> None:
        """On the desks of operators, or nowhere but on the pages of those who lead."""
        with self.room.unit_of_work() as uow:
            self._allow(uow)
            before = uow.alerts.goals_on_desks()
            uow.alerts.set_goals_on_desks(shown)
            told = {"before": {"on_desks": before}, "after": {"on_desks": shown}}
            self._audit(uow, "goals_shown", "", **told)
            uow.commit()
        self.room.publisher.publish([GOALS_CHANGED])

    def _refuse(self, draft: Threshold) -> None:
        problems = self.problems_of(draft)
        if any(one.severity == "error" for one in problems):
            raise Unfit(problems)

    def _allow(self, uow: UnitOfWork) -> None:
        if self.user_id is not None:
            rights.require(uow, self.user_id, "alert", "change")

    def _audit(self, uow: UnitOfWork, action: str, object_id: int | str, **detail: Any) -> None:
        uow.audit.record(
            user_id=self.user_id,
            action=action,
            object_type="goal" if action.startswith("goal") else "threshold",
            object_id=str(object_id),
            at=self.room.clock.now(),
            detail=detail,
        )


def document(threshold: Threshold) -> dict[str, Any]:
    """As the audit log shows it."""
    left_out = ("id", "words")
    told = {name: getattr(threshold, name) for name in threshold.__slots__ if name not in left_out}
    return told | {"queues": list(threshold.queues), "mails": list(threshold.mails)}


def _existing(uow: UnitOfWork, threshold_id: int) -> Threshold:
    found = uow.alerts.threshold(threshold_id)
    if found is None:
        raise NotFound("threshold", f"there is no threshold {threshold_id}")
    return found
