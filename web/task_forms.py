"""What people type about tasks, read from the form: times are those on their own wall."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from callcenter.errors import Invalid
from callcenter.tasks.task import KINDS, Task, TaskDraft
from web.whole_numbers import whole_number

REMINDERS = ("", "0", "10", "60", "1440")
"""Minutes before it is due; '' for none."""
_FIELDS = ("title", "kind", "details", "number", "queue", "due_at", "remind")
_IDS = ("assignee_id", "customer_id", "interaction_id")


def task_values(form: MultiDict[str, str]) -> dict[str, Any]:
    """The form as typed, for showing again."""
    values: dict[str, Any] = {name: form.get(name, "").strip() for name in _FIELDS}
    return values | {name: form.get(name, type=whole_number) for name in _IDS}


def values_of(task: Task, zone: ZoneInfo) -> dict[str, Any]:
    ahead = ""
    if task.remind_at is not None:
        ahead = str(max(0, round((task.due_at - task.remind_at).total_seconds() / 60)))
    values = {name: getattr(task, name) for name in (*_FIELDS[:5], *_IDS)}
    return values | {"due_at": wall(task.due_at, zone), "remind": ahead}


def new_values(now: datetime, zone: ZoneInfo, given: Mapping[str, Any]) -> dict[str, Any]:
    """A new task: due in an hour, to the quarter, unless the address says when."""
    quarter = now + timedelta(hours=1, minutes=15 - now.minute % 15)
    empty = dict.fromkeys((*_FIELDS, *_IDS), "") | {"kind": "task", "remind": "0"}
    due = {"due_at": wall(quarter, zone)}
    return empty | due | {name: value for name, value in given.items() if value}


def task_fields(values: Mapping[str, Any], zone: ZoneInfo) -> dict[str, Any]:
    """What the service takes. Raises Invalid for what cannot be read."""
    due_at = moment(str(values["due_at"]), zone, "due_at")
    ahead = str(values["remind"])
    if not (ahead == "" or (ahead.isdecimal() and len(ahead) < 6)):
        raise Invalid("remind", "must be a number of minutes")
    kind = values["kind"] or "task"
    if kind not in KINDS:
        raise Invalid("kind", f"must be one of {', '.join(KINDS)}")
    return {
        "title": values["title"],
        "kind": kind,
        "details": values["details"],
        "number": values["number"],
        "queue": values["queue"],
        "assignee_id": values["assignee_id"],
        "customer_id": values["customer_id"],
        "interaction_id": values["interaction_id"],
        "due_at": due_at,
        "remind_at": _before(due_at, int(ahead)) if ahead else None,
    }


def _before(due_at: datetime, minutes: int) -> datetime:
    try:
        return due_at - timedelta(minutes=minutes)
    except OverflowError as error:
        raise Invalid("due_at", "is too far away") from error


def draft(values: Mapping[str, Any], zone: ZoneInfo) -> TaskDraft:
    return TaskDraft(**task_fields(values, zone))


def moment(text: str, zone: ZoneInfo, field: str) -> datetime:
    try:
        wall_time = datetime.fromisoformat(text)
        if wall_time.tzinfo is None:
            wall_time = wall_time.replace(tzinfo=zone)
        return wall_time.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Invalid(field, "is not a date and time") from error


def wall(when: datetime, zone: ZoneInfo) -> str:
    """As an input of dates and times takes it."""
    return when.astimezone(zone).strftime("%Y-%m-%dT%H:%M")


def day_of(text: str, today: date) -> date:
    """A calendar's day from the address; what cannot be read is today."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return today
    return day if date(1990, 1, 1) < day < date(2200, 1, 1) else today
