"""What is wrong with a threshold or a goal, or looks like a slip. Codes and values; words are the
door's. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as made_by
from math import isfinite
from types import MappingProxyType
from typing import Final, Literal

from callcenter.alerts.metrics import GOAL_KINDS, KINDS, Unit
from callcenter.alerts.threshold import Goal, Threshold
from callcenter.channels.addresses import is_address

LONGEST_TITLE: Final = 80
MOST_MINUTES: Final = 240
MOST_MAILS: Final = 20
MOST_QUEUES: Final = 100
LIMITS: Final[Mapping[Unit, float]] = {"percent": 100, "seconds": 86_400, "count": 100_000}
OFTEN: Final = 0.5
"""A threshold that was crossed in so many of last week's half hours tells nothing new."""
_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Problem:
    """`field` is the threshold's own name for it. An error is refused, a warning is shown."""

    field: str
    code: str
    params: Mapping[str, str] = made_by(default_factory=lambda: _NOTHING)
    severity: Literal["error", "warning"] = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What there is. `crossed`: in which share of last week's half hours the threshold was crossed
    (0 to 1), None where nothing tells."""

    queues: frozenset[str] = frozenset()
    teams: frozenset[int] = frozenset()
    calendars: frozenset[str] = frozenset()
    mail_works: bool = True
    crossed: float | None = None


def check(threshold: Threshold, known: Known) -> tuple[Problem, ...]:
    if threshold.metric not in KINDS:
        return (Problem("metric", "metric_unknown"),)
    return (
        *_frame(threshold, known),
        *_subjects(threshold, known),
        *_bounds(threshold),
        *_ways(threshold, known),
        *_often(known),
    )


def check_goal(goal: Goal, queues: frozenset[str]) -> tuple[Problem, ...]:
    if goal.metric not in GOAL_KINDS:
        return (Problem("metric", "metric_unknown"),)
    found = []
    if goal.queue and goal.queue not in queues:
        found.append(Problem("queue", "queue_unknown", {"queue": goal.queue}))
    most = LIMITS[GOAL_KINDS[goal.metric][0]]
    if not (isfinite(goal.target) and 0 < goal.target <= most):
        found.append(Problem("target", "out_of_range", {"most": f"{most:g}"}))
    return tuple(found)


def _frame(threshold: Threshold, known: Known) -> Iterator[Problem]:
    if len(threshold.title) > LONGEST_TITLE:
        yield Problem("title", "title_long", {"most": str(LONGEST_TITLE)})
    if not 0 <= threshold.sustained_minutes <= MOST_MINUTES:
        yield Problem("sustained_minutes", "minutes_range", {"most": str(MOST_MINUTES)})
    if threshold.calendar and threshold.calendar not in known.calendars:
        yield Problem("calendar", "calendar_unknown", {"calendar": threshold.calendar})


def _subjects(threshold: Threshold, known: Known) -> Iterator[Problem]:
    if threshold.scope not in KINDS[threshold.metric].scopes:
        yield Problem("scope", "scope_not_of_metric")
    elif threshold.scope == "queues":
        if not threshold.queues:
            yield Problem("queues", "queues_missing")
        if len(threshold.queues) > MOST_QUEUES:
            yield Problem("queues", "queues_many", {"most": str(MOST_QUEUES)})
        for queue in threshold.queues:
            if queue not in known.queues:
                yield Problem("queues", "queue_unknown", {"queue": queue})
    elif threshold.scope == "team" and threshold.team_id not in known.teams:
        yield Problem("team_id", "team_unknown")


def _bounds(threshold: Threshold) -> Iterator[Problem]:
    most = LIMITS[KINDS[threshold.metric].unit]
    told = {"amber": threshold.amber, "red": threshold.red}
    if all(value is None for value in told.values()):
        yield Problem("amber", "bound_missing")
        return
    wrong = [
        name
        for name, value in told.items()
        if value is not None and not (isfinite(value) and 0 <= value <= most)
    ]
    for name in wrong:
        yield Problem(name, "out_of_range", {"most": f"{most:g}"})
    if not isfinite(threshold.clear_by) or not 0 <= threshold.clear_by <= most:
        yield Problem("clear_by", "out_of_range", {"most": f"{most:g}"})
    elif not wrong:
        yield from _order(threshold)


def _order(threshold: Threshold) -> Iterator[Problem]:
    amber, red = threshold.amber, threshold.red
    high = threshold.comparison == "at_least"
    if amber is not None and red is not None and (amber >= red if high else amber <= red):
        yield Problem("amber", "amber_beyond_red")
        return
    first = amber if amber is not None else red
    if first is not None and _never_clears(threshold, first):
        field = "clear_by" if not _never_clears(threshold, first, 0.0) else "amber"
        yield Problem(field if amber is not None else "red", "never_clears")


def _never_clears(threshold: Threshold, bound: float, slack: float | None = None) -> bool:
    slack = threshold.clear_by if slack is None else slack
    if threshold.comparison == "at_least":
        return bound - slack <= 0
    return KINDS[threshold.metric].unit == "percent" and bound + slack >= LIMITS["percent"]


def _ways(threshold: Threshold, known: Known) -> Iterator[Problem]:
    if len(threshold.mails) > MOST_MAILS:
        yield Problem("mails", "mails_many", {"most": str(MOST_MAILS)})
    for mail in threshold.mails:
        if not is_address(mail):
            yield Problem("mails", "mail_invalid", {"mail": mail})
    if threshold.mails and not known.mail_works:
        yield Problem("mails", "mail_unsent", severity="warning")
    if not (threshold.browser or threshold.mails or threshold.webhook):
        yield Problem("browser", "nobody_told", severity="warning")


def _often(known: Known) -> Iterator[Problem]:
    if known.crossed is not None and known.crossed >= OFTEN:
        yield Problem(
            "amber", "crossed_always", {"percent": f"{known.crossed * 100:.0f}"}, "warning"
        )
