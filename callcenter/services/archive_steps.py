"""The worker's part in the archive: a month's next step.

Each step is a row's state and a position that are written with what they tell of: a process that
dies leaves the rest of the work, never a call in two places or in none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

import structlog

from callcenter.archive import evidence
from callcenter.archive.months import HARMED, Month
from callcenter.archive.pages import FILE as PAGES
from callcenter.archive.shapes import Packed
from callcenter.ports import Clock, UnitOfWork
from callcenter.ports.archive import ArchiveFiles, Kept
from callcenter.services import archive_audit

log = structlog.get_logger(__name__)

UowFactory = Callable[[], UnitOfWork]
_LOT: Final = 250


class ArchiveError(Exception):
    """What was written does not say what was read, or files are not as they were left."""


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
        _take_out(month, files, unit_of_work, clock)
    elif month.state in ("to_restore", "restoring"):
        _put_back(month, files, unit_of_work, clock)
    elif month.stale or evidence.is_due(month, journals_since):
        _rewrite(month, files, unit_of_work, clock, journals_since, stopping)
    elif not files.sound(month.folder, month.files):
        raise ArchiveError(HARMED)
    elif PAGES not in month.files:
        _make_pages(month, files, unit_of_work, clock, stopping)
    else:
        return False
    return True


def look_at(month: Month, *, files: ArchiveFiles) -> None:
    """Reads a month's files to the last byte. Raises ArchiveError for what somebody harmed."""
    at_rest = month.state == "moved" and not month.problem and not month.stale
    if at_rest and not files.intact(month.folder, month.files):
        raise ArchiveError(HARMED)


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
    ids = _movable(month, unit_of_work, clock)
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
                packed = uow.archive.read(ids[start : start + _LOT])
                uow.archive.save(month.month, clock.now(), {"done": start})
                uow.commit()
            writer.add(packed)
        kept = writer.finish()
    except BaseException:
        writer.drop()
        raise
    if not _verified(files, kept, stopping):
        return
    with unit_of_work() as uow:
        held = uow.archive.month(month.month)
        if held is not None and held.state == "copying":
            values = {**_told(kept, journals_since), "state": "deleting", "position": 0, "done": 0}
            uow.archive.save(month.month, clock.now(), values)
            uow.commit()


def _movable(month: Month, unit_of_work: UowFactory, clock: Clock) -> list[int]:
    """A day at a time: whoever writes a call waits for none of it."""
    found: list[int] = []
    for day in _days(month):
        with unit_of_work() as uow:
            found += uow.archive.movable(month.month, clock.now(), within=day)
    return sorted(found)


def _days(month: Month) -> Iterator[tuple[datetime, datetime]]:
    start, end = month.bounds()
    while start < end:
        yield start, start + timedelta(days=1)
        start += timedelta(days=1)


def _nothing_to_move(month: str, unit_of_work: UowFactory) -> None:
    with unit_of_work() as uow:
        uow.archive.forget(month)
        uow.commit()


def _verified(files: ArchiveFiles, kept: Kept, stopping: Callable[[], bool]) -> bool:
    """What lies there says what was read, to the last field. False: nobody knows, it is
    `stopping`."""
    count = 0
    for lot in files.walk(kept.folder, lot=_LOT):
        if stopping():
            return False
        for packed, digest in lot:
            if packed.digest() != digest:
                raise ArchiveError(f"interaction {packed.owner.interaction_id} was not kept whole")
        count += len(lot)
    if count != kept.interactions or files.checked(kept.folder) != kept.sha256:
        raise ArchiveError(f"{count} of {kept.interactions} interactions can be read again")
    return True


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


def _take_out(month: Month, files: ArchiveFiles, unit_of_work: UowFactory, clock: Clock) -> None:
    """One lot: what is in the file as it is here goes from here; the rest is struck out there.
    Files are read, and what stays is counted, before anybody waits for it."""
    lot = next(iter(files.walk(month.folder, month.position, _LOT)), [])
    _check_walked(month, month.position, lot)
    staying = {} if lot else _staying(month, unit_of_work, clock)
    with unit_of_work() as uow:
        held = uow.archive.month(month.month)
        if held is None or not _is_where(held, month):
            return
        if lot:
            kept = {packed.owner.interaction_id: digest for packed, digest in lot}
            same = _unchanged(uow, month.month, kept, clock)
            uow.archive.take_out(same)
            gone = {one.owner.interaction_id for one in same}
            uow.archive.strike(month.month, sorted(set(kept) - gone))
            values = {"position": max(kept), "done": held.done + len(kept)}
            uow.archive.save(month.month, clock.now(), values)
        else:
            _moved(uow, held, staying, clock)
        uow.commit()


def _is_where(held: Month, month: Month) -> bool:
    """Whether nobody went on with it meanwhile."""
    then = (month.state, month.folder, month.position)
    return (held.state, held.folder, held.position) == then


def _staying(month: Month, unit_of_work: UowFactory, clock: Clock) -> dict[str, int]:
    """Why how many of a month stay, counted a day at a time."""
    found: Counter[str] = Counter()
    for day in _days(month):
        with unit_of_work() as uow:
            found.update(uow.archive.staying(month.month, clock.now(), within=day))
    return dict(found)


