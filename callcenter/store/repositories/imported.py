"""Finds the records that rows of a file are about, and writes new ones by the hundred: a fixed
number of statements for any number of rows.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Column, Connection, Table, func, select, text

from callcenter.customers.names import fold, sort_key
from callcenter.customers.tags import tag_key
from callcenter.history.document import in_order
from callcenter.store import copying, word_index
from callcenter.store import documents as new_documents
from callcenter.store.merged import leads_to
from callcenter.store.repositories import bulk
from callcenter.store.repositories.base import chunks
from callcenter.store.repositories.files import TagRepository
from callcenter.store.sets import among
from callcenter.store.tables import (
    addresses,
    contact_points,
    custom_fields,
    custom_values,
    customer_tags,
    customers,
    external_ids,
    name_words,
    organization_phones,
    organizations,
    phone_numbers,
    users,
)
from callcenter.store.text import clip_all, storable, text_limits

NameKey = tuple[str, str]
Documents = dict[str, dict[str, Any]]
Made = dict[int, dict[str, Any]]
Owned = Sequence[tuple[int, Mapping[str, Any]]]
_LIMITS: Final = {
    table.name: text_limits(table)
    for table in (customers, organizations, phone_numbers, contact_points, addresses)
}
_CUSTOMER: Final[dict[str, Any]] = {
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
}
_ORGANIZATION: Final[dict[str, Any]] = dict.fromkeys(
    ("name", "tax_id", "region", "city", "notes"), ""
)
_LOOKED_UP: Final = (
    customers,
    organizations,
    phone_numbers,
    contact_points,
    external_ids,
    name_words,
)
_LOOKED_UP_AT_ONCE: Final = 4_000
_OF: Final = {"customers": customers, "organizations": organizations}


class ImportedRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # -- whom rows are about ---------------------------------------------------------------------

    def users(self) -> dict[str, int]:
        query = select(users.c.id, users.c.username, users.c.display_name).where(users.c.active)
        found: dict[str, int] = {}
        for user_id, *names in self._connection.execute(query.order_by(users.c.id.desc())):
            found.update((fold(name), user_id) for name in reversed(names))
        return found

    def by_external_id(self, thing: str, ids: Sequence[str]) -> dict[str, int]:
        known, table = external_ids.c, _OF[thing]
        asked = set(ids)
        found: dict[str, int] = {}
        for part in chunks(sorted(asked), _LOOKED_UP_AT_ONCE):
            query = (
                select(known.external_id, known.object_id)
                .join(table, table.c.id == known.object_id)
                .where(
                    known.object == thing,
                    among(self._connection, known.external_id, part),
                    table.c.deleted_at.is_(None),
                )
            )
            found.update((row[0], row[1]) for row in self._connection.execute(query))
        return found | (self._joined(asked - found.keys()) if thing == "customers" else {})

    def _joined(self, ids: Collection[str]) -> dict[str, int]:
        """Whose card was joined with another is on that one, until they are parted again."""
        found: dict[str, int] = {}
        for part in chunks(sorted(ids), _LOOKED_UP_AT_ONCE):
            query = (
                select(external_ids.c.external_id, customers.c.id)
                .join(customers, customers.c.id == external_ids.c.object_id)
                .where(
                    external_ids.c.object == "customers",
                    among(self._connection, external_ids.c.external_id, part),
                    customers.c.merged_into.is_not(None),
                )
            )
            for external_id, customer_id in self._connection.execute(query).all():
                living = leads_to(self._connection, customer_id)
                alive = select(customers.c.id).where(
                    customers.c.id == living, customers.c.deleted_at.is_(None)
                )
                if self._connection.scalar(alive) is not None:
                    found[external_id] = living
        return found

    def external_ids_of(self, thing: str, object_ids: Sequence[int]) -> dict[int, str]:
        """The first by name where a record has several."""
        known = external_ids.c
        found: dict[int, str] = {}
        for part in chunks(sorted(set(object_ids)), _LOOKED_UP_AT_ONCE):
            query = (
                select(known.object_id, func.min(known.external_id))
                .where(known.object == thing, among(self._connection, known.object_id, part))
                .group_by(known.object_id)
            )
            found.update((row[0], row[1]) for row in self._connection.execute(query))
        return found

    def link(self, thing: str, ids: Mapping[str, int]) -> None:
        rows = [{"object": thing, "external_id": one, "object_id": ids[one]} for one in sorted(ids)]
        bulk.upsert(
            self._connection,
            external_ids,
            rows,
            keys=["object", "external_id"],
            changes=["object_id"],
        )

    def customers_by_phone(self, e164s: Sequence[str]) -> dict[str, tuple[int, ...]]:
        return self._owners(phone_numbers.c.e164, e164s, ~phone_numbers.c.shared)

    def customers_by_email(self, keys: Sequence[str]) -> dict[str, tuple[int, ...]]:
        return self._owners(contact_points.c.value_key, keys, contact_points.c.kind == "email")

    def _owners(
        self, column: Column[Any], keys: Sequence[str], *conditions: Any
    ) -> dict[str, tuple[int, ...]]:
        owner = column.table.c.customer_id
        found: dict[str, tuple[int, ...]] = {}
        for part in chunks(sorted(set(keys)), _LOOKED_UP_AT_ONCE):
            query = (
                select(column, owner)
                .join(customers, customers.c.id == owner)
                .where(
                    among(self._connection, column, part),
                    customers.c.deleted_at.is_(None),
                    *conditions,
                )
                .order_by(owner)
            )
            for key, customer_id in self._connection.execute(query):
                if customer_id not in found.get(key, ()):
                    found[key] = (*found.get(key, ()), customer_id)
        return found

    def customers_by_name(self, keys: Sequence[NameKey]) -> dict[NameKey, tuple[int, ...]]:
        found: dict[NameKey, tuple[int, ...]] = {}
        for part in chunks(sorted({name for name, _organization in keys}), _LOOKED_UP_AT_ONCE):
            query = (
                select(
                    customers.c.sort_name,
                    func.coalesce(organizations.c.sort_name, ""),
                    customers.c.id,
                )
                .select_from(
                    customers.outerjoin(
                        organizations, organizations.c.id == customers.c.organization_id
                    )
                )
                .where(
                    among(self._connection, customers.c.sort_name, part),
                    customers.c.deleted_at.is_(None),
                )
                .order_by(customers.c.id)
            )
            for name, organization, customer_id in self._connection.execute(query):
                found[name, organization] = (*found.get((name, organization), ()), customer_id)
        return found

    def organizations_by(self, column: str, keys: Sequence[str]) -> dict[str, tuple[int, ...]]:
        wanted = organizations.c[column]
        found: dict[str, tuple[int, ...]] = {}
        for part in chunks(sorted(set(keys)), _LOOKED_UP_AT_ONCE):
            query = (
                select(wanted, organizations.c.id)
                .where(among(self._connection, wanted, part), organizations.c.deleted_at.is_(None))
                .order_by(organizations.c.id)
            )
            for key, organization_id in self._connection.execute(query):
                found[key] = (*found.get(key, ()), organization_id)
        return found

    def count_anew(self) -> None:
        """SQLite plans well without; who holds a table is not waited for."""
        if self._connection.dialect.name == "postgresql":
            names = ", ".join(table.name for table in _LOOKED_UP)
            self._connection.execute(text(f"ANALYZE (SKIP_LOCKED) {names}"))

    # -- writing ---------------------------------------------------------------------------------

    def ahead(self) -> AbstractContextManager[None]:
        return copying.ahead(self._connection)

    def ensure_organizations(
        self, names: Sequence[str], at: datetime
    ) -> tuple[dict[str, int], Made]:
        wanted = {sort_key(name): name for name in names}
        known = {key: ids[0] for key, ids in self.organizations_by("sort_name", [*wanted]).items()}
        new = [key for key in sorted(wanted) if key not in known]
        made = self.add_organizations([{"name": wanted[key]} for key in new], at)
        return known | dict(zip(new, made, strict=True)), made

    def add_customers(
        self, documents: Sequence[Mapping[str, Any]], organizations_: Sequence[str], at: datetime
    ) -> Made:
        ids = self._take_ids(customers, len(documents))
        rows, names = [], {}
        for one, document, organization in zip(ids, documents, organizations_, strict=True):
            row = _CUSTOMER | {name: document[name] for name in document.keys() & _CUSTOMER.keys()}
            row["sort_name"] = sort_key(row["display_name"], row["family_name"])
            row["id"], row["created_at"], row["updated_at"] = one, at, at
            rows.append(row)
            names[one] = (*_called(row), organization)
        kept = word_index.by_word(names)
        word_index.learn(self._connection, kept)  # asks, and would wait for what is on its way
        self._insert(customers, rows)
        word_index.add_words_of_new(self._connection, kept)
        owned = list(zip(ids, documents, strict=True))
        made = new_documents.of_new(
            "customer",
            rows,
            {
                "phone_numbers": self._insert_parts(phone_numbers, "customer_id", "phones", owned),
                "contact_points": self._insert_parts(
                    contact_points, "customer_id", "contact_points", owned
                ),
                "addresses": self._insert_parts(addresses, "customer_id", "addresses", owned),
            },
        )
        self._add_tags(owned, made)
        self._add_custom("customer", owned, made)
        return dict(zip(ids, made.values(), strict=True))

    def add_organizations(self, documents: Sequence[Mapping[str, Any]], at: datetime) -> Made:
        ids = self._take_ids(organizations, len(documents))
        rows = [
            _ORGANIZATION
            | {name: document[name] for name in document if name in _ORGANIZATION}
            | {"id": one, "sort_name": sort_key(document["name"])}
            | {"created_at": at, "updated_at": at}
            for one, document in zip(ids, documents, strict=True)
        ]
        self._insert(organizations, rows)
        owned = list(zip(ids, documents, strict=True))
        phones = self._insert_parts(organization_phones, "organization_id", "phones", owned)
        places = self._insert_parts(addresses, "organization_id", "addresses", owned)
        parts = {"organization_phones": phones, "addresses": places}
        made = new_documents.of_new("organization", rows, parts)
        self._add_custom("organization", owned, made)
        return dict(zip(ids, made.values(), strict=True))

    def _take_ids(self, table: Table, count: int) -> list[int]:
        """Ids before the rows: what belongs to a row is written with the rest, not after it."""
        if not count:
            return []
        if self._connection.dialect.name == "postgresql":
            sequence = select(
                func.nextval(text(f"pg_get_serial_sequence('{table.name}', 'id')"))
            ).select_from(func.generate_series(1, count))
            return [int(one) for one in self._connection.scalars(sequence)]
        last = self._connection.scalar(select(func.max(table.c.id))) or 0
        return list(range(last + 1, last + 1 + count))

    def _insert(self, table: Table, rows: Sequence[dict[str, Any]]) -> None:
        if rows:
            clip_all(rows, _LIMITS.get(table.name, {}))
            bulk.add_new(self._connection, table, rows)

    def _insert_parts(
        self, table: Table, owner: str, name: str, owned: Owned
    ) -> list[dict[str, Any]]:
        rows = [{owner: one, **item} for one, document in owned for item in document.get(name, ())]
        if "reversed_digits" in table.c:
            for row in rows:
                row["reversed_digits"] = row["e164"][:0:-1]
        self._insert(table, rows)
        return rows

    def _add_tags(self, owned: Owned, made: Documents) -> None:
        names = sorted({name for _one, document in owned for name in document.get("tags", ())})
        if not names:
            return
        repository = TagRepository(self._connection)
        repository.ensure(names)
        ids = repository.kept(names)
        rows = []
        for one, document in owned:
            if theirs := {ids[tag_key(name)] for name in document.get("tags", ())}:
                rows += [{"customer_id": one, "tag_id": tag_id} for tag_id, _name in sorted(theirs)]
                made[str(one)]["tags"] = in_order("tags", [name for _id, name in theirs])
        bulk.add_new(self._connection, customer_tags, rows)

    def _add_custom(self, thing: str, owned: Owned, made: Documents) -> None:
        told = [
            (one, name, value)
            for one, document in owned
            for name, value in document.items()
            if name.startswith("custom.")
        ]
        if not told:
            return
        query = select(custom_fields.c.key, custom_fields.c.id, custom_fields.c.kind).where(
            custom_fields.c.object == thing
        )
        known = {f"custom.{row.key}": row for row in self._connection.execute(query)}
        rows = []
        for one, name, value in told:
            if name in known:
                columns = _custom_columns(known[name].kind, value)
                rows.append({"object_id": one, "field_id": known[name].id, **columns})
                made[str(one)][name] = value
        bulk.add_new(self._connection, custom_values, rows)


def _called(row: Mapping[str, Any]) -> tuple[str, ...]:
    """A full name that is made of its parts says nothing more."""
    parts = (row["given_name"], row["family_name"])
    return parts if " ".join(parts) == row["display_name"] else (row["display_name"], *parts)


def _custom_columns(kind: str, value: Any) -> dict[str, Any]:
    return {
        "text": storable(str(value)) if kind in ("text", "choice", "link") else "",
        "number": value if kind in ("number", "money") else None,
        "day": _day(value) if kind == "date" else None,
    }


def _day(value: str) -> Any:
    return datetime.fromisoformat(value).date()
