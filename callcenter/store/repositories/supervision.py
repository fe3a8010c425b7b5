"""Keeps who stepped into which call, and whether operators see it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from callcenter.store import supervision_rows
from callcenter.store.repositories import bulk
from callcenter.store.sets import among
from callcenter.store.tables import skill_loans, supervision_policy, supervision_sessions
from callcenter.supervision.stepping import Session

_T = supervision_sessions


class SupervisionRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def policy(self) -> dict[str, bool]:
        return supervision_rows.policy(self._connection)

    def set_policy(self, policy: Mapping[str, bool]) -> None:
        self._connection.execute(delete(supervision_policy))
        rows = [{"role": role, "visible": visible} for role, visible in sorted(policy.items())]
        if rows:
            self._connection.execute(insert(supervision_policy), rows)

    def add(self, session: Session) -> Session:
        made = self._connection.execute(insert(_T).values(_row(session)))
        (key,) = made.inserted_primary_key or (0,)
        return replace(session, id=int(key))

    def save(self, sessions: Sequence[Session]) -> None:
        for one in sessions:
            if one.id:
                self._connection.execute(update(_T).where(_T.c.id == one.id).values(_row(one)))
            else:
                self.add(one)

    def open_of(self, supervisor_id: int) -> list[Session]:
        query = supervision_rows.open_live().where(_T.c.supervisor_id == supervisor_id)
        rows = self._connection.execute(query.order_by(_T.c.id.desc()))
        return [supervision_rows.session(row) for row in rows]

    def open_in(self, call_ids: Collection[str]) -> list[Session]:
        query = select(_T).where(
            _T.c.ended_at.is_(None), among(self._connection, _T.c.call_id, sorted(call_ids))
        )
        rows = self._connection.execute(query.order_by(_T.c.id))
        return [supervision_rows.session(row) for row in rows]

    def channels_known(self, channels: Collection[str]) -> set[str]:
        query = select(_T.c.channel).where(among(self._connection, _T.c.channel, sorted(channels)))
        return set(self._connection.scalars(query))

    def rename_call(self, gone: str, into: str) -> None:
        self._connection.execute(update(_T).where(_T.c.call_id == gone).values(call_id=into))

    def lend(
        self, user_id: int, skill: str, level: int, until: datetime | None, *, by: int, at: datetime
    ) -> None:
        row = {
            "user_id": user_id,
            "skill": skill,
            "level": level,
            "until": until,
            "made_by": by,
            "made_at": at,
        }
        changes = ["level", "until", "made_by", "made_at"]
        bulk.upsert(
            self._connection, skill_loans, [row], keys=["user_id", "skill"], changes=changes
        )

    def end_loan(self, user_id: int, skill: str) -> None:
        mine = (skill_loans.c.user_id == user_id, skill_loans.c.skill == skill)
        self._connection.execute(delete(skill_loans).where(*mine))


def _row(session: Session) -> dict[str, object]:
    return {name: value for name, value in asdict(session).items() if name != "id"}
