"""Keeps segments, their members, bulk actions' customers, and users' own choices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, literal_column, select, update

from callcenter.errors import Conflict, NotFound
from callcenter.segments.segment import Segment, SegmentDraft
from callcenter.store.repositories.base import chunks, insert
from callcenter.store.repositories.bulk import insert_missing
from callcenter.store.sets import among
from callcenter.store.tables import (
    batches,
    bulk_targets,
    segment_members,
    segments,
    user_settings,
)


class SegmentRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, draft: SegmentDraft, owner_id: int, at: datetime) -> int:
        found = self._connection.scalar(
            segments.insert()
            .values(
                name=draft.name,
                filter=draft.filter,
                frozen=draft.frozen,
                shared=draft.shared,
                columns=list(draft.columns),
                owner_id=owner_id,
                members=0 if draft.frozen else None,
                created_at=at,
                updated_at=at,
            )
            .returning(segments.c.id)
        )
        assert found is not None  # noqa: S101 (RETURNING of one inserted row)
        return int(found)

    def get(self, segment_id: int) -> Segment | None:
        row = self._connection.execute(
            select(segments).where(segments.c.id == segment_id)
        ).one_or_none()
        if row is None:
            return None
        return Segment(
            id=row.id,
            owner_id=row.owner_id,
            version=row.version,
            name=row.name,
            filter=row.filter,
            frozen=row.frozen,
            shared=row.shared,
            columns=tuple(row.columns),
        )

    def update(
        self, segment_id: int, values: Mapping[str, Any], *, version: int, at: datetime
    ) -> int:
        changed = self._connection.execute(
            update(segments)
            .where(segments.c.id == segment_id, segments.c.version == version)
            .values({**values, "updated_at": at, "version": version + 1})
        )
        if changed.rowcount == 0:
            if self.get(segment_id) is None:
                raise NotFound("segment", f"there is no segment {segment_id}")
            raise Conflict("version", "somebody else changed this segment meanwhile; look again")
        return version + 1

    def delete(self, segment_id: int) -> None:
        for table, column in (
            (segment_members, segment_members.c.segment_id),
            (segments, segments.c.id),
        ):
            self._connection.execute(delete(table).where(column == segment_id))

    def add_members(self, segment_id: int, customer_ids: Sequence[int]) -> None:
        rows = [{"segment_id": segment_id, "customer_id": one} for one in customer_ids]
        insert_missing(self._connection, segment_members, rows)
        self._count(segment_id)

    def remove_members(self, segment_id: int, customer_ids: Sequence[int]) -> None:
        for ids in chunks(customer_ids):
            self._connection.execute(
                delete(segment_members).where(
                    segment_members.c.segment_id == segment_id,
                    among(self._connection, segment_members.c.customer_id, ids),
                )
            )
        self._count(segment_id)

    def _count(self, segment_id: int) -> None:
        count = (
            select(func.count())
            .select_from(segment_members)
            .where(segment_members.c.segment_id == segment_id)
            .scalar_subquery()
        )
        self._connection.execute(
            update(segments).where(segments.c.id == segment_id).values(members=count)
        )

    def remember(self, user_id: int, key: str, value: Any) -> None:
        mine = (user_settings.c.user_id == user_id, user_settings.c.key == key)
        if value is None:
            self._connection.execute(delete(user_settings).where(*mine))
            return
        statement = insert(self._connection, user_settings).values(
            user_id=user_id, key=key, value=value
        )
        self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=["user_id", "key"], set_={"value": statement.excluded.value}
            )
        )


class BulkTargetRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, batch_id: int, customer_ids: Sequence[int]) -> None:
        rows = [{"batch_id": batch_id, "customer_id": one} for one in customer_ids]
        insert_missing(self._connection, bulk_targets, rows)

    def waiting(self, batch_id: int, limit: int) -> list[int]:
        query = (
            select(bulk_targets.c.customer_id)
            .where(bulk_targets.c.batch_id == batch_id, bulk_targets.c.state == "waiting")
            .order_by(bulk_targets.c.customer_id)
            .limit(limit)
        )
        return list(self._connection.scalars(query))

    def done(self, batch_id: int, left_out: Mapping[int, str], done: Sequence[int]) -> None:
        whose = bulk_targets.c.batch_id == batch_id
        if done:
            self._connection.execute(
                update(bulk_targets)
                .where(whose, among(self._connection, bulk_targets.c.customer_id, done))
                .values(state="done")
            )
        for why in dict.fromkeys(left_out.values()):
            ids = [one for one, said in left_out.items() if said == why]
            self._connection.execute(
                update(bulk_targets)
                .where(whose, among(self._connection, bulk_targets.c.customer_id, ids))
                .values(state="left", why=why[:255])
            )

    def counts(self, batch_id: int) -> dict[str, int]:
        query = (
            select(bulk_targets.c.state, func.count())
            .where(bulk_targets.c.batch_id == batch_id)
            .group_by(bulk_targets.c.state)
        )
        return {state: int(count) for state, count in self._connection.execute(query)}

    def done_ids(self, batch_id: int) -> list[int]:
        query = select(bulk_targets.c.customer_id).where(
            bulk_targets.c.batch_id == batch_id, bulk_targets.c.state == "done"
        )
        return list(self._connection.scalars(query))

    def left_out(self, batch_id: int, limit: int) -> list[tuple[int, str]]:
        query = (
            select(bulk_targets.c.customer_id, bulk_targets.c.why)
            .where(bulk_targets.c.batch_id == batch_id, bulk_targets.c.state == "left")
            .order_by(bulk_targets.c.customer_id)
            .limit(limit)
        )
        return [(row[0], row[1]) for row in self._connection.execute(query)]

    def running(self) -> list[int]:
        """Only a bulk action's: imports see to their own."""
        query = (
            select(batches.c.id)
            .where(
                batches.c.state == literal_column("'running'"),
                batches.c.kind == literal_column("'bulk'"),
            )
            .order_by(batches.c.id)
            .limit(20)
        )
        return list(self._connection.scalars(query))
