"""Use cases of the archive: what stays, months asked to move or to come back, and what becomes of
a month whose files are not as they were left. The work is done by `archive_steps`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

import structlog

from callcenter.archive import months as calendar
from callcenter.archive.months import Month
from callcenter.errors import Conflict, NotFound
from callcenter.ports import Clock, UnitOfWork
from callcenter.services import archive_audit, rights

log = structlog.get_logger(__name__)

UowFactory = Callable[[], UnitOfWork]


def set_rule(
    months: int | None, *, user_id: int | None, unit_of_work: UowFactory, clock: Clock
) -> None:
    calendar.checked_months(months)
    with unit_of_work() as uow:
        rights.require(uow, user_id, "settings", "change")
        before = uow.archive.rule()
        uow.archive.set_rule(months)
        archive_audit.record(
            uow, clock, user_id, "archive_rule_changed", "call", before=before, after=months
        )
        uow.commit()


def ask_move(month: str, *, user_id: int | None, unit_of_work: UowFactory, clock: Clock) -> None:
    """The worker moves it. Raises Conflict where a month cannot move now, and says why."""
    month = calendar.checked(month)
    with unit_of_work() as uow:
        rights.require(uow, user_id, "settings", "change")
        if month > calendar.youngest_to_move(clock.now(), calendar.LEAST_MONTHS):
            raise Conflict("month", "this month is too young: one whole month stays at least")
        known = uow.archive.month(month)
        if known is not None and not known.problem:
            raise Conflict("month", "this month was moved already, or is about to be")
        if rule := uow.archive.unready(month):
            raise Conflict(
                "month", f"the rule on how long {rule} are kept has not gone over this month yet"
            )
        _begin(uow, month, known, user_id, clock)
        archive_audit.record(uow, clock, user_id, "archive_move_asked", month)
        uow.commit()


def _begin(
    uow: UnitOfWork, month: str, known: Month | None, user_id: int | None, clock: Clock
) -> None:
    """Goes on where it stopped."""
    values = {"problem": "", "asked_by": user_id}
    if known is None:
        values["state"] = "to_move"
    uow.archive.save(month, clock.now(), values)


def ask_restore(month: str, *, user_id: int | None, unit_of_work: UowFactory, clock: Clock) -> None:
    month = calendar.checked(month)
    with unit_of_work() as uow:
        rights.require(uow, user_id, "settings", "change")
        known = uow.archive.month(month)
        if known is None:
            raise NotFound("month", f"{month} is not in the archive")
        if known.state not in ("moved", "to_restore", "restoring"):
            raise Conflict("month", "this month is about to be moved; wait until it is")
        state = known.state if known.state == "restoring" else "to_restore"
        values = {"state": state, "problem": "", "asked_by": user_id}
        uow.archive.save(month, clock.now(), values)
        archive_audit.record(uow, clock, user_id, "archive_restore_asked", month)
        uow.commit()


def check_again(month: str, *, user_id: int | None, unit_of_work: UowFactory, clock: Clock) -> None:
    """Its files were brought from a back-up: the worker looks at them again and goes on."""
    _of_harmed(month, "archive_check_asked", {"problem": ""}, user_id, unit_of_work, clock)


def accept(month: str, *, user_id: int | None, unit_of_work: UowFactory, clock: Clock) -> None:
    """The worker makes its files anew of what can still be read whole."""
    values = {"accepted": True, "stale": True, "problem": ""}
    _of_harmed(month, "archive_accepted", values, user_id, unit_of_work, clock)


def give_up(month: str, *, user_id: int | None, unit_of_work: UowFactory, clock: Clock) -> None:
    """What is in its files is lost. What came back from them before stays."""
    _of_harmed(month, "archive_given_up", None, user_id, unit_of_work, clock)


def _of_harmed(  # noqa: PLR0917 (what every use case takes)
    month: str,
    action: str,
    values: Mapping[str, object] | None,
    user_id: int | None,
    unit_of_work: UowFactory,
    clock: Clock,
) -> None:
    month = calendar.checked(month)
    with unit_of_work() as uow:
        rights.require(uow, user_id, "settings", "change")
        known = uow.archive.month(month)
        if known is None:
            raise NotFound("month", f"{month} is not in the archive")
        if not known.harmed:
            raise Conflict("month", "the files of this month are as they were left")
        if values is None:
            uow.archive.forget(month)
        else:
            uow.archive.save(month, clock.now(), {**values, "asked_by": user_id})
        told = {"interactions": known.interactions, "sha256": known.sha256, "state": known.state}
        archive_audit.record(uow, clock, user_id, action, month, **told)
        uow.commit()


def ask_due(*, unit_of_work: UowFactory, clock: Clock) -> list[str]:
    """Months that the policy wants moved and that may be."""
    with unit_of_work() as uow:
        live, oldest = uow.archive.rule(), uow.archive.oldest()
        if live is None or oldest is None:
            return []
        last = calendar.youngest_to_move(clock.now(), live)
        known = {one.month for one in uow.archive.months()}
        found = [
            month
            for month in calendar.between(oldest, last)
            if month not in known
            and not uow.archive.unready(month)
            and uow.archive.has_movable(month, clock.now())
        ]
        for month in found:
            _begin(uow, month, None, None, clock)
        uow.commit()
    return found


def recall(
    kind: str, before: datetime, done: datetime | None, uow: UnitOfWork, at: datetime
) -> bool:
    """Months that a rule of retention has yet to go over come back first. Whether any does."""
    waits = False
    for month in uow.archive.months():
        _, end = month.bounds()
        if end > before or (done is not None and done >= end):
            continue
        waits = True
        if month.state == "moved":
            log.info("archive.recalled", month=month.month, rule=kind)
            uow.archive.save(month.month, at, {"state": "to_restore"})
    return waits
