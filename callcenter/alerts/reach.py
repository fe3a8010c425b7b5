"""Which alerts, thresholds and goals somebody sees and changes. Pure.

Whoever may so for their teams sees what concerns the queues in which these work, and the teams
themselves; what is watched over all queues only where every queue is their teams', and to read
alone: it is the centre's. What concerns no queue at all (links, PINs) is the centre's, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from callcenter.alerts.checks import Problem
from callcenter.alerts.metrics import KINDS, METRICS, Metric, Scope
from callcenter.alerts.threshold import OVERALL, Alert, Goal, Threshold
from callcenter.rights.policy import Policy
from callcenter.rights.viewer import Viewer

OF_QUEUES: Final = frozenset(one for one in METRICS if "queues" in KINDS[one].scopes)
"""What is counted of queues: over the whole centre it is about all of them."""


@dataclass(frozen=True, slots=True)
class Reach:
    """These queues and teams (their numbers as texts), and of the whole centre these figures."""

    queues: frozenset[str] = frozenset()
    teams: frozenset[str] = frozenset()
    overall: frozenset[Metric] = frozenset()

    def has(self, scope: Scope, subjects: Iterable[str], metric: str) -> bool:
        """Every one of the subjects."""
        named = frozenset(subjects)
        if scope == "overall":
            return metric in self.overall
        return bool(named) and named <= (self.queues if scope == "queues" else self.teams)


def reach(viewer: Viewer, action: Literal["read", "change"]) -> Reach | None:
    """None: everything."""
    given = viewer.scope("alert", action)
    if given == "all":
        return None
    if given != "team":
        return Reach()
    whole = action == "read" and viewer.every_queue
    return Reach(
        queues=viewer.team_queues,
        teams=frozenset(map(str, viewer.team_ids)),
        overall=OF_QUEUES if whole else frozenset(),
    )


def sees(viewer: Viewer, alert: Alert) -> bool:
    theirs = reach(viewer, "read")
    return theirs is None or theirs.has(alert.scope, (alert.subject,), alert.metric)


def hears(viewer: Viewer, told: Mapping[str, Any]) -> bool:
    """Of an alert as `told.payload` tells it."""
    theirs = reach(viewer, "read")
    return theirs is None or theirs.has(
        told.get("scope", "overall"), (str(told.get("subject", OVERALL)),), told.get("metric", "")
    )


def sees_rule(viewer: Viewer, rule: Threshold) -> bool:
    """Of one that watches queues of others as well nothing, although its alerts of one's own
    queues are seen."""
    return _has_rule(reach(viewer, "read"), rule)


def sees_any_of(viewer: Viewer, rule: Threshold) -> bool:
    """Whether an alert that comes of it may be theirs to see."""
    theirs = reach(viewer, "read")
    return theirs is None or any(
        theirs.has(rule.scope, (one,), rule.metric) for one in rule.subjects
    )


def changes_rule(viewer: Viewer, rule: Threshold) -> bool:
    return _has_rule(reach(viewer, "change"), rule)


def sees_goal(viewer: Viewer, goal: Goal) -> bool:
    return _has_goal(reach(viewer, "read"), goal)


def changes_goal(viewer: Viewer, goal: Goal) -> bool:
    return _has_goal(reach(viewer, "change"), goal)


def misfits(viewer: Viewer, rule: Threshold) -> tuple[Problem, ...]:
    """What a threshold would watch beyond the teams of whoever sets it. That it watches nothing
    at all is for `checks` to say."""
    if changes_rule(viewer, rule) or not rule.subjects:
        return ()
    if rule.scope == "overall":
        return (Problem("scope", "scope_of_centre"),)
    if rule.scope == "team":
        return (Problem("team_id", "team_of_others"),)
    return (Problem("queues", "queues_of_others"),)


def goal_misfits(viewer: Viewer, goal: Goal) -> tuple[Problem, ...]:
    if changes_goal(viewer, goal):
        return ()
    return (Problem("queue", "queues_of_others" if goal.queue else "goal_of_centre"),)


def answers(policy: Policy | None, maker: Viewer | None, rule: Threshold) -> bool:
    """Whether mails and webhooks of a rule go out in the name of whoever chose them.

    With the right for one's teams they go while one has it, as a screen on a wall is lit; what
    somebody with the right for the whole centre set is the centre's, even when they have left, and
    so is whatever only they can set. `maker` None: they may not log in (any more).
    """
    if rule.scope == "overall":
        return True
    if policy is not None and policy.scope("alert", "change") == "all":
        return True
    return maker is not None and changes_rule(maker, rule)


def _has_rule(theirs: Reach | None, rule: Threshold) -> bool:
    return theirs is None or theirs.has(rule.scope, rule.subjects, rule.metric)


def _has_goal(theirs: Reach | None, goal: Goal) -> bool:
    """What goals are set for is counted of queues."""
    if theirs is None:
        return True
    return goal.queue in theirs.queues if goal.queue else bool(theirs.overall)
