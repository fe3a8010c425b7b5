"""Erases a customer from every table, and keeps what was erased as keyed hashes, so that it does
not come back. Which calls, and what of them, `services.erasure` decides.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Connection, delete, func, or_, select, tuple_, update

from callcenter.ports import CustomerTraces
from callcenter.ports.erasures import Person
from callcenter.store import erasing
from callcenter.store.repositories import belongings, bulk
from callcenter.store.repositories.base import chunks, now
from callcenter.store.sets import among
from callcenter.store.tables import (
    call_legs,
    calls,
    customers,
    erased,
    interaction_candidates,
    interactions,
    ledger_set_aside,
    notes,
    routing_decisions,
)

_EMPTY_CARD: Final[dict[str, Any]] = {
    "display_name": "",
    "given_name": "",
    "family_name": "",
    "organization_id": None,
    "position": "",
    "language": "",
    "city": "",
    "vip_level": 0,
    "blocked": False,
    "block_reason": "",
    "owner_id": None,
    "confirmed": True,
    "remarks": "",
    "status": "",
    "segment": "",
    "time_zone": "",
    "preferences": {},
    "sort_name": "",
}
_NO_NUMBER: Final = {"number": "", "number_raw": "", "number_kind": "erased"}


class ErasureRepository:
    def __init__(self, connection: Connection, secret_key: str) -> None:
        self._connection = connection
        self._key = secret_key.encode()

    # -- what must not come back -----------------------------------------------------------------

    def last(self) -> datetime | None:
        last: datetime | None = self._connection.scalar(select(func.max(erased.c.erased_at)))
        return last

    def erased(self, keys: Sequence[str]) -> dict[str, datetime]:
        digests = {self._digest(key): key for key in keys}
        found: dict[str, datetime] = {}
        for part in chunks(sorted(digests)):
            query = select(erased).where(among(self._connection, erased.c.digest, part))
            for row in self._connection.execute(query):
                found[digests[row.digest]] = row.erased_at
        return found

    def remember(self, keys: Sequence[str], at: datetime) -> None:
        digests = sorted({self._digest(key) for key in keys})
        rows = [{"digest": digest, "erased_at": at} for digest in digests]
        bulk.upsert(self._connection, erased, rows, keys=["digest"], changes=["erased_at"])

    def _digest(self, key: str) -> str:
        return hmac.digest(self._key, key.encode("utf-8", "replace"), "sha256").hex()

    # -- where a customer is found ---------------------------------------------------------------

    def person(self, customer_id: int) -> Person | None:
        return erasing.person(self._connection, customer_id)

    def traces(
        self, customer_ids: Sequence[int], e164s: Sequence[str], digits: Sequence[str]
    ) -> CustomerTraces:
        table = interactions.c
        query = select(table.id, table.call_id, table.customer_id)
        linked = self._connection.execute(
            query.where(among(self._connection, table.customer_id, customer_ids))
        ).all()
        numbered = self._connection.execute(
            query.where(among(self._connection, table.number, e164s), table.number != "")
        ).all()
        own = [*linked, *(row for row in numbered if row.customer_id is None)]
        others = [row for row in numbered if row.customer_id not in (None, *customer_ids)]
        return CustomerTraces(
            own=tuple(sorted({row.id for row in own})),
            others=tuple(sorted({row.id for row in others})),
            calls=tuple(sorted({row.call_id for row in own if row.call_id is not None})),
            mentions=self._mentions(digits),
        )

    def _mentions(self, digits: Sequence[str]) -> tuple[str, ...]:
        """Reads both tables through: an erasure is rare, and must find what no index knows."""
        if not digits:
            return ()
        of_calls = select(calls.c.id).where(
            or_(_holds(calls.c.caller_number, digits), _holds(calls.c.dialed, digits))
        )
        of_legs = select(call_legs.c.call_id).where(
            or_(_holds(call_legs.c.number, digits), _holds(call_legs.c.channel, digits))
        )
        found = {*self._connection.scalars(of_calls), *self._connection.scalars(of_legs)}
        return tuple(sorted(found))

    def absorbed(self, call_ids: Sequence[str]) -> list[str]:
        found: list[str] = []
        for ids in chunks(sorted(set(call_ids))):
            query = select(calls.c.id).where(among(self._connection, calls.c.merged_into, ids))
            found += self._connection.scalars(query)
        return found

    # -- what goes -------------------------------------------------------------------------------

    def received(self, customer_ids: Sequence[int], addresses: Sequence[str]) -> list[str]:
        return erasing.received(self._connection, customer_ids, addresses)

    def blank_conversations(
        self, customer_ids: Sequence[int], addresses: Sequence[str], at: datetime
    ) -> list[int]:
        return erasing.forget_conversations(self._connection, customer_ids, addresses, at)

    def blank_customers(
        self, customer_ids: Sequence[int], interaction_ids: Sequence[int], at: datetime
    ) -> None:
        erasing.forget_people(self._connection, customer_ids, interaction_ids, at)
        belongings.forget_customers(self._connection, customer_ids)
        erasing.forget_numbers(self._connection, customer_ids)
        self._connection.execute(
            update(customers)
            .where(among(self._connection, customers.c.id, customer_ids))
            .values(**_EMPTY_CARD, deleted_at=at, updated_at=at, version=customers.c.version + 1)
        )

    def doom(self, kind: str, names: Sequence[str], at: datetime) -> None:
        erasing.doom(self._connection, kind, names, at)

    def doom_transfers(self, at: datetime) -> None:
        erasing.doom_transfers(self._connection, at)

    def scrub(self, words: Sequence[str]) -> int:
        return erasing.scrub(self._connection, words)

    def blank_interactions(self, interaction_ids: Sequence[int], *, whole: bool) -> None:
        values: dict[str, Any] = dict(_NO_NUMBER)
        if whole:
            values |= {"customer_id": None, "match": "none", "repairs": 0, "subject": ""}
            values["external_id"] = None
        for ids in chunks(sorted(set(interaction_ids))):
            these = among(self._connection, interactions.c.id, ids)
            query = select(interactions.c.id, interactions.c.direction, interactions.c.explanation)
            for row in self._connection.execute(query.where(these)).all():
                self._connection.execute(
                    update(interactions)
                    .where(interactions.c.id == row.id)
                    .values(
                        **values,
                        **({"dialed": ""} if row.direction == "outbound" else {}),
                        explanation=_explanation(row.explanation),
                        updated_at=now(),
                    )
                )
            if whole:
                self._forget_about(ids)

    def _forget_about(self, interaction_ids: Sequence[int]) -> None:
        belongings.forget_interactions(self._connection, interaction_ids)
        for column in (notes.c.interaction_id, interaction_candidates.c.interaction_id):
            self._connection.execute(
                delete(column.table).where(among(self._connection, column, interaction_ids))
            )

    def blank_decisions(self, channels: Sequence[tuple[str, str]], e164s: Sequence[str]) -> int:
        table = routing_decisions.c
        blank = update(routing_decisions).values(number="", facts={"erased": True})
        count = 0
        for some in chunks(sorted(set(channels))):
            theirs = tuple_(table.uniqueid, table.pbx).in_([(u, pbx) for pbx, u in some])
            count += self._connection.execute(blank.where(theirs)).rowcount
        if e164s:
            theirs = table.number.in_(list(e164s))
            count += self._connection.execute(blank.where(theirs)).rowcount
        return count

    def blank_set_aside(self, words: Sequence[str]) -> int:
        """The row stays, empty: the same line read again is then not set aside a second time."""
        if not words:
            return 0
        blank = update(ledger_set_aside).values(line="")
        theirs = _holds(ledger_set_aside.c.line, words)
        return self._connection.execute(blank.where(theirs)).rowcount


def _holds(column: Column[str], digits: Sequence[str]) -> ColumnElement[bool]:
    return or_(*(column.contains(one, autoescape=True) for one in digits))


def _explanation(told: dict[str, Any]) -> dict[str, Any]:
    kept = {name: told[name] for name in ("route", "uniqueids") if name in told}
    return {"erased": True} | kept
