"""Orders, invoices, payments and visits for reading: pages of each, one customer's, what a
customer's figures are and the records behind them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import (
    Connection,
    Row,
    Select,
    Table,
    case,
    extract,
    false,
    func,
    literal_column,
    select,
)

from callcenter.queries.paging import Page, bounded, decode_cursor, encode_cursor
from callcenter.queries.visibility import belongs_to_seen, seen_customers
from callcenter.rights.viewer import EVERYTHING, Viewer
from callcenter.store import figure_facts
from callcenter.store.tables import customer_figures, customers, invoices, orders, payments, visits
from callcenter.trade.classes import Classes
from callcenter.trade.figures import Debt, Figures, Purchases, days_between_visits
from callcenter.trade.records import Kind

_TABLES: Final[Mapping[Kind, Table]] = {
    "order": orders,
    "invoice": invoices,
    "payment": payments,
    "visit": visits,
}
_MONTHS: Final = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordView:
    """One of any kind; fields that its kind does not have are at their defaults."""

    kind: Kind
    id: int
    customer_id: int
    number: str
    source: str
    cancelled: bool = False
    title: str = ""
    amount_minor: int = 0
    currency: str = ""
    status: str = ""
    placed_on: date | None = None
    issued_on: date | None = None
    due_on: date | None = None
    paid_minor: int = 0
    paid_on: date | None = None
    overdue_days: int = 0
    invoice_id: int | None = None
    invoice_number: str = ""
    method: str = ""
    at: datetime | None = None
    place: str = ""
    note: str = ""

    @property
    def open_minor(self) -> int:
        return 0 if self.cancelled else max(0, self.amount_minor - self.paid_minor)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFilters:
    """None asks nothing. `unpaid` and `overdue` are asked of invoices alone."""

    customer_id: int | None = None
    number: str | None = None
    source: str | None = None
    invoice_id: int | None = None
    status: str | None = None
    overdue: bool | None = None
    unpaid: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FiguresView:
    """A customer's figures with what explains them."""

    figures: Figures
    classes: Classes
    others: tuple[Purchases, ...] = ()
    debts: tuple[Debt, ...] = ()
    first_visit_on: date | None = None
    last_contact_at: datetime | None = None
    last_talk_at: datetime | None = None

    @property
    def visit_every(self) -> int | None:
        figures = self.figures
        return days_between_visits(figures.visits, self.first_visit_on, figures.last_visit_on)

    @property
    def is_empty(self) -> bool:
        return not (self.figures.orders or self.figures.visits or self.debts)


def get(
    connection: Connection,
    kind: Kind,
    record_id: int,
    today: date,
    viewer: Viewer = EVERYTHING,
) -> RecordView | None:
    """None as well for one of a customer whom the viewer does not see."""
    table = _TABLES[kind].c
    query = _newest_first(kind).where(
        table.id == record_id, *belongs_to_seen(viewer, table.customer_id)
    )
    found = _views(connection, kind, query, today)
    return found[0] if found else None


def page(  # noqa: PLR0917 (what, which, from where, how many, when, for whom)
    connection: Connection,
    kind: Kind,
    filters: RecordFilters,
    cursor: str | None,
    limit: int,
    today: date,
    viewer: Viewer = EVERYTHING,
) -> Page[RecordView]:
    limit, table = bounded(limit), _TABLES[kind]
    query = _newest_first(kind).where(*_conditions(table, filters, today))
    query = query.where(*belongs_to_seen(viewer, table.c.customer_id))
    if cursor:
        (last_id,) = decode_cursor(cursor, int)
        query = query.where(table.c.id < last_id)
    found = _views(connection, kind, query.limit(limit + 1), today)
    if len(found) <= limit:
        return Page(found)
    return Page(found[:limit], encode_cursor(found[limit - 1].id))


def is_there(connection: Connection, customer_id: int, viewer: Viewer) -> bool:
    return bool(seen_customers(connection, viewer, [customer_id])) and bool(
        connection.scalar(
            select(customers.c.id).where(
                customers.c.id == customer_id, customers.c.deleted_at.is_(None)
            )
        )
    )


def of_customer(
    connection: Connection, kind: Kind, customer_id: int, today: date, limit: int = 50
) -> tuple[RecordView, ...]:
    """The newest by their own date."""
    table = _TABLES[kind]
    newest = {
        "order": orders.c.placed_on,
        "invoice": invoices.c.due_on,
        "payment": payments.c.paid_on,
        "visit": visits.c.at,
    }[kind]
    query = (
        select(table)
        .where(table.c.customer_id == customer_id)
        .order_by(newest.desc(), table.c.id.desc())
        .limit(limit)
    )
    return _views(connection, kind, query, today)


