"""Use cases of the archive: months of calls move to files, come back, and files are made anew.

Each step is a row's state and a position that are written with what they tell of: a process that
dies leaves the rest of the work, never a call in two places or in none.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

import structlog

from callcenter.archive import evidence
from callcenter.archive import months as calendar
from callcenter.archive.months import Month
from callcenter.archive.shapes import Packed
from callcenter.errors import Conflict, NotFound
from callcenter.ports import Clock, UnitOfWork
from callcenter.ports.archive import ArchiveFiles, Kept
from callcenter.services import rights

log = structlog.get_logger(__name__)

UowFactory = Callable[[], UnitOfWork]
_LOT: Final = 250


class ArchiveError(Exception):
    """What was written does not say what was read, or files are not as they were left."""


def set_rule(
    months: int | None, *, user_id: int | None, unit_of_work: UowFactory, clock: Clock
) -> None:
    calendar.checked_months(months)
    with unit_of_work() as uow:
        rights.require(uow, user_id, "settings", "change")
        before = uow.archive.rule()
        uow.archive.set_rule(months)
        _audit(uow, clock, user_id, "archive_rule_changed", "call", before=before, after=months)
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
        _audit(uow, clock, user_id, "archive_move_asked", month)
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
        _audit(uow, clock, user_id, "archive_restore_asked", month)
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
            and uow.archive.movable(month, clock.now())
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


# -- the worker's part -----------------------------------------------------------------------------


def work_on(
    month: Month,
    *,
    files: ArchiveFiles,
    unit_of_work: UowFactory,
    clock: Clock,
    journals_since: datetime | None = None,
    stopping: Callable[[], bool] = lambda: False,
) -> bool:
    """The next step of a month. Whether there was one. Files that are half written when it is
    `stopping` are dropped: nothing has gone from the database by then. Journals of before
    `journals_since` do not stay in files."""
    if month.problem:
        return False
    if month.state in ("to_move", "copying"):
        _copy(month, files, unit_of_work, clock, journals_since, stopping)
    elif month.state == "deleting":
        _take_out(month.month, files, unit_of_work, clock)
    elif month.state in ("to_restore", "restoring"):
        _put_back(month.month, files, unit_of_work, clock)
    elif month.stale or evidence.is_due(month, journals_since):
        _rewrite(month, files, unit_of_work, clock, journals_since)
    else:
        return False
    return True


def note_problem(month: str, problem: str, *, unit_of_work: UowFactory, clock: Clock) -> None:
    with unit_of_work() as uow:
        if uow.archive.month(month) is not None:
            uow.archive.save(month, clock.now(), {"problem": problem[:255]})
            uow.commit()


def _copy(  # noqa: PLR0917 (what every step takes)
    month: Month,
    files: ArchiveFiles,
    unit_of_work: UowFactory,
    clock: Clock,
    journals_since: datetime | None,
    stopping: Callable[[], bool],
) -> None:
    with unit_of_work() as uow:
        uow.archive.save(month.month, clock.now(), {"state": "copying", "done": 0})
        uow.commit()
        ids = uow.archive.movable(month.month, clock.now())
    if not ids:
        _nothing_to_move(month.month, unit_of_work)
        return
    writer = files.write(month.month)
    try:
        for start in range(0, len(ids), _LOT):
            if stopping():
                writer.drop()
                return
            with unit_of_work() as uow:
                writer.add(uow.archive.read(ids[start : start + _LOT]))
                uow.archive.save(month.month, clock.now(), {"done": start})
                uow.commit()
        kept = writer.finish()
    except BaseException:
        writer.drop()
        raise
    _verify(files, kept)
    with unit_of_work() as uow:
        held = uow.archive.month(month.month)
        if held is not None and held.state == "copying":
            values = {**_told(kept, journals_since), "state": "deleting", "position": 0, "done": 0}
            uow.archive.save(month.month, clock.now(), values)
            uow.commit()


def _nothing_to_move(month: str, unit_of_work: UowFactory) -> None:
    with unit_of_work() as uow:
        uow.archive.forget(month)
        uow.commit()


def _verify(files: ArchiveFiles, kept: Kept) -> None:
    """What lies there says what was read, to the last field."""
    count = 0
    for lot in files.walk(kept.folder, lot=_LOT):
        for packed, digest in lot:
            if packed.digest() != digest:
                raise ArchiveError(f"interaction {packed.owner.interaction_id} was not kept whole")
        count += len(lot)
    if count != kept.interactions or files.checked(kept.folder) != kept.sha256:
        raise ArchiveError(f"{count} of {kept.interactions} interactions can be read again")


def _told(kept: Kept, journals_since: datetime | None) -> dict[str, object]:
    return {
        "folder": kept.folder,
        "sha256": kept.sha256,
        "files": evidence.noted(kept.files, journals_since),
        "interactions": kept.interactions,
        "bytes": kept.bytes,
        "first_id": kept.first_id,
        "last_id": kept.last_id,
    }


def _take_out(name: str, files: ArchiveFiles, unit_of_work: UowFactory, clock: Clock) -> None:
    """One lot: what is in the file as it is here goes from here; the rest is struck out there."""
    with unit_of_work() as uow:
        month = uow.archive.month(name)
        if month is None or month.state != "deleting":
            return
        lot = next(iter(files.walk(month.folder, month.position, _LOT)), [])
        if lot:
            kept = {packed.owner.interaction_id: digest for packed, digest in lot}
            same = _unchanged(uow, name, kept, clock)
            uow.archive.take_out(same)
            gone = {one.owner.interaction_id for one in same}
            uow.archive.strike(name, sorted(set(kept) - gone))
            values = {"position": max(kept), "done": month.done + len(kept)}
            uow.archive.save(name, clock.now(), values)
        else:
            _moved(uow, month, clock)
        uow.commit()


def _unchanged(uow: UnitOfWork, month: str, kept: dict[int, str], clock: Clock) -> list[Packed]:
    ids = sorted(kept)
    now = uow.archive.read(ids, lock=True)
    free = set(uow.archive.movable(month, clock.now(), ids))
    return [
        one
        for one in now
        if one.owner.interaction_id in free and one.digest() == kept[one.owner.interaction_id]
    ]


def _moved(uow: UnitOfWork, month: Month, clock: Clock) -> None:
    at = clock.now()
    staying = uow.archive.staying(month.month, at)
    values = {"state": "moved", "moved_at": at, "position": 0, "kept": staying}
    uow.archive.save(month.month, at, values)
    told = {"interactions": month.interactions, "sha256": month.sha256}
    _audit(uow, clock, month.asked_by, "archive_moved", month.month, **told)
    log.info("archive.moved", month=month.month, interactions=month.interactions)


def _put_back(name: str, files: ArchiveFiles, unit_of_work: UowFactory, clock: Clock) -> None:
    """One lot."""
    with unit_of_work() as uow:
        month = uow.archive.month(name)
        if month is None or month.state not in ("to_restore", "restoring"):
            return
        if month.state == "to_restore":
            _check_untouched(month, files)
        begun = month.state == "restoring"
        position, done = (month.position, month.done) if begun else (0, 0)
        lot = next(iter(files.walk(month.folder, position, _LOT)), [])
        struck = set(uow.archive.struck(name))
        uow.archive.put_back([one for one, _ in lot if one.owner.interaction_id not in struck])
        if lot:
            last = lot[-1][0].owner.interaction_id
            values = {"state": "restoring", "position": last, "done": done + len(lot)}
            uow.archive.save(name, clock.now(), values)
        else:
            uow.archive.forget(name)
            _audit(uow, clock, month.asked_by, "archive_restored", name)
        uow.commit()


def _check_untouched(month: Month, files: ArchiveFiles) -> None:
    """What somebody else changed is not made good: neither brought back nor written anew."""
    if files.checked(month.folder) != month.sha256:
        raise ArchiveError("the files are not as they were left: bring them from a back-up")


def _rewrite(
    month: Month,
    files: ArchiveFiles,
    unit_of_work: UowFactory,
    clock: Clock,
    journals_since: datetime | None,
) -> None:
    """Without what was struck out, and journals past their time: nobody can read it there any
    more."""
    _check_untouched(month, files)
    with unit_of_work() as uow:
        struck = uow.archive.struck(month.month)
    gone, kept = set(struck), None
    writer = files.write(month.month)
    try:
        count = 0
        for lot in files.walk(month.folder, lot=_LOT):
            staying = [
                evidence.without_old(one, journals_since)
                for one, _ in lot
                if one.owner.interaction_id not in gone
            ]
            writer.add(staying)
            count += len(staying)
        kept = writer.finish() if count else None
    finally:
        if kept is None:
            writer.drop()
    if kept is not None:
        _verify(files, kept)
    with unit_of_work() as uow:
        held = uow.archive.month(month.month)
        if held is None or held.state != "moved" or held.folder != month.folder:
            return
        if kept is None:
            uow.archive.forget(month.month)
        else:
            uow.archive.clear_struck(month.month, struck)
            left = bool(uow.archive.struck(month.month))
            values = {**_told(kept, journals_since), "stale": left}
            uow.archive.save(month.month, clock.now(), values)
        uow.commit()


def _audit(
    uow: UnitOfWork,
    clock: Clock,
    user_id: int | None,
    action: str,
    object_id: str,
    **detail: object,
) -> None:
    uow.audit.record(
        user_id=user_id,
        action=action,
        object_type="archive",
        object_id=object_id,
        at=clock.now(),
        detail=detail,
    )
