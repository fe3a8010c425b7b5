"""Use cases around thresholds and goals: set, changed, switched off, removed. What is wrong is
refused with codes of `alerts.checks`, which the door has words for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from callcenter.alerts import reach
from callcenter.alerts.checks import Known, Problem, check, check_goal
from callcenter.alerts.threshold import Goal, Threshold
from callcenter.errors import Forbidden, Invalid, NotFound
from callcenter.ports import UnitOfWork
from callcenter.rights.viewer import Viewer
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
        with self.room.unit_of_work() as uow:
            _raise(reach.misfits(self._viewer(uow), draft))
        self._refuse(draft)
        at = self.room.clock.now()
        with self.room.unit_of_work() as uow:
            _raise(reach.misfits(self._viewer(uow), draft))
            if len(uow.alerts.thresholds()) >= MOST:
                raise Invalid("", f"at most {MOST} thresholds")
            threshold_id = uow.alerts.add(draft, at, self.user_id)
            self._audit(uow, "threshold_created", threshold_id, after=document(draft))
            uow.commit()
        return threshold_id

    def save(self, threshold_id: int, draft: Threshold) -> None:
        """An alert that is open goes on under new bounds; where something else is watched from
        now on, it is closed."""
        with self.room.unit_of_work() as uow:
            self._fitting(uow, threshold_id, draft)
        self._refuse(draft)
        at = self.room.clock.now()
        with self.room.unit_of_work() as uow:
            before = self._fitting(uow, threshold_id, draft)
            after = replace(draft, id=threshold_id)
            news = []
            if not after.watches_as(before):
                news = close_all_of(uow, before, "changed", at, self.room)
            self._answer(uow, before, after)
            uow.alerts.save(after)
            told = {"before": document(before), "after": document(after)}
            self._audit(uow, "threshold_changed", threshold_id, **told)
            uow.commit()
        self.room.publisher.publish(news)

    def switch(self, threshold_id: int, *, active: bool) -> None:
        with self.room.unit_of_work() as uow:
            before = _theirs(uow, self._viewer(uow), threshold_id)
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
            before = _theirs(uow, self._viewer(uow), threshold_id)
            news = close_all_of(uow, before, "deleted", self.room.clock.now(), self.room)
            uow.alerts.remove(threshold_id)
            self._audit(uow, "threshold_deleted", threshold_id, before=document(before))
            uow.commit()
        self.room.publisher.publish(news)

    def set_goal(self, goal: Goal) -> None:
        """One for each figure and queue: a second one takes the first one's place."""
        with self.room.unit_of_work() as uow:
            viewer = self._viewer(uow)
            _raise(check_goal(goal, frozenset(uow.staffing.queues())))
            _raise(reach.goal_misfits(viewer, goal))
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
            _goal(uow, self._viewer(uow), goal_id)
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
            if self._viewer(uow).scope("alert", "change") != "all":
                raise Forbidden("alert", "what desks show is the whole centre's")
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

    def _viewer(self, uow: UnitOfWork) -> Viewer:
        return rights.require(uow, self.user_id, "alert", "change")

    def _fitting(self, uow: UnitOfWork, threshold_id: int, draft: Threshold) -> Threshold:
        """As it is before the change, which stays within their reach. Asked before figures of what
        it would watch are looked at, and once more where it is written."""
        viewer = self._viewer(uow)
        before = _theirs(uow, viewer, threshold_id)
        _raise(reach.misfits(viewer, draft))
        return before

    def _answer(self, uow: UnitOfWork, before: Threshold, after: Threshold) -> None:
        """Whoever chooses who is told answers for it; so does whoever saves what rested."""
        chosen = (after.mails, after.webhook) != (before.mails, before.webhook)
        if self.user_id is not None and (chosen or not uow.alerts.is_answered(after)):
            uow.alerts.take_over(after.id, self.user_id)

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


def _raise(problems: tuple[Problem, ...]) -> None:
    if problems:
        raise Unfit(problems)


def _theirs(uow: UnitOfWork, viewer: Viewer, threshold_id: int) -> Threshold:
    """One that they may change; what they may not see does not exist."""
    found = uow.alerts.threshold(threshold_id)
    changed = found is not None and reach.changes_rule(viewer, found)
    if found is None or not (changed or reach.sees_rule(viewer, found)):
        raise NotFound("threshold", f"there is no threshold {threshold_id}")
    if not changed:
        raise Forbidden("threshold", "this threshold is not your team's to change")
    return found


def _goal(uow: UnitOfWork, viewer: Viewer, goal_id: int) -> None:
    found = next((one for one in uow.alerts.goals() if one.id == goal_id), None)
    changed = found is not None and reach.changes_goal(viewer, found)
    if found is None or not (changed or reach.sees_goal(viewer, found)):
        raise NotFound("goal", f"there is no goal {goal_id}")
    if not changed:
        raise Forbidden("goal", "this goal is not your team's to change")