def worth(connection: Connection, customer_id: int) -> tuple[Figures, Classes]:
    """The short form, as it was worked out last: one row."""
    row = connection.execute(
        select(customer_figures).where(customer_figures.c.customer_id == customer_id)
    ).one_or_none()
    return _as(Figures, row), _as(Classes, row)


def figures_of(connection: Connection, customer_id: int, today: date) -> FiguresView:
    table = customer_figures.c
    row = connection.execute(
        select(customer_figures).where(table.customer_id == customer_id)
    ).one_or_none()
    facts = figure_facts.facts(connection, [customer_id], today)[customer_id]
    figures = _as(Figures, row)
    first = select(func.min(visits.c.at)).where(
        visits.c.customer_id == customer_id, visits.c.cancelled == false()
    )
    came = connection.scalar(first) if figures.visits else None
    return FiguresView(
        figures=figures,
        classes=_as(Classes, row),
        others=tuple(one for one in facts.purchases if one.currency != figures.currency),
        debts=facts.debts,
        first_visit_on=came.date() if came else None,
        last_contact_at=row.last_contact_at if row else None,
        last_talk_at=row.last_talk_at if row else None,
    )


def turnover_by_month(
    connection: Connection, customer_id: int, currency: str, today: date
) -> tuple[tuple[int, int, int], ...]:
    """(year, month, minor units) of the last two years' purchases that have any, oldest first."""
    has_orders = (
        select(orders.c.id)
        .where(
            orders.c.customer_id == customer_id,
            orders.c.currency == currency,
            orders.c.status != "cancelled",
        )
        .limit(1)
    )
    bought = connection.scalar(has_orders) is not None
    table = orders if bought else invoices
    day = orders.c.placed_on if bought else func.coalesce(invoices.c.issued_on, invoices.c.due_on)
    stands = orders.c.status != "cancelled" if bought else invoices.c.cancelled == false()
    year, month = extract("year", day), extract("month", day)
    query = (
        select(year, month, func.sum(table.c.amount_minor))
        .where(
            table.c.customer_id == customer_id,
            table.c.currency == currency,
            stands,
            day >= date(today.year - _MONTHS // 12, today.month, 1),
        )
        .group_by(year, month)
        .order_by(year, month)
    )
    return tuple((int(y), int(m), int(total)) for y, m, total in connection.execute(query))


def _conditions(table: Table, filters: RecordFilters, today: date) -> list[Any]:
    equal = ("customer_id", "number", "source", "invoice_id", "status")
    wanted = [(name, getattr(filters, name)) for name in equal]
    found = [table.c[name] == value for name, value in wanted if value is not None]
    if filters.number:  # written out, so that the index of those with a number is used
        found.append(table.c.number != literal_column("''"))
    if filters.unpaid is not None:
        unpaid = (table.c.paid_on.is_(None)) & (table.c.cancelled == false())
        found.append(unpaid if filters.unpaid else ~unpaid)
    if filters.overdue is not None:
        late = case(
            (
                (table.c.paid_on.is_(None))
                & (table.c.cancelled == false())
                & (table.c.due_on < today),
                True,
            ),
            else_=False,
        )
        found.append(late == filters.overdue)
    return found


def _newest_first(kind: Kind) -> Select[Any]:
    table = _TABLES[kind]
    return select(table).order_by(table.c.id.desc())


def _views(
    connection: Connection, kind: Kind, query: Select[Any], today: date
) -> tuple[RecordView, ...]:
    rows = connection.execute(query).all()
    numbers = _invoice_numbers(connection, rows) if kind == "payment" else {}
    return tuple(_view(kind, row, today, numbers) for row in rows)


def _view(kind: Kind, row: Row[Any], today: date, numbers: Mapping[int, str]) -> RecordView:
    values = {k: v for k, v in row._mapping.items() if k != "created_at"}
    if kind == "order":
        values["cancelled"] = row.status == "cancelled"
    if kind == "payment":
        values["invoice_number"] = numbers.get(row.invoice_id, "")
    if kind == "invoice" and row.paid_on is None and not row.cancelled:
        values["overdue_days"] = max(0, (today - row.due_on).days)
    return RecordView(kind=kind, **values)


def _invoice_numbers(connection: Connection, rows: Sequence[Row[Any]]) -> dict[int, str]:
    ids = sorted({row.invoice_id for row in rows if row.invoice_id is not None})
    query = select(invoices.c.id, invoices.c.number).where(invoices.c.id.in_(ids))
    return {row.id: row.number for row in connection.execute(query)} if ids else {}


def _as(kind: Any, row: Row[Any] | None) -> Any:
    if row is None:
        return kind()
    return kind(**{name: row._mapping[name] for name in kind.__dataclass_fields__})
