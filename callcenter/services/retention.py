"""Use cases of keeping things no longer than they may be: rules by kind, gone through each night in
small transactions; what somebody's legal hold protects is left alone. Bytes on disk go after the
rows, as often as it takes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

import structlog

from callcenter.calls.record import CallRecord
from callcenter.customers.phone import NumberPlan
from callcenter.errors import Invalid
from callcenter.ports import Clock, UnitOfWork
from callcenter.privacy.retention import KINDS, Kind, checked_days
from callcenter.services import archive, erasure, rights

log = structlog.get_logger(__name__)

UowFactory = Callable[[], UnitOfWork]
PlanFor = Callable[[str], NumberPlan]
Removers = Mapping[str, Callable[[str], None]]
_BATCH: Final = 200
_OF_CALLS: Final = frozenset({"calls", "recordings"})
_UNTAKEN: Final = timedelta(days=7)
"""How long an export waits for whoever asked for it."""


def set_rule(
    kind: str, days: int | None, *, user_id: int, unit_of_work: UowFactory, clock: Clock
) -> None:
    found = next((one for one in KINDS if one == kind), None)
    if found is None:
        raise Invalid("kind", f"must be one of: {', '.join(KINDS)}")
    checked_days(days)
    with unit_of_work() as uow:
        rights.require(uow, user_id, "settings", "change")
        before = uow.privacy.rules()[found].days
        uow.privacy.set_rule(found, days)
        uow.audit.record(
            user_id=user_id,
            action="retention_changed",
            object_type="retention",
            object_id=found,
            at=clock.now(),
            detail={"before": before, "after": days},
        )
        uow.commit()


def prune(*, unit_of_work: UowFactory, clock: Clock, plan_for: PlanFor) -> dict[str, int]:
    """Everything that is past its time by a rule. How many of each kind."""
    with unit_of_work() as uow:
        rules = uow.privacy.rules()
    found: dict[str, int] = {}
    for kind, rule in rules.items():
        if rule.days is None:
            continue
        before = clock.now() - timedelta(days=rule.days)
        if kind in _OF_CALLS and _recalled(kind, before, rule.done_until, unit_of_work, clock):
            continue  # another night: what it has to change is on its way out of the archive
        found[kind] = _PRUNE[kind](_Job(unit_of_work, clock, plan_for, rule.done_until), before)
        with unit_of_work() as uow:
            uow.privacy.done_until(kind, before)
            uow.commit()
    _drop_untaken(unit_of_work, clock)
    if found:
        log.info("retention.pruned", **found)
    return found


def _recalled(
    kind: Kind, before: datetime, done: datetime | None, unit_of_work: UowFactory, clock: Clock
) -> bool:
    with unit_of_work() as uow:
        waits = archive.recall(kind, before, done, uow, clock.now())
        uow.commit()
    return waits


class _Job:
    """What every kind needs."""

    def __init__(
        self,
        unit_of_work: UowFactory,
        clock: Clock,
        plan_for: PlanFor,
        since: datetime | None,
    ) -> None:
        self.unit_of_work, self.clock, self.plan_for = unit_of_work, clock, plan_for
        self.since = since

    def until_none(self, work: Callable[[UnitOfWork], int]) -> int:
        total = 0
        while True:
            with self.unit_of_work() as uow:
                count = work(uow)
                uow.commit()
            total += count
            if count < _BATCH:
                return total

    def by_id(
        self,
        find: Callable[[UnitOfWork, int], list[tuple[int, str]]],
        work: Callable[[UnitOfWork, list[tuple[int, str]]], None],
    ) -> int:
        total, after = 0, 0
        while True:
            with self.unit_of_work() as uow:
                found = find(uow, after)
                work(uow, found)
                uow.commit()
            total += len(found)
            if len(found) < _BATCH:
                return total
            after = found[-1][0]


def _calls(job: _Job, before: datetime) -> int:
    """That there was a call stays for reports; whose it was goes."""

    def work(uow: UnitOfWork, found: list[tuple[int, str]]) -> None:
        records = _records(uow, found)
        sounds = [name for record in records for name in erasure.sounds_of(record)]
        uow.erasures.doom("recording", sounds, job.clock.now())
        uow.calls.rewrite([erasure.anonymised(record, job.plan_for) for record in records])
        ids = [record.id for record in records]
        uow.journal.forget(ids)
        uow.repairs.forget(ids)
        uow.erasures.blank_interactions([one for one, _ in found], whole=True)
        channels = [(record.pbx, one) for record in records for one in record.uniqueids]
        uow.erasures.blank_decisions(channels, [])

    return job.by_id(
        lambda uow, after: uow.privacy.old_calls(job.since, before, after, _BATCH), work
    )


def _recordings(job: _Job, before: datetime) -> int:
    """The sound goes; the call stays as it is."""
    count = 0

    def work(uow: UnitOfWork, found: list[tuple[int, str]]) -> None:
        nonlocal count
        for record in _records(uow, found):
            sounds = erasure.sounds_of(record)
            if sounds:
                uow.erasures.doom("recording", sounds, job.clock.now())
                uow.calls.rewrite([_silent(record)])
                count += len(sounds)

    job.by_id(lambda uow, after: uow.privacy.old_calls(job.since, before, after, _BATCH), work)
    return count


def _silent(record: CallRecord) -> CallRecord:
    return replace(record, legs=tuple(replace(leg, recordings=()) for leg in record.legs))


def _records(uow: UnitOfWork, found: list[tuple[int, str]]) -> list[CallRecord]:
    records = (uow.calls.get(call_id) for _, call_id in found)
    return [record for record in records if record is not None and not record.live]


def _conversations(job: _Job, before: datetime) -> int:
    return job.by_id(
        lambda uow, after: [
            (one, "") for one in uow.privacy.old_conversations(before, after, _BATCH)
        ],
        lambda uow, found: uow.privacy.forget_conversations(
            [one for one, _ in found], job.clock.now()
        ),
    )


def _files(job: _Job, before: datetime) -> int:
    return job.until_none(lambda uow: uow.privacy.prune_files(before, job.clock.now(), _BATCH))


def _changes(job: _Job, before: datetime) -> int:
    return job.until_none(lambda uow: uow.privacy.prune_changes(before, _BATCH))


def _audit(job: _Job, before: datetime) -> int:
    return job.until_none(lambda uow: uow.audit.prune(before, _BATCH))


def _imports(job: _Job, before: datetime) -> int:
    return job.until_none(lambda uow: uow.privacy.prune_imports(before, job.clock.now(), _BATCH))


def _unconfirmed(job: _Job, before: datetime) -> int:
    def work(uow: UnitOfWork) -> int:
        found = uow.privacy.unconfirmed(before, 1)
        for customer_id in found:
            erasure.erase_in(uow, customer_id, clock=job.clock, plan_for=job.plan_for, user_id=None)
        return _BATCH if found else 0

    with job.unit_of_work() as uow:
        expected = len(uow.privacy.unconfirmed(before, 10_000))
    job.until_none(work)
    return expected


_PRUNE: Final[Mapping[Kind, Callable[[_Job, datetime], int]]] = {
    "calls": _calls,
    "recordings": _recordings,
    "conversations": _conversations,
    "files": _files,
    "changes": _changes,
    "audit": _audit,
    "imports": _imports,
    "unconfirmed": _unconfirmed,
}


def _drop_untaken(unit_of_work: UowFactory, clock: Clock) -> None:
    with unit_of_work() as uow:
        for job in uow.privacy.exports_before(clock.now() - _UNTAKEN):
            uow.erasures.doom("file", [job.stored_as], clock.now())
            uow.privacy.update_job(job.id, {"stored_as": ""})
        uow.commit()


def remove_doomed(removers: Removers, *, unit_of_work: UowFactory) -> int:
    """Take the bytes away whose rows are gone. A file that cannot be removed now is tried again."""
    count, after = 0, 0
    while True:
        with unit_of_work() as uow:
            doomed = uow.privacy.doomed(after, _BATCH)
        if not doomed:
            return count
        gone = [one.id for one in doomed if _removed(removers, one.kind, one.stored_as)]
        with unit_of_work() as uow:
            uow.privacy.gone(gone)
            uow.commit()
        count, after = count + len(gone), doomed[-1].id


def _removed(removers: Removers, kind: str, stored_as: str) -> bool:
    remover = removers.get(kind)
    if remover is None:
        return False
    try:
        remover(stored_as)
    except Exception:
        log.exception("retention.bytes_left", kind=kind)
        return False
    return True
