"""Takes bundles out of the database for the archive, and puts them back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    and_,
    case,
    delete,
    exists,
    func,
    literal_column,
    not_,
    or_,
    select,
    update,
)

from callcenter.archive.months import Month, bounds
from callcenter.archive.shapes import Owner, Packed, Plain
from callcenter.errors import Conflict
from callcenter.ports.archive import UnreadableError
from callcenter.store import archive
from callcenter.store.archive_looks import part_of
from callcenter.store.archive_shapes import (
    FREE_KEYS,
    TABLES,
    link,
    micros,
    plain,
    referrers,
    values,
)
from callcenter.store.repositories import archive_remembered, bulk
from callcenter.store.repositories.base import chunks, now
from callcenter.store.sets import among
from callcenter.store.tables import (
    archive_months,
    archive_returned,
    archive_rules,
    call_legs,
    calls,
    customers,
    interaction_candidates,
    interactions,
    metadata,
    retention_rules,
)

_SETTLED: Final = timedelta(days=1)
_CALLS: Final = "call"
_GONE_OVER: Final = ("calls", "recordings")
"""Rules of retention that change a call: they look in the database alone."""


class ArchiveRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # -- months ----------------------------------------------------------------------------------

    def months(self) -> tuple[Month, ...]:
        return tuple(archive.months(self._connection))

    def month(self, month: str) -> Month | None:
        query = select(archive_months).where(archive_months.c.month == month)
        row = self._connection.execute(query.with_for_update()).one_or_none()
        return archive.month_of(row) if row is not None else None

    def save(self, month: str, at: datetime, values: Mapping[str, Any]) -> None:
        told = {**values, "updated_at": at}
        mine = update(archive_months).where(archive_months.c.month == month)
        if not self._connection.execute(mine.values(**told)).rowcount:
            self._connection.execute(archive_months.insert().values(month=month, **told))

    def forget(self, month: str) -> None:
        run = self._connection.execute
        run(delete(archive_returned).where(archive_returned.c.month == month))
        archive_remembered.forget_month(self._connection, month)
        run(delete(archive_months).where(archive_months.c.month == month))

    def rule(self) -> int | None:
        query = select(archive_rules.c.months).where(archive_rules.c.kind == _CALLS)
        found: int | None = self._connection.scalar(query)
        return found

    def set_rule(self, months: int | None) -> None:
        row = {"kind": _CALLS, "months": months}
        bulk.upsert(self._connection, archive_rules, [row], keys=["kind"], changes=["months"])

    def oldest(self) -> datetime | None:
        found: datetime | None = self._connection.scalar(
            select(func.min(interactions.c.started_at))
        )
        return found

    def unready(self, month: str) -> str:
        query = select(retention_rules).where(
            retention_rules.c.kind.in_(_GONE_OVER), retention_rules.c.days.is_not(None)
        )
        _, until = bounds(month)
        for row in self._connection.execute(query):
            if row.done_until is None or row.done_until < until:
                return str(row.kind)
        return ""

    # -- what moves ------------------------------------------------------------------------------

    def movable(
        self,
        month: str,
        at: datetime,
        among_ids: Sequence[int] = (),
        within: tuple[datetime, datetime] | None = None,
    ) -> list[int]:
        query = self._movable(month, at, within).order_by(interactions.c.id)
        if among_ids:
            query = query.where(among(self._connection, interactions.c.id, among_ids))
        return list(self._connection.scalars(query))

    def has_movable(self, month: str, at: datetime) -> bool:
        return self._connection.scalar(self._movable(month, at).limit(1)) is not None

    def _movable(
        self, month: str, at: datetime, within: tuple[datetime, datetime] | None = None
    ) -> Any:
        free = (not_(why) for why in _staying(self._connection, at).values())
        return _of_month(month, within).with_only_columns(interactions.c.id).where(*free)

    def staying(
        self, month: str, at: datetime, within: tuple[datetime, datetime] | None = None
    ) -> dict[str, int]:
        told = case(
            *(
                (why, literal_column(f"'{name}'"))
                for name, why in _staying(self._connection, at).items()
            ),
            else_=literal_column("'changed'"),
        ).label("why")
        query = _of_month(month, within).with_only_columns(told, func.count()).group_by("why")
        return {row[0]: row[1] for row in self._connection.execute(query)}

    def read(self, interaction_ids: Sequence[int], *, lock: bool = False) -> list[Packed]:
        """`lock`: nobody changes them, or adds to them, until the transaction ends."""
        ids = sorted(interaction_ids)
        if lock:
            self._lock(ids)
        rows = self._rows("interactions", ids)
        of_call = {row["call_id"]: row["id"] for row in rows if row["call_id"] is not None}
        found: dict[int, dict[str, list[Plain]]] = {
            row["id"]: {"interactions": [plain("interactions", row)]} for row in rows
        }
        owners = {
            row["id"]: Owner(row["id"], row["customer_id"], micros(row["started_at"]))
            for row in rows
        }
        for name in TABLES:
            if name == "interactions":
                continue
            key = link(name)
            wanted: Sequence[Any] = ids if key == "interaction_id" else sorted(of_call)
            for row in self._rows(name, wanted):
                one = row[key] if key == "interaction_id" else of_call[row[key]]
                found[one].setdefault(name, []).append(plain(name, row))
        return [Packed(owners[one], found[one]) for one in ids if one in owners]

    def _lock(self, ids: Sequence[int]) -> None:
        query = select(interactions.c.call_id).where(
            among(self._connection, interactions.c.id, ids)
        )
        theirs = self._connection.scalars(query.order_by(interactions.c.id).with_for_update()).all()
        mine = among(self._connection, calls.c.id, [one for one in theirs if one is not None])
        self._connection.execute(
            select(calls.c.id).where(mine).order_by(calls.c.id).with_for_update()
        )

    def _rows(self, name: str, wanted: Sequence[Any]) -> list[dict[str, Any]]:
        table, found = metadata.tables[name], []
        for part in chunks(wanted):
            query = select(table).where(among(self._connection, table.c[link(name)], part))
            query = query.order_by(*table.primary_key.columns)
            found += [dict(row._mapping) for row in self._connection.execute(query)]
        return found

    def take_out(self, packed: Sequence[Packed]) -> None:
        ids = [one.owner.interaction_id for one in packed]
        theirs = [row["id"] for one in packed for row in one.rows.get("calls", ())]
        self.note(packed)
        for name in reversed(TABLES):
            table = metadata.tables[name]
            key = "call_id" if name == "calls" else link(name)
            wanted = theirs if key == "call_id" else ids
            for part in chunks(wanted):
                these = among(self._connection, table.c[link(name)], part)
                self._connection.execute(delete(table).where(these))

    def put_back(self, packed: Sequence[Packed]) -> int:
        """How many rows had to get a new id."""
        renamed = 0
        ids = [one.owner.interaction_id for one in packed]
        archive_remembered.forget(self._connection, ids)
        for name in TABLES:
            rows = [values(name, row) for one in packed for row in one.rows.get(name, ())]
            if name in FREE_KEYS:
                renamed += self._with_free_keys(metadata.tables[name], rows)
            _insert(self._connection, metadata.tables[name], rows)
        return renamed

    def _with_free_keys(self, table: Table, rows: list[dict[str, Any]]) -> int:
        taken = set(
            self._connection.scalars(
                select(table.c.id).where(
                    among(self._connection, table.c.id, [row["id"] for row in rows])
                )
            )
        )
        fresh = [row for row in rows if row["id"] in taken]
        for row in fresh:
            del row["id"]
            self._connection.execute(table.insert().values(**row))
        rows[:] = [row for row in rows if "id" in row]
        return len(fresh)

    def note(self, packed: Sequence[Packed]) -> None:
        archive_remembered.remember(self._connection, packed)

    # -- what counts no more in a file -----------------------------------------------------------

    def strike(self, month: str, interaction_ids: Sequence[int]) -> None:
        rows = [{"interaction_id": one, "month": month} for one in sorted(interaction_ids)]
        bulk.insert_missing(self._connection, archive_returned, rows)
        if rows:
            self.save(month, now(), {"stale": True})

    def struck(self, month: str) -> tuple[int, ...]:
        query = select(archive_returned.c.interaction_id).where(archive_returned.c.month == month)
        return tuple(sorted(self._connection.scalars(query)))

    def clear_struck(self, month: str, interaction_ids: Sequence[int]) -> None:
        table = archive_returned.c
        for part in chunks(interaction_ids):
            these = among(self._connection, table.interaction_id, part)
            self._connection.execute(delete(archive_returned).where(table.month == month, these))

    # -- back again ------------------------------------------------------------------------------

    def bring_back(self, interaction_ids: Sequence[int]) -> int:
        return bring_back(self._connection, interaction_ids)

    def bring_back_calls(self, pbx: str, moments: Mapping[str, datetime | None]) -> int:
        return bring_back(self._connection, archive.where_calls_are(self._connection, pbx, moments))

    def bring_back_person(
        self, customer_ids: Sequence[int], e164s: Sequence[str], digits: Sequence[str]
    ) -> int:
        found = archive.view(self._connection, strict=True)
        if found is None:
            return 0
        candidates = select(interaction_candidates.c.interaction_id).where(
            interaction_candidates.c.customer_id.in_(list(customer_ids))
        )
        rung = select(call_legs.c.call_id).where(_holds(call_legs, ("number", "channel"), digits))
        told = select(calls.c.id).where(_holds(calls, ("caller_number", "dialed"), digits))
        query = select(interactions.c.id).where(
            or_(
                interactions.c.customer_id.in_(list(customer_ids)),
                interactions.c.number.in_([one for one in e164s if one]),
                _holds(interactions, ("number_raw", "dialed"), digits),
                interactions.c.id.in_(candidates),
                interactions.c.call_id.in_(rung),
                interactions.c.call_id.in_(told),
            )
        )
        with _said_in_words():
            ids = list(found.scalars(query))
        return bring_back(self._connection, ids)


@contextmanager
def _said_in_words() -> Iterator[None]:
    try:
        yield
    except UnreadableError as error:
        raise Conflict("archive", "files of the archive cannot be read") from error


def bring_back(connection: Connection, interaction_ids: Sequence[int]) -> int:
    """These are rows of the database again, in this transaction; in the file they count no more.
    Two who bring back the same wait for each other on the month's row."""
    found = archive.view(connection, strict=True) if interaction_ids else None
    if found is None:
        return 0
    repository, count = ArchiveRepository(connection), 0
    for month, _ in found.group(found.of(interaction_ids)).shelved:
        wanted = [one for one in interaction_ids if month.may_hold([one])]
        held = repository.month(month.month)
        if held is None or not held.readable:
            continue
        part = part_of(held, repository.struck(held.month))
        with _said_in_words():
            packed = found.files.get([part], sorted(wanted))
        for lot in chunks(packed):
            repository.put_back(lot)
            repository.strike(held.month, [one.owner.interaction_id for one in lot])
        count += len(packed)
    return count


