"""Use cases around business hours: calendars, their holidays and special days, closures.

What is wrong is refused with a code of `hours.checks`, which the door has words for; each change is
in the audit log with what it was before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from callcenter.errors import Conflict, Invalid, NotFound
from callcenter.finding.latin import slug
from callcenter.hours import public_holidays
from callcenter.hours.calendar import KEY, Calendar, Closure, SpecialDay, week_to_json
from callcenter.hours.checks import Problem, check_calendar, check_closure, check_special_day
from callcenter.hours.opening import zone_of
from callcenter.ports import Clock, UnitOfWork
from callcenter.speech import BUILTIN

_MOST = 200
_LONGEST_REASON = 200


class Unfit(Invalid):
    """Every problem that was found, for who shows them beside the fields."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__(problems[0].field, problems[0].code)


@dataclass(frozen=True, slots=True)
class HoursDesk:
    """What every use case here needs. `user_id` None: the product itself, as in the demo."""

    unit_of_work: Callable[[], UnitOfWork]
    clock: Clock
    user_id: int | None = None

    def create(self, draft: Calendar) -> str:
        """The new calendar's key, made of its title."""
        _refuse(check_calendar(draft, self._today(draft)))
        with self.unit_of_work() as uow:
            taken = uow.hours.keys()
            if len(taken) >= _MOST:
                raise Invalid("title", f"at most {_MOST} calendars")
            made = replace(draft, key=free_key(draft.key or draft.title, taken))
            uow.hours.add(made, self.clock.now())
            self._audit(uow, "calendar_created", made.key, after=_document(made))
            uow.commit()
        return made.key

    def save(self, key: str, draft: Calendar) -> None:
        """Name, zone, week and country; special days and switched holidays stay."""
        with self.unit_of_work() as uow:
            before = _existing(uow, key)
            after = replace(
                draft,
                id=before.id,
                key=key,
                worked=before.worked,
                special_days=before.special_days,
            )
            _refuse(check_calendar(after, self._today(after)))
            uow.hours.save(after, self.clock.now())
            self._audit(
                uow, "calendar_changed", key, before=_document(before), after=_document(after)
            )
            uow.commit()

    def remove(self, key: str, used_by: Iterable[str] = ()) -> None:
        """Not while rules, menus or queues name it: `used_by` says which."""
        users = sorted(used_by)
        if users:
            raise Conflict("", f"this calendar is used: {', '.join(users)}")
        with self.unit_of_work() as uow:
            before = _existing(uow, key)
            uow.hours.remove(before)
            self._audit(uow, "calendar_deleted", key, before=_document(before))
            uow.commit()

    def keep_holiday(self, key: str, name: str, *, worked: bool) -> None:
        """Are we there on this holiday, every year?"""
        with self.unit_of_work() as uow:
            before = _existing(uow, key)
            if name not in before.worked | self._holidays(before):
                raise NotFound("holiday", "this country has no such holiday")
            names = before.worked | {name} if worked else before.worked - {name}
            uow.hours.save(replace(before, worked=names), self.clock.now())
            self._audit(uow, "calendar_holiday_changed", key, holiday=name, worked=worked)
            uow.commit()

    def set_day(self, key: str, day: SpecialDay) -> None:
        with self.unit_of_work() as uow:
            calendar = _existing(uow, key)
            _refuse(check_special_day(day.day, day.intervals, self._today(calendar)))
            before = next((one for one in calendar.special_days if one.day == day.day), None)
            uow.hours.set_day(calendar, day, self.clock.now())
            self._audit(
                uow,
                "calendar_day_changed",
                key,
                before=_day_document(before) if before else None,
                after=_day_document(day),
            )
            uow.commit()

    def remove_day(self, key: str, day: date) -> None:
        with self.unit_of_work() as uow:
            calendar = _existing(uow, key)
            before = next((one for one in calendar.special_days if one.day == day), None)
            if before is None:
                raise NotFound("day", "there is no such special day")
            uow.hours.remove_day(calendar, day, self.clock.now())
            self._audit(uow, "calendar_day_removed", key, before=_day_document(before))
            uow.commit()

    def close(self, closure: Closure) -> int:
        now = self.clock.now()
        _refuse(check_closure(closure, now))
        kept = replace(closure, reason=closure.reason.strip()[:_LONGEST_REASON])
        with self.unit_of_work() as uow:
            if kept.calendar:
                _existing(uow, kept.calendar)
            if kept.message and kept.message not in {*BUILTIN, *uow.prompts.all()}:
                raise Unfit((Problem("message", "no_prompt"),))
            closure_id = uow.hours.close(kept, created_by=self.user_id, at=now)
            self._audit(uow, "closure_created", str(closure_id), after=_closure_document(kept))
            uow.commit()
        return closure_id

    def reopen(self, closure_id: int) -> None:
        with self.unit_of_work() as uow:
            closure = uow.hours.closure(closure_id)
            if closure is None or closure.ends_at <= self.clock.now():
                raise NotFound("closure", "this closure is over")
            uow.hours.end_closure(closure, self.clock.now())
            before = _closure_document(closure)
            self._audit(uow, "closure_ended", str(closure_id), before=before)
            uow.commit()

    def _holidays(self, calendar: Calendar) -> frozenset[str]:
        """Of this year and the next, in the country's own language."""
        year = self._today(calendar).year
        found = (
            public_holidays.of_year(calendar.country, calendar.subdivision, one)
            for one in (year, year + 1)
        )
        return frozenset(name for days in found for names in days.values() for name in names)

    def _today(self, calendar: Calendar) -> date:
        return self.clock.now().astimezone(zone_of(calendar)).date()

    def _audit(self, uow: UnitOfWork, action: str, object_id: str, **detail: Any) -> None:
        uow.audit.record(
            user_id=self.user_id,
            action=action,
            object_type="closure" if action.startswith("closure") else "calendar",
            object_id=object_id,
            at=self.clock.now(),
            detail=detail,
        )


def free_key(title: str, taken: frozenset[str]) -> str:
    """A key that rules can name: latin letters, digits and dashes, beginning with a letter."""
    base = slug(title, 24)
    if not base or not base[0].isalpha():
        base = f"hours-{base}".strip("-")
    numbered = (f"{base}-{number}" for number in range(2, _MOST + 2))
    return next(key for key in (base, *numbered) if key not in taken)


def _refuse(problems: tuple[Problem, ...]) -> None:
    errors = tuple(one for one in problems if one.severity == "error")
    if errors:
        raise Unfit(errors)


def _existing(uow: UnitOfWork, key: str) -> Calendar:
    found = uow.hours.get(key) if KEY.fullmatch(key) else None
    if found is None:
        raise NotFound("key", f"there is no calendar {key}")
    return found


def _document(calendar: Calendar) -> dict[str, Any]:
    return {
        "title": calendar.title,
        "time_zone": calendar.time_zone,
        "week": week_to_json(calendar.week),
        "country": calendar.country,
        "subdivision": calendar.subdivision,
        "observe_holidays": calendar.observe_holidays,
        "worked": sorted(calendar.worked),
    }


def _day_document(day: SpecialDay) -> dict[str, Any]:
    hours = [str(one) for one in day.intervals]
    return {"day": day.day.isoformat(), "kind": day.kind, "hours": hours, "title": day.title}


def _closure_document(closure: Closure) -> dict[str, Any]:
    def told(at: datetime) -> str:
        return at.isoformat(timespec="minutes")

    return {
        "calendar": closure.calendar or "*",
        "from": told(closure.starts_at),
        "until": told(closure.ends_at),
        "reason": closure.reason,
        "message": closure.message,
    }
