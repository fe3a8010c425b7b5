"""Files of a customer, whatever they came with, the newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from callcenter.queries.paging import Page, bounded, decode_cursor, encode_cursor
from callcenter.queries.views import UserRef
from callcenter.store.tables import files, users


@dataclass(frozen=True, slots=True, kw_only=True)
class FileView:
    id: int
    name: str
    media_type: str
    size: int
    sha256: str
    created_at: datetime
    customer_id: int | None
    interaction_id: int | None
    uploaded_by: UserRef | None


def of_customer(
    connection: Connection, customer_id: int, cursor: str | None, limit: int
) -> Page[FileView]:
    limit = bounded(limit)
    query = (
        select(files, users.c.display_name)
        .select_from(files.outerjoin(users, users.c.id == files.c.uploaded_by))
        .where(files.c.customer_id == customer_id, files.c.deleted_at.is_(None))
        .order_by(files.c.id.desc())
        .limit(limit + 1)
    )
    if cursor:
        query = query.where(files.c.id < decode_cursor(cursor, int)[0])
    rows = connection.execute(query).all()
    return Page(
        tuple(
            FileView(
                id=row.id,
                name=row.name,
                media_type=row.media_type,
                size=row.size,
                sha256=row.sha256,
                created_at=row.created_at,
                customer_id=row.customer_id,
                interaction_id=row.interaction_id,
                uploaded_by=(
                    UserRef(id=row.uploaded_by, display_name=row.display_name)
                    if row.display_name
                    else None
                ),
            )
            for row in rows[:limit]
        ),
        encode_cursor(rows[limit - 1].id) if len(rows) > limit else None,
    )