def _unchanged(uow: UnitOfWork, month: str, kept: dict[int, str], clock: Clock) -> list[Packed]:
    ids = sorted(kept)
    now = uow.archive.read(ids, lock=True)
    free = set(uow.archive.movable(month, clock.now(), ids))
    return [
        one
        for one in now
        if one.owner.interaction_id in free and one.digest() == kept[one.owner.interaction_id]
    ]


def _moved(uow: UnitOfWork, month: Month, staying: dict[str, int], clock: Clock) -> None:
    at = clock.now()
    values = {"state": "moved", "moved_at": at, "position": 0, "kept": staying}
    uow.archive.save(month.month, at, values)
    told = {"interactions": month.interactions, "sha256": month.sha256}
    archive_audit.record(uow, clock, month.asked_by, "archive_moved", month.month, **told)
    log.info("archive.moved", month=month.month, interactions=month.interactions)


def _put_back(month: Month, files: ArchiveFiles, unit_of_work: UowFactory, clock: Clock) -> None:
    """One lot, read before anybody waits for it."""
    if month.state == "to_restore":
        _check_untouched(month, files)
    begun = month.state == "restoring"
    position, done = (month.position, month.done) if begun else (0, 0)
    lot = next(iter(files.walk(month.folder, position, _LOT, lenient=month.accepted)), [])
    _check_walked(month, position, lot)
    with unit_of_work() as uow:
        held = uow.archive.month(month.month)
        if held is None or not _is_where(held, month):
            return
        struck = set(uow.archive.struck(month.month))
        uow.archive.put_back([one for one, _ in lot if one.owner.interaction_id not in struck])
        if lot:
            last = lot[-1][0].owner.interaction_id
            values = {"state": "restoring", "position": last, "done": done + len(lot)}
            uow.archive.save(month.month, clock.now(), values)
        else:
            uow.archive.forget(month.month)
            archive_audit.record(uow, clock, held.asked_by, "archive_restored", month.month)
        uow.commit()


def _check_walked(month: Month, position: int, lot: Sequence[object]) -> None:
    """Files that are away tell of nobody: that is no end."""
    if not lot and position < month.last_id and not month.accepted:
        raise ArchiveError(HARMED)


def _check_untouched(month: Month, files: ArchiveFiles) -> None:
    """What somebody else changed is not made good, neither brought back nor written anew, unless a
    person said so."""
    if not month.accepted and files.checked(month.folder) != month.sha256:
        raise ArchiveError(HARMED)


def _make_pages(
    month: Month,
    files: ArchiveFiles,
    unit_of_work: UowFactory,
    clock: Clock,
    stopping: Callable[[], bool],
) -> None:
    """Of a month that moved before its contacts were found one by one."""
    _check_untouched(month, files)
    size = files.make_pages(month.folder, stopping)
    if size is None:
        return
    with unit_of_work() as uow:
        struck = set(uow.archive.struck(month.month))
    for lot in files.walk(month.folder, lot=_LOT):
        if stopping():
            return
        with unit_of_work() as uow:
            here = uow.archive.month(month.month)
            if here is None or here.folder != month.folder:
                return
            uow.archive.note([one for one, _ in lot if one.owner.interaction_id not in struck])
            uow.commit()
    with unit_of_work() as uow:
        here = uow.archive.month(month.month)
        if here is not None and here.folder == month.folder:
            told = {"files": {**here.files, PAGES: {"bytes": size}}}
            uow.archive.save(month.month, clock.now(), told)
            uow.commit()


def _rewrite(  # noqa: PLR0917 (what every step takes)
    month: Month,
    files: ArchiveFiles,
    unit_of_work: UowFactory,
    clock: Clock,
    journals_since: datetime | None,
    stopping: Callable[[], bool],
) -> None:
    """Without what was struck out, and journals past their time: nobody can read it there any
    more."""
    _check_untouched(month, files)
    with unit_of_work() as uow:
        struck = uow.archive.struck(month.month)
    gone, kept = set(struck), None
    writer = files.write(month.month)
    try:
        count = walked = 0
        for lot in files.walk(month.folder, lot=_LOT, lenient=month.accepted):
            if stopping():
                return
            walked += len(lot)
            staying = [
                evidence.without_old(one, journals_since)
                for one, _ in lot
                if one.owner.interaction_id not in gone
            ]
            writer.add(staying)
            count += len(staying)
        if walked != month.interactions and not month.accepted:
            raise ArchiveError(HARMED)  # they went away meanwhile
        kept = writer.finish() if count else None
    finally:
        if kept is None:
            writer.drop()
    if kept is not None and not _verified(files, kept, stopping):
        return
    with unit_of_work() as uow:
        held = uow.archive.month(month.month)
        if held is None or held.state != "moved" or held.folder != month.folder:
            return
        if month.accepted:
            count = kept.interactions if kept is not None else 0
            lost = month.interactions - len(struck) - count
            told = {"interactions": count, "lost": lost}
            archive_audit.record(uow, clock, month.asked_by, "archive_rebuilt", month.month, **told)
        if kept is None:
            uow.archive.forget(month.month)
        else:
            uow.archive.clear_struck(month.month, struck)
            left = bool(uow.archive.struck(month.month))
            values = {**_told(kept, journals_since), "stale": left, "accepted": False}
            uow.archive.save(month.month, clock.now(), values)
        uow.commit()
