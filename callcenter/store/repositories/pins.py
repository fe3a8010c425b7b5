"""Keeps callers' PINs (as hashes) and who tried to be whom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, delete, or_, select, update

from callcenter.menus.guessing import Halt, Tries
from callcenter.ports.menus import CallerPin
from callcenter.store import pin_tries
from callcenter.store.repositories.base import insert
from callcenter.store.tables import caller_pins, customers, external_ids, identifications

_LARGEST = 2**53


class PinRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, customer_id: int) -> CallerPin | None:
        return self._one(select(caller_pins).where(caller_pins.c.customer_id == customer_id))

    def of_one_who_tries(self, customer_id: int) -> CallerPin | None:
        theirs = select(caller_pins).where(caller_pins.c.customer_id == customer_id)
        return self._one(theirs.with_for_update())

    def _one(self, query: Select[Any]) -> CallerPin | None:
        row = self._connection.execute(query).one_or_none()
        if row is None:
            return None
        return CallerPin(
            customer_id=row.customer_id,
            digest=row.digest,
            failed=row.failed,
            locked_until=row.locked_until,
            set_at=row.set_at,
        )

    def customer_of(self, number: str) -> int | None:
        known = self._connection.scalar(
            select(external_ids.c.object_id).where(
                external_ids.c.object == "customers", external_ids.c.external_id == number
            )
        )
        if known is None and number.isdecimal() and int(number) < _LARGEST:
            known = int(number)
            if self.number_of(known) != number:
                return None
        there = select(customers.c.id).where(
            customers.c.id == known, customers.c.deleted_at.is_(None)
        )
        return self._connection.scalar(there) if known is not None else None

    def number_of(self, customer_id: int) -> str:
        """Of the company's own numbers only those that a phone has keys for."""
        query = (
            select(external_ids.c.external_id)
            .where(external_ids.c.object == "customers", external_ids.c.object_id == customer_id)
            .order_by(external_ids.c.external_id)
        )
        told = self._connection.scalars(query)
        keyed = (one for one in told if one.isascii() and one.isdecimal() and len(one) <= 16)
        return next(keyed, str(customer_id))

    def set(self, customer_id: int, digest: str, *, user_id: int | None, at: datetime) -> None:
        values = {
            "digest": digest,
            "failed": 0,
            "locked_until": None,
            "set_at": at,
            "set_by": user_id,
        }
        query = insert(self._connection, caller_pins).values(customer_id=customer_id, **values)
        self._connection.execute(
            query.on_conflict_do_update(index_elements=["customer_id"], set_=values)
        )

    def remove(self, customer_id: int) -> None:
        self._connection.execute(
            delete(caller_pins).where(caller_pins.c.customer_id == customer_id)
        )

    def failed(self, customer_id: int, count: int, locked_until: datetime | None) -> None:
        self._connection.execute(
            update(caller_pins)
            .where(caller_pins.c.customer_id == customer_id)
            .values(failed=count, locked_until=locked_until)
        )

    def tries(self, caller: str, customer_id: int | None, now: datetime) -> Tries:
        return pin_tries.tries(self._connection, caller, customer_id, now)

    def halt(self, most: int, now: datetime) -> Halt | None:
        return pin_tries.halt_in_turn(self._connection, most, now)

    def note(self, number: str, customer_id: int | None, *, ok: bool, at: datetime) -> None:
        self._connection.execute(
            identifications.insert().values(number=number, customer_id=customer_id, at=at, ok=ok)
        )

    def forget_from(self, numbers: Sequence[str]) -> int:
        """Reads the table through: a network writes a number with its country or without."""
        ends = [identifications.c.number.endswith(one, autoescape=True) for one in numbers if one]
        if not ends:
            return 0
        return self._connection.execute(delete(identifications).where(or_(*ends))).rowcount

    def prune(self, before: datetime, limit: int) -> int:
        old = (
            select(identifications.c.id)
            .where(identifications.c.at < before)
            .order_by(identifications.c.at)
            .limit(limit)
        )
        return self._connection.execute(
            delete(identifications).where(identifications.c.id.in_(old))
        ).rowcount
