"""Keeps jobs of data protection and rules of retention, and finds what is past its time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    case,
    cast,
    delete,
    exists,
    false,
    func,
    literal_column,
    or_,
    select,
    update,
)

from callcenter.ports.privacy import Doomed, JobKind, PrivacyJob, RetentionRule
from callcenter.privacy.retention import KINDS, Kind
from callcenter.store import erasing
from callcenter.store.repositories.base import insert
from callcenter.store.sets import among
from callcenter.store.tables import (
    changes,
    conversations,
    customer_figures,
    customers,
    doomed_files,
    exports,
    files,
    import_errors,
    imports,
    interactions,
    privacy_jobs,
    retention_rules,
)
from callcenter.store.types import Id

_OPEN: Final = privacy_jobs.c.state.in_([literal_column("'waiting'"), literal_column("'running'")])
_OVER: Final = ("done", "failed", "undone")


class PrivacyRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def hold(self, customer_id: int) -> str | None:
        query = select(customers.c.legal_hold).where(
            customers.c.id == customer_id, customers.c.deleted_at.is_(None)
        )
        found: str | None = self._connection.scalar(query)
        return found

    def set_hold(self, customer_id: int, why: str, at: datetime) -> None:
        """Whoever looked at the card meanwhile looks again before changing it."""
        self._connection.execute(
            update(customers)
            .where(customers.c.id == customer_id)
            .values(legal_hold=why, updated_at=at, version=customers.c.version + 1)
        )
        self._connection.execute(update(retention_rules).values(done_until=None))

    # -- jobs ------------------------------------------------------------------------------------

    def ask(self, kind: JobKind, customer_id: int, user_id: int | None, at: datetime) -> int:
        return self._add(kind, customer_id, user_id, at, state="waiting", detail={})

    def note_erasure(
        self, customer_id: int, user_id: int | None, at: datetime, detail: Mapping[str, Any]
    ) -> None:
        told = dict(detail)
        self._add("erase", customer_id, user_id, at, state="done", detail=told, done_at=at)

    def _add(
        self, kind: str, customer_id: int, user_id: int | None, at: datetime, **more: Any
    ) -> int:
        values = {"kind": kind, "customer_id": customer_id, "user_id": user_id, "asked_at": at}
        statement = privacy_jobs.insert().values(**values, **more).returning(privacy_jobs.c.id)
        return int(self._connection.execute(statement).scalar_one())

    def job(self, job_id: int) -> PrivacyJob | None:
        return self._one(select(privacy_jobs).where(privacy_jobs.c.id == job_id))

    def open_job(self, kind: JobKind, customer_id: int) -> PrivacyJob | None:
        table = privacy_jobs.c
        query = select(privacy_jobs).where(
            table.customer_id == customer_id, table.kind == kind, _OPEN
        )
        return self._one(query.order_by(table.id).limit(1))

    def next_job(self) -> PrivacyJob | None:
        return self._one(select(privacy_jobs).where(_OPEN).order_by(privacy_jobs.c.id).limit(1))

    def update_job(self, job_id: int, values: Mapping[str, Any]) -> None:
        change = update(privacy_jobs).where(privacy_jobs.c.id == job_id)
        self._connection.execute(change.values(dict(values)))

    def exports_before(self, before: datetime) -> list[PrivacyJob]:
        table = privacy_jobs.c
        query = select(privacy_jobs).where(
            table.kind == "export", table.stored_as != "", table.done_at < before
        )
        return [PrivacyJob(**row._mapping) for row in self._connection.execute(query)]

    def forget_exports(self, customer_ids: Sequence[int], at: datetime) -> None:
        table = privacy_jobs.c
        theirs = (among(self._connection, table.customer_id, customer_ids), table.stored_as != "")
        names = self._connection.scalars(select(table.stored_as).where(*theirs))
        erasing.doom(self._connection, "file", names, at)
        self._connection.execute(update(privacy_jobs).where(*theirs).values(stored_as=""))

    def _one(self, query: Select[Any]) -> PrivacyJob | None:
        row = self._connection.execute(query).one_or_none()
        return PrivacyJob(**row._mapping) if row is not None else None

    # -- how long --------------------------------------------------------------------------------

    def rules(self) -> dict[Kind, RetentionRule]:
        found = {row.kind: row for row in self._connection.execute(select(retention_rules))}
        return {
            kind: RetentionRule(**found[kind]._mapping)
            if kind in found
            else RetentionRule(kind=kind)
            for kind in KINDS
        }

    def set_rule(self, kind: Kind, days: int | None) -> None:
        statement = insert(self._connection, retention_rules).values(kind=kind, days=days)
        self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=["kind"], set_={"days": statement.excluded.days}
            )
        )

    def done_until(self, kind: Kind, moment: datetime) -> None:
        change = update(retention_rules).where(retention_rules.c.kind == kind)
        self._connection.execute(change.values(done_until=moment))

    def old_calls(
        self, since: datetime | None, before: datetime, after: int, limit: int
    ) -> list[tuple[int, str]]:
        table = interactions.c
        query = (
            select(table.id, table.call_id)
            .where(
                table.started_at < before,
                table.id > after,
                table.call_id.is_not(None),
                table.number_kind != "erased",
                ~_held(table.customer_id),
            )
            .order_by(table.id)
            .limit(limit)
        )
        if since is not None:
            query = query.where(table.started_at >= since)
        return [(row.id, row.call_id) for row in self._connection.execute(query)]

    def old_conversations(self, before: datetime, after: int, limit: int) -> list[int]:
        table = conversations.c
        query = (
            select(table.id)
            .where(
                table.state == "closed",
                table.last_message_at < before,
                table.id > after,
                or_(table.address != "", table.subject != "", table.last_text != ""),
                ~_held(table.customer_id),
            )
            .order_by(table.id)
            .limit(limit)
        )
        return list(self._connection.scalars(query))

    def forget_conversations(self, ids: Sequence[int], at: datetime) -> None:
        erasing.forget_written(self._connection, ids, at, keep_customer=True)

    def prune_files(self, before: datetime, at: datetime, limit: int) -> int:
        query = (
            select(files.c.id)
            .where(files.c.created_at < before, ~_held(files.c.customer_id))
            .order_by(files.c.id)
            .limit(limit)
        )
        found = list(self._connection.scalars(query))
        erasing.doom_files(self._connection, found, at)
        return len(found)

    def prune_changes(self, before: datetime, limit: int) -> int:
        of_card = case((changes.c.object_type == "customer", changes.c.object_id), else_="0")
        oldest = select(changes.c.id).where(changes.c.at < before, ~_held(cast(of_card, Id)))
        oldest = oldest.order_by(changes.c.id).limit(limit)
        return self._connection.execute(delete(changes).where(changes.c.id.in_(oldest))).rowcount

    def prune_imports(self, before: datetime, at: datetime, limit: int) -> int:
        count = 0
        for table, kind in ((imports, "import"), (exports, "export")):
            past = (
                table.c.state.in_(_OVER),
                table.c.stored_as != "",
                table.c.finished_at < before,
            )
            rows = self._connection.execute(
                select(table.c.id, table.c.stored_as).where(*past).limit(limit)
            ).all()
            ids = [row.id for row in rows]
            erasing.doom(self._connection, kind, [row.stored_as for row in rows], at)
            these = among(self._connection, table.c.id, ids)
            self._connection.execute(update(table).where(these).values(stored_as=""))
            if table is imports:
                errors = among(self._connection, import_errors.c.import_id, ids)
                self._connection.execute(delete(import_errors).where(errors))
            count += len(rows)
        return count

    def unconfirmed(self, before: datetime, limit: int) -> list[int]:
        table = customers.c
        heard = exists().where(
            customer_figures.c.customer_id == table.id,
            func.coalesce(customer_figures.c.last_contact_at, table.created_at) >= before,
        )
        query = (
            select(table.id)
            .where(
                table.confirmed == false(),
                table.created_at < before,
                table.deleted_at.is_(None),
                table.legal_hold == "",
                ~heard,
            )
            .order_by(table.id)
            .limit(limit)
        )
        return list(self._connection.scalars(query))

    # -- bytes -----------------------------------------------------------------------------------

    def doomed(self, after: int, limit: int) -> list[Doomed]:
        table = doomed_files.c
        query = select(table.id, table.kind, table.stored_as).where(table.id > after)
        rows = self._connection.execute(query.order_by(table.id).limit(limit))
        return [Doomed(**row._mapping) for row in rows]

    def gone(self, ids: Sequence[int]) -> None:
        these = among(self._connection, doomed_files.c.id, ids)
        self._connection.execute(delete(doomed_files).where(these))


def _held(customer_id: ColumnElement[Any]) -> ColumnElement[bool]:
    return exists().where(customers.c.id == customer_id, customers.c.legal_hold != "")
