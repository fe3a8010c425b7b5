"""Which invoices are still to be paid, written as the index of them is, so that it is used."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import ColumnElement, false

from callcenter.store.tables import invoices

OPEN_MINOR: Final[ColumnElement[int]] = invoices.c.amount_minor - invoices.c.paid_minor


def unpaid() -> tuple[ColumnElement[bool], ...]:
    return (invoices.c.paid_on.is_(None), invoices.c.cancelled == false())


def overdue(today: Any) -> tuple[ColumnElement[bool], ...]:
    """`today` may be a parameter that is bound later."""
    return (*unpaid(), invoices.c.due_on < today)
