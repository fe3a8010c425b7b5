"""Keeps orders, invoices, payments and visits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Table,
    false,
    func,
    literal,
    literal_column,
    select,
    update,
)

from callcenter.store.repositories.base import now
from callcenter.store.tables import invoices, orders, payments, visits
from callcenter.store.types import UtcDateTime
from callcenter.trade.records import Invoice, Kind, Order, Record, Visit

_TABLES: Final[Mapping[Kind, Table]] = {
    "order": orders,
    "invoice": invoices,
    "payment": payments,
    "visit": visits,
}
_OWN: Final = ("id", "customer_id")
_NO_NUMBER: Final[ColumnElement[str]] = literal_column("''")


class TradeRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self,
        customer_id: int,
        orders_: Sequence[Order],
        invoices_: Sequence[Invoice],
        visits_: Sequence[Visit] = (),
    ) -> None:
        self._add_all(orders, [asdict(one) for one in orders_], customer_id)
        self._add_all(visits, [asdict(one) for one in visits_], customer_id)
        paid = [(one, one.amount_minor if one.paid_on else 0) for one in invoices_]
        rows = [asdict(one) | {"paid_minor": minor} for one, minor in paid]
        self._add_all(invoices, rows, customer_id)
        self._add_payments_of_paid(customer_id)

    def _add_all(self, table: Table, rows: list[dict[str, Any]], customer_id: int) -> None:
        if rows:
            values = [row | {"customer_id": customer_id} for row in rows]
            self._connection.execute(table.insert(), values)

    def _add_payments_of_paid(self, customer_id: int) -> None:
        names = ("customer_id", "number", "source", "amount_minor", "currency", "paid_on")
        columns = [invoices.c[name] for name in names]
        known = select(payments.c.invoice_id).where(
            payments.c.customer_id == customer_id, payments.c.invoice_id.is_not(None)
        )
        self._connection.execute(
            payments.insert().from_select(
                [*names, "invoice_id", "created_at"],
                select(*columns, invoices.c.id, literal(now(), UtcDateTime)).where(
                    invoices.c.customer_id == customer_id,
                    invoices.c.paid_on.is_not(None),
                    invoices.c.id.not_in(known),
                ),
            )
        )

    def get(self, kind: Kind, record_id: int) -> Record | None:
        table = _TABLES[kind]
        query = select(table).where(table.c.id == record_id)
        return _record(kind, self._connection.execute(query).one_or_none())

    def by_number(self, kind: Kind, number: str, source: str) -> Record | None:
        table = _TABLES[kind]
        # Written out, so that the index of those with a number is used.
        query = select(table).where(
            table.c.number == number, table.c.source == source, table.c.number != _NO_NUMBER
        )
        return _record(kind, self._connection.execute(query).one_or_none())

    def invoices_numbered(self, number: str) -> tuple[Record, ...]:
        query = select(invoices).where(invoices.c.number == number).order_by(invoices.c.id).limit(2)
        found = (_record("invoice", row) for row in self._connection.execute(query))
        return tuple(one for one in found if one is not None)

    def visit_at(self, customer_id: int, at: datetime, source: str) -> Record | None:
        query = (
            select(visits)
            .where(
                visits.c.customer_id == customer_id, visits.c.at == at, visits.c.source == source
            )
            .order_by(visits.c.id)
            .limit(1)
        )
        return _record("visit", self._connection.execute(query).one_or_none())

    def insert(self, kind: Kind, customer_id: int, values: Mapping[str, Any], at: datetime) -> int:
        table = _TABLES[kind]
        row = dict(values) | {"customer_id": customer_id}
        if kind == "payment":
            row["created_at"] = at
        inserted = self._connection.execute(table.insert().values(row).returning(table.c.id))
        return int(inserted.scalar_one())

    def update(self, kind: Kind, record_id: int, values: Mapping[str, Any]) -> None:
        table = _TABLES[kind]
        self._connection.execute(update(table).where(table.c.id == record_id).values(dict(values)))

    def hold(self, invoice_id: int) -> None:
        query = select(invoices.c.id).where(invoices.c.id == invoice_id)
        self._connection.execute(query.with_for_update(key_share=True)).all()

    def settle(self, invoice_id: int) -> None:
        self.hold(invoice_id)
        query = select(
            func.coalesce(func.sum(payments.c.amount_minor), 0), func.max(payments.c.paid_on)
        ).where(payments.c.invoice_id == invoice_id, payments.c.cancelled == false())
        paid, last_on = self._connection.execute(query).one()
        invoice = self._connection.execute(
            select(invoices).where(invoices.c.id == invoice_id)
        ).one()
        settled = int(paid) >= invoice.amount_minor
        paid_on = (last_on or invoice.issued_on or invoice.due_on) if settled else None
        self.update("invoice", invoice_id, {"paid_minor": int(paid), "paid_on": paid_on})


def _record(kind: Kind, row: Row[Any] | None) -> Record | None:
    if row is None:
        return None
    values = {name: value for name, value in row._mapping.items() if name not in _OWN}
    return Record(kind=kind, id=row.id, customer_id=row.customer_id, values=values)
