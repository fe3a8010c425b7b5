"""Keeps what is only ever added or set: notes, routing decisions, links, the audit log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Column, Connection, case, delete, select, update

from callcenter.channels.words import indexed
from callcenter.routing.record import DecisionRecord
from callcenter.store.repositories.base import insert
from callcenter.store.tables import audit_log, notes, pbx_links, pbx_names, routing_decisions
from callcenter.store.text import clip, clipped, storable, text_limits

_DECISION_FIELDS: Final = tuple(
    field.name for field in fields(DecisionRecord) if field.name in routing_decisions.c
)
_DECISION_LIMITS: Final = text_limits(routing_decisions)
_DETAIL_LENGTH: Final = text_limits(pbx_links)["detail"]
_VERSION_LENGTH: Final = text_limits(pbx_links)["version"]
_NAME_LENGTH: Final = text_limits(pbx_names)["system_name"]


class NoteRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def save(
        self,
        *,
        author_id: int,
        text: str,
        at: datetime,
        interaction_id: int | None = None,
        customer_id: int | None = None,
    ) -> int:
        """On an interaction each author has one note, saved as it is typed; on a card, many."""
        existing = self._own_note(author_id, interaction_id) if interaction_id else None
        if existing is not None:
            self._connection.execute(
                update(notes)
                .where(notes.c.id == existing)
                .values(text=storable(text), words=indexed(text), updated_at=at)
            )
            return existing
        note_id = self._connection.scalar(
            notes.insert()
            .values(
                interaction_id=interaction_id,
                customer_id=customer_id,
                author_id=author_id,
                text=storable(text),
                words=indexed(text),
                created_at=at,
                updated_at=at,
            )
            .returning(notes.c.id)
        )
        return int(note_id or 0)

    def _own_note(self, author_id: int, interaction_id: int) -> int | None:
        return self._connection.scalar(
            select(notes.c.id)
            .where(notes.c.interaction_id == interaction_id, notes.c.author_id == author_id)
            .order_by(notes.c.id.desc())
            .limit(1)
        )


class RoutingRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def record(self, *decisions: DecisionRecord) -> None:
        """One statement for all of them: they gather while callers are many."""
        rows = [{name: getattr(one, name) for name in _DECISION_FIELDS} for one in decisions]
        self._connection.execute(
            routing_decisions.insert(), [clipped(row, _DECISION_LIMITS) for row in rows]
        )

    def prune(self, before: datetime, limit: int) -> int:
        table = routing_decisions.c
        return _prune(self._connection, table.id, table.decided_at, before, limit)


class PbxLinkRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def set(self, pbx: str, state: str, detail: str, at: datetime, version: str = "") -> None:
        """`since` moves only when the state changes; an unknown version keeps the known one."""
        statement = insert(self._connection, pbx_links).values(
            pbx=pbx,
            state=state,
            detail=clip(detail, _DETAIL_LENGTH),
            since=at,
            seen_at=at,
            version=clip(version, _VERSION_LENGTH),
        )
        new, old = statement.excluded, pbx_links.c
        self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=["pbx"],
                set_={
                    "state": new.state,
                    "detail": new.detail,
                    "since": case((old.state == new.state, old.since), else_=new.since),
                    "seen_at": new.seen_at,
                    "version": case((new.version == "", old.version), else_=new.version),
                },
            )
        )

    def states(self) -> dict[str, str]:
        rows = self._connection.execute(select(pbx_links.c.pbx, pbx_links.c.state))
        return {row.pbx: row.state for row in rows}

    def note_steps(self, pbx: str, steps_in: bool) -> None:
        known = update(pbx_links).where(pbx_links.c.pbx == pbx)
        self._connection.execute(known.values(steps_in=steps_in))

    def note_name(self, pbx: str, system_name: str, at: datetime) -> None:
        statement = insert(self._connection, pbx_names).values(
            pbx=pbx, system_name=clip(system_name, _NAME_LENGTH), first_seen=at, last_seen=at
        )
        self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=["pbx", "system_name"],
                set_={"last_seen": statement.excluded.last_seen},
            )
        )

    def names(self, pbx: str) -> tuple[str, ...]:
        query = select(pbx_names.c.system_name).where(pbx_names.c.pbx == pbx)
        newest_first = query.order_by(pbx_names.c.last_seen.desc(), pbx_names.c.system_name)
        return tuple(self._connection.scalars(newest_first))


class AuditRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def record(
        self,
        *,
        user_id: int | None,
        action: str,
        object_type: str,
        object_id: str,
        at: datetime,
        detail: Mapping[str, Any] | None = None,
    ) -> None:
        self._connection.execute(
            audit_log.insert().values(
                at=at,
                user_id=user_id,
                action=action,
                object_type=object_type,
                object_id=object_id,
                detail=dict(detail or {}),
            )
        )

    def noted(
        self,
        *,
        user_id: int | None,
        action: str,
        object_type: str,
        object_id: str,
        since: datetime,
    ) -> tuple[Mapping[str, Any], ...]:
        query = (
            select(audit_log.c.detail)
            .where(
                audit_log.c.object_type == object_type,
                audit_log.c.object_id == object_id,
                audit_log.c.user_id == user_id,
                audit_log.c.action == action,
                audit_log.c.at >= since,
            )
            .order_by(audit_log.c.id.desc())
        )
        return tuple(self._connection.scalars(query))

    def prune(self, before: datetime, limit: int) -> int:
        return _prune(self._connection, audit_log.c.id, audit_log.c.at, before, limit)


def _prune(
    connection: Connection, key: Column[Any], moment: Column[Any], before: datetime, limit: int
) -> int:
    """A journal's ids grow with its time: the oldest come first without an index on time."""
    oldest = select(key).where(moment < before).order_by(key).limit(limit)
    return connection.execute(delete(key.table).where(key.in_(oldest))).rowcount
