"""Keeps what hangs on a customer: tags, what they allowed, and which files there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, delete, select, update

from callcenter.customers.consents import Consent, ConsentDraft
from callcenter.customers.stored_file import FileRow, StoredFile
from callcenter.customers.tags import Tag, tag_key
from callcenter.errors import Conflict
from callcenter.store.repositories.base import chunks, insert
from callcenter.store.sets import among
from callcenter.store.tables import consents, customer_tags, files, tags, users
from callcenter.store.text import clipped, text_limits

_FILE_LIMITS: Final = text_limits(files)
_CONSENT_LIMITS: Final = text_limits(consents)


class TagRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def ensure(self, names: Sequence[str]) -> list[int]:
        keys = {tag_key(name): name for name in names}
        known = self._ids(list(keys))
        new = [
            {"name": name, "tag_key": key, "tone": ""}
            for key, name in sorted(keys.items())
            if key not in known
        ]
        if new:
            statement = insert(self._connection, tags).on_conflict_do_nothing(
                index_elements=["tag_key"]
            )
            self._connection.execute(statement, new)
            known = self._ids(list(keys))
        return [known[key] for key in keys]

    def _ids(self, keys: Sequence[str]) -> dict[str, int]:
        found: dict[str, int] = {}
        for part in chunks(keys):
            query = select(tags.c.tag_key, tags.c.id).where(
                among(self._connection, tags.c.tag_key, part)
            )
            found.update((row[0], row[1]) for row in self._connection.execute(query))
        return found

    def kept(self, names: Sequence[str]) -> dict[str, tuple[int, str]]:
        """Folded name → its id, and the name as it is kept."""
        found: dict[str, tuple[int, str]] = {}
        for part in chunks(sorted({tag_key(name) for name in names})):
            query = select(tags.c.tag_key, tags.c.id, tags.c.name).where(
                among(self._connection, tags.c.tag_key, part)
            )
            found.update((row[0], (row[1], row[2])) for row in self._connection.execute(query))
        return found

    def get(self, tag_id: int) -> Tag | None:
        query = select(tags.c.id, tags.c.name, tags.c.tone).where(tags.c.id == tag_id)
        row = self._connection.execute(query).one_or_none()
        return Tag(**row._mapping) if row is not None else None

    def set(self, customer_id: int, tag_ids: Sequence[int]) -> None:
        run = self._connection.execute
        run(delete(customer_tags).where(customer_tags.c.customer_id == customer_id))
        rows = [{"customer_id": customer_id, "tag_id": one} for one in dict.fromkeys(tag_ids)]
        if rows:
            run(customer_tags.insert(), rows)

    def of(self, customer_ids: Sequence[int]) -> dict[int, tuple[Tag, ...]]:
        found: dict[int, tuple[Tag, ...]] = {}
        for part in chunks(sorted(set(customer_ids))):
            query = (
                select(customer_tags.c.customer_id, tags.c.id, tags.c.name, tags.c.tone)
                .select_from(customer_tags.join(tags))
                .where(among(self._connection, customer_tags.c.customer_id, part))
                .order_by(tags.c.tag_key)
            )
            for owner, *tag in self._connection.execute(query):
                one = Tag(id=tag[0], name=tag[1], tone=tag[2])
                found[owner] = (*found.get(owner, ()), one)
        return found

    def change(self, tag_id: int, name: str, tone: str) -> None:
        other = self._ids([tag_key(name)]).get(tag_key(name))
        if other not in (None, tag_id):
            raise Conflict("name", "there is a tag of that name already")
        values = {"name": name, "tag_key": tag_key(name), "tone": tone}
        self._connection.execute(update(tags).where(tags.c.id == tag_id).values(values))

    def remove(self, tag_id: int) -> int:
        run = self._connection.execute
        had = run(delete(customer_tags).where(customer_tags.c.tag_id == tag_id)).rowcount
        run(delete(tags).where(tags.c.id == tag_id))
        return had


class ConsentRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, customer_id: int, draft: ConsentDraft, at: datetime, user_id: int | None) -> int:
        row = {**asdict(draft), "at": draft.at or at, "customer_id": customer_id}
        row = clipped(row | {"user_id": user_id}, _CONSENT_LIMITS)
        made = self._connection.scalar(consents.insert().values(row).returning(consents.c.id))
        assert made is not None  # noqa: S101 (RETURNING of one inserted row)
        return int(made)

    def of(self, customer_ids: Sequence[int]) -> list[Consent]:
        found: list[Consent] = []
        for part in chunks(sorted(set(customer_ids))):
            query = (
                select(consents, users.c.display_name.label("user_name"))
                .select_from(consents.outerjoin(users, users.c.id == consents.c.user_id))
                .where(among(self._connection, consents.c.customer_id, part))
                .order_by(consents.c.at.desc(), consents.c.id.desc())
            )
            found += [
                Consent(**{**row._mapping, "user_name": row.user_name or ""})
                for row in self._connection.execute(query)
            ]
        return found


class FileRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, row: FileRow, at: datetime) -> int:
        values = clipped({**asdict(row), "created_at": at}, _FILE_LIMITS)
        made = self._connection.scalar(files.insert().values(values).returning(files.c.id))
        assert made is not None  # noqa: S101 (RETURNING of one inserted row)
        return int(made)

    def get(self, file_id: int) -> StoredFile | None:
        row = self._connection.execute(select(files).where(files.c.id == file_id)).one_or_none()
        return StoredFile(**row._mapping) if row is not None else None

    def delete(self, file_id: int, at: datetime) -> None:
        self._connection.execute(update(files).where(files.c.id == file_id).values(deleted_at=at))

    def restore(self, file_id: int) -> None:
        self._connection.execute(update(files).where(files.c.id == file_id).values(deleted_at=None))
