"""Keeps organisations and the numbers of their switchboards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, delete, select, update

from callcenter.customers.names import sort_key
from callcenter.customers.organization import OrganizationDraft, StoredSwitchboard
from callcenter.errors import Conflict, NotFound
from callcenter.store.tables import organization_phones, organizations
from callcenter.store.text import clipped, text_limits

_LIMITS: Final = text_limits(organizations)
_OWN: Final = (
    "name",
    "tax_id",
    "region",
    "city",
    "website",
    "email",
    "notes",
    "owner_id",
)


class OrganizationRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, draft: OrganizationDraft, at: datetime) -> int:
        row: dict[str, Any] = {name: getattr(draft, name) for name in _OWN}
        row |= {"created_at": at, "updated_at": at, "sort_name": sort_key(draft.name)}
        statement = organizations.insert().values(clipped(row, _LIMITS))
        made = self._connection.scalar(statement.returning(organizations.c.id))
        assert made is not None  # noqa: S101 (RETURNING of one inserted row)
        return int(made)

    def update(
        self, organization_id: int, values: Mapping[str, Any], *, version: int, at: datetime
    ) -> int:
        row = clipped(dict(values), _LIMITS) | {"updated_at": at, "version": version + 1}
        if "name" in row:
            row["sort_name"] = sort_key(row["name"])
        changed = self._connection.execute(
            update(organizations)
            .where(
                organizations.c.id == organization_id,
                organizations.c.version == version,
                organizations.c.deleted_at.is_(None),
            )
            .values(row)
        )
        if changed.rowcount == 0:
            self._refuse(organization_id)
        return version + 1

    def _refuse(self, organization_id: int) -> None:
        if not self.exists(organization_id):
            raise NotFound("organization", f"there is no organisation {organization_id}")
        raise Conflict("version", "somebody else changed this organisation meanwhile; look again")

    def replace_phones(self, organization_id: int, phones: Sequence[StoredSwitchboard]) -> None:
        table, run = organization_phones, self._connection.execute
        run(delete(table).where(table.c.organization_id == organization_id))
        rows = [
            {
                "organization_id": organization_id,
                "e164": phone.e164,
                "extension": phone.extension,
                "label": phone.label[:80],
                "reversed_digits": phone.e164[:0:-1],
            }
            for phone in phones
        ]
        if rows:
            run(table.insert(), rows)

    def exists(self, organization_id: int) -> bool:
        query = select(organizations.c.id).where(
            organizations.c.id == organization_id, organizations.c.deleted_at.is_(None)
        )
        return self._connection.scalar(query) is not None

    def owner_of(self, organization_id: int) -> int | None:
        query = select(organizations.c.owner_id).where(organizations.c.id == organization_id)
        owner: int | None = self._connection.scalar(query)
        return owner

    def delete(self, organization_id: int, at: datetime) -> int:
        return self._put(organization_id, at, at)

    def restore(self, organization_id: int, at: datetime) -> None:
        self._put(organization_id, None, at)

    def _put(self, organization_id: int, deleted_at: datetime | None, at: datetime) -> int:
        version = self._connection.scalar(
            update(organizations)
            .where(organizations.c.id == organization_id)
            .values(deleted_at=deleted_at, updated_at=at, version=organizations.c.version + 1)
            .returning(organizations.c.version)
        )
        if version is None:
            raise NotFound("organization", f"there is no organisation {organization_id}")
        return int(version)
