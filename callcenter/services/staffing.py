"""Use cases of supervisors: queues' settings, who can do what, and what a pause may be for.

Each change is in the audit; the PBX follows by itself (ami.members).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from callcenter.agents.membership import BEST_LEVEL
from callcenter.agents.staffing import PauseReason
from callcenter.errors import Invalid, NotFound
from callcenter.ports import Clock, Publisher, UnitOfWork
from callcenter.realtime.messages import Audience, Message
from callcenter.reports.waits import BOUNDS, DEFAULT_SHORT_SECONDS
from callcenter.services import history
from callcenter.services.waiting import SHORTEST_BETWEEN

STAFFING_CHANGED = "staffing_changed"
"""Type of a `message` that browsers never hear: whoever mirrors or shows staffing looks again."""

_NAME = re.compile(r"[A-Za-z0-9_.-]{1,40}")
_LONGEST = {
    "wrap_up_seconds": 3600,
    "short_abandon_seconds": 600,
    "return_minutes": 10_080,
    "announce_seconds": 600,
    "max_wait_seconds": 3600,
    "callback_after_seconds": 3600,
    "callback_over_minutes": 30,
    "callback_attempts": 20,
    "callback_retry_minutes": 1440,
    "callback_hours": 336,
    "message_due_minutes": 10_080,
}
_AT_LEAST_ONE = ("callback_attempts", "callback_retry_minutes", "callback_hours")
_ROUTE = re.compile(r"(?:voicemail|callback|queue-[a-z][a-z0-9-]{0,30})?")
_PROMPTS = re.compile(r"(?:[a-z][a-z0-9-]{0,39})(?: [a-z][a-z0-9-]{0,39}){0,7}|")
_LONGEST_PAUSE = 86_400
_HIGHEST_GOAL = 99


def save_queue(
    name: str,
    values: Mapping[str, Any],
    *,
    user_id: int,
    unit_of_work: Callable[[], UnitOfWork],
    publisher: Publisher,
    clock: Clock,
) -> None:
    """`values` are columns of a queue's settings."""
    _check_name("name", name)
    if values.get("skill"):
        _check_name("skill", str(values["skill"]))
    if values.get("wrap_up", "none") not in ("none", "timed", "until_done"):
        raise Invalid("wrap_up", "must be none, timed or until_done")
    for field, most in _LONGEST.items():
        least = int(field in _AT_LEAST_ONE)
        if field in values and not least <= int(values[field]) <= most:
            raise Invalid(field, f"must be from {least} to {most}")
    _check_waiting(name, values)
    _check_goal(values)
    with unit_of_work() as uow:
        before = uow.staffing.queues().get(name)
        with history.recorded(uow, clock, "queue", name, user_id=user_id):
            uow.staffing.save_queue(name, values)
        short = values.get("short_abandon_seconds")
        counted = before.short_abandon_seconds if before is not None else DEFAULT_SHORT_SECONDS
        if short is not None and short != counted:
            uow.report_facts.mark_queue(name)
        _audit(uow, user_id, "queue_changed", "queue", name, dict(values), clock)
        uow.commit()
    announce(publisher)


def _check_goal(values: Mapping[str, Any]) -> None:
    """Reports answer for these seconds from sums, over any time."""
    if "sl_seconds" in values and int(values["sl_seconds"]) not in BOUNDS:
        raise Invalid("sl_seconds", f"must be one of {', '.join(map(str, BOUNDS))}")
    if "sl_percent" in values and not 1 <= int(values["sl_percent"]) <= _HIGHEST_GOAL:
        raise Invalid("sl_percent", f"must be from 1 to {_HIGHEST_GOAL}")


def _check_waiting(name: str, values: Mapping[str, Any]) -> None:
    if 0 < int(values.get("announce_seconds", 0)) < SHORTEST_BETWEEN:
        raise Invalid("announce_seconds", f"must be 0, or at least {SHORTEST_BETWEEN}")
    overflow = str(values.get("overflow", ""))
    if _ROUTE.fullmatch(overflow) is None:
        raise Invalid("overflow", "must be a queue, a call-back or a message")
    if overflow == f"queue-{name}":
        raise Invalid("overflow", "callers would wait in the same queue again")
    if _PROMPTS.fullmatch(str(values.get("messages", ""))) is None:
        raise Invalid("messages", "at most eight keys of prompts, with spaces between them")


def set_skill(
    user_id: int,
    skill: str,
    level: int,
    *,
    by: int,
    unit_of_work: Callable[[], UnitOfWork],
    publisher: Publisher,
    clock: Clock,
) -> None:
    """Level 1 (least) to 9 (best: rung first); 0 takes the skill away."""
    _check_name("skill", skill)
    if not 0 <= level <= BEST_LEVEL:
        raise Invalid("level", f"must be from 0 to {BEST_LEVEL}")
    with unit_of_work() as uow:
        user = uow.users.get(user_id)
        if user is None or not user.endpoint:
            raise NotFound("user", f"there is no user {user_id} with a phone")
        uow.staffing.set_skill(user_id, skill, level)
        detail = {"skill": skill, "level": level}
        _audit(uow, by, "skill_changed", "user", str(user_id), detail, clock)
        uow.commit()
    announce(publisher)


def save_pause_reason(
    reason: PauseReason,
    *,
    user_id: int,
    unit_of_work: Callable[[], UnitOfWork],
    publisher: Publisher,
    clock: Clock,
) -> None:
    """A reason that was used stays for the history: it is taken out of use, never deleted."""
    _check_name("code", reason.code)
    if not reason.title.strip():
        raise Invalid("title", "must not be empty")
    if reason.limit_seconds is not None and not 1 <= reason.limit_seconds <= _LONGEST_PAUSE:
        raise Invalid("limit_seconds", f"must be from 1 to {_LONGEST_PAUSE}")
    with unit_of_work() as uow:
        with history.recorded(uow, clock, "pause_reason", reason.code, user_id=user_id):
            uow.staffing.save_pause_reason(reason)
        detail = {"title": reason.title, "active": reason.active}
        _audit(uow, user_id, "pause_reason_changed", "pause_reason", reason.code, detail, clock)
        uow.commit()
    announce(publisher)


def _check_name(field: str, name: str) -> None:
    if not _NAME.fullmatch(name):
        raise Invalid(field, "letters, digits, dot, dash and underscore, at most 40")


def _audit(  # noqa: PLR0917 (one row of the audit)
    uow: UnitOfWork,
    user_id: int,
    action: str,
    kind: str,
    object_id: str,
    detail: Mapping[str, Any],
    clock: Clock,
) -> None:
    uow.audit.record(
        user_id=user_id,
        action=action,
        object_type=kind,
        object_id=object_id,
        at=clock.now(),
        detail=detail,
    )


def announce(publisher: Publisher) -> None:
    payload = {"type": STAFFING_CHANGED}
    publisher.publish([Message(kind="message", audience=Audience(), payload=payload)])
