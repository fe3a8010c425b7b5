"""Keeps customers, their numbers, their organisations, and the words they are found by."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import BigInteger, Connection, bindparam, delete, func, select, update

from callcenter.customers.contacts import ContactDraft
from callcenter.customers.customer import (
    CustomerBrief,
    CustomerDraft,
    NumberOwners,
    StoredPhone,
)
from callcenter.customers.names import sort_key
from callcenter.errors import Conflict, NotFound
from callcenter.store import customer_rows, word_index
from callcenter.store.repositories.base import insert, now
from callcenter.store.repositories.contacts import point_row
from callcenter.store.sets import among
from callcenter.store.tables import (
    contact_points,
    customers,
    memberships,
    organizations,
    phone_numbers,
)
from callcenter.store.text import clipped, text_limits

_LIMITS: Final = text_limits(customers)
_DRAFT_COLUMNS: Final = (
    "display_name",
    "given_name",
    "family_name",
    "position",
    "language",
    "city",
    "vip_level",
    "blocked",
    "block_reason",
    "owner_id",
    "confirmed",
    "remarks",
    "status",
    "segment",
    "time_zone",
    "preferences",
)
_NAMED: Final = frozenset({"display_name", "given_name", "family_name", "organization_id"})


class CustomerRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self,
        draft: CustomerDraft,
        phones: Sequence[StoredPhone],
        organization_id: int | None,
        at: datetime,
    ) -> int:
        row = {name: getattr(draft, name) for name in _DRAFT_COLUMNS}
        row |= {
            "organization_id": organization_id,
            "created_at": at,
            "updated_at": at,
            "sort_name": sort_key(draft.display_name, draft.family_name),
        }
        customer_id = self._connection.scalar(
            customers.insert().values(clipped(row, _LIMITS)).returning(customers.c.id)
        )
        assert customer_id is not None  # noqa: S101 (RETURNING of one inserted row)
        self.index_words(customer_id)
        self._add_phones(customer_id, phones)
        if draft.email:
            mail = ContactDraft(kind="email", value=draft.email, is_primary=True)
            self._connection.execute(contact_points.insert().values(point_row(customer_id, mail)))
        return int(customer_id)

    def add_unconfirmed(self, names: Mapping[str, str], at: datetime) -> dict[str, int]:
        rows = [
            clipped(
                {
                    "display_name": name,
                    "confirmed": False,
                    "created_at": at,
                    "updated_at": at,
                    "sort_name": sort_key(name),
                },
                _LIMITS,
            )
            for _, name in sorted(names.items())
        ]
        statement = customers.insert().returning(customers.c.id, sort_by_parameter_order=True)
        ids = [int(one) for one in self._connection.scalars(statement, rows)]
        made = dict(zip(sorted(names), ids, strict=True))
        phones = [
            _phone_row(customer_id, StoredPhone(e164=e164, raw=e164, is_primary=True))
            for e164, customer_id in made.items()
        ]
        self._connection.execute(phone_numbers.insert(), phones)
        word_index.index_customers(self._connection, ids)
        return made

    def hold(self, customer_ids: Sequence[int]) -> None:
        query = select(customers.c.id).where(among(self._connection, customers.c.id, customer_ids))
        # Whoever adds a row that names one of these customers is not held up by it.
        held = query.order_by(customers.c.id).with_for_update(key_share=True)
        self._connection.execute(held).all()

    def hold_numbers(self, e164s: Sequence[str]) -> None:
        if self._connection.dialect.name == "sqlite":  # which has one writer at a time
            return
        keys = sorted({_turn_of(e164) for e164 in e164s})  # in order: nobody waits in a circle
        one = bindparam("key", type_=BigInteger)
        for key in keys:
            self._connection.execute(select(func.pg_advisory_xact_lock(one)), {"key": key})

    def update(
        self, customer_id: int, values: Mapping[str, Any], *, version: int, at: datetime
    ) -> int:
        row = clipped(dict(values), _LIMITS) | {"updated_at": at, "version": version + 1}
        changed = self._connection.execute(
            update(customers)
            .where(
                customers.c.id == customer_id,
                customers.c.version == version,
                customers.c.deleted_at.is_(None),
            )
            .values(row)
        )
        if changed.rowcount == 0:
            self._refuse_update(customer_id)
        if _NAMED & row.keys():
            self.index_words(customer_id)
        return version + 1

    def _refuse_update(self, customer_id: int) -> None:
        if self.get(customer_id) is None:
            raise NotFound("customer", f"there is no customer {customer_id}")
        raise Conflict("version", "somebody else changed this customer meanwhile; look again")

    def version(self, customer_id: int) -> int:
        query = select(customers.c.version).where(customers.c.id == customer_id)
        return int(self._connection.scalar(query) or 0)

    def confirm(self, customer_id: int, at: datetime) -> None:
        self._connection.execute(
            update(customers)
            .where(customers.c.id == customer_id, ~customers.c.confirmed)
            .values(confirmed=True, updated_at=at, version=customers.c.version + 1)
        )

    def delete(self, customer_id: int, at: datetime) -> None:
        """Put away; `NotFound` if that was done before."""
        changed = self._connection.execute(
            update(customers)
            .where(customers.c.id == customer_id, customers.c.deleted_at.is_(None))
            .values(deleted_at=at, updated_at=at, version=customers.c.version + 1)
        )
        if changed.rowcount == 0:
            raise NotFound("customer", f"there is no customer {customer_id}")

    def replace_phones(self, customer_id: int, phones: Sequence[StoredPhone]) -> None:
        self._connection.execute(
            delete(phone_numbers).where(phone_numbers.c.customer_id == customer_id)
        )
        self._add_phones(customer_id, phones)

    def add_phone(self, customer_id: int, phone: StoredPhone) -> bool:
        return self._add_phones(customer_id, [phone]) > 0

    def _add_phones(self, customer_id: int, phones: Sequence[StoredPhone]) -> int:
        if not phones:
            return 0
        statement = insert(self._connection, phone_numbers).on_conflict_do_nothing(
            index_elements=["customer_id", "e164", "extension"]
        )
        rows = [_phone_row(customer_id, phone) for phone in phones]
        return sum(self._connection.execute(statement.values(row)).rowcount for row in rows)

    def index_words(self, customer_id: int) -> None:
        """The names changed: what the customer is found by, and sorted by, follows."""
        word_index.index_customers(self._connection, [customer_id])
        columns = customers.c
        row = self._connection.execute(
            select(columns.display_name, columns.family_name).where(columns.id == customer_id)
        ).one()
        self._connection.execute(
            update(customers)
            .where(columns.id == customer_id)
            .values(sort_name=sort_key(row[0], row[1]))
        )

    def renamed_organization(self, organization_id: int) -> None:
        main = select(customers.c.id).where(customers.c.organization_id == organization_id)
        further = select(memberships.c.customer_id).where(
            memberships.c.organization_id == organization_id
        )
        ids = {*self._connection.scalars(main), *self._connection.scalars(further)}
        word_index.index_customers(self._connection, ids)

    def get(self, customer_id: int) -> CustomerBrief | None:
        return self.briefs([customer_id]).get(customer_id)

    def briefs(
        self, customer_ids: Sequence[int], today: date | None = None
    ) -> dict[int, CustomerBrief]:
        return customer_rows.briefs(self._connection, customer_ids, today or now().date())

    def find_ids_by_number(self, e164: str, today: date | None = None) -> list[CustomerBrief]:
        return list(self.find_by_numbers([e164], today).get(e164, ()))

    def find_by_numbers(
        self, e164s: Sequence[str], today: date | None = None
    ) -> dict[str, NumberOwners]:
        return customer_rows.briefs_by_numbers(self._connection, e164s, today or now().date())

    def ensure_organization(self, name: str, at: datetime) -> int:
        """The organisation of that name, made if there is none."""
        found = self._connection.scalar(
            select(organizations.c.id)
            .where(
                organizations.c.sort_name == sort_key(name), organizations.c.deleted_at.is_(None)
            )
            .order_by(organizations.c.id)
            .limit(1)
        )
        if found is None:
            found = self._connection.scalar(
                organizations.insert()
                .values(name=name, sort_name=sort_key(name), created_at=at)
                .returning(organizations.c.id)
            )
        assert found is not None  # noqa: S101 (RETURNING of one inserted row)
        return int(found)


def _turn_of(e164: str) -> int:
    digest = hashlib.blake2b(f"first contact {e164}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def _phone_row(customer_id: int, phone: StoredPhone) -> dict[str, Any]:
    return {
        "customer_id": customer_id,
        "e164": phone.e164,
        "extension": phone.extension,
        "kind": phone.kind,
        "is_primary": phone.is_primary,
        "raw": phone.raw[:80],
        "invalid": phone.invalid,
        "opted_out": phone.opted_out,
        "shared": phone.shared,
        "reversed_digits": phone.e164[:0:-1],
    }
