"""All that is kept of one person, as it is handed to them: their card and every card joined into
it, what hangs on these, their contacts, and what was written.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Connection, Row, Select, Table, select

from callcenter.calls.record import CallRecord
from callcenter.ports.privacy import PrivacyJob
from callcenter.queries import calls as call_queries
from callcenter.queries import left_out, personal_quality
from callcenter.queries.paging import Page, bounded, decode_cursor, encode_cursor
from callcenter.queries.views import UserRef
from callcenter.store import archive
from callcenter.store.erasing import with_merged
from callcenter.store.repositories.base import chunks
from callcenter.store.sets import among
from callcenter.store.tables import (
    attachments,
    changes,
    conversations,
    custom_fields,
    custom_values,
    customers,
    external_ids,
    files,
    interaction_outcomes,
    interactions,
    messages,
    metadata,
    notes,
    outcomes,
    privacy_jobs,
    retention_rules,
    users,
)

# How we find people and keep order: says nothing that the card does not say.
_INTERNAL: Final = frozenset(
    {
        "customer_words",
        "duplicate_keys",
        "bulk_targets",
        "segment_members",
        "privacy_jobs",
        "interaction_candidates",
        "archive_contacts",
        "archive_calls",
        "conversations",
        "interactions",
        "notes",
        "files",
    }
)
_HIDDEN: Final = frozenset(
    {
        "version",
        "sort_name",
        "reversed_digits",
        "explanation",
        "words",
        "value_key",
        "thread_key",
        "stored_as",
        "sha256",
        "merged_into",
        "legal_hold",
        "call_id",
        "deleted_at",
    }
)
Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class StoredBytes:
    name: str
    stored_as: str


@dataclass(frozen=True, slots=True)
class Everything:
    """`sections`: what each is called → its rows, JSON-ready."""

    name: str
    sections: dict[str, Rows]
    files: tuple[StoredBytes, ...]
    calls: tuple[CallRecord, ...]


def everything(connection: Connection, customer_id: int) -> Everything | None:
    ids = with_merged(connection, customer_id)
    found = connection.execute(
        select(customers.c.display_name).where(
            customers.c.id == customer_id, customers.c.deleted_at.is_(None)
        )
    ).one_or_none()
    if found is None:
        return None
    left_out.begin()
    met = _everywhere(connection, interactions, interactions.c.customer_id.in_(ids))
    sections = {
        "customer": _rows(connection, customers, among(connection, customers.c.id, ids)),
        **dict(_by_customer(connection, ids)),
        "custom_fields": _custom(connection, ids),
        "external_ids": _rows(
            connection,
            external_ids,
            external_ids.c.object == "customers",
            among(connection, external_ids.c.object_id, ids),
        ),
        "contacts": met,
        **_of_contacts(connection, ids, [row["id"] for row in met]),
        "changes": _rows(
            connection,
            changes,
            changes.c.object_type == "customer",
            among(connection, changes.c.object_id, [str(one) for one in ids]),
        ),
    }
    kept = _files(connection, ids)
    recorded = tuple(_calls(connection, ids))
    sections["months_not_read"] = [{"month": one} for one in left_out.months()]
    return Everything(
        name=found.display_name,
        sections={title: rows for title, rows in sections.items() if rows},
        files=kept,
        calls=recorded,
    )


def _by_customer(connection: Connection, ids: Sequence[int]) -> Iterator[tuple[str, Rows]]:
    for table in metadata.sorted_tables:
        if table.name not in _INTERNAL and "customer_id" in table.c:
            yield table.name, _rows(connection, table, among(connection, table.c.customer_id, ids))


def _of_contacts(
    connection: Connection, ids: Sequence[int], interaction_ids: Sequence[int]
) -> dict[str, Rows]:
    found: dict[str, Rows] = {"notes": [], "outcomes": [], "conversations": [], "messages": []}
    found["notes"] += _rows(connection, notes, among(connection, notes.c.customer_id, ids))
    for part in chunks(interaction_ids):
        found["notes"] += _everywhere(connection, notes, notes.c.interaction_id.in_(part))
        query = (
            select(
                interaction_outcomes.c.interaction_id, outcomes.c.label, interaction_outcomes.c.at
            )
            .join_from(interaction_outcomes, outcomes)
            .where(interaction_outcomes.c.interaction_id.in_(part))
        )
        given = sorted(_of_all(connection, query), key=lambda row: row.interaction_id)
        found["outcomes"] += [_ready(row._mapping) for row in given]
    found |= personal_quality.written_of(connection, interaction_ids)
    talks = among(connection, conversations.c.customer_id, ids)
    found["conversations"] = _rows(connection, conversations, talks)
    for part in chunks([row["id"] for row in found["conversations"]]):
        these = among(connection, messages.c.conversation_id, part)
        found["messages"] += _rows(connection, messages, these, messages.c.direction != "note")
    return found


def _custom(connection: Connection, ids: Sequence[int]) -> Rows:
    columns = (custom_fields.c.label, custom_values.c.text, custom_values.c.number)
    query = (
        select(*columns, custom_values.c.day)
        .join_from(custom_values, custom_fields)
        .where(
            custom_fields.c.object == "customer", among(connection, custom_values.c.object_id, ids)
        )
    )
    return [_ready(row._mapping) for row in connection.execute(query)]


def _files(connection: Connection, ids: Sequence[int]) -> tuple[StoredBytes, ...]:
    theirs = (
        select(files.c.id)
        .outerjoin(interactions, interactions.c.id == files.c.interaction_id)
        .where(
            among(connection, files.c.customer_id, ids)
            | among(connection, interactions.c.customer_id, ids)
        )
    )
    attached = (
        select(attachments.c.file_id)
        .join(messages, messages.c.id == attachments.c.message_id)
        .join(conversations, conversations.c.id == messages.c.conversation_id)
        .where(among(connection, conversations.c.customer_id, ids))
    )
    query = select(files.c.id, files.c.name, files.c.stored_as).where(
        files.c.id.in_(theirs) | files.c.id.in_(attached), files.c.deleted_at.is_(None)
    )
    return tuple(
        StoredBytes(f"{row.id} {row.name}", row.stored_as)
        for row in connection.execute(query.order_by(files.c.id))
    )


def _calls(connection: Connection, ids: Sequence[int]) -> Iterator[CallRecord]:
    query = select(interactions.c.id, interactions.c.call_id).where(
        interactions.c.customer_id.in_(ids), interactions.c.call_id.is_not(None)
    )
    for row in sorted(_of_all(connection, query), key=lambda row: row.id):
        record = call_queries.get(connection, row.call_id)
        if record is not None:
            yield record


@archive.steadily
def _of_all(connection: Connection, query: Select[Any]) -> list[Row[Any]]:
    """The rows of the database, then those of the archive where there is one."""
    sources: tuple[Any, ...] = (connection, archive.view(connection))
    return [row for one in sources if one is not None for row in one.execute(query)]


def _everywhere(connection: Connection, table: Table, *conditions: ColumnElement[bool]) -> Rows:
    found = [_ready(row._mapping) for row in _of_all(connection, _query(table, *conditions))]
    return sorted(found, key=lambda row: row["id"])


def _rows(connection: Connection, table: Table, *conditions: ColumnElement[bool]) -> Rows:
    return [_ready(row._mapping) for row in connection.execute(_query(table, *conditions))]


def _query(table: Table, *conditions: ColumnElement[bool]) -> Select[Any]:
    columns: list[Column[Any]] = [one for one in table.c if one.name not in _HIDDEN]
    return select(*columns).where(*conditions).order_by(*table.primary_key.columns)


def _ready(row: Any) -> dict[str, Any]:
    """Empty fields are left out: nobody reads them."""
    return {
        name: value.isoformat() if isinstance(value, (date, datetime)) else value
        for name, value in row.items()
        if value not in (None, "", {}, [])
    }


# -- what was asked and done ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class JobView:
    job: PrivacyJob
    user: UserRef | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonView:
    """`word`: what has to be typed to erase them; `hold`: why nothing may be."""

    word: str
    hold: str


def person_of(connection: Connection, customer_id: int) -> PersonView | None:
    row = connection.execute(
        select(customers.c.display_name, customers.c.legal_hold).where(
            customers.c.id == customer_id, customers.c.deleted_at.is_(None)
        )
    ).one_or_none()
    if row is None:
        return None
    return PersonView(word=" ".join(row.display_name.split()) or "erase", hold=row.legal_hold)


def jobs_of(connection: Connection, customer_id: int) -> tuple[JobView, ...]:
    query = _jobs().where(privacy_jobs.c.customer_id == customer_id).limit(20)
    return tuple(_job_view(row) for row in connection.execute(query))


def erasures(connection: Connection, cursor: str | None, limit: int) -> Page[JobView]:
    """The latest first."""
    limit, query = bounded(limit), _jobs().where(privacy_jobs.c.kind == "erase")
    if cursor:
        (last_id,) = decode_cursor(cursor, int)
        query = query.where(privacy_jobs.c.id < last_id)
    found = tuple(_job_view(row) for row in connection.execute(query.limit(limit + 1)))
    if len(found) <= limit:
        return Page(found)
    return Page(found[:limit], encode_cursor(found[limit - 1].job.id))


def waits(connection: Connection) -> bool:
    """Whether the worker has something to do."""
    table = metadata.tables["doomed_files"]
    open_ones = select(privacy_jobs.c.id).where(privacy_jobs.c.state.in_(("waiting", "running")))
    jobs = connection.scalar(open_ones.limit(1))
    return jobs is not None or connection.scalar(select(table.c.id).limit(1)) is not None


def retention(connection: Connection) -> dict[str, int | None]:
    return {row.kind: row.days for row in connection.execute(select(retention_rules))}


def _jobs() -> Any:
    return (
        select(privacy_jobs, users.c.display_name.label("by"))
        .select_from(privacy_jobs.outerjoin(users, users.c.id == privacy_jobs.c.user_id))
        .order_by(privacy_jobs.c.id.desc())
    )


def _job_view(row: Any) -> JobView:
    values = {column.name: row._mapping[column.name] for column in privacy_jobs.c}
    user = UserRef(id=row.user_id, display_name=row.by) if row.user_id and row.by else None
    return JobView(job=PrivacyJob(**values), user=user)
