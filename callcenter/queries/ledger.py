"""How the ledger of each PBX is read: how far, what it changed, what could not be read of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from sqlalchemy import Connection, case, func, select, tuple_

from callcenter.calls.ledger import LedgerPosition, SetAside
from callcenter.queries.paging import Page, bounded, decode_cursor, encode_cursor
from callcenter.store.tables import (
    call_repairs,
    calls,
    ledger_positions,
    ledger_received,
    ledger_set_aside,
    pbx_links,
)

_SET_ASIDE = [c for c in ledger_set_aside.columns if c.name != "id"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedFile:
    """A file of a forwarder, as far as it has come here."""

    pbx: str
    file_id: str
    path: str
    received_to: int
    last_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerView:
    """The ledger of one PBX from one source. `position` is None while nothing was read of it,
    `received` while no forwarder has sent any."""

    pbx: str
    position: LedgerPosition | None
    received: ReceivedFile | None = None
    set_aside: int = 0

    @property
    def behind(self) -> int | None:
        """Bytes that are here and not yet read; None where that is known to its own disk alone."""
        if self.received is None:
            return None
        same = self.position is not None and self.position.file_id == self.received.file_id
        return max(
            0, self.received.received_to - (self.position.read_to if same and self.position else 0)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerDay:
    """Calls that began in one stretch of time, by what the ledger said of them."""

    confirmed: int = 0
    corrected: int = 0
    found: int = 0
    waiting: int = 0

    @property
    def all(self) -> int:
        return self.confirmed + self.corrected + self.found + self.waiting


def sources(connection: Connection) -> tuple[LedgerView, ...]:
    """Every ledger that is read or received, by PBX."""
    columns = ledger_positions.c
    # Without a file it is only known since when there was none to read.
    begun = select(ledger_positions).where(columns.file_id != "")
    query = begun.order_by(columns.pbx, columns.source)
    positions = [LedgerPosition(**row._mapping) for row in connection.execute(query)]
    files = _newest_files(connection)
    aside = _set_aside_counts(connection)
    found = [
        LedgerView(
            pbx=one.pbx,
            position=one,
            received=files.get(one.pbx) if one.source == "inbox" else None,
            set_aside=aside.get((one.pbx, one.source), 0),
        )
        for one in positions
    ]
    read = {one.pbx for one in positions if one.source == "inbox"}
    found += [
        LedgerView(pbx=pbx, position=None, received=file, set_aside=aside.get((pbx, "inbox"), 0))
        for pbx, file in files.items()
        if pbx not in read
    ]
    return tuple(sorted(found, key=lambda one: one.pbx))


def received(connection: Connection, pbx: str) -> ReceivedFile | None:
    """The file that a forwarder of this PBX has sent of last."""
    return _newest_files(connection).get(pbx)


def known_pbxs(connection: Connection) -> frozenset[str]:
    """Those that some listener has reported on."""
    return frozenset(connection.scalars(select(pbx_links.c.pbx)))


def set_aside(
    connection: Connection, pbx: str | None, cursor: str | None, limit: int
) -> Page[SetAside]:
    """Lines that were not folded, the newest first."""
    limit = bounded(limit)
    table = ledger_set_aside.c
    query = select(ledger_set_aside).order_by(table.at.desc(), table.id.desc()).limit(limit + 1)
    if pbx is not None:
        query = query.where(table.pbx == pbx)
    if cursor:
        query = query.where(tuple_(table.at, table.id) < decode_cursor(cursor, datetime, int))
    rows = connection.execute(query).all()
    items = tuple(
        SetAside(**{c.name: getattr(row, c.name) for c in _SET_ASIDE}) for row in rows[:limit]
    )
    last = rows[limit - 1] if len(rows) > limit else None
    return Page(items, encode_cursor(last.at, last.id) if last is not None else None)


def days(connection: Connection, bounds: Sequence[datetime]) -> tuple[LedgerDay, ...]:
    """For each stretch between two bounds (in order), what the ledger said of its calls."""
    stretches = list(pairwise(bounds))
    # Grouped by its name: PostgreSQL takes the same expression with other parameters for another.
    bucket = case(
        *((calls.c.started_at < end, at) for at, (_, end) in enumerate(stretches)), else_=-1
    ).label("stretch")
    within = (calls.c.started_at >= bounds[0]) & (calls.c.started_at < bounds[-1])
    alive = within & calls.c.merged_into.is_(None)
    settled = calls.c.settled_at.is_not(None).label("settled")
    totals = connection.execute(
        select(bucket, settled, func.count()).where(alive).group_by("stretch", "settled")
    )
    first = (
        select(call_repairs.c.call_id, func.min(call_repairs.c.cause).label("cause"))
        .where(call_repairs.c.at >= bounds[0])
        .group_by(call_repairs.c.call_id)
        .subquery()
    )
    told = {(at, bool(done)): count for at, done, count in totals}
    found: Counter[int] = Counter()
    corrected: Counter[int] = Counter()
    for at, cause, count in connection.execute(
        select(bucket, first.c.cause, func.count())
        .select_from(first.join(calls, calls.c.id == first.c.call_id))
        .where(alive)
        .group_by("stretch", first.c.cause)
    ):
        (found if cause == "missed" else corrected)[at] += count
    return tuple(
        LedgerDay(
            confirmed=max(0, told.get((at, True), 0) - found[at] - corrected[at]),
            corrected=corrected[at],
            found=found[at],
            waiting=told.get((at, False), 0),
        )
        for at in range(len(stretches))
    )


def _newest_files(connection: Connection) -> dict[str, ReceivedFile]:
    files: dict[str, ReceivedFile] = {}
    for row in connection.execute(select(ledger_received).order_by(ledger_received.c.last_at)):
        files[row.pbx] = ReceivedFile(
            pbx=row.pbx,
            file_id=row.file_id,
            path=row.path,
            received_to=row.received_to,
            last_at=row.last_at,
        )
    return files


def _set_aside_counts(connection: Connection) -> dict[tuple[str, str], int]:
    table = ledger_set_aside.c
    query = select(table.pbx, table.source, func.count()).group_by(table.pbx, table.source)
    return {(pbx, source): count for pbx, source, count in connection.execute(query)}
