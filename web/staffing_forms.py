"""What the staffing page is asked by its address or its form: queues, a day, the goal, growth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Final

from werkzeug.datastructures import MultiDict

from callcenter.erlang.goals import BOUNDS, StaffingGoal

GROWTH: Final = (20, 300)
"""Percent of the calls of before."""
_LONGEST_AHEAD: Final = timedelta(weeks=26)
_EARLIEST: Final = date(2000, 1, 10)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanForm:
    """`problems`: field → the least and the most it may be; it is then as it was."""

    queues: tuple[str, ...]
    day: date
    goal: StaffingGoal
    growth: int = 100
    problems: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def monday(self) -> date:
        return self.day - timedelta(days=self.day.weekday())

    def address(self, **changes: Any) -> dict[str, Any]:
        """As the page's own address has it."""
        return {
            "queue": list(self.queues),
            "day": self.day.isoformat(),
            "growth": self.growth,
            "calendar": self.goal.calendar,
            **{name: getattr(self.goal, name) for name in BOUNDS},
            **changes,
        }


def read(args: MultiDict[str, str], known: Mapping[str, StaffingGoal], today: date) -> PlanForm:
    """`known`: the goal of each queue. What is not said is as it was saved for the first queue.
    `queues` is empty only where somebody took the last of them away."""
    chosen = tuple(dict.fromkeys(name for name in args.getlist("queue") if name in known))
    if not chosen and not _unticked(args):
        chosen = tuple(known)[:1]
    stored = known[chosen[0]] if chosen else StaffingGoal()
    numbers: dict[str, int] = {}
    problems: dict[str, tuple[int, int]] = {}
    for name, (least, most) in {**BOUNDS, "growth": GROWTH}.items():
        if name not in args:
            continue
        number = _whole(args[name])
        if number is None or not least <= number <= most:
            problems[name] = (least, most)
        else:
            numbers[name] = number
    growth = numbers.pop("growth", 100)
    calendar = args.get("calendar", stored.calendar)[:80].replace("\0", "")
    return PlanForm(
        queues=chosen,
        day=_day(args.get("day", ""), today),
        goal=replace(stored, queue="", calendar=calendar, **numbers),
        growth=growth,
        problems=problems,
    )


def _unticked(args: MultiDict[str, str]) -> bool:
    """The form as it stands in the browser, with no queue: not an address that leaves it to us."""
    return "queue" not in args and "percent" in args


def _day(text: str, today: date) -> date:
    """Today for what is no day, or one too far ahead to say anything of."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return today
    return day if _EARLIEST <= day <= today + _LONGEST_AHEAD else today


def _whole(text: str) -> int | None:
    text = text.strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else None
