"""Keeps what is worked out of each customer, and where the classes of all of them end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from datetime import UTC, date, datetime
from typing import Any, Final

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Select,
    bindparam,
    case,
    delete,
    exists,
    func,
    literal,
    or_,
    select,
    union,
    update,
)

from callcenter.ports.trade import Classed, Contact, Facts
from callcenter.store import figure_bounds as bounds_sql
from callcenter.store import figure_facts
from callcenter.store.owed import overdue
from callcenter.store.repositories import bulk
from callcenter.store.tables import (
    customer_figures,
    customers,
    figure_bounds,
    interactions,
    invoices,
    orders,
    visits,
)
from callcenter.store.types import UtcDateTime
from callcenter.trade.classes import BoundsBuilder, BoundsByCurrency, Classes, as_rows
from callcenter.trade.figures import Figures

_ROW: Final = customer_figures.c
_FIGURES: Final = tuple(field.name for field in fields(Figures))
_CLASSES: Final = tuple(field.name for field in fields(Classes))
_CONTACTS: Final = ("last_contact_at", "last_talk_at")
_NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""`updated_at` of a row that holds contacts alone: its figures were not worked out yet."""


class FigureRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # -- one customer's --------------------------------------------------------------------------

    def facts(self, customer_ids: Sequence[int], today: date) -> dict[int, Facts]:
        return figure_facts.facts(self._connection, customer_ids, today)

    def save(
        self, found: Mapping[int, tuple[Figures, Classes]], at: datetime, *, contacts: bool = False
    ) -> None:
        times = figure_facts.contacts(self._connection, list(found)) if contacts else {}
        rows = [
            {"customer_id": customer_id, "updated_at": at}
            | asdict(figures)
            | asdict(classes)
            | (dict(zip(_CONTACTS, times.get(customer_id, (None, None)), strict=True)))
            for customer_id, (figures, classes) in sorted(found.items())
        ]
        names = [*_FIGURES, *_CLASSES, "updated_at", *(_CONTACTS if contacts else ())]
        bulk.upsert(self._connection, customer_figures, rows, keys=["customer_id"], changes=names)

    def met(self, contacts: Sequence[Contact]) -> None:
        latest: dict[int, dict[str, datetime | None]] = {}
        for one in contacts:
            row = latest.setdefault(one.customer_id, dict.fromkeys(_CONTACTS))
            row["last_contact_at"] = max(row["last_contact_at"] or one.at, one.at)
            if one.spoken:
                row["last_talk_at"] = max(row["last_talk_at"] or one.at, one.at)
        rows = [
            {"customer_id": customer_id, "updated_at": _NEVER} | times
            for customer_id, times in sorted(latest.items())
        ]
        bulk.upsert(
            self._connection,
            customer_figures,
            rows,
            keys=["customer_id"],
            changes=[],
            instead=_LATER,
        )

    # -- classes of all --------------------------------------------------------------------------

    def bounds(self) -> BoundsByCurrency:
        found = BoundsBuilder()
        for row in self._connection.execute(select(figure_bounds)):
            found.add(row.currency, row.measure, row.place, row.bound)
        return found.done()

    def work_out_bounds(self) -> BoundsByCurrency:
        found = BoundsBuilder()
        for bound in bounds_sql.work_out(self._connection):
            found.add(*bound)
        return found.done()

    def keep_bounds(self, bounds: BoundsByCurrency) -> None:
        self._connection.execute(delete(figure_bounds))
        names = ("currency", "measure", "place", "bound")
        rows = [dict(zip(names, row, strict=True)) for row in as_rows(bounds)]
        if rows:
            self._connection.execute(figure_bounds.insert(), rows)

    def classed(self, after: int, limit: int) -> list[Classed]:
        columns = [_ROW[name] for name in ("customer_id", *_FIGURES, *_CLASSES)]
        query = (
            select(*columns)
            .where(_ROW.customer_id > after, _ROW.orders > 0)
            .order_by(_ROW.customer_id)
            .limit(limit)
        )
        return [
            Classed(
                customer_id=row.customer_id,
                figures=Figures(**{name: row._mapping[name] for name in _FIGURES}),
                classes=Classes(**{name: row._mapping[name] for name in _CLASSES}),
            )
            for row in self._connection.execute(query)
        ]

    def reclass(self, classes: Mapping[int, Classes]) -> None:
        if classes:
            statement = (
                update(customer_figures)
                .where(_ROW.customer_id == bindparam("whose"))
                .values({name: bindparam(f"new_{name}") for name in _CLASSES})
            )
            rows = [
                {"whose": customer_id}
                | {f"new_{name}": value for name, value in asdict(found).items()}
                for customer_id, found in sorted(classes.items())
            ]
            self._connection.execute(statement, rows)

    # -- whose figures are to be worked out again ------------------------------------------------

    def aged(self, today: date, since: datetime, after: int, limit: int) -> list[int]:
        # One look-up for each debtor, and no join: few of all customers owe anything.
        worked_out = (
            select(_ROW.updated_at)
            .where(_ROW.customer_id == invoices.c.customer_id)
            .scalar_subquery()
        )
        owing = select(invoices.c.customer_id).where(
            *overdue(today),
            invoices.c.customer_id > after,
            func.coalesce(worked_out, literal(_NEVER, UtcDateTime)) < since,
        )
        parts = [_first(owing, invoices.c.customer_id, limit)]
        for figure in (_ROW.overdue_minor, _ROW.visits_year):
            old = (figure > 0, _ROW.updated_at < since, _ROW.customer_id > after)
            parts.append(_first(select(_ROW.customer_id).where(*old), _ROW.customer_id, limit))
        found = union(*parts).subquery()
        query = select(found.c.customer_id).order_by(found.c.customer_id).limit(limit)
        return list(self._connection.scalars(query))

    def without(self, after: int, limit: int) -> list[int]:
        customer_id = customers.c.id
        known = exists().where(_ROW.customer_id == customer_id, _ROW.updated_at > _NEVER)
        has = [
            exists().where(table.c.customer_id == customer_id)
            for table in (orders, invoices, visits, interactions)
        ]
        query = (
            select(customer_id)
            .where(customer_id > after, customers.c.deleted_at.is_(None), ~known, or_(*has))
            .order_by(customer_id)
            .limit(limit)
        )
        return list(self._connection.scalars(query))


def _later(name: str) -> ColumnElement[Any]:
    """The greater of what is known and what is offered; either may be nothing."""
    known, new = _ROW[name], bulk.offered(customer_figures, name)
    return case((known.is_(None), new), (new > known, new), else_=known)


_LATER: Final = {name: _later(name) for name in _CONTACTS}


def _first(query: Select[Any], column: Column[Any], limit: int) -> Select[Any]:
    """A union's parts may not be cut short by themselves: each is a table of its own."""
    cut = query.distinct().order_by(column).limit(limit).subquery()
    return select(cut.c.customer_id)
