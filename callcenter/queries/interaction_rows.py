"""Turns rows of interactions into views, for any number of them in a fixed number of reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, select

from callcenter.customers.customer import CustomerBrief
from callcenter.queries import outcomes as outcome_queries
from callcenter.queries.views import InteractionView, NoteView, OutcomeView, RungView, UserRef
from callcenter.store import customer_rows, merged
from callcenter.store.repositories.base import chunks
from callcenter.store.sets import among
from callcenter.store.tables import call_legs, conversations, interactions, notes, users

_SAME = (
    "id",
    "channel",
    "call_id",
    "direction",
    "result",
    "number",
    "number_raw",
    "number_kind",
    "dialed",
    "queue",
    "match",
    "started_at",
    "answered_at",
    "ended_at",
    "wait_seconds",
    "talk_seconds",
    "hold_seconds",
    "ring_seconds",
    "repairs",
    "subject",
    "handle_seconds",
)


def newest_first() -> Select[Any]:
    """All interactions with their operators' names, to be narrowed by whoever asks."""
    return (
        select(
            *(interactions.c[name] for name in _SAME),
            interactions.c.customer_id,
            interactions.c.operator_id,
            users.c.display_name.label("operator_name"),
        )
        .select_from(interactions.outerjoin(users, users.c.id == interactions.c.operator_id))
        .order_by(interactions.c.started_at.desc(), interactions.c.id.desc())
    )


def views(connection: Connection, query: Select[Any], today: date) -> tuple[InteractionView, ...]:
    return of_rows(connection, connection.execute(query).all(), today)


def of_rows(
    connection: Connection, rows: Sequence[Row[Any]], today: date, archived: Any = None
) -> tuple[InteractionView, ...]:
    """`archived`: the archive's view, for rows that are from there."""
    source = connection if archived is None else archived
    people = _people(connection, rows, today, joined=archived is not None)
    written = _notes_of(source, [row.id for row in rows])
    rung = rung_of(source, [row.call_id for row in rows if row.call_id is not None])
    ended = outcome_queries.given_of(source, [row.id for row in rows])
    written_in = _conversations_of(connection, [row.id for row in rows if row.call_id is None])
    return tuple(
        replace(
            _view(
                row, people, written.get(row.id, ()), rung.get(row.call_id, ()), ended.get(row.id)
            ),
            conversation_id=written_in.get(row.id),
        )
        for row in rows
    )


def _people(
    connection: Connection, rows: Sequence[Row[Any]], today: date, *, joined: bool
) -> dict[int, CustomerBrief]:
    """By the ids in the rows. `joined`: these may be of cards that became part of others."""
    ids = {row.customer_id for row in rows if row.customer_id is not None}
    if not joined:
        return customer_rows.briefs(connection, ids, today) if ids else {}
    now = merged.leading_to(connection, ids) if ids else {}
    found = customer_rows.briefs(connection, set(now.values()), today) if ids else {}
    return {one: found[further] for one, further in now.items() if further in found}


def _conversations_of(connection: Connection, ids: Sequence[int]) -> dict[int, int]:
    """Interaction → its conversation, for those that are one."""
    if not ids:
        return {}
    columns = conversations.c
    query = select(columns.interaction_id, columns.id).where(
        among(connection, columns.interaction_id, ids)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def _view(
    row: Row[Any],
    people: dict[int, CustomerBrief],
    written: tuple[NoteView, ...],
    rung: tuple[RungView, ...],
    outcome: OutcomeView | None,
) -> InteractionView:
    return InteractionView(
        **{name: getattr(row, name) for name in _SAME},
        customer=people.get(row.customer_id),
        operator=(
            UserRef(id=row.operator_id, display_name=row.operator_name) if row.operator_id else None
        ),
        notes=written,
        rung=rung,
        outcome=outcome,
    )


def rung_of(connection: Connection, call_ids: Sequence[str]) -> dict[str, tuple[RungView, ...]]:
    """Call id → the phones it rang, each device once with its last result, in order of ringing."""
    found: dict[str, dict[str, RungView]] = {}
    for part in chunks(call_ids):
        query = (
            select(call_legs, users.c.display_name)
            .select_from(call_legs.outerjoin(users, users.c.id == call_legs.c.user_id))
            .where(among(connection, call_legs.c.call_id, part), call_legs.c.role == "callee")
            .order_by(call_legs.c.ringing_at, call_legs.c.uniqueid)
        )
        for row in connection.execute(query):
            phones = found.setdefault(row.call_id, {})
            before = phones.get(row.endpoint or row.number)
            phones[row.endpoint or row.number] = _rung(row, before)
    return {call_id: tuple(phones.values()) for call_id, phones in found.items()}


def _rung(row: Row[Any], before: RungView | None) -> RungView:
    """A queue rings a phone again and again: its seconds add up, an answer outranks the rest."""
    user = UserRef(id=row.user_id, display_name=row.display_name) if row.display_name else None
    answered = before is not None and before.result == "answered"
    return RungView(
        user=user,
        endpoint=row.endpoint,
        number=row.number,
        result="answered" if answered else row.result,
        ring_seconds=row.ring_seconds + (before.ring_seconds if before is not None else 0.0),
    )


def _notes_of(connection: Connection, ids: Sequence[int]) -> dict[int, tuple[NoteView, ...]]:
    found: dict[int, tuple[NoteView, ...]] = {}
    for part in chunks(ids):
        for note in _notes_where(connection, among(connection, notes.c.interaction_id, part)):
            key = note.interaction_id or 0
            found[key] = (*found.get(key, ()), note)
    return found


def _notes_where(connection: Connection, condition: ColumnElement[bool]) -> tuple[NoteView, ...]:
    """The newest first."""
    query = (
        select(notes, users.c.display_name)
        .select_from(notes.join(users, users.c.id == notes.c.author_id))
        .where(condition)
        .order_by(notes.c.id.desc())
    )
    return tuple(
        NoteView(
            id=row.id,
            text=row.text,
            author=UserRef(id=row.author_id, display_name=row.display_name),
            created_at=row.created_at,
            updated_at=row.updated_at,
            interaction_id=row.interaction_id,
            customer_id=row.customer_id,
        )
        for row in connection.execute(query)
    )