def _of_month(month: str, within: tuple[datetime, datetime] | None = None) -> Any:
    since, until = within or bounds(month)
    return (
        select(interactions)
        .select_from(interactions.outerjoin(calls, calls.c.id == interactions.c.call_id))
        .where(interactions.c.started_at >= since, interactions.c.started_at < until)
    )


def _staying(connection: Connection, at: datetime) -> dict[str, ColumnElement[bool]]:
    """Why an interaction stays where it is, by name."""
    newest = connection.scalar(
        select(func.max(interactions.c.id)).where(interactions.c.started_at < at - _SETTLED)
    )
    owner = customers.alias("owner")
    return {
        "conversation": interactions.c.channel != "call",
        "open": or_(interactions.c.ended_at.is_(None), and_(calls.c.id.is_not(None), calls.c.live)),
        "hold": exists().where(owner.c.id == interactions.c.customer_id, owner.c.legal_hold != ""),
        "newest": interactions.c.id == (newest or 0),
        **_referred_to(),
    }


@cache
def _referred_to() -> Mapping[str, ColumnElement[bool]]:
    """By rows that stay, by their table. Made once: it is asked for each day of a month, and the
    columns of a dozen tables were copied for it each time."""
    found: dict[str, ColumnElement[bool]] = {}
    for column, target in referrers():
        mine = interactions.c.id if target is interactions.c.id else interactions.c.call_id
        other = column.table.alias(f"of_{column.table.name}_{column.name}")
        why = exists().where(other.c[column.name] == mine)
        known = found.get(column.table.name)
        found[column.table.name] = why if known is None else or_(known, why)
    return found


def _insert(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Rows that were kept at different times may lack different columns."""
    by_columns: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in rows:
        by_columns.setdefault(tuple(row), []).append(row)
    for some in by_columns.values():
        connection.execute(table.insert(), some)


def _holds(table: Table, columns: Sequence[str], digits: Sequence[str]) -> ColumnElement[bool]:
    told = [table.c[name].contains(one, autoescape=True) for name in columns for one in digits]
    return or_(literal_column("false"), *told)
